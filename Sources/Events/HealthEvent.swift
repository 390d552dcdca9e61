/// A fault in Margay's own work, as an event beside those of the logs: counted, told and judged like them, so that
/// nothing is lost in silence.
package struct HealthEvent: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// The store took no batch for a while: a full disk, a lock, a file system that may not be written.
        case storeRefused = "store-refused"
        case storeDamaged = "store-damaged"
        case fileUnreadable = "file-unreadable"
        case bytesLost = "bytes-lost"
        /// Messages of an input that is no file came and could not be taken.
        case messagesLost = "messages-lost"
        /// A pattern hits its match limit on some lines, which then do not match.
        case matchGivenUp = "match-given-up"
        case packUnusable = "pack-unusable"
        case poorGrouping = "poor-grouping"
    }

    package var kind: Kind
    /// What it is about: a source, a pattern, a pack. Part of the key, so never a path out of thousands.
    package var subject: String
    /// What happened, with names and numbers.
    package var sentence: String
    /// The file that it is about; empty where there is none.
    package var file: String

    /// The pack under which these events are counted.
    package static let pack = "margay"
    /// A subject or a sentence is cut to so many Unicode scalars: characters may be of any length.
    private static let scalarsMax = 2_000

    package init(_ kind: Kind, subject: String = "", _ sentence: String, file: String = "") {
        self.kind = kind
        self.subject = HealthEvent.cut(subject)
        self.sentence = HealthEvent.cut(sentence)
        self.file = file
    }

    private static func cut(_ text: String) -> String {
        text.utf8.count <= scalarsMax ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(scalarsMax)))
    }

    package var fingerprint: Fingerprint {
        var builder = FingerprintBuilder()
        builder.add(pattern)
        builder.add(subject)
        return builder.finish()
    }

    package var pattern: String { HealthEvent.pack + "." + kind.rawValue }

    package var severity: Severity {
        switch kind {
        case .storeRefused, .storeDamaged: .critical
        case .fileUnreadable, .bytesLost, .messagesLost, .packUnusable: .major
        case .matchGivenUp, .poorGrouping: .minor
        }
    }

    package var title: String {
        switch kind {
        case .storeRefused: "The store takes nothing: events wait to be counted"
        case .storeDamaged: "The store was damaged and is kept aside"
        case .fileUnreadable: "Files of \(subject) cannot be read"
        case .bytesLost: "Bytes of \(subject) were lost before they were read"
        case .messagesLost: "Messages to \(subject) were lost before they were read"
        case .matchGivenUp: "The pattern \(subject) is given up on some lines"
        case .packUnusable: "The pack \(subject) cannot be used"
        case .poorGrouping: "The errors of \(subject) do not fall into groups"
        }
    }

    /// What to do first.
    package var runbook: String {
        switch kind {
        case .storeRefused: "Make room or lift the lock; nothing is lost, reading waits and goes on by itself"
        case .storeDamaged: "margay store restore brings back what can be read of it"
        case .fileUnreadable: "margay sources shows which and why; give margay the right to read them"
        case .bytesLost: "margay sources shows how many, of which file, and why"
        case .messagesLost: "margay sources shows how many and why; send fewer, or by TCP, which waits"
        case .matchGivenUp: "margay packs coverage shows how often; simplify its expression"
        case .packUnusable: "margay packs lint shows its faults"
        case .poorGrouping: "Write a pattern or a mask: margay packs new drafts a pack from the log"
        }
    }

    /// What these events add to their issues, in the order in which the issues first come. `now` is their time.
    package static func deltas(_ events: [HealthEvent], now: Timestamp) -> [IssueDelta] {
        var deltas: [IssueDelta] = []
        var places: [Fingerprint: Int] = [:]
        for event in events {
            let sample = Sample(
                file: event.file, line: nil, offset: 0, time: now, text: event.sentence, fields: [:], rank: 0)
            guard let place = places[event.fingerprint] else {
                places[event.fingerprint] = deltas.count
                deltas.append(event.delta(sample, now: now))
                continue
            }
            deltas[place].count += 1
            deltas[place].hours[0].count += 1
            deltas[place].samples = [deltas[place].samples[0], sample]
        }
        return deltas
    }

    private func delta(_ sample: Sample, now: Timestamp) -> IssueDelta {
        IssueDelta(
            fingerprint: fingerprint, pack: HealthEvent.pack, pattern: pattern, type: .operational, severity: severity,
            title: title, runbook: runbook, count: 1, first: now, last: now,
            hours: [HourCount(hour: now.hour, count: 1)], files: [], samples: [sample], isAlways: true)
    }
}
