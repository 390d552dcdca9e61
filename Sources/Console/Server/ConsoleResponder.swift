import Events
import HTTPTypes
import Hummingbird
import NIOCore
import Store

/// Answers requests: checks them, runs the page on a thread of the store, puts the headers on that every answer has.
struct ConsoleResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let site: ConsoleSite
    let threads: StoreThreads
    let live: LivePages

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        let isHead = request.method == .head
        do {
            let (answer, stream) = try await answer(request)
            if let stream { return stream }
            return response(answer, isHead: isHead)
        } catch is CancellationError {
            return response(.text("Margay is stopping.\n", status: .serviceUnavailable), isHead: isHead)
        }
    }

    private func answer(_ request: Request) async throws -> (Answer, Response?) {
        let facts = RequestCheck.Facts(
            method: request.method, target: request.head.path ?? "/", authority: request.head.authority,
            origin: request.headers[.origin], fetchSite: request.headers[HTTPField.Name.secFetchSite],
            contentType: request.headers[.contentType])
        if case .refuse(let status, let reason) = RequestCheck.judge(facts) {
            return (refusal(status, reason), nil)
        }
        let target = facts.target
        let mark = target.firstIndex(of: "?")
        let path = mark.map { String(target[..<$0]) } ?? target
        guard let query = FormFields((mark.map { target[target.index(after: $0)...] } ?? "").utf8) else {
            return (refusal(.badRequest, "The address has too many fields."), nil)
        }
        let isRead = request.method != .post
        var page = PageRequest(
            path: path, query: query, form: FormFields(), body: [], name: "", ifMatch: ifMatch(request),
            visitor: visitor(request), now: site.host.clock())
        guard let (work, name) = ConsoleRoutes.work(at: path, isRead: isRead, site.assets) else {
            if ConsoleRoutes.exists(path, site.assets) {
                var answer = refusal(.methodNotAllowed, "This address is \(isRead ? "for POST" : "for GET") only.")
                answer.headers[.allow] = isRead ? "POST" : "GET, HEAD"
                return (answer, nil)
            }
            return (
                await fault(.notFound("Nothing is at \(path)."), page, isForPrograms: path.hasPrefix("/api/")), nil
            )
        }
        page.name = name
        switch work {
        case .asset(let asset): return (Answer(asset), nil)
        case .live: return try await stream(page)
        case .page, .data: return (await run(work, page, request), nil)
        case .form, .call:
            if let refused = try await read(request, work, into: &page) { return (refused, nil) }
            return (await run(work, page, request), nil)
        }
    }

    // MARK: Changes

    /// Reads the body and checks that it may change anything; returns what to answer where it may not.
    private func read(_ request: Request, _ work: ConsoleWork, into page: inout PageRequest) async throws -> Answer? {
        if let reason = site.host.readOnlyReason {
            return await fault(
                PageFault(
                    status: .forbidden, title: "Nothing can be changed", message: MoveForm.sentence(reason)),
                page, isForPrograms: work.isForPrograms)
        }
        let rule = BodyRule.of(work, at: page.path)
        let type = request.headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() } ?? ""
        page.contentType = String(type.filter { $0 != " " })
        guard rule.types.contains(page.contentType) else {
            return refusal(.unsupportedMediaType, "Send this as \(rule.types.joined(separator: " or ")).")
        }
        page.idempotencyKey = request.headers[HTTPField.Name.idempotencyKey]
        switch try await RequestBody.collect(request, bytesMax: rule.bytesMax) {
        case .whole(let bytes): page.body = bytes
        case .tooLarge:
            return closing(
                refusal(.contentTooLarge, "A request holds at most \(rule.bytesMax) bytes."))
        case .tooSlow:
            return closing(refusal(.requestTimeout, "The request took more than \(ConsoleLimits.bodySeconds) seconds."))
        }
        guard !work.isForPrograms else { return nil }
        guard let form = FormFields(page.body) else {
            return refusal(.contentTooLarge, "A form holds at most \(ConsoleLimits.fieldsMax) fields.")
        }
        page.form = form
        guard !page.visitor.isNew, site.tokens.isToken(form["token"] ?? "", for: page.visitor.session) else {
            return await fault(
                PageFault(
                    status: .forbidden, title: "This page is too old",
                    message: "It was loaded before Margay was started, or cookies are refused. Nothing was changed. "
                        + "Go back, load the page again and repeat it."),
                page, isForPrograms: false)
        }
        return nil
    }

    private func closing(_ answer: Answer) -> Answer {
        var answer = answer
        answer.headers[.connection] = "close"
        return answer
    }

    // MARK: Pages

    private func run(_ work: ConsoleWork, _ page: PageRequest, _ request: Request) async -> Answer {
        let site = site
        do {
            var answer = try await threads.run { () throws -> Answer in
                switch work {
                case .page(let make), .form(let make), .data(let make), .call(let make): try make(site, page)
                case .asset, .live: .text("", status: .notFound)
                }
            }
            if let pending = answer.pending { answer = try await pending() }
            if case .page = work, page.visitor.isNew {
                if request.headers[HTTPField.Name.secFetchSite] == "cross-site" { return doorway(page) }
                answer.headers[values: .setCookie] =
                    answer.headers[values: .setCookie] + [Cookies.set(Cookies.session, page.visitor.session)]
            }
            return answer
        } catch {
            return await fault(pageFault(error), page, isForPrograms: work.isForPrograms)
        }
    }

    /// A visitor who follows a link from another site comes without cookies (SameSite=Strict), also one who has some. So
    /// that no session is replaced, the page loads itself once more, from here.
    private func doorway(_ page: PageRequest) -> Answer {
        let address = PageEscape.escape(site.pathAndQuery(page, without: ""))
        return .html(
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Margay</title>
            <meta http-equiv="refresh" content="0"></head>
            <body><p><a href="\(address)">Go on to Margay</a></p></body></html>

            """)
    }

    private func pageFault(_ error: any Error) -> PageFault {
        switch error {
        case let fault as PageFault: return fault
        case let error as ArchiveError:
            return PageFault(
                status: error.code == .busy || error.code == .full ? .serviceUnavailable : .internalServerError,
                title: "The store cannot do this", message: error.description)
        default:
            return PageFault(
                status: .internalServerError, title: "That went wrong", message: "Margay could not make this page.")
        }
    }

    private func fault(_ fault: PageFault, _ page: PageRequest, isForPrograms: Bool) async -> Answer {
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
    private func problem(_ fault: PageFault) -> Answer {
        let json = JSONText.object { json in
            json.add("title", fault.title)
            json.add("status", fault.status.code)
            json.add("detail", fault.message)
        }
        var answer = Answer(fault.status, type: "application/problem+json", body: json.bytes)
        answer.headers[.retryAfter] = fault.retrySeconds.map { String($0) }
        return answer
    }

    private func refusal(_ status: HTTPResponse.Status, _ reason: String) -> Answer {
        .text(reason + "\n", status: status)
    }

    private func visitor(_ request: Request) -> Visitor {
        let preferences = Cookies.value(Cookies.preferences, in: request.headers).map {
            Preferences(cookie: Cookies.unpacked($0))
        }
        let session = Cookies.value(Cookies.session, in: request.headers).flatMap {
            FormTokens.isSession($0) ? $0 : nil
        }
        return Visitor(
            session: session ?? FormTokens.newSession(), isNew: session == nil,
            preferences: preferences ?? Preferences())
    }

    private func ifMatch(_ request: Request) -> String? {
        request.headers[.ifMatch].map { $0.filter { $0 != "\"" } }
    }

    // MARK: Streams

    private func stream(_ page: PageRequest) async throws -> (Answer, Response?) {
        guard let body = await live.stream(page, site, threads) else {
            return (refusal(.serviceUnavailable, "Too many pages are live; this one is renewed by hand."), nil)
        }
        var headers = ConsoleResponder.headers
        headers[.contentType] = "text/event-stream"
        headers[.cacheControl] = "no-store"
        // nginx would hold the events back.
        headers[HTTPField.Name.accelBuffering] = "no"
        return (.text(""), Response(status: .ok, headers: headers, body: body))
    }

    // MARK: Headers

    private static let headers: HTTPFields = [
        .contentSecurityPolicy:
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        .xContentTypeOptions: "nosniff",
        // Not no-referrer: with that, browsers send "Origin: null" with forms of our own.
        HTTPField.Name.referrerPolicy: "same-origin",
        HTTPField.Name.openerPolicy: "same-origin",
        HTTPField.Name.resourcePolicy: "same-origin",
    ]

    private func response(_ answer: Answer, isHead: Bool) -> Response {
        var headers = answer.headers
        for field in ConsoleResponder.headers where !headers.contains(field.name) { headers.append(field) }
        headers[.contentLength] = String(answer.body.count)
        return Response(
            status: answer.status, headers: headers,
            body: isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}

extension HTTPField.Name {
    fileprivate static let idempotencyKey = named("Idempotency-Key")
    fileprivate static let secFetchSite = named("Sec-Fetch-Site")
    fileprivate static let referrerPolicy = named("Referrer-Policy")
    fileprivate static let openerPolicy = named("Cross-Origin-Opener-Policy")
    fileprivate static let resourcePolicy = named("Cross-Origin-Resource-Policy")
    fileprivate static let accelBuffering = named("X-Accel-Buffering")

    private static func named(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header") }
        return name
    }
}
