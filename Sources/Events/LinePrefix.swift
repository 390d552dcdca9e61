/// What a container runtime, docker compose, kubectl, syslog, journald or the kernel puts before each line of a program.
///
/// It is told by its shape. Two lines with the same key come from the same writer, as far as their prefixes say so.
package struct LinePrefix {
    package enum Kind: UInt8, Sendable {
        case none
        /// `web_1  | `, as docker compose names the service.
        case service
        /// `[pod/web-0/app] `, as `kubectl logs --prefix` names the pod.
        case pod
        /// `[8f1c2d3e-…] `, the number of a request, as Rails puts it before the second and later lines of a message.
        case request
        /// `Mar  1 09:00:00 host app[4211]: `, as syslog and journald write; RFC 5424; with or without a kernel's stamp.
        case syslog
        /// `[   65.470000] `, the kernel's seconds since its start.
        case kernel
    }

    package private(set) var kind = Kind.none
    /// Where the program's own text begins; 0 where there is no prefix.
    package private(set) var end = 0
    /// A hash of what names the writer; 0 where there is no prefix.
    package private(set) var key: UInt64 = 0

    /// Reads the prefix of `line`, which is without its newline. Nothing is allocated and any bytes are borne.
    package static func read(_ line: UnsafeRawBufferPointer) -> LinePrefix {
        guard line.count > 4 else { return LinePrefix() }
        let first = line[0]
        if first.isLetter || first == 0x1b {
            if let syslog = syslogOld(line, from: 0) { return syslog }
            return service(line) ?? LinePrefix()
        }
        if first.isDigit { return syslogNew(line) ?? service(line) ?? LinePrefix() }
        if first == UInt8(ascii: "[") { return pod(line) ?? request(line) ?? kernel(line, from: 0) ?? LinePrefix() }
        if first == UInt8(ascii: "<") { return behindPriority(line) ?? LinePrefix() }
        return LinePrefix()
    }

    /// The lines without their prefixes, where more than half of them have one of the same kind. A kernel stamp behind
    /// a syslog prefix goes too.
    static func removed(from lines: [UnsafeRawBufferPointer]) -> [UnsafeRawBufferPointer] {
        guard lines.count > 1 else { return lines }
        var lines = lines
        for kind in [cri, { read($0).end }] as [(UnsafeRawBufferPointer) -> Int] {
            let ends = lines.map(kind)
            guard ends.count(where: { $0 > 0 }) * 2 > lines.count else { continue }
            for index in lines.indices { lines[index] = lines[index].cut(from: ends[index]) }
        }
        return lines
    }

    /// `2024-03-01T09:00:00.037000000Z stderr F `: where it ends; 0 if there is none.
    private static func cri(_ line: UnsafeRawBufferPointer) -> Int {
        guard line.count > 20, line[4] == UInt8(ascii: "-"), let blank = line.cut(to: min(40, line.count)).find(0x20),
            line.has(" stdout ", at: blank) || line.has(" stderr ", at: blank)
        else { return 0 }
        let end = blank + 8
        return line.has("F ", at: end) || line.has("P ", at: end) ? end + 2 : end
    }

    // MARK: - Kinds

    private init() {}

    /// A prefix that ends at `end`, behind which one blank belongs to it.
    private init(_ kind: Kind, _ line: UnsafeRawBufferPointer, end: Int, key: UInt64) {
        self.kind = kind
        self.end = end < line.count && line[end] == 0x20 ? end + 1 : min(end, line.count)
        self.key = key | 1
    }

    /// `app-1  | `, perhaps coloured.
    private static func service(_ line: UnsafeRawBufferPointer) -> LinePrefix? {
        guard let bytes = LineBytes(line), let name = LineHead.service(bytes, from: LineHead.skipBlanks(bytes, from: 0))
        else { return nil }
        return LinePrefix(.service, line, end: name.end, key: hash(line, name.range))
    }

    private static func pod(_ line: UnsafeRawBufferPointer) -> LinePrefix? {
        guard line.has("[pod/"), let close = line.cut(to: min(line.count, 300)).find(UInt8(ascii: "]")) else {
            return nil
        }
        return LinePrefix(.pod, line, end: close + 1, key: hash(line, 0..<close))
    }

    /// A UUID in brackets and a blank. It names no writer: the first line of the message has a header instead.
    private static func request(_ line: UnsafeRawBufferPointer) -> LinePrefix? {
        guard line.count > 38, line[37] == UInt8(ascii: "]"), line[38] == 0x20 else { return nil }
        for index in 1..<37 {
            let isDash = index == 9 || index == 14 || index == 19 || index == 24
            guard isDash ? line[index] == UInt8(ascii: "-") : line[index].isHexDigit else { return nil }
        }
        var prefix = LinePrefix()
        prefix.kind = .request
        prefix.end = 39
        return prefix
    }

    /// `<30>` before a syslog or a kernel prefix; RFC 5424 behind it.
    private static func behindPriority(_ line: UnsafeRawBufferPointer) -> LinePrefix? {
        var index = 1
        while index < line.count, index < 5, line[index].isDigit { index += 1 }
        guard index > 1, line.has(">", at: index) else { return nil }
        index += 1
        if line.has("1 ", at: index) { return rfc5424(line, from: index + 2) }
        return syslogOld(line, from: index) ?? kernel(line, from: index)
    }

    /// `2026-11-22T10:00:00Z host app 12 ID47 - ` behind the priority and the version. Structured data is left.
    private static func rfc5424(_ line: UnsafeRawBufferPointer, from start: Int) -> LinePrefix? {
        var index = start
        var host = 0
        var message = 0
        for field in 0..<5 {
            if field == 1 { host = index }
            if field == 4 { message = index }
            while index < line.count, index < start + 400, line[index] != 0x20 { index += 1 }
            guard line.has(" ", at: index) else { return nil }
            index += 1
        }
        guard line.has("- ", at: index) else { return nil }
        return LinePrefix(.syslog, line, end: index + 1, key: hash(line, host..<message))
    }

    /// `Mar  1 09:00:00 web01 app[4211]: `.
    private static func syslogOld(_ line: UnsafeRawBufferPointer, from start: Int) -> LinePrefix? {
        guard line.count > start + 20, line[start + 3] == 0x20, line[start + 6] == 0x20, line[start + 9] == 0x3a,
            line[start + 12] == 0x3a, line[start + 15] == 0x20, line[start].isUppercase, line[start + 5].isDigit,
            line[start + 7].isDigit, line[start + 14].isDigit
        else { return nil }
        return tagged(line, host: start + 16, needsProcess: false)
    }

    /// `2024-03-01T09:00:00+01:00 web01 app[4211]: `: only with a process in brackets, or of the kernel; other logs begin
    /// with such times too.
    private static func syslogNew(_ line: UnsafeRawBufferPointer) -> LinePrefix? {
        guard line.count > 24, line[4] == UInt8(ascii: "-"), line[10] == UInt8(ascii: "T"), line[13] == 0x3a,
            let blank = line.cut(to: min(line.count, 40)).find(0x20, from: 19)
        else { return nil }
        return tagged(line, host: blank + 1, needsProcess: true)
    }

    /// `web01 app[4211]: ` and what the kernel puts behind it.
    private static func tagged(_ line: UnsafeRawBufferPointer, host: Int, needsProcess: Bool) -> LinePrefix? {
        var index = host
        let limit = min(line.count, host + 255)
        while index < limit, line[index] != 0x20 { index += 1 }
        guard index > host, index < limit, line[index - 1] != UInt8(ascii: ":") else { return nil }
        let tag = index + 1
        index = tag
        while index < limit, line[index] != 0x20 { index += 1 }
        guard index > tag + 1, line[index - 1] == UInt8(ascii: ":"), line[tag] != UInt8(ascii: "[") else { return nil }
        guard !needsProcess || line[index - 2] == UInt8(ascii: "]") || line.has("kernel:", at: tag) else { return nil }
        let key = hash(line, host..<index)
        let plain = LinePrefix(.syslog, line, end: index, key: key)
        if let stamp = kernel(line, from: plain.end) { return LinePrefix(.syslog, line, stamped: stamp, key: key) }
        return plain
    }

    private init(_ kind: Kind, _ line: UnsafeRawBufferPointer, stamped: LinePrefix, key: UInt64) {
        self.kind = kind
        end = stamped.end
        self.key = key | 1
    }

    /// `[   65.470000] `, perhaps with the thread or processor behind it: `[   65.470000][ T1194] `.
    private static func kernel(_ line: UnsafeRawBufferPointer, from start: Int) -> LinePrefix? {
        guard let bytes = LineBytes(line), var end = HeaderWalker.endOfUptime(bytes, at: start) else { return nil }
        if line.has("[", at: end), let close = line.cut(from: end, to: end + 16).find(UInt8(ascii: "]")) {
            end += close + 1
        }
        return LinePrefix(.kernel, line, end: end, key: 2)
    }

    /// FNV-1a (Fowler, Noll, Vo): tells writers apart in one block, and never leaves it.
    private static func hash(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in range { hash = (hash ^ UInt64(line[index])) &* 0x100_0000_01b3 }
        return hash
    }
}
