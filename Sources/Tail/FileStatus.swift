package import Events

/// What stat says of a file at one moment.
package struct FileStatus: Hashable, Sendable {
    /// What kind of thing a path names.
    package enum Kind: Sendable {
        case regular
        case directory
        case symbolicLink
        /// A FIFO, or whatever standard input is: read as it comes, once.
        case pipe
        /// Terminal, socket, device: read as it comes, has no size.
        case other

        /// Whether a path that leads to it is followed.
        var isFollowed: Bool { self == .regular || self == .pipe }
    }

    package var identity: FileIdentity
    package var kind: Kind
    /// Bytes.
    package var size: Int64
    /// Nanoseconds since 1970.
    package var modifiedNanoseconds: Int64
    /// Names the inode still has; 0 for a deleted file that is held open.
    package var links: UInt64

    package init(identity: FileIdentity, kind: Kind, size: Int64, modifiedNanoseconds: Int64, links: UInt64) {
        self.identity = identity
        self.kind = kind
        self.size = size
        self.modifiedNanoseconds = modifiedNanoseconds
        self.links = links
    }
}
