/// Which file on disk: two files with the same bytes stay two, and a reused inode number is another file.
package struct FileIdentity: Hashable, Sendable, Codable {
    package var device: UInt64
    package var inode: UInt64
    /// Nanoseconds since 1970 at which the inode was made (statx(2), `stx_btime`); 0 where the file system does not tell.
    package var birthNanoseconds: Int64

    package init(device: UInt64, inode: UInt64, birthNanoseconds: Int64) {
        self.device = device
        self.inode = inode
        self.birthNanoseconds = birthNanoseconds
    }
}

/// A hash of `length` bytes at a known place of a file: proof that they are still the bytes that were read.
package struct ContentProof: Hashable, Sendable, Codable {
    /// Bytes hashed; 0 proves nothing and matches everything.
    package var length: Int
    package var hash: UInt64

    package init(length: Int, hash: UInt64) {
        self.length = length
        self.hash = hash
    }

    package static let none = ContentProof(length: 0, hash: 0)
}

/// How far a file has been accounted for. Committed in one transaction with the counts it accounts for.
package struct Checkpoint: Hashable, Sendable, Codable {
    /// The path under which the file was found when this was written.
    package var path: String
    package var identity: FileIdentity
    /// Raised when the file was truncated or rewritten in place: the same inode, another log.
    package var generation: Int
    /// The first byte not yet accounted for, in bytes of the file as it lies on disk.
    package var offset: Int64
    /// Lines that end before `offset`; nil when reading did not begin at byte 0, so that nobody knows.
    package var lines: Int64?
    /// Hash of the first bytes of the file; grows with the file until `headBytesMax`. Of the journal: of what was asked.
    package var head: ContentProof
    /// Hash of the bytes just before `offset`.
    package var before: ContentProof
    /// Where reading goes on in an input that is no file, in its own terms (`JournalPosition.text`); nil for a file.
    package var cursor: String?

    /// Stands for a file that was found with `offset` bytes and not opened.
    package var provesNothing: Bool { offset > 0 && head.length == 0 && before.length == 0 }

    package static let headBytesMax = 1_024
    package static let beforeBytesMax = 256

    package init(
        path: String, identity: FileIdentity, generation: Int, offset: Int64, lines: Int64?,
        head: ContentProof, before: ContentProof, cursor: String? = nil
    ) {
        self.path = path
        self.identity = identity
        self.generation = generation
        self.offset = offset
        self.lines = lines
        self.head = head
        self.before = before
        self.cursor = cursor
    }
}
