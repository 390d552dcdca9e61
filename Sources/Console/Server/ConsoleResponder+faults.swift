import Events
import HTTPTypes
import Store

/// Answers that are none: as a page for people, as a problem document (RFC 9457) for programs.
extension ConsoleResponder {
    func otherMethod(_ reason: String, _ path: String) -> Answer {
        var answer = refusal(.methodNotAllowed, reason, path)
        answer.headers[.allow] = RouteMethod.allow(ConsoleRoutes.methods(at: path, site.assets))
        return answer
    }

    func isForPrograms(_ path: String) -> Bool { path.hasPrefix("/api/v1/") }

    func pageFault(_ error: any Error) -> PageFault {
        switch error {
        case let fault as PageFault: return fault
        case let error as ArchiveError:
            return PageFault(
                status: error.code == .busy || error.code == .full ? .serviceUnavailable : .internalServerError,
                title: "The store cannot do this", message: error.description,
                retrySeconds: error.code == .busy ? 1 : nil)
        default:
            return PageFault(
                status: .internalServerError, title: "That went wrong", message: "Margay could not make this page.")
        }
    }

    func fault(_ fault: PageFault, _ page: PageRequest, isForPrograms: Bool) async -> Answer {
        if isForPrograms { return problem(fault) }
        let site = site
        do {
            return try await threads.run { try site.faultPage(fault, page) }
        } catch {
            // Not even the frame of the page can be had.
            return .text("\(fault.title). \(fault.message)\n", status: fault.status)
        }
    }

    /// RFC 9457.
    func problem(_ fault: PageFault) -> Answer {
        let json = JSONText.object { json in
            json.add("title", fault.title)
            json.add("status", fault.status.code)
            json.add("detail", fault.message)
            fault.members?(&json)
        }
        var answer = Answer(fault.status, type: "application/problem+json", body: json.bytes)
        answer.headers[.eTag] = fault.tag
        answer.headers[.retryAfter] = fault.retrySeconds.map { String($0) }
        return answer
    }

    func refusal(_ status: HTTPResponse.Status, _ reason: String, _ path: String) -> Answer {
        isForPrograms(path)
            ? problem(PageFault(status: status, title: status.reasonPhrase, message: reason))
            : .text(reason + "\n", status: status)
    }
}
