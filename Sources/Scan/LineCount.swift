import CLinux

extension UnsafeRawBufferPointer {
    /// How many bytes are newlines.
    ///
    /// Counted in C: the same loop over SIMD vectors of the standard library ran at 88 MB/s in a release build, this one
    /// above 5 GB/s (November 2026).
    package var newlineCount: Int { Int(margay_count(baseAddress, Int32(UInt8(ascii: "\n")), count)) }
}
