/// What a visitor can take of the process, each with what happens beyond it.
enum ConsoleLimits {
    /// Connections at a time; further ones wait in the kernel's queue.
    static let connectionsMax = 512
    /// Of them, connections on which nothing is asked; beyond, the one that has waited longest is closed. More
    /// than there can be live pages, for after a restart all browsers come back at once.
    static let waitingConnectionsMax = 384
    /// Bytes of all headers of a request; more is answered 431 or the connection is closed.
    static let headerBytesMax = 16 * 1_024
    static let headersMax = 100
    /// Bytes of the address of a page; more is answered 414.
    static let targetBytesMax = 8 * 1_024
    /// Bytes of a form or an API call; more is answered 413.
    static let bodyBytesMax = 256 * 1_024
    /// Bytes of a request that reports events; more is answered 413.
    static let eventBytesMax = 1_024 * 1_024
    /// Seconds in which a body has to come, whole; then 408.
    static let bodySeconds = 10
    /// Seconds without a whole request on an open connection; then it is closed.
    static let idleSeconds: Int64 = 30
    /// Threads that read and write the store for pages.
    static let threads = 4
    /// Pages that wait for one of these; further ones are answered 503.
    static let waitingMax = 256
    /// Passwords that wait to be looked at, one at a time, 32 MiB each; further ones are answered 503.
    static let passwordsWaitingMax = 32
    /// Seconds between two looks at the files of the certificate.
    static let certificateSeconds = 10
    /// Fields of a form.
    static let fieldsMax = 5_000
    /// Live pages at a time; a further one is answered 503 and renews itself by hand.
    static let livePagesMax = 256
    /// Rows of a list on one page.
    static let rowsMax = 100
    /// Rows that a program may ask for at a time.
    static let callRowsMax = 1_000
    /// Issues that a program names in a request, and issues that are listed of those it moved.
    static let callIssuesMax = 1_000
    /// Rows of a file that a list is saved as.
    static let savedRowsMax = 100_000
    /// Issues beyond which a count is shown as "more than".
    static let countedMax = 10_000
    /// Bytes of one line of a log on a page; the rest is left out and said.
    static let lineBytesMax = 4 * 1_024
    /// Issues whose move can be undone from the page behind it; more by `margay undo`.
    static let undoneMax = 1_000
    /// Sentences that wait to be shown after a move.
    static let announcementsMax = 500
}
