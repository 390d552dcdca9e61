/// One compressed format, unpacked member after member from one buffer into another.
///
/// A member is what its format calls a member (gzip), frame (zstd) or stream (bzip2, xz): complete in itself, and the next
/// may follow at once. One thread at a time. The memory of each conformer is bounded, whatever the archive claims to need.
protocol Decompressor: AnyObject {
    /// Whether a member can begin with this byte; told before one is started, so that padding is not taken for damage.
    func beginsMember(with byte: UInt8) -> Bool

    /// Makes ready for the next member. Called between two members only, not before the first.
    func startMember()

    /// Takes from `input` and fills `output` as far as it goes; says how many bytes of each were used.
    ///
    /// An empty `input` brings out what was taken before and did not fit; `output` is never empty.
    func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (step: DecompressionStep, taken: Int, made: Int)
}

/// What one step of a decompressor came to.
enum DecompressionStep: Equatable {
    /// As much was taken and made as input and output allow; nothing of either means that more input is needed.
    case progressed
    /// A member is complete; what follows it, if anything, has to be another one.
    case memberEnded
    /// The input cannot be of its format from here on; in the library's words.
    case damaged(String)
    /// The member may be sound, and is not unpacked all the same; why, and what to do.
    case refused(String)
}

/// What a decompressor may use.
enum DecompressionLimit {
    /// Longest zstd window, as a power of two in bytes: 128 MiB, the most that `zstd -d` accepts unasked (zstd.h,
    /// ZSTD_WINDOWLOG_LIMIT_DEFAULT). `zstd -19` makes 8 MiB, `--long` and `--ultra -22` make 128 MiB.
    static let zstandardWindowLogMax = 27
    /// Memory for unpacking xz: a dictionary of 64 MiB, which `xz -9` makes, and 2 MiB for the decoder round it.
    static let xzMemoryBytesMax = 66 * 1_024 * 1_024
}

extension LogFormat {
    /// A decompressor at the beginning of the first member; nil for plain text.
    func makeDecompressor() -> (any Decompressor)? {
        switch self {
        case .plain: nil
        case .gzip: GzipDecompressor()
        case .zstandard: ZstandardDecompressor()
        case .bzip2: Bzip2Decompressor()
        case .xz: XZDecompressor()
        }
    }
}
