import Events
import Store

extension ConsoleSite {
    /// One sample of an issue: the latest, or the one that the address names, with the lines round it where it asks for
    /// them; nil where none was kept.
    func sampleValues(_ issue: IssueDetail, _ request: PageRequest) -> [String: Any]? {
        let count = issue.samples.count
        guard count > 0 else { return nil }
        let number = min(max(request.query["sample"].flatMap { Int($0) } ?? count, 1), count)
        let chosen = issue.samples[number - 1]
        let sample = chosen.sample
        let wantsContext = request.query["context"] != nil
        let inside = TraceFolding.carried(by: sample.text)
        let folding = TraceFolding(sample.text)
        func address(_ number: Int, context: Bool) -> String {
            ListOrigin.carried(
                ConsoleSite.address(
                    request.path,
                    [
                        ("after", request.query["after"]), ("sample", String(number)),
                        ("context", context ? "yes" : nil), ("span", request.query["span"]),
                    ]), ListOrigin(request.query)) + "#sample"
        }
        var values: [String: Any] = [
            "number": number, "count": count, "node": chosen.node, "path": sample.file,
            "place": sample.line.map { "line \(ConsoleSite.grouped($0))" }
                ?? "offset \(ConsoleSite.grouped(sample.offset))",
            "offset": ConsoleSite.grouped(sample.offset), "time": PageValues.time(sample.time, now: request.now),
            "first": address(1, context: wantsContext), "last": address(count, context: wantsContext),
            "earlier": address(number - 1, context: wantsContext), "later": address(number + 1, context: wantsContext),
            "random": address(
                ConsoleSite.otherSample(than: number, of: count, now: request.now), context: wantsContext),
            "isMany": count > 2, "isFirst": number == 1, "isLast": number == count, "isOnly": count == 1,
            "pieces": ConsoleSite.pieces(folding), "trace": ConsoleSite.traceWords(inside ?? folding) as Any? ?? false,
            "inside": inside.map { ["pieces": ConsoleSite.pieces($0)] } as Any? ?? false,
            "hasFields": !sample.fields.isEmpty,
            "fields": sample.fields.sorted { $0.key < $1.key }.map {
                ["name": $0.key, "value": PageEscape.line($0.value)]
            },
            "wantsContext": wantsContext, "withContext": address(number, context: true),
            "withoutContext": address(number, context: false), "contextLines": ConsoleSite.contextLines,
        ]
        if wantsContext { values["context"] = contextValues(sample) }
        return values
    }

    /// Any of the other samples: which one, the clock says.
    static func otherSample(than number: Int, of count: Int, now: Timestamp) -> Int {
        guard count > 1 else { return number }
        let step = 1 + Int(now.microseconds.magnitude % UInt64(count - 1))
        return (number - 1 + step) % count + 1
    }

    private func contextValues(_ sample: Sample) -> [String: Any] {
        guard let context = host.context(sample, ConsoleSite.contextLines) else {
            return ["isGone": true, "path": sample.file]
        }
        var number = sample.line.map { $0 - Int64(context.before.count) }
        func lines(_ lines: [String], isRecord: Bool) -> [[String: Any]] {
            lines.map { line in
                defer { number? += 1 }
                return ["number": number.map { String($0) } ?? "", "text": PageEscape.line(line), "isRecord": isRecord]
            }
        }
        let all =
            lines(context.before, isRecord: false) + lines(context.record, isRecord: true)
            + lines(context.after, isRecord: false)
        return ["isGone": false, "path": context.path, "isTwin": context.path != sample.file, "lines": all]
    }

    /// A record in pieces: runs of lines that are looked at in the same way. A record is at most
    /// `Sample.textBytesMax` long, so its pieces are bounded too.
    static func pieces(_ folding: TraceFolding) -> [[String: Any]] {
        var pieces: [[String: Any]] = []
        var lines: [String] = []
        var look = ""
        func flush(_ next: String) {
            // The lines of a piece end with it: what is copied from the page has each on a line of its own.
            if !lines.isEmpty {
                pieces.append(["lines": lines.map { $0 + "\n" }.joined(), "look": look, "isFolded": false])
            }
            lines = []
            look = next
        }
        for line in folding.lines {
            let (text, next): (String, String)
            switch line {
            case .text(let line): (text, next) = (line, "")
            case .own(let line): (text, next) = (line, "own")
            case .library(let line): (text, next) = (line, "library")
            case .folded(let frames, let count):
                flush("")
                pieces.append(
                    [
                        "lines": frames.map(PageEscape.line).joined(separator: "\n"), "isFolded": true,
                        "count": count,
                    ])
                continue
            }
            if next != look { flush(next) }
            lines.append(PageEscape.line(text))
        }
        flush("")
        return pieces
    }

    /// What a trace consists of, in words: `2 frames of its own, 41 of libraries · caused by java.io.EOFException`; nil
    /// where nothing in the record is a frame of one's own.
    static func traceWords(_ folding: TraceFolding) -> String? {
        guard folding.ownFrames > 0 else { return nil }
        let own = folding.ownFrames == 1 ? "1 own frame" : "\(folding.ownFrames) own frames"
        let cause = folding.cause.map { " · caused by \(PageEscape.line($0))" } ?? ""
        return "\(own), \(folding.libraryFrames) of libraries\(cause)"
    }
}
