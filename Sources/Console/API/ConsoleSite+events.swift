import Events
import HTTPTypes

extension ConsoleSite {
    /// `POST /api/v1/events`: counts events that programs report. Answered when they lie on the disk.
    func apiEvents(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        guard let takeEvents = host.takeEvents else { throw ConsoleSite.nobodyCounts }
        let key = try ReportedKey.read(request.idempotencyKey)
        let form: EventReport.Form = request.contentType == BodyRule.jsonLines ? .lines : .json
        let report: EventReport
        do throws(EventReport.Malformed) {
            report = try EventReport.read(request.body, as: form, now: request.now)
        } catch {
            throw PageFault.malformed(error.message)
        }
        guard !report.events.isEmpty else { return ConsoleSite.refusal(of: report) }
        let digest = request.body.withUnsafeBytes { SipHash.hash64($0) }
        let delivery = Delivery<IntakeVerdict>()
        takeEvents(
            report.events, key.map { ReportedRequest(key: $0, digest: digest, events: report.events.count) },
            request.body.count
        ) { delivery.deliver($0) }
        var answer = Answer.json("")
        answer.pending = { try ConsoleSite.answer(await delivery.value(), report) }
        return answer
    }

    /// For a console that no `watch` runs beside: what to do about it, since trying again changes nothing.
    private static let nobodyCounts = PageFault(
        status: .serviceUnavailable, title: "Nothing counts events here",
        message: "'margay console' shows a store and moves issues; events are counted by 'margay watch' alone, so that "
            + "each is counted once. Give 'console: { listen: ADDRESS }' in the configuration of 'margay watch' and send "
            + "events to that address.")

    private static func answer(_ verdict: IntakeVerdict, _ report: EventReport) throws -> Answer {
        switch verdict {
        case .stored(let events, let isRepeated):
            let json = JSONText.object { json in
                json.add("taken", events)
                json.add("repeated", isRepeated)
                report.addFaults(to: &json)
            }
            return .json(json.text + "\n", status: .accepted)
        case .full:
            throw PageFault(
                status: .serviceUnavailable, title: "Too much at a time",
                message: "More events wait for the store than Margay holds. None of these was taken; send them again.",
                retrySeconds: 1)
        case .inProgress:
            throw PageFault(
                status: .conflict, title: "Still being stored",
                message: "A request with this Idempotency-Key is being stored; ask again in a moment.", retrySeconds: 1)
        case .otherContent:
            throw PageFault(
                status: .unprocessableContent, title: "The key is taken",
                message: "Another request came with this Idempotency-Key. Give each request a key of its own, and "
                    + "repeat it only with the same body.")
        case .refused(let reason):
            throw PageFault(
                status: .serviceUnavailable, title: "The store takes nothing",
                message: "The events may be counted later, or not: \(reason). Send them again; with an Idempotency-Key "
                    + "they count once.", retrySeconds: 5)
        case .stopped:
            throw PageFault(
                status: .serviceUnavailable, title: "Margay is stopping",
                message: "None of these events was taken for certain; send them again.", retrySeconds: 5)
        }
    }

    private static func refusal(of report: EventReport) -> Answer {
        let json = JSONText.object { json in
            json.add("title", "No event can be taken")
            json.add("status", HTTPResponse.Status.badRequest.code)
            json.add("detail", "Each of them has a fault; none was taken.")
            report.addFaults(to: &json)
        }
        return Answer(.badRequest, type: "application/problem+json", body: json.bytes)
    }
}

extension EventReport {
    /// The faulty elements, all at once.
    fileprivate func addFaults(to json: inout JSONText) {
        json.add("faults", array: faults) { json, fault in
            json.element { json in
                json.add("index", fault.index)
                json.add("field", fault.field)
                json.add("message", fault.message)
            }
        }
        if faultsLeftOut > 0 { json.add("faults_left_out", faultsLeftOut) }
    }
}

/// The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), with or without quotes.
private enum ReportedKey {
    static let bytesMax = 255

    static func read(_ header: String?) throws -> String? {
        guard let header else { return nil }
        var key = header[...]
        if key.utf8.count > 1, key.hasPrefix("\""), key.hasSuffix("\"") { key = key.dropFirst().dropLast() }
        guard (1...bytesMax).contains(key.utf8.count), key.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw PageFault.malformed("An Idempotency-Key has 1 to \(bytesMax) printable characters of ASCII.")
        }
        return String(key)
    }
}
