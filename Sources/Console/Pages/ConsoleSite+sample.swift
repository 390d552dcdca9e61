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
            "pieces": ConsoleSite.pieces(sample.text), "hasFields": !sample.fields.isEmpty,
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

    /// A record in pieces: lines as they are, and runs of library frames to fold.
    static func pieces(_ text: String) -> [[String: Any]] {
        var pieces: [[String: Any]] = []
        var shown: [String] = []
        func flush() {
            if !shown.isEmpty { pieces.append(["lines": shown.joined(separator: "\n"), "isFolded": false]) }
            shown = []
        }
        for line in TraceFolding.lines(text) {
            switch line {
            case .shown(let line): shown.append(PageEscape.line(line))
            case .folded(let frames):
                flush()
                pieces.append(
                    [
                        "lines": frames.map(PageEscape.line).joined(separator: "\n"), "isFolded": true,
                        "count": frames.count,
                    ])
            }
        }
        flush()
        return pieces
    }
}
