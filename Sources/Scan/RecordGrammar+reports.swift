/// Reports of sanitizers and kernels: what may follow what.
extension RecordGrammar {
    mutating func stepNative(_ line: LineView) -> Step {
        switch line.shape {
        case .sanitizerTitle: return .begins
        case .sanitizerEnd: return goOn(.ended, line)
        case .marked:
            // Valgrind parts its reports by a marked line without text.
            let isTitle = !first.body.has("=ERROR") && hasLoosePlain && line.body.find("==  ") == nil
            return isTitle && !mark ? .begins : goOn(.native, line)
        case .markedBlank: return wait()
        case .indented, .indentedFrame, .numbered, .sanitizerBody: return goOn(.native, line)
        case .summary: return goOn(.summarised, line)
        case .banner, .goCrash, .rustPanic, .traceback, .raceTitle, .kernelTitle: return .begins
        default: return wait()
        }
    }

    /// The bytes around the place, and the end.
    mutating func stepSummarised(_ line: LineView) -> Step {
        switch line.shape {
        case .sanitizerEnd: goOn(.ended, line)
        case .marked, .sanitizerBody, .indented: goOn(.summarised, line)
        default: .begins
        }
    }

    mutating func stepRace(_ line: LineView) -> Step {
        switch line.shape {
        case .banner: goOn(.ended, line)
        case .indented, .indentedFrame, .numbered, .sanitizerBody, .summary: goOn(.race, line)
        case .plain, .thrown, .rule, .kernelBody, .goroutine, .goFrame: wait()
        default: .begins
        }
    }

    mutating func stepKernel(_ line: LineView) -> Step {
        switch line.shape {
        case .kernelEnd: return goOn(.ended, line)
        case .kernelBody, .kernelTitleNext, .indentedFrame, .numbered, .rule, .heading, .sanitizerBody:
            return goOn(.kernel, line)
        case .indented, .indentedThrown:
            return hasLoosePlain && line.key == 0 ? wait() : goOn(.kernel, line)
        case .banner: return mark && !isFirst && line.body.has("=") ? goOn(.ended, line) : .begins
        case .kernelTitle, .goCrash, .raceTitle, .sanitizerTitle, .traceback: return .begins
        default: return wait()
        }
    }

    /// Behind a line of `=` or `cut here`.
    mutating func stepBanner(_ line: LineView) -> Step {
        // The kernel stamps all lines of a report or none; a line of `=` may as well have ended one.
        if line.key != first.key { return .begins }
        switch line.shape {
        case .kernelTitle, .kernelTitleNext:
            mark = isClosedByBanner(line.body)
            return goOn(.kernel, line)
        case .raceTitle: return goOn(.race, line)
        case .sanitizerTitle:
            mark = true
            return goOn(.native, line)
        case .rule: return goOn(.kernel, line)
        case .plain, .indented, .indentedFrame: return loose < 3 ? wait() : .begins
        default: return .begins
        }
    }
}
