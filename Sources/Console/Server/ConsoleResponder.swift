import Access
import Events
import HTTPTypes
import Hummingbird
import NIOCore
import Store

/// Answers requests: checks them, runs the page on a thread of the store, puts the headers on that every answer has.
struct ConsoleResponder: HTTPResponder {
    typealias Context = ConsoleContext

    let site: ConsoleSite
    let threads: StoreThreads
    /// Passwords are hashed there.
    let slowThreads: StoreThreads
    let live: LivePages

    func respond(to request: Request, context: ConsoleContext) async throws -> Response {
        let isHead = request.method == .head
        do {
            let (answer, stream) = try await answer(request, credentials(request, context))
            if let stream { return stream }
            return response(answer, isHead: isHead)
        } catch is CancellationError {
            return response(.text("Margay is stopping.\n", status: .serviceUnavailable), isHead: isHead)
        }
    }

    private func answer(_ request: Request, _ credentials: Credentials) async throws -> (Answer, Response?) {
        let facts = RequestCheck.Facts(
            method: request.method, target: request.head.path ?? "/", authority: request.head.authority,
            origin: request.headers[.origin], fetchSite: request.headers[HTTPField.Name.secFetchSite],
            contentType: request.headers[.contentType], isSecure: site.gate.isSecure(credentials))
        let target = facts.target
        let mark = target.firstIndex(of: "?")
        let path = mark.map { String(target[..<$0]) } ?? target
        if case .refuse(let status, let reason) = RequestCheck.judge(facts, RequestCheck.Reach(site.settings)) {
            return (status == .methodNotAllowed ? otherMethod(reason, path) : refusal(status, reason, path), nil)
        }
        guard let query = FormFields((mark.map { target[target.index(after: $0)...] } ?? "").utf8) else {
            return (refusal(.badRequest, "The address has too many fields.", path), nil)
        }
        var page = PageRequest(
            path: path, query: query, form: FormFields(), body: [], name: "", ifMatch: request.headers[.ifMatch],
            origin: "\(facts.isSecure ? "https" : "http")://\(facts.authority ?? "")",
            visitor: visitor(request, credentials), now: site.host.clock())
        guard let method = RouteMethod(request.method),
            let (route, name) = ConsoleRoutes.route(at: path, method, site.assets)
        else {
            return (await nothing(at: path, page), nil)
        }
        page.name = name
        if case .asset(let asset) = route.work { return (Answer(asset), nil) }
        if let refused = await admit(route, &page, isCrossSite: facts.fetchSite == "cross-site") {
            return (refused, nil)
        }
        switch route.work {
        case .live: return try await stream(page)
        case .asset, .page, .data: return (await run(route.work, page, request), nil)
        case .form, .secretForm, .call, .secretCall:
            if let refused = try await read(request, route.work, into: &page) { return (refused, nil) }
            return (await run(route.work, page, request), nil)
        }
    }

    private func nothing(at path: String, _ page: PageRequest) async -> Answer {
        let methods = ConsoleRoutes.methods(at: path, site.assets)
        if !methods.isEmpty {
            return otherMethod("This address is for \(RouteMethod.allow(methods)) only.", path)
        }
        var page = page
        // Who may look at nothing is told nothing, not even what there is not.
        if let refused = await admit(ConsoleRoute(path, .role(.viewer, .read), .live), &page, isCrossSite: false) {
            return refused
        }
        return await fault(.notFound("Nothing is at \(path)."), page, isForPrograms: isForPrograms(path))
    }

    // MARK: Who may

    /// Finds out who asks, for `page`, and returns what to answer where they may not.
    private func admit(_ route: ConsoleRoute, _ page: inout PageRequest, isCrossSite: Bool) async -> Answer? {
        let (site, visitor, now) = (site, page.visitor, page.now)
        let isForPrograms = route.work.isForPrograms || isForPrograms(page.path)
        do {
            page.visitor.person = try await threads.run {
                try site.gate.person(visitor.credentials, visitor.preferences, now: now)
            }
        } catch {
            return await fault(pageFault(error), page, isForPrograms: isForPrograms)
        }
        switch route.access.judge(page.visitor.person) {
        case .allow: return nil
        case .signIn:
            if case .page = route.work {
                // Their cookies did not come with a link from elsewhere.
                return isCrossSite ? doorway(page) : .redirect(to: site.signInAddress(page))
            }
            var answer = await fault(.signInFirst(visitor.credentials), page, isForPrograms: isForPrograms)
            answer.headers[.wwwAuthenticate] = "Bearer realm=\"margay\""
            return answer
        case .refuse(let reason):
            return await fault(
                PageFault(
                    status: .forbidden, title: "This is not for you",
                    message: reason + (await whoMay(route.access, page))),
                page, isForPrograms: isForPrograms)
        }
    }

    private func whoMay(_ access: RouteAccess, _ page: PageRequest) async -> String {
        let site = site
        do {
            return try await threads.run { try site.whoMay(access, page) }
        } catch {
            // The refusal stands without it.
            return ""
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
        page.idempotencyKey = request.headers[HTTPField.Name.idempotencyKey]
        // Nothing is said by the body of a DELETE.
        if work.isForPrograms, request.method == .delete { return nil }
        let rule = BodyRule.of(work, at: page.path)
        let type = request.headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() } ?? ""
        page.contentType = String(type.filter { $0 != " " })
        guard rule.types.contains(page.contentType) else {
            return refusal(
                .unsupportedMediaType, "Send this as \(rule.types.joined(separator: " or ")).", page.path)
        }
        switch try await RequestBody.collect(request, bytesMax: rule.bytesMax) {
        case .whole(let bytes): page.body = bytes
        case .tooLarge:
            return closing(
                refusal(.contentTooLarge, "A request holds at most \(rule.bytesMax) bytes.", page.path))
        case .tooSlow:
            return closing(
                refusal(
                    .requestTimeout, "The request took more than \(ConsoleLimits.bodySeconds) seconds.", page.path))
        }
        guard !work.isForPrograms else { return nil }
        guard let form = FormFields(page.body) else {
            return refusal(.contentTooLarge, "A form holds at most \(ConsoleLimits.fieldsMax) fields.", page.path)
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
            let isSlow =
                switch work {
                case .secretForm, .secretCall: true
                case .page, .form, .data, .call, .asset, .live: false
                }
            var answer = try await (isSlow ? slowThreads : threads).run { () throws -> Answer in
                switch work {
                case .page(let make), .form(let make), .secretForm(let make), .data(let make), .call(let make),
                    .secretCall(let make):
                    try make(site, page)
                case .asset, .live: .text("", status: .notFound)
                }
            }
            if let pending = answer.pending { answer = try await pending() }
            if case .page = work, page.visitor.isNew {
                if request.headers[HTTPField.Name.secFetchSite] == "cross-site" { return doorway(page) }
                answer.headers[values: .setCookie] =
                    answer.headers[values: .setCookie] + [
                        Cookies.setSession(page.visitor.session, isSecure: page.visitor.isSecure)
                    ]
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

    // MARK: Streams

    private func stream(_ page: PageRequest) async throws -> (Answer, Response?) {
        guard let body = await live.stream(page, site, threads) else {
            return (
                refusal(
                    .serviceUnavailable, "Too many pages are live; this one is renewed by hand.", page.path), nil
            )
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
        // RFC 9110, 8.6: an answer without content says nothing of its length.
        if answer.status != .noContent { headers[.contentLength] = String(answer.body.count) }
        return Response(
            status: answer.status, headers: headers,
            body: isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}
