package import Events

/// How far the reading of a long past is, over all files: after `start: beginning`, or after Margay was down for long.
///
/// Pure: fed with what each turn came to. Begins when much is unread and ends when hardly anything is, so that a busy log
/// which is followed closely is never said to be caught up with.
package struct CatchUp: Sendable {
    /// Bytes unread from which on it is worth saying that there are so many,
    static let bytesMin: Int64 = 64 * 1_024 * 1_024
    /// and below which the past is read.
    static let bytesRest: Int64 = 1_024 * 1_024

    /// A catching up that is going on.
    package struct Standing: Equatable, Sendable {
        package var begun: Timestamp
        /// Files that are behind.
        package var files: Int
        /// Bytes known to be unread.
        package var bytesLeft: Int64
        /// Bytes read since it began.
        package var bytesRead: Int64

        /// Bytes a second since it began; nil before that can be told.
        package func rate(now: Timestamp) -> Int64? {
            let millis = (now.microseconds - begun.microseconds) / 1_000
            return millis > 0 && bytesRead > 0 ? max(1, Int64(Double(bytesRead) * 1_000 / Double(millis))) : nil
        }

        /// `12 %, 1.2 GB left in 3 files, 210.0 MB/s, 6 s left`.
        package func description(now: Timestamp) -> String {
            let share = bytesRead * 100 / max(1, bytesRead + bytesLeft)
            var text = "\(share) %, \(bytesLeft.asBytes) left in \(files) \(files == 1 ? "file" : "files")"
            if let rate = rate(now: now) { text += ", \(rate.asBytes)/s, \(bytesLeft / rate) s left" }
            return text
        }
    }

    /// What is to be said once.
    package enum News: Equatable, Sendable {
        case begun(files: Int, bytes: Int64)
        case ended(bytes: Int64, seconds: Int64)

        package var description: String {
            switch self {
            case .begun(let files, let bytes):
                "catching up: \(bytes.asBytes) to read in \(files) \(files == 1 ? "file" : "files")"
            case .ended(let bytes, let seconds): "caught up: \(bytes.asBytes) read in \(seconds) s"
            }
        }
    }

    package private(set) var standing: Standing?
    private var left: [Int: Int64] = [:]
    private var bytesLeft: Int64 = 0

    package init() {}

    /// Takes in a turn of the file with this key: how many bytes it read, and how many are known to be left; none where
    /// it stands at its end.
    package mutating func update(file: Int, left bytes: Int64, read: Int64, now: Timestamp) -> News? {
        let before = left[file] ?? 0
        guard bytes > 0 || before > 0 || standing != nil else { return nil }
        left[file] = bytes > 0 ? bytes : nil
        bytesLeft += max(0, bytes) - before
        if var current = standing {
            current.bytesLeft = bytesLeft
            current.bytesRead += max(0, read)
            current.files = left.count
            standing = current
            guard bytesLeft <= CatchUp.bytesRest else { return nil }
            standing = nil
            let seconds = (now.microseconds - current.begun.microseconds) / Timestamp.microsecondsPerSecond
            return .ended(bytes: current.bytesRead, seconds: max(0, seconds))
        }
        guard bytesLeft >= CatchUp.bytesMin else { return nil }
        standing = Standing(begun: now, files: left.count, bytesLeft: bytesLeft, bytesRead: 0)
        return .begun(files: left.count, bytes: bytesLeft)
    }
}
