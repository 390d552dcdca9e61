import Events
import Glibc

/// Memory for the bytes that prove a place in a file, on the stack: comparing them at every read costs no allocation.
struct InlineBytes {
    private var storage = InlineArray<256, UInt8>(repeating: 0)
    private var count = 0

    /// Lets `body` fill the first `length` bytes (at most `Checkpoint.beforeBytesMax`); returns what it returns.
    mutating func read(
        _ length: Int, _ body: (UnsafeMutableRawBufferPointer) throws(SystemError) -> Int
    ) throws(SystemError) -> Int {
        precondition(length <= Checkpoint.beforeBytesMax && Checkpoint.beforeBytesMax == storage.count)
        var result: Result<Int, SystemError> = .success(0)
        withUnsafeMutableBytes(of: &storage) { all in
            let target = UnsafeMutableRawBufferPointer(rebasing: all[..<length])
            do throws(SystemError) {
                result = .success(try body(target))
            } catch {
                result = .failure(error)
            }
        }
        count = try result.get()
        return count
    }

    /// Whether what was read is `expected`.
    func equals(_ expected: UnsafeRawBufferPointer) -> Bool {
        withUnsafeBytes(of: storage) { all in
            guard let left = all.baseAddress, let right = expected.baseAddress else { return expected.isEmpty }
            return count == expected.count && memcmp(left, right, count) == 0
        }
    }
}
