/// What was wrong with an archive. What could be read before it is used all the same.
package enum ArchiveFault: Hashable, Sendable, CustomStringConvertible {
    /// It ends inside a member, after so many bytes on disk: it was truncated, or is still being written.
    case cutOff(bytes: Int64)
    /// Its content is wrong at about this byte on disk; in the words of the library.
    case damaged(at: Int64, String)
    /// It is whole, and followed by something else from this byte on disk on.
    case followed(at: Int64, LogFormat)
    /// It asks for more memory than it gets; how much, and what to do.
    case refused(String)

    package var description: String {
        switch self {
        case .cutOff(let bytes): "cut off after \(bytes) bytes"
        case .damaged(let offset, let words): "damaged at byte \(offset): \(words)"
        case .followed(let offset, let format): "bytes after byte \(offset) are not \(format.rawValue) and were ignored"
        case .refused(let words): words
        }
    }
}
