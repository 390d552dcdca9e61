package import Events

/// Cuts a run of lines where a record ends, so that blocks of one file can be scanned side by side.
///
/// One for each file, used in file order. Looks at the edges of a block only.
package struct RecordCutter {
    private var isPassingOver = false

    package init() {}

    /// How much of a block can be scanned by itself.
    package struct Cut: Equatable {
        /// Bytes up to the end of the last complete record; 0 when no record of it is complete.
        package let usable: Int
        /// The block begins with the remains of a record that a limit has closed.
        package let beginsInside: Bool
    }

    /// `bytes` are whole lines. `isLast`: nothing follows them, so that the last record is complete. `places`: where the
    /// lines of decoded text stand in the file.
    package mutating func cut(_ bytes: UnsafeRawBufferPointer, isLast: Bool, places: LinePlaces? = nil) -> Cut {
        let beginsInside = isPassingOver
        var state = PassingOver(isPassingOver: isPassingOver)
        let floor = state.skip(bytes, from: 0)
        isPassingOver = state.isPassingOver
        if isLast || floor >= bytes.count { return Cut(usable: bytes.count, beginsInside: beginsInside) }
        let finder = RecordFinder(bytes: bytes)
        guard let last = finder.lastRecordStart(floor: floor) else {
            return Cut(usable: bytes.count, beginsInside: beginsInside)
        }
        if last.isCut {
            isPassingOver = true
            return Cut(usable: bytes.count, beginsInside: beginsInside)
        }
        guard let places else { return Cut(usable: last.start, beginsInside: beginsInside) }
        return Cut(
            usable: max(0, finder.restingStart(last.start, floor: floor, places)), beginsInside: beginsInside)
    }
}

/// Whether lines are being passed over because they carry on a record that a limit has closed.
struct PassingOver {
    var isPassingOver = false

    /// Where, at or after `start`, the next record may begin.
    mutating func skip(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var start = start
        while isPassingOver, start < bytes.count {
            let end = bytes.lineEnd(from: start)
            if LineShape.beginsRecord(bytes.line(start, end)) {
                isPassingOver = false
            } else {
                start = end + 1
            }
        }
        return min(start, bytes.count)
    }
}
