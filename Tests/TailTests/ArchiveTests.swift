import Testing

@testable import Tail

/// What `LogStream` makes of compressed logs, whole and broken, in every format.
struct ArchiveTests {
    private static let numbers = (0..<60_000).map { "\($0)\n" }.joined()

    private func read(_ stream: LogStream, by step: Int = 65_536) throws -> [UInt8] {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: step)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
            if count == 0 { return text }
            text += buffer[..<count]
        }
    }

    private func stream(_ archive: [UInt8], in folder: TemporaryFolder) throws -> LogStream {
        folder.write("archive", archive)
        return try LogStream(path: folder("archive"))
    }

    @Test(arguments: Archives.formats, [1, 3, 4_096, 300_000])
    func `members in a row are one log, whatever the step`(format: LogFormat, step: Int) throws {
        let folder = try TemporaryFolder()
        let parts = step < 4_096 ? ["one\ntwo\n", "", "three\n"] : [Self.numbers, "", "one\n", Self.numbers]
        let archive = try stream(parts.flatMap { Archives.member($0, format) }, in: folder)
        #expect(archive.format == format && !archive.isSeekable)
        #expect(try read(archive, by: step) == Array(parts.joined().utf8))
        #expect(archive.damage == nil && archive.bytesTaken == archive.size)
    }

    @Test(arguments: Archives.formats)
    func `an archive of nothing is an empty log`(format: LogFormat) throws {
        let archive = try stream(Archives.member("", format), in: TemporaryFolder())
        #expect(archive.format == format)
        #expect(try read(archive) == [] && archive.damage == nil)
    }

    @Test(arguments: Archives.formats)
    func `cut off at any byte, an archive gives what can be read and says so`(format: LogFormat) throws {
        let folder = try TemporaryFolder()
        let first = (0..<40).map { "line \($0)\n" }.joined()
        let member = Archives.member(first, format)
        let whole = member + Archives.member("last\n", format)
        let text = Array((first + "last\n").utf8)
        for count in 0..<whole.count {
            let cut = try stream(Array(whole[..<count]), in: folder)
            let got = try read(cut, by: 7)
            if cut.format == .plain {
                #expect(count < LogFormat.magicBytesMax && got == Array(whole[..<count]))
                continue
            }
            #expect(text.starts(with: got), "after \(count) bytes")
            if count >= member.count { #expect(got.count >= first.utf8.count, "after \(count) bytes") }
            #expect(cut.fault == (count == member.count ? nil : .cutOff(bytes: Int64(count))))
        }
    }

    @Test(arguments: Archives.formats)
    func `cut off in the middle, an archive gives the whole of what came before`(format: LogFormat) throws {
        let archive = Archives.member(Self.numbers, format)
        let cut = try stream(Array(archive[..<(archive.count * 3 / 4)]), in: TemporaryFolder())
        let text = try read(cut, by: 11)
        #expect(text.count > 100_000 && Array(Self.numbers.utf8).starts(with: text))
        #expect(cut.damage == "cut off after \(archive.count * 3 / 4) bytes")
    }

    @Test(arguments: Archives.formats)
    func `no flipped bit goes unnoticed or does harm`(format: LogFormat) throws {
        let folder = try TemporaryFolder()
        let text = (0..<20).map { "line \($0)\n" }.joined()
        let whole = Archives.member(text, format)
        var told = 0
        for bit in 0..<8 * whole.count {
            var archive = whole
            archive[bit / 8] ^= 1 << (bit % 8)
            do throws(LogStreamError) {
                folder.write("archive", archive)
                let damaged = try LogStream(path: folder("archive"))
                var buffer = [UInt8](repeating: 0, count: 4_096)
                var got: [UInt8] = []
                while true {
                    var result: Result<Int, LogStreamError> = .success(0)
                    buffer.withUnsafeMutableBytes { bytes in
                        do throws(LogStreamError) {
                            result = .success(try damaged.read(into: bytes))
                        } catch { result = .failure(error) }
                    }
                    let count = try result.get()
                    if count == 0 { break }
                    got += buffer[..<count]
                }
                if damaged.fault != nil { told += 1 }
                #expect(damaged.fault != nil || damaged.format == .plain || got == Array(text.utf8), "bit \(bit)")
            } catch {
                #expect(error.reason.contains("to unpack"))
                told += 1
            }
        }
        #expect(told > 4 * whole.count)
    }

    @Test(arguments: Archives.formats)
    func `padding is fine between members and after them, anything else is told`(format: LogFormat) throws {
        let folder = try TemporaryFolder()
        let member = Archives.member("x\n", format)
        let padding = [UInt8](repeating: 0, count: 100_000)
        let padded = try stream(member + padding + member + padding, in: folder)
        #expect(try read(padded) == Array("x\nx\n".utf8))
        #expect(padded.damage == nil && padded.bytesTaken == padded.size)
        let followed = try stream(member + Array("and so on\n".utf8), in: folder)
        #expect(try read(followed) == Array("x\n".utf8))
        #expect(
            followed.damage == "bytes after byte \(member.count) are not \(format.rawValue) and were ignored")
    }

    @Test func `frames to skip are skipped, also at the beginning`() throws {
        let skipped: [UInt8] = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
        let member = Archives.member("x\n", .zstandard)
        let archive = try stream(skipped + member + skipped + member, in: TemporaryFolder())
        #expect(archive.format == .zstandard)
        #expect(try read(archive) == Array("x\nx\n".utf8) && archive.damage == nil)
    }

    @Test func `what the tools make at their highest levels is read`() throws {
        let folder = try TemporaryFolder()
        let text = Array("x\n".utf8)
        #expect(try read(stream(Archives.xz(text, preset: 9), in: folder)) == text)
        #expect(try read(stream(Archives.zstandard(text, windowLog: 27), in: folder)) == text)
    }

    @Test(arguments: [
        (
            Archives.xzWithLargeDictionary([0x78]),
            "needs 129 MiB of memory to unpack, more than the 66 MiB allowed; pipe it through 'xz -dc'"
        ),
        (
            Archives.zstandard([0x78], windowLog: 28),
            "needs a window of more than 128 MiB to unpack; pipe it through 'zstd -dc --long=31'"
        ),
    ])
    func `what asks for more memory is refused, after what came before it`(archive: [UInt8], reason: String) throws {
        let folder = try TemporaryFolder()
        let refused = try stream(archive, in: folder)
        let error = #expect(throws: LogStreamError.self) { _ = try read(refused) }
        #expect(error == LogStreamError(path: folder("archive"), reason: reason, isRefused: true))
        #expect(refused.fault == .refused(reason))
        let later = try stream(Archives.member("x\n", refused.format) + archive, in: folder)
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = try buffer.withUnsafeMutableBytes { try later.read(into: $0) }
        #expect(buffer[..<count] == [0x78, 0x0A])
        #expect(throws: LogStreamError.self) { _ = try read(later) }
    }
}
