import CLinux
import Glibc

/// A system call that failed: which, and why.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Name of the call, as in section 2 of the manual.
    package let call: String
    /// The error number, positive.
    package let number: Int32

    package init(call: String, number: Int32) {
        self.call = call
        self.number = number
    }

    /// What strerror(3) says of the number, in a form that is safe on every thread.
    package var reason: String {
        var text = [CChar](repeating: 0, count: 128)
        margay_error_text(number, &text, text.count)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Nothing lies at the path: not even a link that leads anywhere.
    package var isAbsence: Bool { number == ENOENT || number == ENOTDIR || number == ELOOP }

    package var description: String { "\(call): \(reason)" }
}
