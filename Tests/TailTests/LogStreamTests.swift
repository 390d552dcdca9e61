import Glibc
import Testing

@testable import Tail

struct LogStreamTests {
    private func read(_ stream: LogStream, by step: Int = 7) throws -> [UInt8] {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: step)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
            if count == 0 { return text }
            text += buffer[..<count]
        }
    }

    @Test(arguments: ["", "one\n", "B", "BZh9 is a text\n", "(\n", "\u{1F}", "no newline at the end"])
    func `a plain log comes out as it is`(text: String) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", text)
        let stream = try LogStream(path: folder("a.log"))
        #expect(try read(stream) == Array(text.utf8))
        #expect(stream.format == .plain && stream.isSeekable)
        #expect(stream.size == Int64(text.utf8.count) && stream.bytesTaken == stream.size)
    }

    @Test(arguments: [1, 3, 4_096, 300_000])
    func `gzip members in a row are one log, whatever the step`(step: Int) throws {
        let folder = try TemporaryFolder()
        folder.run("seq 1 60000 > a; seq 60001 90000 > b; cat a b > all; gzip -c a > log; gzip -1c b >> log")
        let all = try read(LogStream(path: folder("all")), by: 65_536)
        let stream = try LogStream(path: folder("log"))
        #expect(stream.format == .gzip && !stream.isSeekable)
        #expect(try read(stream, by: step) == all)
        #expect(stream.damage == nil && stream.bytesTaken == stream.size)
    }

    @Test func `an archive that is cut off gives what can be read and says so`() throws {
        let folder = try TemporaryFolder()
        folder.run("seq 1 60000 > a; gzip -c a | head -c 50000 > cut.gz")
        let all = try read(LogStream(path: folder("a")), by: 65_536)
        let stream = try LogStream(path: folder("cut.gz"))
        let text = try read(stream)
        #expect(text.count > 50_000 && all.starts(with: text))
        #expect(stream.damage == "cut off after 50000 bytes")
    }

    @Test func `an archive damaged in the middle gives what comes before and says where`() throws {
        let folder = try TemporaryFolder()
        folder.run(
            "seq 1 60000 > a; gzip -c a > d.gz; dd if=/dev/zero of=d.gz bs=1 seek=60000 count=2000 conv=notrunc 2>&-")
        let stream = try LogStream(path: folder("d.gz"))
        #expect(try read(stream).count > 10_000)
        #expect(stream.damage?.hasPrefix("damaged at byte ") == true)
    }

    @Test func `padding after a member is fine, anything else is told`() throws {
        let folder = try TemporaryFolder()
        folder.run("echo x | gzip -c > a.gz; cp a.gz b.gz; head -c 512 /dev/zero >> a.gz; echo junk >> b.gz")
        let padded = try LogStream(path: folder("a.gz"))
        #expect(try read(padded) == Array("x\n".utf8) && padded.damage == nil)
        let followed = try LogStream(path: folder("b.gz"))
        #expect(try read(followed) == Array("x\n".utf8))
        #expect(followed.damage?.contains("are not gzip") == true)
    }

    @Test func `a pipe is read to its end, also when it is slow and compressed`() throws {
        let folder = try TemporaryFolder()
        folder.run(
            "seq 1 30000 > a; gzip -c a > a.gz; mkfifo p; (head -c 1 a.gz; head -c 9 a.gz | tail -c 8; tail -c +10 a.gz) > p &"
        )
        let stream = try LogStream(path: folder("p"))
        #expect(stream.size == nil && !stream.isSeekable && stream.format == .gzip)
        #expect(try read(stream) == read(LogStream(path: folder("a"))))
    }

    @Test func `ranges are read independently of the stream's own position`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "0123456789")
        let stream = try LogStream(path: folder("a.log"))
        var buffer = [UInt8](repeating: 0, count: 4)
        #expect(try buffer.withUnsafeMutableBytes { try stream.read(into: $0, at: 8) } == 2)
        #expect(buffer[..<2] == [0x38, 0x39])
        #expect(try read(stream) == Array("0123456789".utf8))
    }

    @Test(arguments: [
        ("missing", "No such file or directory"), ("directory", "Is a directory"),
    ])
    func `what cannot be read is refused with its path and the reason`(name: String, reason: String) throws {
        let folder = try TemporaryFolder()
        folder.run("mkdir directory")
        let error = #expect(throws: LogStreamError.self) { _ = try LogStream(path: folder(name)) }
        #expect(error?.description == "\(folder(name)): \(reason)")
    }

    @Test func `a disk that fails is an error, not the end of the log`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "text\n")
        var syscalls = Syscalls.live
        syscalls.read = { _, _ throws(SystemError) in throw SystemError(call: "read", number: EIO) }
        let failing = syscalls
        let error = #expect(throws: LogStreamError.self) {
            _ = try LogStream(path: folder("a.log"), syscalls: failing)
        }
        #expect(error?.reason == "Input/output error")
    }
}
