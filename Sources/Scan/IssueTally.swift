import Events
import PCRE2
import Patterns

/// One issue while it is being counted: numbers, and the bytes of the few records that are kept.
struct IssueTally {
    let fingerprint: Fingerprint
    let set: PatternSet
    let rule: Int
    private let severity: Severity
    /// The worst that was stated of events that only patterns for the unknown know; nil where nothing was.
    private var stated: Severity?
    private(set) var count = 0
    private var first: Timestamp
    private var last: Timestamp
    private var hours: [HourCount] = []
    private var files: [FileCount] = []
    /// Counts that are not among those yet.
    private var latestHour = HourCount(hour: 0, count: 0)
    private var latestFile: FileCount
    /// In no order; at most `IssueDelta.samplesMax`.
    private var samples: [KeptRecord] = []
    /// What the samples are, once there are `samplesMax`; nil when it is not known.
    private var roles: SampleRoles?

    /// Once this many issues are open, their samples are kept short.
    static let longSamplesMax = 1_000
    static let shortSampleBytesMax = 1_024

    init(fingerprint: Fingerprint, set: PatternSet, rule: Int, severity: Severity, first: Timestamp) {
        self.fingerprint = fingerprint
        self.set = set
        self.rule = rule
        self.severity = severity
        self.first = first
        last = first
        latestFile = FileCount(path: "", count: 0, last: first)
    }

    mutating func note(time: Timestamp, file: String) {
        count += 1
        first = min(first, time)
        last = max(last, time)
        // Logs are nearly in order and come one after the other: the hour and the file are nearly always the last ones.
        let hour = time.hour
        if hour == latestHour.hour {
            latestHour.count += 1
        } else {
            if latestHour.count > 0 { add(latestHour) }
            latestHour = HourCount(hour: hour, count: 1)
        }
        if file == latestFile.path {
            latestFile.count += 1
            latestFile.last = max(latestFile.last, time)
        } else {
            if latestFile.count > 0 { add(latestFile) }
            latestFile = FileCount(path: file, count: 1, last: time)
        }
    }

    mutating func note(stated severity: Severity) { stated = max(stated ?? severity, severity) }

    /// The counts by hour and by file, the latest among them, in no order.
    private var allHours: [HourCount] {
        var tally = self
        if latestHour.count > 0 { tally.add(latestHour) }
        return tally.hours
    }

    private var allFiles: [FileCount] {
        var tally = self
        if latestFile.count > 0 { tally.add(latestFile) }
        return tally.files
    }

    private mutating func add(_ hour: HourCount) {
        if let slot = hours.lastIndex(where: { $0.hour == hour.hour }) {
            hours[slot].count += hour.count
        } else {
            hours.append(hour)
        }
    }

    private mutating func add(_ file: FileCount) {
        if let slot = files.firstIndex(where: { $0.path == file.path }) {
            files[slot].count += file.count
            files[slot].last = max(files[slot].last, file.last)
        } else {
            files.append(file)
        }
    }

    mutating func keep(
        _ scanned: ScannedRecord, file: String, line: Int64?, time: Timestamp, bytesMax: Int,
        fields: [String: String] = [:]
    ) {
        let rank = KeptRecord.rank(offset: scanned.offset, fingerprint: scanned.fingerprint)
        let slot: Int
        if samples.count < IssueDelta.samplesMax {
            slot = samples.count
            roles = nil
            samples.append(
                KeptRecord(
                    file: file, line: line, offset: scanned.offset, time: time, output: scanned.output, bytes: [],
                    matchedLine: 0..<0, rank: rank))
        } else if let replaced = replaceable(time: time, rank: rank) {
            slot = replaced
            samples[slot].file = file
            samples[slot].line = line
            samples[slot].offset = scanned.offset
            samples[slot].time = time
            samples[slot].output = scanned.output
            samples[slot].rank = rank
        } else {
            return
        }
        let record = scanned.record
        // The line that matched must be among the bytes kept, for its captures are found again from it.
        let end = min(record.bytes.count, max(bytesMax, record.line.upperBound))
        samples[slot].fields = fields
        samples[slot].bytes.removeAll(keepingCapacity: true)
        samples[slot].bytes.append(contentsOf: record.bytes[..<end])
        samples[slot].matchedLine = record.line
    }

    /// Which of the samples is the first, the last, and the one of worst rank in between.
    private struct SampleRoles {
        var first = 0
        var last = 0
        var worst: Int?

        init(_ samples: [KeptRecord]) {
            for slot in samples.indices {
                if samples[slot].time < samples[first].time { first = slot }
                if samples[slot].time >= samples[last].time { last = slot }
            }
            for slot in samples.indices where slot != first && slot != last {
                if worst.map({ samples[slot].rank > samples[$0].rank }) ?? true { worst = slot }
            }
        }
    }

    /// The slot that a newer or better-ranked record takes: never that of the first one.
    private mutating func replaceable(time: Timestamp, rank: UInt64) -> Int? {
        let known = roles ?? SampleRoles(samples)
        roles = known
        if time < samples[known.first].time {
            roles = nil
            return known.first
        }
        if time >= samples[known.last].time {
            // The former last one competes by its rank with the three in between.
            if let worst = known.worst, samples[known.last].rank < samples[worst].rank {
                roles = nil
                return worst
            }
            // The same slot is the last one again, and nothing else has changed.
            return known.last
        }
        guard let worst = known.worst, rank < samples[worst].rank else { return nil }
        roles = nil
        return worst
    }

    mutating func merge(_ other: IssueTally) {
        count += other.count
        if let stated = other.stated { note(stated: stated) }
        first = min(first, other.first)
        last = max(last, other.last)
        other.allHours.forEach { add($0) }
        other.allFiles.forEach { add($0) }
        samples = KeptRecord.best(of: samples + other.samples)
        roles = nil
    }

    /// The counts with words: title, type and samples as the pattern reads them.
    func delta(_ interpreter: Interpreter, _ captures: MatchScratch) -> IssueDelta {
        let ordered = samples.sorted { ($0.time, $0.file, $0.offset) < ($1.time, $1.file, $1.offset) }
        let asked = set.rules[rule]
        guard let pattern = asked.pattern, let leading = ordered.first else {
            preconditionFailure("an issue has a pattern and at least one sample")
        }
        let (meaning, skeleton) = leading.read(rule: rule, set, captures) { record, header in
            (
                interpreter.interpret(record, captures: captures, header: header),
                interpreter.skeleton(of: record, header: header)
            )
        }
        return IssueDelta(
            fingerprint: fingerprint, pack: asked.origin, pattern: pattern.id, type: meaning.type,
            severity: stated ?? severity, title: meaning.title, runbook: pattern.runbook,
            count: count, first: first,
            last: last, hours: allHours.sorted { $0.hour < $1.hour }, files: allFiles.sorted { $0.path < $1.path },
            samples: ordered.map { $0.sample(rule: rule, set, interpreter, captures) }, isAlways: pattern.always,
            skeleton: skeleton)
    }
}
