import CZlib

/// Gzip (RFC 1952) by zlib, in its fixed 32 KiB window.
///
/// zlib keeps a pointer to the stream, so it lives at a fixed address until `deinit`.
final class GzipDecompressor: Decompressor {
    private let stream: UnsafeMutablePointer<z_stream>

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Fails only without memory or with a foreign zlib; either shows as damage at the first step.
        _ = margay_inflate_init(stream)
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    func beginsMember(with byte: UInt8) -> Bool { byte == 0x1F }

    func startMember() { inflateReset(stream) }

    func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (step: DecompressionStep, taken: Int, made: Int) {
        let inputBytes = min(input.count, Int(UInt32.max))
        let outputBytes = min(output.count, Int(UInt32.max))
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(inputBytes)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(outputBytes)
        let code = inflate(stream, Z_NO_FLUSH)
        let taken = inputBytes - Int(stream.pointee.avail_in)
        let made = outputBytes - Int(stream.pointee.avail_out)
        switch code {
        case Z_OK, Z_BUF_ERROR: return (.progressed, taken, made)
        case Z_STREAM_END: return (.memberEnded, taken, made)
        default:
            let words = stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(code)"
            return (.damaged(words), taken, made)
        }
    }
}
