import Events

extension ContentProof {
    /// Whether the bytes of an open file that end at `end` are those that were proven. Nothing proven holds everywhere.
    func holds(in descriptor: Int32, endingAt end: Int64, syscalls: Syscalls) throws(SystemError) -> Bool {
        guard length > 0 else { return true }
        guard length <= Checkpoint.headBytesMax, end >= Int64(length) else { return false }
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 8)
        defer { bytes.deallocate() }
        var filled = 0
        while filled < length {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[filled...])
            let count = try syscalls.readAt(descriptor, rest, end - Int64(length) + Int64(filled))
            if count == 0 { return false }
            filled += count
        }
        return SipHash.hash64(UnsafeRawBufferPointer(bytes)) == hash
    }
}
