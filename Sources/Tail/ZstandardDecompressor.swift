import CZstd

/// Zstandard (RFC 8878) by libzstd: frames, and between them frames to skip.
///
/// The window is allocated as a frame asks for it, up to `DecompressionLimit.zstandardWindowLogMax`.
final class ZstandardDecompressor: Decompressor {
    /// Nil only without memory, which shows as damage at the first step.
    private let stream: OpaquePointer?

    init() {
        stream = ZSTD_createDStream()
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, Int32(DecompressionLimit.zstandardWindowLogMax))
    }

    deinit { ZSTD_freeDStream(stream) }

    func beginsMember(with byte: UInt8) -> Bool { byte == 0x28 || (0x50...0x5F).contains(byte) }

    func startMember() { ZSTD_DCtx_reset(stream, ZSTD_reset_session_only) }

    func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (step: DecompressionStep, taken: Int, made: Int) {
        guard let stream else { return (.damaged("no memory for it"), 0, 0) }
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let code = ZSTD_decompressStream(stream, &target, &source)
        return (ZstandardDecompressor.step(code), source.pos, target.pos)
    }

    private static func step(_ code: Int) -> DecompressionStep {
        if code == 0 { return .memberEnded }
        guard ZSTD_isError(code) != 0 else { return .progressed }
        if ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge {
            let limit = 1 << (DecompressionLimit.zstandardWindowLogMax - 20)
            return .refused("needs a window of more than \(limit) MiB to unpack; pipe it through 'zstd -dc --long=31'")
        }
        return .damaged(ZSTD_getErrorName(code).map { String(cString: $0) } ?? "zstd error")
    }
}
