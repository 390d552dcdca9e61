/// Whether a console may be opened, by who could reach it and who would be asked to sign in. Pure.
enum OpeningRule {
    enum Verdict: Sendable, Equatable {
        case open
        /// Only after a set-up link was made, by which the first admin comes in.
        case openWithLink
        /// Why not, and how to mend it; a clause each.
        case refuse(String)
    }

    static func judge(
        isLoopback: Bool, hasUsers: Bool, hasProxy: Bool, isLinkPending: Bool, canWrite: Bool
    ) -> Verdict {
        if isLoopback || hasUsers || hasProxy || isLinkPending { return .open }
        if canWrite { return .openWithLink }
        return .refuse(
            "is open to other machines, and there are no users to keep strangers out; make one with "
                + "'margay user add NAME --role admin', or listen on 127.0.0.1")
    }
}
