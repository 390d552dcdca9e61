import Events
import Scan
import Tail

/// Logs whose text is not scanned as it lies on disk.
extension OpenLog {
    /// Most bytes that are read on for the end of a record, or of a line in parts, before what is there is scanned as it
    /// is: only lines of both outputs that cut into each other without end come to this.
    private static let heldBytesMax = 4 * 1_024 * 1_024

    /// As `next(into:number:)`: bytes as they lie on disk go into the buffer, the text made of them into its `text`.
    func nextDecoded(into buffer: BlockBuffer, number: Int) -> Block? {
        guard var decoder else { return nil }
        defer { self.decoder = decoder }
        while buffer.bytes.count < carry.count { buffer.grow(keeping: 0) }
        carry.withUnsafeBytes { buffer.bytes.copyMemory(from: $0) }
        var count = carry.count
        carry.removeAll(keepingCapacity: true)
        var wanted = BlockReader.blockBytes
        while true {
            fill(buffer, &count, upTo: wanted)
            if isSkippingLine { skipRawLine(buffer, &count) }
            if count == 0 && isOver { return nil }
            wanted = count + BlockReader.blockBytes
            let bytes = UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count])
            guard let whole = wholeLines(of: bytes) else { continue }
            let raw = UnsafeRawBufferPointer(rebasing: bytes[..<whole])
            let isFinal = isOver || isSkippingLine || count > OpenLog.heldBytesMax
            decoder.decode(raw, into: buffer.text, isFinal: isFinal)
            let before = cutter
            let cut = cutter.cut(buffer.text.bytes, isLast: isFinal, places: buffer.text.places)
            let taken = buffer.text.rawBytes(ofText: cut.usable)
            if cut.usable == 0 { cutter = before }
            guard taken > 0 else { continue }
            let block = Block(
                number: number, file: file, count: cut.usable, isDecoded: true, offset: offset, line: line,
                beginsInside: cut.beginsInside)
            decoder.account(for: taken, of: buffer.text)
            linesForeign = decoder.linesForeign
            linesJoinedAndCut = decoder.linesCut
            offset += Int64(taken)
            line += Int64(decoder.newlines(in: UnsafeRawBufferPointer(rebasing: raw[..<taken])))
            if cut.usable > 0 {
                carry.append(contentsOf: bytes[taken...])
                return block
            }
            // All of it was passed over.
            let rest = [UInt8](bytes[taken...])
            rest.withUnsafeBytes { buffer.bytes.copyMemory(from: $0) }
            count = rest.count
        }
    }

    /// Bytes up to the last newline, or to the limit of a line without one; nil while more has to be read.
    private func wholeLines(of bytes: UnsafeRawBufferPointer) -> Int? {
        if isOver { return bytes.count }
        if let end = layout.linesEnd(in: bytes) { return end }
        guard bytes.count >= BlockReader.lineBytesMax else { return nil }
        linesCut += 1
        isSkippingLine = true
        return layout.cutPlace(in: bytes, limit: BlockReader.lineBytesMax)
    }

    /// Drops the rest of a line that was cut, up to and with its newline.
    private func skipRawLine(_ buffer: BlockBuffer, _ count: inout Int) {
        let bytes = UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count])
        let newlineEnd = layout.firstLineEnd(in: bytes)
        // Half a unit stays for its other half.
        let end = newlineEnd ?? (isOver ? count : count - count % layout.unitBytes)
        offset += Int64(end)
        if newlineEnd != nil {
            isSkippingLine = false
            line += 1
        }
        let rest = [UInt8](bytes[end...])
        rest.withUnsafeBytes { buffer.bytes.copyMemory(from: $0) }
        count = rest.count
    }
}
