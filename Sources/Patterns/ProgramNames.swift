import Events

/// The programs that a pack speaks for, by the names that they have in the headers of syslog.
///
/// A log that many programs write (`/var/log/syslog`, the journal) says with each line whose it is. A pack that names
/// its programs leaves the others' lines alone there; a line that names no program is asked about as ever.
package struct ProgramNames: Sendable, Equatable {
    /// As they were written; one that ends in `*` stands for all that begin like it.
    package let names: [String]

    /// In lower case, without the asterisk.
    private let entries: [(bytes: [UInt8], isPrefix: Bool)]

    package init(_ names: [String]) {
        self.names = names
        entries = names.map { name in
            let lower = name.utf8.map { Byte.lowercased($0) }
            let isPrefix = lower.last == UInt8(ascii: "*")
            return (isPrefix ? Array(lower.dropLast()) : lower, isPrefix)
        }
    }

    package static func == (one: ProgramNames, other: ProgramNames) -> Bool { one.names == other.names }

    /// Whether the pack may be asked about `line`: its header names no program, or one of these. Case of ASCII letters
    /// does not matter. Allocates nothing.
    package func allow(_ line: UnsafeRawBufferPointer) -> Bool {
        guard let program = RecordHeader.parse(line).program, program.upperBound <= line.count else { return true }
        return contain(UnsafeRawBufferPointer(rebasing: line[program]))
    }

    /// Whether `program` is one of them.
    package func contain(_ program: UnsafeRawBufferPointer) -> Bool {
        entries.contains { entry in
            guard entry.isPrefix ? program.count >= entry.bytes.count : program.count == entry.bytes.count else {
                return false
            }
            return zip(entry.bytes, program).allSatisfy { $0 == Byte.lowercased($1) }
        }
    }
}

/// ASCII.
private enum Byte {
    static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
