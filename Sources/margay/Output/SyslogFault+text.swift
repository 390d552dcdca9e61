import Glibc
import Tail

extension SyslogSockets.Fault {
    /// What is wrong, where, and how to mend it.
    var sentence: String {
        let what = "syslog cannot listen on \(isDatagrams ? "udp" : "tcp") \(place)"
        return switch error.number {
        case EADDRINUSE:
            "\(what): another program has this port; end it, or name another one under 'syslog:'"
        case EACCES:
            """
            \(what): ports below 1024 are for root; give the service CAP_NET_BIND_SERVICE, or name another one, such \
            as 5514
            """
        case EADDRNOTAVAIL: "\(what): this machine has no such address; 0.0.0.0 means all it has"
        default: "\(what): \(error.reason)"
        }
    }
}
