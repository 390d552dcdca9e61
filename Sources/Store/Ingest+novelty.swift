internal import Events
internal import GRDB
internal import Triage

/// What is new about the events of a batch, decided in the transaction that counts them.
extension Ingest {
    /// What `judge` decided, and did.
    struct Judged {
        var issue: Known
        var verdict: NoveltyVerdict
        /// The issue's standing changed by it.
        var isNews: Bool
    }

    /// Decides what is new about the events, and writes the issue's own row.
    mutating func judge(
        _ delta: IssueDelta, _ known: Known?, _ source: SourceStanding, now: Timestamp
    ) throws -> Judged {
        guard let known else {
            var verdict = Novelty.judge(history: nil, delta: delta, now: now, source: source)
            if let name = try baseline(delta.fingerprint) {
                verdict = NoveltyVerdict(
                    novelty: .known, reason: "first event \(delta.first), known by the baseline \(name)")
            }
            var kept = verdict
            // What a source brought while it was learned is most of a large store, and says the same of each.
            if case .learning = source, verdict.novelty == .known { kept.reason = IssueReader.learnedReason }
            let issue = try insert(delta, verdict: kept, now: now)
            return Judged(issue: issue, verdict: verdict, isNews: verdict.novelty != .known)
        }
        var watch = known.watch ?? SpikeWatch(newIn: .min)
        var past: IssuePast?
        if watch.hour != now.hour || known.ignore != nil {
            let read = try pasts.past(of: known.number, created: known.created, now: now)
            past = read
            if watch.hour != now.hour { watch = try rollOver(watch, of: known.number, past: read, now: now) }
        }
        let spike = watch.add(delta.events(since: now.hour))
        let latest = min(delta.last, now)
        let fulfilment = known.ignore.flatMap { condition in
            var hours = past?.hours ?? []
            hours.append((past?.current ?? 0) + delta.events(since: now.hour))
            return condition.fulfilment(count: known.count + delta.count, latest: latest, hours: hours, now: now)
        }
        let history = IssueHistory(
            state: known.state, stateTime: known.stateTime, firstSeen: known.firstSeen,
            isAutomatic: known.isAutomatic, fulfilment: fulfilment, spike: spike, novelty: known.novelty,
            monthCount: watch.monthCount)
        let verdict = Novelty.judge(history: history, delta: delta, now: now, source: source)
        try add(delta, to: known, watch: watch, now: now)
        return Judged(issue: known, verdict: verdict, isNews: try settle(known, verdict, now: now))
    }

    private func rollOver(
        _ watch: SpikeWatch, of issue: Int64, past: IssuePast, now: Timestamp
    ) throws -> SpikeWatch {
        if let learned = watch.learnedCount { try pasts.setLearned(learned, issue: issue, hour: watch.hour) }
        if watch.hour != .min, watch.hour.day != now.hour.day { try pasts.fold(issue, now: now) }
        return watch.rolled(to: now.hour, past: past)
    }

    /// Writes what a verdict changes in what people see. Returns whether it is worth telling.
    private func settle(_ known: Known, _ verdict: NoveltyVerdict, now: Timestamp) throws -> Bool {
        switch verdict.novelty {
        case .new: return false
        case .known:
            // What is seen more often is not rare any more; news stays news until somebody judges it.
            guard known.novelty == .rare else { return false }
        case .rare:
            guard known.novelty == .known else { return false }
        case .returned, .regressed: break
        case .spiking:
            // Never seen before says more; told it is all the same.
            if known.state == .open, known.novelty == .new { return true }
        }
        let standing = try standings.standing(of: known.number)
        guard let entry = Lifecycle.apply(verdict, to: standing, now: now) else { return false }
        try standings.save(entry, of: known.number)
        if verdict.novelty.reopens { try audit.write([(known.number, entry)]) }
        return verdict.novelty != .known
    }

    func notice(
        _ delta: IssueDelta, _ judged: Judged, _ known: Known?, isNewNode: Bool, node: Int64, batch: Batch
    ) -> Notice? {
        let isNewOnNode = !judged.isNews && isNewNode && known != nil
        guard judged.isNews || isNewOnNode else { return nil }
        var verdict = judged.verdict
        if isNewOnNode {
            verdict.reason = "first event on node \(delta.node ?? batch.node); \(verdict.reason)"
        }
        let earliest = min(delta.first, known?.firstSeen ?? delta.first)
        let sample = shown(delta.samples, node: node, novelty: verdict.novelty)
        return Notice(
            issue: judged.issue.id, fingerprint: delta.fingerprint, pack: delta.pack, pattern: delta.pattern,
            severity: delta.severity, type: delta.type,
            title: judged.issue.isOwn ? delta.title : judged.issue.title, runbook: delta.runbook, verdict: verdict,
            count: (known?.count ?? 0) + delta.count, first: earliest, node: delta.node ?? batch.node,
            file: sample?.file ?? delta.files.first?.path, sample: sample, isNewOnNode: isNewOnNode)
    }

    private func shown(_ samples: [Sample], node: Int64, novelty: Novelty) -> Sample? {
        let ordered = samples.map { (key: SampleKey($0, node: node), sample: $0) }
        let end =
            novelty == .new
            ? ordered.min { SampleKey.isEarlier($0.key, $1.key) } : ordered.max { SampleKey.isEarlier($0.key, $1.key) }
        return end?.sample
    }

    func tellGrouping(_ source: String, _ sources: inout SourceBook, now: Timestamp) throws {
        let isPoor = sources.entries[source]?.grouping.isPoor == true
        if isPoor {
            sources.faults.append(
                HealthEvent(
                    .poorGrouping, subject: source,
                    "the errors of \(source) that no pack knows do not fall into groups; new ones are not told singly"))
        }
        auditInsert.bind(now, at: 1)
        auditInsert.bind(AuditEntry.machine, at: 2)
        auditInsert.bind(isPoor ? "poor-grouping" : "good-grouping", at: 3)
        auditInsert.bind(source, at: 4)
        auditInsert.bind(
            isPoor ? "its errors do not fall into groups; write a pattern or a mask" : "its errors fall into groups",
            at: 5)
        try auditInsert.run()
    }
}

extension IssueDelta {
    /// Events of this clock hour and later ones: those that claim to be of the future were written before they were read.
    func events(since hour: Int64) -> Int {
        hours.reduce(0) { $1.hour >= hour ? $0 + $1.count : $0 }
    }
}
