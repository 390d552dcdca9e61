// How many messages a second are masked and keyed on one core. Not part of the program; Benchmarks/grouping.sh runs it.
//
//   grouping-bench LOG [RUNS]            lines a second, the median of RUNS (5)
//   grouping-bench --messages LOG OUT    writes the messages of LOG, without their headers, one to a line
import Events
import Glibc

/// The messages of a log, one behind the other.
struct Messages {
    var bytes: [UInt8] = []
    var ends: [Int] = []

    init(of log: [UInt8]) {
        var scanner = TimestampScanner(zone: .utc, reference: Timestamp(seconds: 1_800_000_000))
        log.withUnsafeBytes { log in
            for line in log.split(separator: 0x0a) {
                let line = UnsafeRawBufferPointer(rebasing: line)
                let header = RecordHeader.parse(line, &scanner)
                bytes.append(contentsOf: line[header.messageStart...])
                ends.append(bytes.count)
            }
        }
    }

    var medianBytes: Int {
        var start = 0
        let lengths = ends.map { end in
            defer { start = end }
            return end - start
        }
        return lengths.sorted()[lengths.count / 2]
    }
}

func read(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { fail("cannot open \(path)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        if count == 0 { return bytes }
        bytes.append(contentsOf: buffer[..<count])
    }
}

func fail(_ message: String) -> Never {
    print("grouping-bench: \(message)")
    exit(2)
}

/// Processor time of this thread, in nanoseconds.
func processorTime() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Masks and keys each message once; the number of different keys, so that the work cannot be left out.
func keys(of messages: Messages) -> Int {
    var normaliser = Normaliser()
    var seen: Set<Fingerprint> = []
    messages.bytes.withUnsafeBytes { bytes in
        var start = 0
        for end in messages.ends {
            normaliser.normalise(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            var builder = FingerprintBuilder()
            normaliser.addFingerprint(to: &builder)
            seen.insert(builder.finish())
            start = end
        }
    }
    return seen.count
}

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.count == 3, arguments[0] == "--messages" {
    let messages = Messages(of: read(arguments[1]))
    guard let file = fopen(arguments[2], "w") else { fail("cannot write \(arguments[2])") }
    var start = 0
    for end in messages.ends {
        fwrite(Array(messages.bytes[start..<end]) + [0x0a], 1, end - start + 1, file)
        start = end
    }
    fclose(file)
} else if let log = arguments.first {
    let messages = Messages(of: read(log))
    guard !messages.ends.isEmpty else { fail("\(log) holds no lines") }
    var rates: [Int] = []
    var groups = 0
    for _ in 0..<(arguments.count > 1 ? max(1, Int(arguments[1]) ?? 5) : 5) {
        let start = processorTime()
        groups = keys(of: messages)
        rates.append(messages.ends.count * 1_000_000 / max(1, (processorTime() - start) / 1_000))
    }
    print(
        "margay  \(rates.sorted()[rates.count / 2]) messages/s  \(messages.ends.count) messages, "
            + "median \(messages.medianBytes) bytes, \(groups) groups")
} else {
    fail("name a log")
}
