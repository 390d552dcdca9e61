package import Events

/// UTF-8 that was made of whole lines of a file, with the way back from each of its lines to the file.
///
/// Its memory is used again by the next decoding. One thread at a time.
package final class DecodedText {
    private var storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var placeStorage = UnsafeMutableBufferPointer<LinePlace>(start: nil, count: 0)
    /// Bytes of text.
    private(set) var count = 0
    private(set) var placeCount = 0
    /// End of the parts of all lines so far.
    private var partsEnd = 0
    /// The last line of which all lines before end before it.
    private var lastResting = 0
    /// Bytes of the file that are accounted for by the whole text; what comes after begins with a joined line whose end
    /// is not there yet.
    package private(set) var rawTaken = 0
    /// Where the first such line begins; nil where there is none.
    private(set) var openAt: Int?
    /// What is worth counting, in the order of the bytes.
    private(set) var marks: [Mark] = []

    /// Something that was found at a line of the file and has to be counted once, when that is accounted for.
    struct Mark {
        /// End of the line.
        var end: Int
        var finding: Finding
    }

    enum Finding {
        /// Not as the wrapper writes lines; handed out as it is.
        case foreign
        /// A joined line was cut at the limit with its last part seen; what follows of it is passed over.
        case cut(ProgramOutput, bytesLost: Int, isOver: Bool)
        /// A further part of such a line.
        case passedOver(ProgramOutput, bytesLost: Int, isOver: Bool)
    }

    package init() {}

    deinit {
        storage.deallocate()
        placeStorage.deallocate()
    }

    /// The text; good until the next decoding.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[..<count]) }

    /// The places of its lines, as long.
    package var places: LinePlaces {
        LinePlaces(UnsafeBufferPointer(rebasing: placeStorage[..<placeCount]))
    }

    /// Bytes of the file that are accounted for when the first `textBytes` of the text are: all of it, none, or up to a
    /// resting place.
    package func rawBytes(ofText textBytes: Int) -> Int {
        if textBytes == count { return rawTaken }
        let resting = places.restingPlace(atOrBefore: textBytes)
        precondition(resting == textBytes, "a scanner accounts for lines up to a resting place only")
        return places.extent(of: textBytes..<textBytes + 1)?.start ?? 0
    }

    // MARK: Making it

    /// Room for so much text and so many lines; forgets what was there.
    func start(textBytesMax: Int, linesMax: Int) {
        if storage.count < textBytesMax {
            storage.deallocate()
            storage = .allocate(byteCount: textBytesMax, alignment: 64)
        }
        if placeStorage.count < linesMax {
            placeStorage.deallocate()
            placeStorage = .allocate(capacity: linesMax)
        }
        (count, placeCount, partsEnd, lastResting, rawTaken) = (0, 0, 0, 0, 0)
        openAt = nil
        marks.removeAll(keepingCapacity: true)
    }

    /// The memory behind the text.
    var room: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: storage[count...]) }

    func append(_ bytes: Int) { count += bytes }

    func appendNewline() {
        storage[count] = UInt8(ascii: "\n")
        count += 1
    }

    /// Takes back all text from `end` on.
    func cut(to end: Int) { count = end }

    /// Says where the text from `textStart` on, which is one line or more, stands in the file.
    func place(
        textStart: Int, raw: Range<Int>, lines: ClosedRange<Int>, output: ProgramOutput? = nil,
        time: Int64 = LinePlace.noTime
    ) {
        let isResting = raw.lowerBound >= partsEnd
        if isResting { lastResting = placeCount }
        partsEnd = max(partsEnd, raw.upperBound)
        placeStorage.initializeElement(
            at: placeCount,
            to: LinePlace(
                textStart: textStart, start: raw.lowerBound, end: raw.upperBound, lines: lines, output: output,
                isResting: isResting, time: time))
        placeCount += 1
    }

    func mark(_ end: Int, _ finding: Finding) { marks.append(Mark(end: end, finding: finding)) }

    /// Ends the text where all of the file was taken.
    func finish(rawTaken: Int) { self.rawTaken = rawTaken }

    /// Ends the text before a line that begins at `at` and is not whole: what reaches beyond that has to come again.
    func finish(openAt at: Int) {
        openAt = at
        rawTaken = at
        guard partsEnd > at, placeCount > 0 else { return }
        let resting = placeStorage[lastResting]
        rawTaken = Int(resting.start)
        count = Int(resting.textStart)
        placeCount = lastResting
    }

    /// Adds up what is worth counting up to byte `end` of the file.
    func findings(until end: Int) -> DecodingFindings {
        var findings = DecodingFindings()
        for mark in marks where mark.end <= end { findings.note(mark.finding) }
        return findings
    }
}

/// What decoding came upon that is not text.
struct DecodingFindings {
    /// Lines that are not as the wrapper writes them, handed out as they are.
    var linesForeign = 0
    /// Joined lines that were cut at the limit.
    var linesCut = 0
    /// Bytes of text that were not handed out.
    var bytesLost: Int64 = 0
    private var begun: OutputSet = []
    private var ended: OutputSet = []

    /// The outputs that are passed over behind these bytes, where `passing` were before them.
    func passing(after passing: OutputSet) -> OutputSet { passing.subtracting(ended).union(begun) }

    mutating func note(_ finding: DecodedText.Finding) {
        switch finding {
        case .foreign: linesForeign += 1
        case .cut(let output, let lost, let isOver):
            linesCut += 1
            bytesLost += Int64(lost)
            if !isOver { begun.insert(OutputSet(output)) }
        case .passedOver(let output, let lost, let isOver):
            bytesLost += Int64(lost)
            if isOver {
                begun.remove(OutputSet(output))
                ended.insert(OutputSet(output))
            }
        }
    }
}
