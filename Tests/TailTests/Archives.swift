import CBzip2
import CLzma
import CZlib
import CZstd

@testable import Tail

/// Archives made in the test, by the libraries that the programs gzip, zstd, bzip2 and xz use.
enum Archives {
    static let formats = LogFormat.allCases.filter { $0 != .plain }

    /// One member that holds `text`, with a checksum.
    static func member(_ text: [UInt8], _ format: LogFormat) -> [UInt8] {
        switch format {
        case .plain: text
        case .gzip: gzip(text)
        case .zstandard: zstandard(text)
        case .bzip2: bzip2(text)
        case .xz: xz(text, preset: 6)
        }
    }

    static func member(_ text: String, _ format: LogFormat) -> [UInt8] { member(Array(text.utf8), format) }

    /// What rotation puts behind the name.
    static func suffix(_ format: LogFormat) -> String {
        switch format {
        case .plain: ""
        case .gzip: ".gz"
        case .zstandard: ".zst"
        case .bzip2: ".bz2"
        case .xz: ".xz"
        }
    }

    static func xz(_ text: [UInt8], preset: UInt32) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: lzma_stream_buffer_bound(text.count))
        var count = 0
        let code = lzma_easy_buffer_encode(
            preset, LZMA_CHECK_CRC64, nil, text, text.count, &output, &count, output.count)
        precondition(code == LZMA_OK)
        return Array(output[..<count])
    }

    /// An xz archive that claims to need a dictionary of 128 MiB: byte 30 in the header of its block, by the .xz file
    /// format, sections 3.1 and 5.3.1, and the header's checksum made to fit.
    static func xzWithLargeDictionary(_ text: [UInt8]) -> [UInt8] {
        var archive = xz(text, preset: 9)
        let header = 12..<12 + 4 * (Int(archive[12]) + 1)
        // The filter LZMA2 with one byte of properties, 28 for 64 MiB, somewhere behind the sizes.
        guard let filter = header.first(where: { archive[$0..<$0 + 3] == [0x21, 1, 28] }) else { return [] }
        archive[filter + 2] = 30
        let checksum = archive[header.dropLast(4)].withUnsafeBytes {
            lzma_crc32($0.baseAddress?.assumingMemoryBound(to: UInt8.self), $0.count, 0)
        }
        for (index, place) in header.suffix(4).enumerated() {
            archive[place] = UInt8(truncatingIfNeeded: checksum >> (8 * UInt32(index)))
        }
        return archive
    }

    /// A zstd frame of one raw block, with a window of 2 to the power of `windowLog` bytes (RFC 8878, section 3.1.1).
    static func zstandard(_ text: [UInt8], windowLog: Int) -> [UInt8] {
        let block = text.count << 3 | 1
        return [0x28, 0xB5, 0x2F, 0xFD, 0, UInt8((windowLog - 10) << 3)]
            + [UInt8(block & 0xFF), UInt8(block >> 8 & 0xFF), UInt8(block >> 16 & 0xFF)] + text
    }

    private static func gzip(_ text: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(
            &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        var input = text
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(text.count))))
        return input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
                return Array(output[..<(output.count - Int(stream.avail_out))])
            }
        }
    }

    private static func zstandard(_ text: [UInt8]) -> [UInt8] {
        let context = ZSTD_createCCtx()
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(text.count))
        let count = ZSTD_compress2(context, &output, output.count, text, text.count)
        precondition(ZSTD_isError(count) == 0)
        return Array(output[..<count])
    }

    private static func bzip2(_ text: [UInt8]) -> [UInt8] {
        var output = [CChar](repeating: 0, count: text.count + text.count / 100 + 600)
        var count = UInt32(output.count)
        var input = text.map { CChar(bitPattern: $0) }
        precondition(BZ2_bzBuffToBuffCompress(&output, &count, &input, UInt32(input.count), 1, 0, 0) == BZ_OK)
        return output[..<Int(count)].map { UInt8(bitPattern: $0) }
    }
}
