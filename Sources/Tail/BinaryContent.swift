/// Tells a file that is no text by its first bytes, so that `/var/log/**` may be followed with `wtmp` and databases in it.
package enum BinaryContent {
    /// Bytes that are looked at, at most.
    package static let headBytes = 4_096
    /// Fewest NULs by which anything is said: a few are in many a text.
    private static let nulsMin = 4

    /// Where the first NUL stands that no text holds; nil for a text, or what may yet become one.
    ///
    /// Heuristic: texts hold no NULs, but for gaps of at least `Follower.gapBytesMin` which a truncation or a lost page
    /// leaves, and which are left out here. Binary files hold many: of what is left, more than a fiftieth are NULs; or
    /// there are some, and a twentieth are control bytes but tab, newline, form feed, return and escape. Fields that are
    /// separated by control bytes (FIX) are text.
    package static func position(in head: some Sequence<UInt8>) -> Int? {
        let head = Array(head.prefix(headBytes))
        var first: Int?
        var nuls = 0
        var controls = 0
        var left = 0
        var at = 0
        while at < head.count {
            guard head[at] == 0 else {
                if head[at] < 0x20, head[at] != 0x1B, !(0x09...0x0D).contains(head[at]) { controls += 1 }
                left += 1
                at += 1
                continue
            }
            let end = head[at...].firstIndex { $0 != 0 } ?? head.count
            // A run at the end may be the beginning of a gap.
            if end - at < Follower.gapBytesMin, end < head.count {
                if first == nil { first = at }
                nuls += end - at
                left += end - at
            }
            at = end
        }
        guard nuls >= nulsMin, let first else { return nil }
        return nuls * 50 > left || (nuls + controls) * 20 > left ? first : nil
    }
}
