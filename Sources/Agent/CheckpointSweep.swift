import Events
import Store
import Tail

/// Which checkpoints are kept and which are forgotten, so that the table of files stays as large as what is on disk.
///
/// Pure: what lies on disk and what time it is are parameters. Why a file that is still there is never forgotten:
/// it would be taken for a new one and counted again.
struct CheckpointSweep: Sendable {
    /// More files than this of one node are too many: then those that are gone are forgotten at once.
    static let filesMax = 20_000
    /// How long nothing must have been heard of a file that is gone. Until then it may be asked for, as by an archive
    /// that is made of it.
    static let goneSeconds: Int64 = 7 * 86_400
    /// The same for a file whose directory cannot be looked at, and for one that belongs to no source any more.
    static let absentSeconds: Int64 = 30 * 86_400
    /// The same where there are too many.
    static let crowdedSeconds: Int64 = 60
    /// Files looked at in one step,
    static let stepFiles = 2_000
    /// how far steps are apart at least,
    static let stepSeconds: Int64 = 1
    /// and how far rounds are apart.
    static let roundSeconds: Int64 = 600

    enum Verdict: Equatable, Sendable {
        case keep
        case forget
    }

    /// What is known of a file besides its row.
    struct Circumstances: Equatable, Sendable {
        /// Followed at present, or left alone on purpose.
        var isKnown = false
        /// Its path, or the log it was rotated from, belongs to a source.
        var isMatched = true
        var presence = FilePresence.Answer.gone
        /// There are more than `filesMax`.
        var isCrowded = false
    }

    /// `age` in seconds since anything was heard of the file.
    static func verdict(_ file: Circumstances, age: Int64) -> Verdict {
        if file.isKnown { return .keep }
        if !file.isMatched { return age >= absentSeconds ? .forget : .keep }
        switch file.presence {
        case .present: return .keep
        case .archived: return file.isCrowded && age >= crowdedSeconds ? .forget : .keep
        case .gone: return age >= (file.isCrowded ? crowdedSeconds : goneSeconds) ? .forget : .keep
        case .unknown: return age >= (file.isCrowded ? crowdedSeconds : absentSeconds) ? .forget : .keep
        }
    }

    // MARK: The round

    /// Files of this round that were looked at and kept.
    private var kept = 0
    private var nextStep = Timestamp(microseconds: .min)
    private var nextRound = Timestamp(microseconds: .min)

    init() {}

    /// One step, if one is due: looks at the files quiet longest and forgets those that may be. Returns how many were.
    ///
    /// Reads directories, so it belongs on the writer's thread and nowhere near a scanner's.
    mutating func step(
        _ archive: Archive, node: String, configured: Set<String>, now: Timestamp, presence: inout FilePresence,
        isKnown: (FileIdentity) -> Bool, isMatched: (String) -> Bool
    ) throws(ArchiveError) -> Int {
        guard now >= nextStep else { return 0 }
        nextStep = now.moved(bySeconds: CheckpointSweep.stepSeconds)
        let isCrowded = try archive.fileCount(node: node) > CheckpointSweep.filesMax
        guard isCrowded || now >= nextRound else { return 0 }
        let least = isCrowded ? CheckpointSweep.crowdedSeconds : CheckpointSweep.goneSeconds
        let quiet = try archive.quietFiles(
            node: node, before: now.moved(bySeconds: -least), skipping: kept, limit: CheckpointSweep.stepFiles)
        var gone: [FileIdentity] = []
        for file in quiet {
            let circumstances = Circumstances(
                // Of what is no file, the disk cannot tell whether it is still there.
                isKnown: file.checkpoint.identity.isOfNoFile || isKnown(file.checkpoint.identity),
                isMatched: isMatched(file.checkpoint.path),
                presence: presence.answer(for: file.checkpoint, lastRead: file.lastRead), isCrowded: isCrowded)
            let age = (now.microseconds - file.lastRead.microseconds) / Timestamp.microsecondsPerSecond
            if CheckpointSweep.verdict(circumstances, age: age) == .forget { gone.append(file.checkpoint.identity) }
        }
        if !gone.isEmpty { try archive.forget(gone, node: node, configured: configured) }
        let isOver = quiet.count < CheckpointSweep.stepFiles
        kept = isOver ? 0 : kept + quiet.count - gone.count
        if isOver { nextRound = now.moved(bySeconds: CheckpointSweep.roundSeconds) }
        // Too many, and nothing to be done about it: they are all there.
        if isOver && gone.isEmpty { nextStep = now.moved(bySeconds: CheckpointSweep.crowdedSeconds) }
        return gone.count
    }
}
