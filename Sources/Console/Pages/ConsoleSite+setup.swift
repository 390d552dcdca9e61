import Access
import Events
import HTTPTypes
import Store

extension ConsoleSite {
    /// `GET /setup/SECRET`: shows the form and changes nothing, so that whoever previews links does not use it up.
    func setupPage(_ request: PageRequest) throws -> Answer {
        try checkLink(request)
        return try setupPage(request, fault: nil, status: .ok)
    }

    private func setupPage(_ request: PageRequest, fault: String?, status: HTTPResponse.Status) throws -> Answer {
        try page(
            "setup", title: "The first admin", status: status, request,
            [
                "path": request.path, "fault": fault as Any? ?? false, "name": request.form["name"] ?? "",
                "rule": AccountName.rule, "lengthMin": PasswordHash.passwordLengthMin,
                "isPlain": !request.visitor.isSecure && !settings.listen.isLoopback,
            ])
    }

    /// `POST /setup/SECRET`.
    func setUp(_ request: PageRequest) throws -> Answer {
        try checkLink(request)
        let name = request.form.text("name") ?? ""
        let password = request.form["password"] ?? ""
        let fault: String? =
            if !AccountName.isValid(name) {
                "A name has \(AccountName.rule)."
            } else if password != request.form["again"] {
                "The two passwords are not the same."
            } else {
                PasswordHash.fault(of: password, for: name)
            }
        if let fault { return try setupPage(request, fault: fault, status: .badRequest) }
        let user = UserAccount(name: name, role: .admin, secret: try desk.hash(password), created: request.now)
        guard try archive.completeSetup(hash: SecretText.hash(request.name), user) == .done else {
            throw ConsoleSite.badLink
        }
        return said(Announcements.Announcement(text: "\(name) is the first admin; sign in"), at: "/login", [])
    }

    private func checkLink(_ request: PageRequest) throws {
        guard try archive.isSetupPending(hash: SecretText.hash(request.name), now: request.now) else {
            throw ConsoleSite.badLink
        }
    }

    private static let badLink = PageFault(
        status: .notFound, title: "This link is not good",
        message: "It was used, it is older than a day, a newer one was made, or there are users already. "
            + "'margay user setup' makes a new one while there are none.")
}
