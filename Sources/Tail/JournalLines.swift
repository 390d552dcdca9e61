import Glibc

/// Cuts what a program writes into lines of any length up to a limit.
struct JournalLines {
    private var bytes: [UInt8] = []
    /// Bytes at the head that hold no newline.
    private var searched = 0
    /// Inside of a line that was too long.
    private var isPassingOver = false
    /// Bytes of lines that were too long.
    var bytesLost: Int64 = 0

    /// Reads once what is there, waiting if there is nothing. 0 at the end.
    mutating func read(from descriptor: Int32, bytesMax: Int) -> Int {
        let known = bytes.count
        var count = 0
        bytes.append(contentsOf: repeatElement(0, count: bytesMax))
        bytes.withUnsafeMutableBytes { all in
            repeat {
                count = Glibc.read(descriptor, all.baseAddress.map { $0 + known }, bytesMax)
            } while count < 0 && errno == EINTR
        }
        bytes.removeLast(bytesMax - max(0, count))
        return max(0, count)
    }

    /// Lends the whole lines, without their newlines; blank ones are left out. A longer line than `bytesMax` is passed
    /// over.
    mutating func takeWhole(bytesMax: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
        var start = 0
        var lost: Int64 = 0
        var isPassing = isPassingOver
        let from = searched
        bytes.withUnsafeBytes { all in
            var at = from
            while let memory = all.baseAddress, at < all.count,
                let found = memchr(memory + at, Int32(UInt8(ascii: "\n")), all.count - at)
            {
                let end = UnsafeRawPointer(found) - memory
                if isPassing || end - start > bytesMax {
                    lost += Int64(end - start)
                } else if end > start {
                    body(UnsafeRawBufferPointer(rebasing: all[start..<end]))
                }
                isPassing = false
                start = end + 1
                at = start
            }
        }
        bytes.removeSubrange(..<start)
        if bytes.count > bytesMax || isPassing {
            lost += Int64(bytes.count)
            bytes.removeAll()
            isPassing = true
        }
        isPassingOver = isPassing
        bytesLost += lost
        searched = bytes.count
    }
}
