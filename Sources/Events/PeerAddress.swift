/// The address of the other end, in the text of a security event whose pattern does not name it.
///
/// A line says who came in many ways (`from 192.0.2.5`, `rhost=192.0.2.5`, `[client 192.0.2.5:41000]`); what stands in
/// front tells the other end from one's own (`lip=`, `server:`, `to`).
package enum PeerAddress {
    /// Bytes of a text that are looked at.
    package static let bytesMax = 4 * 1_024

    /// The place of the address in `text`, without a port and brackets; nil where none is found, or only one's own. An
    /// IPv4 address written as IPv6 (`::ffff:192.0.2.5`) is the IPv4 one. Allocates nothing.
    package static func find(in text: UnsafeRawBufferPointer) -> Range<Int>? {
        let limit = min(text.count, bytesMax)
        var best: (weight: Int, range: Range<Int>)?
        var index = 0
        while index < limit {
            guard isAddressByte(text[index]), index == 0 || !isJoined(text[index - 1]) else {
                index += 1
                continue
            }
            let start = index
            while index < limit, isAddressByte(text[index]) { index += 1 }
            if index < text.count, isJoined(text[index]) { continue }
            guard let range = address(in: text, start..<index) else { continue }
            let weight = weight(of: text, before: start)
            if weight > best?.weight ?? -1 { best = (weight, range) }
        }
        return best?.range
    }

    /// Whether the whole of `text` is an address, perhaps with a port behind it.
    package static func isAddress(_ text: UnsafeRawBufferPointer) -> Bool {
        !text.isEmpty && text.count <= 52 && text.allSatisfy(isAddressByte) && address(in: text, 0..<text.count) != nil
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        byte.isHexDigit || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
    }

    /// A byte that makes the address a part of a longer word: a version, a host's name, a path of a file.
    private static func isJoined(_ byte: UInt8) -> Bool {
        byte.isLetter || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    // MARK: - What an address is

    private static func address(in text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Range<Int>? {
        var end = range.upperBound
        while end > range.lowerBound, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
        // `rip=192.0.2.5:` and the colon of a key in front of a value.
        if end > range.lowerBound + 1, text[end - 1] == UInt8(ascii: ":"), text[end - 2] != UInt8(ascii: ":") {
            end -= 1
        }
        var start = range.lowerBound
        if start < end, text[start] == UInt8(ascii: ":"), start + 1 < end, text[start + 1] != UInt8(ascii: ":") {
            start += 1
        }
        guard start < end else { return nil }
        let part = UnsafeRawBufferPointer(rebasing: text[start..<end])
        if let count = lengthOfIPv4(part) { return start..<(start + count) }
        if part.count > 7, part.hasAnyCase("::ffff:") {
            let tail = UnsafeRawBufferPointer(rebasing: part[7...])
            if let count = lengthOfIPv4(tail) { return (start + 7)..<(start + 7 + count) }
        }
        return isIPv6(part) ? start..<end : nil
    }

    /// Bytes of four numbers up to 255 with points between them; nil where there is more than a port behind them.
    private static func lengthOfIPv4(_ part: UnsafeRawBufferPointer) -> Int? {
        var index = 0
        for number in 0..<4 {
            if number > 0 {
                guard index < part.count, part[index] == UInt8(ascii: ".") else { return nil }
                index += 1
            }
            let first = index
            var value = 0
            while index < part.count, part[index].isDigit, index - first < 3 {
                value = value * 10 + Int(part[index] - UInt8(ascii: "0"))
                index += 1
            }
            guard index > first, value <= 255 else { return nil }
        }
        if index == part.count { return index }
        guard part[index] == UInt8(ascii: ":"), part.count - index <= 6,
            part[(index + 1)...].allSatisfy(\.isDigit)
        else { return nil }
        return index
    }

    /// Eight groups of up to four digits, or fewer with `::` once (RFC 4291, section 2.2). `::` alone is none.
    private static func isIPv6(_ part: UnsafeRawBufferPointer) -> Bool {
        guard part.count >= 3, part.count <= 39 else { return false }
        var groups = 0
        var digits = 0
        var gaps = 0
        var last: UInt8 = 0
        for byte in part {
            if byte == UInt8(ascii: ":") {
                if last == byte { gaps += 1 }
                digits = 0
            } else if byte.isHexDigit {
                if digits == 0 { groups += 1 }
                digits += 1
                if digits > 4 { return false }
            } else {
                return false
            }
            last = byte
        }
        return gaps == 1 ? groups >= 1 && groups <= 7 : gaps == 0 && groups == 8
    }

    // MARK: - Whose it is

    private static let others = WordList([
        "from", "client", "clientip", "client_ip", "client_addr", "rhost", "rip", "attacker", "remote", "remoteaddr",
        "remote_addr", "remote_ip", "remoteip", "src", "srcip", "src_ip", "source", "peer", "relay", "oip", "origin",
        "clientaddr", "ipaddress", "ip_address", "connection", "raddr",
    ])
    private static let own = WordList([
        "to", "server", "dst", "dstip", "dst_ip", "dest", "destination", "local", "lip", "laddr", "listen", "listening",
        "upstream", "via", "resolver", "hostname", "version", "release", "build",
    ])

    /// 2: somebody else's, 1: somebody's, -1: one's own, by the word in front.
    private static func weight(of text: UnsafeRawBufferPointer, before start: Int) -> Int {
        var end = start
        while end > 0, start - end < 8, !isWordByte(text[end - 1]) { end -= 1 }
        var first = end
        while first > 0, end - first < 24, isWordByte(text[first - 1]) { first -= 1 }
        guard first < end else { return 1 }
        let word = UnsafeRawBufferPointer(rebasing: text[first..<end])
        if own.containsAnyCase(word) { return -1 }
        return others.containsAnyCase(word) ? 2 : 1
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_")
    }
}
