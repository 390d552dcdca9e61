import CLzma

/// The .xz format by liblzma, in at most `DecompressionLimit.xzMemoryBytesMax`.
final class XZDecompressor: Decompressor {
    // At a fixed address until `deinit`, since liblzma may not be given a copy of a stream in use.
    private let stream: UnsafeMutablePointer<lzma_stream>

    init() {
        stream = .allocate(capacity: 1)
        // All zeros is what LZMA_STREAM_INIT, a macro that Swift cannot import, comes to.
        stream.initialize(to: lzma_stream())
        begin()
    }

    deinit {
        lzma_end(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    func beginsMember(with byte: UInt8) -> Bool { byte == 0xFD }

    /// The memory of the member before is used again.
    func startMember() { begin() }

    private func begin() {
        // Fails only without memory, which shows as damage at the first step.
        _ = lzma_stream_decoder(stream, UInt64(DecompressionLimit.xzMemoryBytesMax), 0)
    }

    func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (step: DecompressionStep, taken: Int, made: Int) {
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = input.count
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = output.count
        let code = lzma_code(stream, LZMA_RUN)
        let taken = input.count - stream.pointee.avail_in
        let made = output.count - stream.pointee.avail_out
        return (step(code), taken, made)
    }

    private func step(_ code: lzma_ret) -> DecompressionStep {
        switch code {
        // LZMA_BUF_ERROR says only that twice in a row nothing could be done.
        case LZMA_OK, LZMA_BUF_ERROR: return .progressed
        case LZMA_STREAM_END: return .memberEnded
        case LZMA_MEMLIMIT_ERROR:
            let mebibyte = 1_024 * 1_024
            let needed = (Int(clamping: lzma_memusage(stream)) + mebibyte - 1) / mebibyte
            let limit = DecompressionLimit.xzMemoryBytesMax / mebibyte
            return .refused(
                "needs \(needed) MiB of memory to unpack, more than the \(limit) MiB allowed; pipe it through 'xz -dc'")
        case LZMA_FORMAT_ERROR: return .damaged("no xz header")
        case LZMA_OPTIONS_ERROR: return .damaged("options that this liblzma does not know")
        case LZMA_DATA_ERROR: return .damaged("a checksum or the content is wrong")
        case LZMA_MEM_ERROR: return .damaged("no memory for it")
        default: return .damaged("xz error \(code.rawValue)")
        }
    }
}
