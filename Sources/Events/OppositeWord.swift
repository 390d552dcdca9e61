/// Words that have an opposite which programs use in the same sentence: link up and link down are two messages, however
/// many other words have been seen at that place.
///
/// Each of a pair is kept from being a value by itself, so that it does not matter which of them comes first.
enum OppositeWord {
    private static let words = WordList([
        "up", "down", "on", "off", "open", "opened", "opening", "close", "closed", "closing", "start", "started",
        "starting", "stop", "stopped", "stopping", "success", "successful", "successfully", "succeeded", "above",
        "below",
        "over", "under", "enable", "enabled", "disable", "disabled", "online", "offline", "add", "added", "remove",
        "removed", "connect", "connected", "disconnect", "disconnected", "read", "write", "reading", "writing", "send",
        "receive", "sending", "receiving", "sent", "received", "input", "output", "in", "out", "to", "from", "login",
        "logout", "lock", "locked", "unlock", "unlocked", "mount", "mounted", "unmount", "unmounted", "load", "unload",
        "loaded", "unloaded", "first", "last", "before", "after", "begin", "end", "create", "created", "delete",
        "deleted", "allocate", "free", "true", "false", "yes", "no", "not", "active", "inactive", "primary",
        "secondary",
        "master", "replica", "client", "server", "source", "destination", "request", "response", "high", "low", "max",
        "min", "maximum", "minimum", "increase", "decrease", "upload", "download", "push", "pull", "encrypt", "decrypt",
        "commit", "rollback", "allow", "allowed", "deny", "accept", "accepted", "healthy", "unhealthy", "valid",
        "known",
        "unknown", "bind", "unbind", "register", "unregister", "attach", "detach", "suspend", "resume",
    ])

    /// Whether `word` is one of them, in any case.
    static func contains(_ word: UnsafeRawBufferPointer) -> Bool { words.containsAnyCase(word) }
}
