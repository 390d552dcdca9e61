import CBzip2

/// Bzip2 by libbz2, in the 4 MB at most that its largest blocks take.
///
/// Only whole blocks (100 to 900 kB of text) come out: of a damaged or cut-off one, nothing.
final class Bzip2Decompressor: Decompressor {
    // libbz2 keeps a pointer to the stream, so it lives at a fixed address until `deinit`.
    private let stream: UnsafeMutablePointer<bz_stream>

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: bz_stream())
        // Fails only without memory, which shows as damage at the first step.
        BZ2_bzDecompressInit(stream, 0, 0)
    }

    deinit {
        BZ2_bzDecompressEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    func beginsMember(with byte: UInt8) -> Bool { byte == UInt8(ascii: "B") }

    func startMember() {
        BZ2_bzDecompressEnd(stream)
        stream.pointee = bz_stream()
        BZ2_bzDecompressInit(stream, 0, 0)
    }

    func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (step: DecompressionStep, taken: Int, made: Int) {
        let inputBytes = min(input.count, Int(UInt32.max))
        let outputBytes = min(output.count, Int(UInt32.max))
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self))
        stream.pointee.avail_in = UInt32(inputBytes)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_out = UInt32(outputBytes)
        let code = BZ2_bzDecompress(stream)
        let taken = inputBytes - Int(stream.pointee.avail_in)
        let made = outputBytes - Int(stream.pointee.avail_out)
        switch code {
        case BZ_OK: return (.progressed, taken, made)
        case BZ_STREAM_END: return (.memberEnded, taken, made)
        case BZ_DATA_ERROR: return (.damaged("a block's checksum or content is wrong"), taken, made)
        case BZ_DATA_ERROR_MAGIC: return (.damaged("no bzip2 header"), taken, made)
        case BZ_MEM_ERROR: return (.damaged("no memory for it"), taken, made)
        default: return (.damaged("bzip2 error \(code)"), taken, made)
        }
    }
}
