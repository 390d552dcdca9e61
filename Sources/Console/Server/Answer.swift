import Events
import HTTPTypes

/// What is sent back: whole, made before the first byte goes out.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var body: [UInt8]
    /// Makes the real answer, once what it waits for has come: no thread of the store is held for it. May throw a
    /// `PageFault`.
    var pending: (@Sendable () async throws -> Answer)?

    init(_ status: HTTPResponse.Status = .ok, type: String, body: [UInt8]) {
        self.status = status
        headers = [.contentType: type, .cacheControl: "no-store"]
        self.body = body
    }

    static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status, type: "text/html; charset=utf-8", body: Array(text.utf8))
    }

    static func json(_ text: String, status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status, type: "application/json", body: Array(text.utf8))
    }

    /// Done, and there is nothing to say.
    static var nothing: Answer {
        var answer = Answer(.noContent, type: "", body: [])
        answer.headers[.contentType] = nil
        return answer
    }

    static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status, type: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    /// On to another page of the console, by GET. `path` begins with one slash.
    static func redirect(to path: String) -> Answer {
        var answer = Answer(.seeOther, type: "text/plain; charset=utf-8", body: [])
        // Never to another host: an address that begins with two slashes, or a slash and a backslash, would be one.
        let isOwn = path.hasPrefix("/") && !path.hasPrefix("//") && !path.hasPrefix("/\\")
        let safe = isOwn && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        answer.headers[.location] = safe ? path : "/"
        return answer
    }

    /// A file to keep.
    func saved(as name: String) -> Answer {
        var answer = self
        answer.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        return answer
    }
}

/// Why there is no page.
struct PageFault: Error {
    var status: HTTPResponse.Status
    /// What happened, in a few words.
    var title: String
    /// Why, and how to go on; sentences.
    var message: String
    /// When it may be tried again (`Retry-After`); nil where that changes nothing.
    var retrySeconds: Int?
    /// More that programs are told beside this; nil for nothing.
    var members: (@Sendable (inout JSONText) -> Void)?
    /// The tag of what is there now (`ETag`), with its quotes.
    var tag: String?

    static func notFound(_ message: String) -> PageFault {
        PageFault(status: .notFound, title: "Not here", message: message)
    }

    static func malformed(_ message: String) -> PageFault {
        PageFault(status: .badRequest, title: "That cannot be done", message: message)
    }
}
