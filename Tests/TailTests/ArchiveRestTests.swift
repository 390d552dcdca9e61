import Events
import Testing

@testable import Tail

/// Logs that were rotated and compressed while nobody followed them.
struct ArchiveRestTests {
    private func lines(_ range: Range<Int>) -> String { range.map { "line \($0)\n" }.joined() }

    /// Reads 100 lines of `a.log`, then is down while 100 more come, and the file becomes `a.log.1` with the suffix.
    private func harness(_ folder: TemporaryFolder, _ glob: String = "*.log", archive: [UInt8], _ name: String) throws
        -> TailHarness
    {
        folder.write("a.log", lines(0..<100))
        let tail = try TailHarness(folder, [glob])
        try tail.settle()
        folder.rename("a.log", "gone")
        folder.write(name, archive)
        folder.remove("gone")
        folder.write("a.log", "new\n")
        try tail.restart()
        return tail
    }

    @Test(arguments: Archives.formats, ["*.log", "a.log*"])
    func `the rest is read from the archive, once`(format: LogFormat, glob: String) throws {
        let folder = try TemporaryFolder()
        let archive = Archives.member(lines(0..<60), format) + Archives.member(lines(60..<200), format)
        let tail = try harness(folder, glob, archive: archive, "a.log.1" + Archives.suffix(format))
        try tail.settle(afterMillis: 60_000)
        #expect(tail.read(folder("a.log")) == lines(0..<200) + "new\n")
        #expect(tail.lines == 201)
        try tail.restart()
        try tail.settle(afterMillis: 60_000)
        #expect(tail.lines == 201)
    }

    @Test(arguments: Archives.formats)
    func `an archive that is cut off is waited for, also over a restart`(format: LogFormat) throws {
        let folder = try TemporaryFolder()
        let whole = Archives.member(lines(0..<150), format) + Archives.member(lines(150..<200), format)
        let name = "a.log.1" + Archives.suffix(format)
        let tail = try harness(folder, archive: Array(whole.dropLast(5)), name)
        try tail.settle(afterMillis: 20_000)
        #expect(tail.lines == 101)
        #expect(tail.notes.contains("the archive of its rest is not finished yet"))
        try tail.restart()
        try tail.settle(afterMillis: 20_000)
        #expect(tail.lines == 101)
        folder.write(name, whole)
        try tail.settle(afterMillis: 20_000)
        #expect(tail.lines == 201)
        #expect(tail.read(folder("a.log")).contains(lines(100..<200)))
    }

    @Test(arguments: Archives.formats)
    func `an archive that stays cut off is used as far as it goes, and the damage told`(format: LogFormat) throws {
        let folder = try TemporaryFolder()
        let whole = Archives.member(lines(0..<150), format) + Archives.member(lines(150..<200), format)
        let cut = Array(whole.dropLast(Archives.member(lines(150..<200), format).count - 14))
        let name = "a.log.1" + Archives.suffix(format)
        let tail = try harness(folder, archive: cut, name)
        try tail.settle(afterMillis: 31_000)
        try tail.settle(afterMillis: 60_000)
        #expect(tail.lines >= 151)
        #expect(tail.read(folder("a.log")).contains(lines(100..<150)))
        #expect(
            tail.notes.contains { $0.contains("its rest from \(folder(name)), cut off after \(cut.count) bytes") })
    }

    @Test(arguments: Archives.formats)
    func `an archive damaged before the place is given up with its reason`(format: LogFormat) throws {
        let folder = try TemporaryFolder()
        let name = "a.log.1" + Archives.suffix(format)
        var archive = Archives.member(lines(0..<20), format)
        archive += Archives.member(lines(20..<30), format)[..<4] + [UInt8](repeating: 0xA5, count: 200)
        let tail = try harness(folder, archive: archive, name)
        try tail.settle(afterMillis: 60_000)
        #expect(tail.lines == 101)
        let note = tail.notes.first { $0.hasPrefix("gone; what it held after byte 790 is not known") }
        #expect(note?.contains("(\(folder(name)) damaged at byte ") == true)
    }

    @Test func `an archive that needs too much memory is given up with its reason`() throws {
        let folder = try TemporaryFolder()
        let archive = Archives.xzWithLargeDictionary(Array(lines(0..<200).utf8))
        let tail = try harness(folder, archive: archive, "a.log.1.xz")
        try tail.settle(afterMillis: 60_000)
        #expect(tail.lines == 101)
        #expect(tail.notes.contains { $0.contains("(\(folder("a.log.1.xz")) needs 129 MiB of memory to unpack") })
    }

    @Test(arguments: Archives.formats)
    func `of archives that begin alike, the one that goes on alike is taken, and the other is another part`(
        format: LogFormat
    ) throws {
        let folder = try TemporaryFolder()
        // Longer than a head, so that the heads are the same.
        let banner = (0..<60).map { "starting, step \($0)\n" }.joined()
        folder.write("a.log", banner + lines(0..<100))
        let tail = try TailHarness(folder)
        try tail.settle()
        folder.remove("a.log")
        let suffix = Archives.suffix(format)
        let other = banner + (0..<200).map { "other \($0)\n" }.joined()
        folder.write("a.log.1" + suffix, Archives.member(other, format))
        folder.write("a.log.2" + suffix, Archives.member(banner + lines(0..<200), format))
        folder.write("a.log", "new\n")
        try tail.restart()
        try tail.settle(afterMillis: 60_000)
        #expect(tail.read(folder("a.log")).hasPrefix(banner + lines(0..<200)))
        #expect(tail.lines == 260 + 260 + 1)
    }
}
