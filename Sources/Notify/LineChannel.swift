import Glibc
package import Triage

/// Writes each notice as a line (or a few) to a descriptor: a terminal, a file, a pipe.
package struct LineChannel: Channel {
    package let name: String
    private let descriptor: Int32
    private let line: @Sendable (Notice) -> String

    /// `descriptor` stays the caller's and must stay open. `line` renders a notice with its newline; whatever a terminal
    /// would obey must be escaped in it already.
    package init(name: String, descriptor: Int32, line: @escaping @Sendable (Notice) -> String) {
        self.name = name
        self.descriptor = descriptor
        self.line = line
    }

    package func deliver(_ notice: Notice) -> Delivery {
        var text = line(notice)
        return text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return .giveUp(String(cString: strerror(errno))) }
                written += count
            }
            return .sent
        }
    }
}
