import Events
import Glibc
import Testing

@testable import Tail

struct BinaryTests {
    /// As they stand at the beginning of files that lie about in /var/log.
    @Test(arguments: [
        // utmp(5): type, pid, terminal of 32 bytes, …
        [2, 0, 0, 0, 0, 0, 0, 0, 0x7E] + zeros(31) + Array("~~".utf8) + [0, 0] + Array("reboot".utf8) + zeros(26)
            + Array("6.1.0-28-amd64".utf8) + zeros(242) + [0, 0, 0, 0, 1, 0, 0, 0, 0x1A, 0x2B, 0x40, 0x67],
        Array("SQLite format 3\0".utf8) + [
            0x10, 0, 1, 1, 0, 0x40, 0x20, 0x20, 0, 0, 0, 7, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0,
        ],
        // The header of a journal: signature, flags, states, ids, sizes as little-endian 64-bit numbers.
        Array("LPKSHHRH".utf8) + [1, 0, 0, 0, 0x1C, 0, 0, 0, 1] + zeros(7)
            + (1...48).map { UInt8(truncatingIfNeeded: $0 * 37) }
            + [0x10, 1, 0, 0, 0, 0, 0, 0, 0xF0, 0xFE, 0x7F, 0, 0, 0, 0, 0, 0xA8, 0x21, 0, 0, 0, 0, 0, 0],
        [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + zeros(9) + [4, 0, 0x3E, 0, 1, 0, 0, 0] + zeros(8) + [
            0x40, 0, 0, 0, 0, 0, 0, 0,
        ]
            + zeros(12) + [0x40, 0, 0x38, 0, 0x22, 0, 0, 0, 0, 0, 0, 0],
    ])
    func `binary files are told by their first bytes`(head: [UInt8]) {
        #expect(BinaryContent.position(in: head) != nil)
    }

    @Test(arguments: [
        [], Array("a\0b\n".utf8), Array("2026-11-22 10:00:00 ERROR one\n".utf8) + zeros(4_000),
        zeros(3_000) + Array("2026-11-22 10:00:00 ERROR a line behind a hole\n".utf8),
        Array("8=FIX.4.4\u{1}9=148\u{1}35=D\u{1}34=1080\u{1}49=TESTBUY1\u{1}52=20180920-18:14:19.508\u{1}\n".utf8),
        Array("\u{1B}[31mERROR\u{1B}[0m \u{1B}[1mdb\u{1B}[0m it is gone, one way or the other\n".utf8),
        Array("ERROR Größe überschritten — 日本語のログ\n".utf8), Array((0x80...0xFF).map { UInt8($0) }),
        Array("2026-11-22 10:00:00 ERROR a record with one NUL \0 in its text, and more text that follows it\n".utf8),
    ])
    func `logs are no binary files, whatever else they hold`(head: [UInt8]) {
        #expect(BinaryContent.position(in: head) == nil)
    }

    @Test(arguments: [StartPolicy.beginning, .end])
    func `a binary file that a glob matches is not read, and says so`(start: StartPolicy) throws {
        let folder = try TemporaryFolder()
        folder.write(
            "wtmp", [7, 0, 0, 0, 9, 9, 0, 0] + Array("pts/0".utf8) + zeros(27) + Array("ts/0root".utf8) + zeros(300))
        folder.append("wtmp", (0..<400).map { UInt8(truncatingIfNeeded: $0 % 3 == 0 ? $0 : 0) })
        folder.write("a.log", "one\n")
        let tail = try TailHarness(folder, ["*"], start: start)
        try tail.settle()
        folder.append("wtmp", "ERROR text within it\n")
        folder.append("a.log", "two\n")
        try tail.settle()
        #expect(tail.read(folder("wtmp")).isEmpty)
        #expect(tail.read(folder("a.log")).hasSuffix("two\n"))
        let shown = tail.progress(folder("wtmp"))
        #expect(shown?.state == .skipped && shown?.note.contains("not a text file") == true)
        folder.write("wtmp", "a text\n")
        try tail.settle()
        #expect(tail.read(folder("wtmp")) == "a text\n")
    }
}

private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
