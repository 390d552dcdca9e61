import Events
import Testing

@testable import Tail

/// Records that begin in one part of a log and go on in the next.
struct CarryOverTests {
    private func harness(_ folder: TemporaryFolder, _ glob: String = "a.log") throws -> TailHarness {
        let tail = try TailHarness(folder, [glob]) {
            $0.continuation = RotationScript.continuation
            $0.leavingQuietMillis = 1_000
        }
        tail.consume = RotationScript.keepLastRecord
        return tail
    }

    /// How a log is rotated in the middle of a trace.
    static let rotations = ["mv a.log a.log.1; : > a.log", "cp a.log a.log.1; : > a.log"]

    @Test(arguments: rotations, ["a.log", "a.log*"])
    func `a trace that goes on in the next file is one record`(rotation: String, glob: String) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "fine, and long enough\nError\n at f\n")
        let tail = try harness(folder, glob)
        try tail.settle()
        folder.run(rotation)
        folder.append("a.log", " at g\n")
        try tail.settle()
        folder.append("a.log", " at h\nnext\n")
        try tail.settle(afterMillis: 5_000)
        #expect(
            tail.pieces.contains("Error\n at f\n at g\n at h\n")
                || tail.pieces.contains { $0.hasPrefix("Error\n at f\n at g\n at h\n") })
        #expect(tail.pieces.joined().split(separator: "\n").count == 6)
        #expect(tail.lines == 6 && tail.bytesLost == 0)
    }

    @Test(arguments: rotations)
    func `a crash before the record is accounted for reads both parts again`(rotation: String) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "fine, and long enough\nError\n at f\n")
        let tail = try harness(folder)
        try tail.settle()
        folder.run(rotation)
        folder.append("a.log", " at g\n")
        try tail.settle()
        try tail.restart()
        try tail.settle()
        try tail.restart()
        folder.append("a.log", " at h\nnext\n")
        try tail.settle(afterMillis: 5_000)
        #expect(tail.pieces.contains { $0.hasPrefix("Error\n at f\n at g\n at h\n") })
        #expect(tail.lines == 6)
        try tail.restart()
        try tail.settle(afterMillis: 5_000)
        #expect(tail.lines == 6)
    }

    @Test(arguments: rotations)
    func `a record that ended with its file is not joined to the next one`(rotation: String) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "fine, and long enough\nError\n at f\n")
        let tail = try harness(folder)
        try tail.settle()
        folder.run(rotation)
        folder.append("a.log", "next\n at x\n")
        try tail.settle(afterMillis: 5_000)
        #expect(
            tail.chunks.contains { String(decoding: $0.bytes, as: UTF8.self) == "Error\n at f\n" && $0.ending != .more }
        )
        #expect(tail.lines == 5)
    }

    @Test(arguments: rotations)
    func `half a line is never joined to a line of the next file`(rotation: String) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "fine, and long enough\nError\n at f\n at ha")
        let tail = try harness(folder)
        try tail.settle()
        folder.run(rotation)
        folder.append("a.log", " at g\nnext\n")
        try tail.settle(afterMillis: 5_000)
        try tail.settle(afterMillis: 5_000)
        #expect(!tail.pieces.joined().contains(" at ha at g"))
        #expect(tail.pieces.joined().contains(" at ha⏎\n"))
        #expect(tail.lines == 6)
    }

    @Test func `a trace that goes on for ever is closed at the limit`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "Error\n")
        let tail = try harness(folder)
        tail.configuration.joinedBytesMax = 4_000
        try tail.restart()
        try tail.settle()
        folder.run("mv a.log a.log.1; : > a.log")
        for index in 0..<1_000 { folder.append("a.log", " at \(index)\n") }
        try tail.settle(afterMillis: 100)
        #expect(tail.lines > 1)
        try tail.settle(afterMillis: 5_000)
        #expect(tail.lines == 1_001)
    }
}
