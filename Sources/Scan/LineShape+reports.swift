/// Reports of kernels and sanitizers: many lines, few of them indented, told by their first words.
extension LineShape {
    /// Asked before the header of a line is, since some titles begin with a level.
    static func ofReport(_ body: UnsafeRawBufferPointer) -> LineShape? {
        switch body[0] {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): ofCapital(body)
        case UInt8(ascii: "a")...UInt8(ascii: "z"): ofSmall(body)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): ofNumber(body)
        case UInt8(ascii: "["):
            if body.has("[ INFO: ") || body.has("[ BUG: ") {
                .kernelTitle
            } else {
                isBracketedAddress(body) ? .kernelBody : nil
            }
        case UInt8(ascii: "<"): isMarked(body) ? .kernelBody : nil
        case UInt8(ascii: "*"): body.has("*pd") || body.has("*** DEADLOCK ***") ? .kernelBody : nil
        case UInt8(ascii: "-"): body.has("-> #") ? .kernelBody : nil
        case UInt8(ascii: "#"): body.has("#PF: ") ? .kernelBody : nil
        case UInt8(ascii: ">"): isHexDump(body.from(1)) ? .kernelBody : nil
        default: nil
        }
    }

    /// `[<ffffffff8108b010>] x`, `[c000000010f930b0] x`.
    private static func isBracketedAddress(_ body: UnsafeRawBufferPointer) -> Bool {
        if body.has("[<") || body.has("[[<") { return true }
        var end = 1
        while end < 18, body.byte(end).isHexDigit { end += 1 }
        return end > 8 && body.byte(end) == UInt8(ascii: "]")
    }

    /// `<IRQ>`, `</TASK>`, `<0> ffff880037f918d8`: a line of a stack that begins with a mark in angle brackets.
    private static func isMarked(_ body: UnsafeRawBufferPointer) -> Bool {
        if body.byte(1).isDigit { return body.has(">", at: 2) && isHexDump(body.from(body.behindBlanks(3))) }
        return isOne(body, of: ["<IRQ>", "<TASK>", "</", "<EOI>", "<NMI>", "<<EOE>>"])
    }

    private static func ofCapital(_ body: UnsafeRawBufferPointer) -> LineShape? {
        switch body[0] {
        case UInt8(ascii: "W"):
            if body.has("WARNING: DATA RACE") || body.has("WARNING: ThreadSanitizer: ") { return .raceTitle }
            if body.has("WARNING: "), isKernelWarning(body) { return .kernelTitle }
            return body.has("WRITE of size ") ? .sanitizerBody : body.has("Workqueue: ") ? .kernelBody : nil
        case UInt8(ascii: "B"):
            if body.has("BUG: ") || body.has("BUG ") && body.find("ainted") != nil { return .kernelTitle }
            return body.has("Bytes b4 ") ? .kernelBody : register(body)
        case UInt8(ascii: "I"):
            if body.has("INFO: ") { return ofInformation(body) }
            if body.has("Internal error: ") { return .kernelTitleNext }
            return isOne(body, of: ["IP: ", "Instruction dump:", "Indirect leak of "]) ? .kernelBody : nil
        case UInt8(ascii: "K"):
            if body.has("Kernel panic - ") { return .kernelTitleNext }
            if body.has("Kernel BUG at ") || body.has("KASAN: ") { return .kernelTitle }
            return body.has("Kernel Offset: ") ? .kernelBody : nil
        case UInt8(ascii: "U"):
            if isOne(body, of: ["Unable to handle kernel ", "Unhandled fault: ", "UBSAN: "]) { return .kernelTitle }
            return isOne(body, of: ["Uninit was ", "Uninitialized ", "UndefinedBehaviorSanitizer can not"])
                ? .sanitizerBody : nil
        case UInt8(ascii: "O"):
            if body.has("Oops: ") || body.has("Oops - ") { return .kernelTitleNext }
            return body.has("Object ") || body.has("Object 0x") ? .kernelBody : nil
        case UInt8(ascii: "C"):
            if body.has("CPU ") && body.find("Machine Check Exception") != nil { return .kernelTitle }
            return ofCapitalBody(body)
        case UInt8(ascii: "Z"): return body.has("ZIRCON KERNEL PANIC") ? .kernelTitle : nil
        default: return ofCapitalBody(body)
        }
    }

    private static func ofCapitalBody(_ body: UnsafeRawBufferPointer) -> LineShape? {
        let isKernel =
            switch body[0] {
            case UInt8(ascii: "A"): body.has("Allocated by ")
            case UInt8(ascii: "C"):
                isOne(body, of: ["CPU: ", "CPU ", "Call Trace:", "Call trace:", "Code: ", "Chain exists of"])
            case UInt8(ascii: "D"): isOne(body, of: ["Dumping ftrace", "Disabling lock debugging", "Data abort info"])
            case UInt8(ascii: "E"): isOne(body, of: ["EIP", "ESR = ", "Exception stack", "EFLAGS: "])
            case UInt8(ascii: "F"): isOne(body, of: ["Freed by ", "Faulting instruction address", "FS: "])
            case UInt8(ascii: "H"): body.has("Hardware name: ")
            case UInt8(ascii: "L"): isOne(body, of: ["LR is at", "LR ", "Local variable "])
            case UInt8(ascii: "M"):
                isOne(body, of: ["Modules linked in:", "Memory state around", "Mem abort info", "May be due to "])
            case UInt8(ascii: "N"): body.has("NIP ")
            case UInt8(ascii: "P"):
                isOne(
                    body, of: ["PID: ", "Pid: ", "PC is at", "PGD ", "Process ", "Padding ", "Possible unsafe locking"])
            case UInt8(ascii: "R"):
                isOne(body, of: ["RIP", "RSP", "Redzone ", "Rebooting in ", "Reported by Kernel ", "Read of size "])
            case UInt8(ascii: "S"): isOne(body, of: ["Stack:", "Showing all locks"])
            case UInt8(ascii: "T"): isOne(body, of: ["The buggy address", "TASK = ", "Tainted: "])
            default: false
            }
        if isKernel { return .kernelBody }
        return isSanitizerBody(body) ? .sanitizerBody : register(body)
    }

    private static func isSanitizerBody(_ body: UnsafeRawBufferPointer) -> Bool {
        switch body[0] {
        case UInt8(ascii: "A"): isOne(body, of: ["Address 0x", "AddressSanitizer can not", "ACCESS of size "])
        case UInt8(ascii: "D"): body.has("Direct leak of ")
        case UInt8(ascii: "H"): isOne(body, of: ["HINT: ", "Hint: "])
        case UInt8(ascii: "M"): body.has("MemorySanitizer can not")
        case UInt8(ascii: "R"): body.has("READ of size ")
        case UInt8(ascii: "S"): isOne(body, of: ["SCARINESS: ", "Shadow byte"])
        case UInt8(ascii: "T"): body.has("This frame has ")
        default: false
        }
    }

    private static func ofSmall(_ body: UnsafeRawBufferPointer) -> LineShape? {
        switch body[0] {
        case UInt8(ascii: "b") where isOne(body, of: ["but task is already ", "bt#"]): .kernelBody
        case UInt8(ascii: "c") where body.has("caller is "): .kernelBody
        case UInt8(ascii: "d") where isOne(body, of: ["divide error: ", "double fault: "]): .kernelTitleNext
        case UInt8(ascii: "f") where body.has("freed by thread "): .sanitizerBody
        case UInt8(ascii: "g") where body.has("general protection fault"): .kernelTitle
        case UInt8(ascii: "h") where body.has("hardirqs last "): .kernelBody
        case UInt8(ascii: "i"):
            if body.has("invalid opcode: ") || body.has("int3: ") {
                .kernelTitleNext
            } else {
                body.has("irq event stamp") ? .kernelBody : nil
            }
        case UInt8(ascii: "k") where body.has("kernel BUG at "): .kernelTitle
        case UInt8(ascii: "l") where isOne(body, of: ["last sysfs file", "lr : "]): .kernelBody
        case UInt8(ascii: "o") where body.has("other info that might help"): .kernelBody
        case UInt8(ascii: "p"):
            if isOne(body, of: ["previously allocated by ", "previously freed by "]) {
                .sanitizerBody
            } else {
                isOne(body, of: ["pc : ", "pstate: ", "pgd = ", "panic (caller ", "panic(cpu "]) ? .kernelBody : nil
            }
        case UInt8(ascii: "r"):
            if body.has("rcu: INFO: ") {
                .kernelTitle
            } else {
                isOne(body, of: ["read to 0x", "read-write to 0x"]) ? .kernelBody : register(body)
            }
        case UInt8(ascii: "s") where isOne(body, of: ["softirqs last ", "stack segment: ", "sp : "]): .kernelBody
        case UInt8(ascii: "t"):
            isOne(
                body,
                of: ["task: ", "task.stack: ", "task:", "the existing dependency chain", "turning off the locking"])
                ? .kernelBody : nil
        case UInt8(ascii: "u") where body.has("unreferenced object 0x"): .kernelBody
        case UInt8(ascii: "v") where body.has("value changed: "): .kernelBody
        case UInt8(ascii: "w"):
            if body.has("watchdog: BUG: ") {
                .kernelTitle
            } else {
                isOne(body, of: ["write to 0x", "which lock already ", "which already depends "]) ? .kernelBody : nil
            }
        case UInt8(ascii: "x"): register(body)
        case UInt8(ascii: "a")...UInt8(ascii: "f") where isHexDump(body): .kernelBody
        default: nil
        }
    }

    /// `1 lock held by x`, `00 01 02`, `0xffff: x`.
    private static func ofNumber(_ body: UnsafeRawBufferPointer) -> LineShape? {
        if body.has("0x") { return .sanitizerBody }
        let end = body.behindDigits(0)
        if body.has(" lock", at: end), body.find(" held by ") != nil { return .kernelBody }
        return isHexDump(body) ? .kernelBody : nil
    }

    /// A line that stands directly below the title of a kernel's report and nowhere else.
    static func beginsKernelBody(_ body: UnsafeRawBufferPointer) -> Bool {
        body.has("Call Trace:") || body.has("Call trace:") || body.has("Modules linked in:")
            || (body.has("CPU: ") || body.has("Pid: ")) && body.find("omm: ") != nil
    }

    private static func isKernelWarning(_ body: UnsafeRawBufferPointer) -> Bool {
        for word in [
            "CPU: ", "at ", "possible ", "suspicious RCU", "inconsistent lock", "bad unlock", "lock held",
            "kernel stack",
        ]
            as [StaticString] where body.has(word, at: 9)
        {
            return true
        }
        return false
    }

    private static func ofInformation(_ body: UnsafeRawBufferPointer) -> LineShape? {
        if isOne(
            body,
            of: [
                "INFO: task ", "INFO: rcu_", "INFO: possible ", "INFO: suspicious RCU", "INFO: inconsistent lock",
                "INFO: trying to register",
            ])
        {
            return .kernelTitle
        }
        return isOne(
            body,
            of: [
                "INFO: lockdep is", "INFO: Slab 0x", "INFO: Object 0x", "INFO: Allocated in", "INFO: Freed in",
                "INFO: 0x",
            ])
            ? .kernelBody : nil
    }

    /// `RAX: 0000000000000008 RBX: …`, `x29: ffff0000`, `r10:c0a8d0df`: a register and a number of eight digits or more.
    private static func register(_ body: UnsafeRawBufferPointer) -> LineShape? {
        var end = 1
        while end < 6, body.byte(end).isDigit || body.byte(end).isLetter { end += 1 }
        end = body.behindBlanks(end)
        guard body.byte(end) == UInt8(ascii: ":") || body.byte(end) == UInt8(ascii: "=") else { return nil }
        var value = body.behindBlanks(end + 1)
        if body.has("0x", at: value) { value += 2 }
        for index in 0..<8 where !body.byte(value + index).isHexDigit { return nil }
        return .kernelBody
    }

    /// `60000000 7f44d378 …`, `ffff8880b588ef80: fb fb`: eight or more hexadecimal digits, then a blank or a colon.
    private static func isHexDump(_ body: UnsafeRawBufferPointer) -> Bool {
        var end = 0
        while body.byte(end).isHexDigit, end < 20 { end += 1 }
        guard end >= 8 else { return false }
        let next = body.byte(end)
        return next == UInt8(ascii: ":")
            || next == 0x20 && body.byte(end + 1).isHexDigit && body.byte(end + 2).isHexDigit
    }

    private static func isOne(_ body: UnsafeRawBufferPointer, of words: [StaticString]) -> Bool {
        for word in words where body.has(word) { return true }
        return false
    }
}
