import Events
import Glibc
import Testing

@testable import Tail

/// The shell around journalctl, with a stand-in that speaks its format: real processes, real pipes.
struct JournalReaderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Written by another process: were it open for writing here while some test starts a program, it could not be run.
    private func install(_ name: String, _ script: String) {
        #expect(folder.run("cat > \(name) <<'END' && chmod 755 \(name)\n#!/bin/sh\n\(script)\nEND\n") == 0)
    }

    private func contents(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// A reader of a stand-in that runs `script` with the arguments of journalctl.
    private func reader(
        _ script: String, from position: JournalPosition = .oldest,
        change: (inout JournalReader.Limits) -> Void = { _ in }
    ) throws -> JournalReader {
        install("journalctl", script)
        var source = JournalSource()
        source.command = folder("journalctl")
        var limits = JournalReader.Limits()
        limits.pauseMillis = 1
        limits.pauseMillisMax = 20
        change(&limits)
        return try JournalReader(source, from: position, limits: limits)
    }

    private func json(_ number: Int, _ message: String = "m") -> String {
        #"{"__CURSOR":"s=a;i=\#(String(number, radix: 16))","__REALTIME_TIMESTAMP":"\#(number)","MESSAGE":"\#(message)"}"#
    }

    /// What arrives until `isEnough`, which has to be sooner or later.
    private func gather(
        _ reader: JournalReader, until isEnough: (JournalReader.Arrival) -> Bool
    ) throws -> JournalReader.Arrival {
        var all = JournalReader.Arrival()
        for _ in 0..<100_000 {
            guard let arrival = reader.next(until: Tailer.monotonicNanos() + 1_000_000_000) else { break }
            all.entries += arrival.entries
            all.bytesLost += arrival.bytesLost
            all.notes += arrival.notes
            all.isGap = all.isGap || arrival.isGap
            all.outage = arrival.outage
            if isEnough(all) { return all }
        }
        Issue.record("never enough")
        return all
    }

    private func cursors(_ arrival: JournalReader.Arrival) -> [String] { arrival.entries.map(\.cursor) }

    @Test func `entries arrive in order, and the cursor is where to go on`() throws {
        let reader = try reader("echo '\(json(1))'; echo '\(json(2))'; exec sleep 1000")
        let arrival = try gather(reader) { $0.entries.count == 2 }
        #expect(cursors(arrival) == ["s=a;i=1", "s=a;i=2"])
        #expect(reader.position == .cursor("s=a;i=2"))
        #expect(arrival.outage.isEmpty)
        reader.stop()
        #expect(reader.next(until: nil) == nil)
    }

    @Test func `a journalctl that dies is started again behind the last entry`() throws {
        // Tells the cursor it was asked for, one more, half of a third, and dies.
        let reader = try reader(
            """
            at=0
            for argument in "$@"; do case $argument in --cursor=*) at=${argument##*=} ;; esac; done
            line() { echo "{\\"__CURSOR\\":\\"s=a;i=$1\\",\\"__REALTIME_TIMESTAMP\\":\\"1\\",\\"MESSAGE\\":\\"m\\"}"; }
            [ $at -gt 0 ] && line $at
            [ $at -lt 9 ] || exec sleep 1000
            line $((at + 1))
            line $((at + 2)) | head -c 20
            echo "out of luck" >&2
            exit 3
            """)
        let arrival = try gather(reader) { $0.entries.count == 9 }
        #expect(cursors(arrival) == (1...9).map { "s=a;i=\($0)" })
        #expect(!arrival.isGap)
        #expect(arrival.bytesLost == 0)
    }

    @Test func `why it ended is told`() throws {
        let reader = try reader("echo 'No journal files were opened due to insufficient permissions.' >&2; exit 1")
        let arrival = try gather(reader) { !$0.outage.isEmpty }
        #expect(
            arrival.outage
                == "\(folder("journalctl")) ended (exit 1): No journal files were opened due to insufficient permissions."
        )
    }

    @Test func `a program that is missing is told with what to do, and tried again`() throws {
        var source = JournalSource()
        source.command = folder("nowhere")
        var limits = JournalReader.Limits()
        limits.pauseMillis = 1
        limits.pauseMillisMax = 20
        let reader = try JournalReader(source, from: .oldest, limits: limits)
        let missing = try gather(reader) { !$0.outage.isEmpty }
        #expect(
            missing.outage
                == "\(folder("nowhere")) cannot be started: No such file or directory; "
                + "install systemd, or name the program with 'command:'")
        install("nowhere", "echo '\(json(1))'; exec sleep 1000")
        let found = try gather(reader) { $0.entries.count == 1 }
        #expect(found.outage.isEmpty)
    }

    @Test func `pauses grow, so that a journalctl that fails at once is no busy loop`() throws {
        let reader = try reader("echo x >> '\(folder("starts"))'; exit 1") {
            $0.pauseMillis = 10
            $0.pauseMillisMax = 100_000
        }
        let end = Tailer.monotonicNanos() + 500_000_000
        while Tailer.monotonicNanos() < end { _ = reader.next(until: end) }
        // 10, 20, 40 … ms: after n starts 10·2ⁿ ms have passed.
        let starts = try contents(folder("starts")).split(separator: "\n").count
        #expect(starts >= 1 && starts <= 7)
    }

    @Test func `a cursor that is not known any more is a gap, and reading goes on with what is there`() throws {
        let reader = try reader("echo '\(json(100))'; exec sleep 1000", from: .cursor("s=a;i=a"))
        let arrival = try gather(reader) { $0.entries.count == 1 }
        #expect(arrival.isGap)
        #expect(arrival.bytesLost == 1)
        #expect(cursors(arrival) == ["s=a;i=64"])
        #expect(arrival.notes.count == 1)
        #expect(arrival.notes.first?.hasSuffix("gone on from the next one there is, up to 89 entries lost") == true)
    }

    @Test func `a cursor that journalctl refuses is a gap, and reading begins with the oldest`() throws {
        let reader = try reader(
            """
            case "$*" in *--cursor=*) echo 'Failed to seek to cursor: Invalid argument' >&2; exit 1 ;; esac
            echo '\(json(7))'; exec sleep 1000
            """, from: .cursor("nonsense"))
        let arrival = try gather(reader) { $0.entries.count == 1 }
        #expect(arrival.isGap)
        #expect(cursors(arrival) == ["s=a;i=7"])
    }

    @Test func `a flood waits in the pipe, and nothing of it is lost`() throws {
        let count = 20_000
        let reader = try reader(
            """
            i=1
            while [ $i -le \(count) ]; do
            echo '{"__CURSOR":"s=a;i='$i'","__REALTIME_TIMESTAMP":"1","MESSAGE":"m"}'; i=$((i + 1))
            done
            exec sleep 1000
            """)
        var most = 0
        let arrival = try gather(reader) { all in
            most = max(most, all.entries.count)
            return all.entries.count >= count
        }
        #expect(cursors(arrival) == (1...count).map { "s=a;i=\($0)" })
    }

    @Test func `what is no entry, and what is too large, is passed over and counted`() throws {
        let reader = try reader(
            """
            echo 'nonsense'
            echo '\(json(1))'
            head -c 50000 /dev/zero | tr '\\0' x; echo
            echo '\(json(2, "0123456789abc"))'
            exec sleep 1000
            """
        ) {
            $0.lineBytesMax = 10_000
            $0.messageBytesMax = 10
        }
        let arrival = try gather(reader) { $0.entries.count == 2 }
        #expect(arrival.bytesLost == 8 + 50_000 + 3)
        #expect(arrival.entries.last.map { String(decoding: $0.message, as: UTF8.self) } == "0123456789")
        #expect(Set(arrival.notes).count == 3)
    }

    @Test func `a child and what it started end with the reader`() throws {
        let reader = try reader(
            "sleep 1000 & echo $! > '\(folder("grandchild"))'; echo $$ > '\(folder("child"))'; echo '\(json(1))'; wait")
        _ = try gather(reader) { $0.entries.count == 1 }
        reader.stop()
        #expect(reader.next(until: nil) == nil)
        for name in ["child", "grandchild"] {
            let number = try #require(pid_t(try contents(folder(name)).split(separator: "\n").joined()))
            // The child is collected. The grandchild is init's to collect: gone, or dead and not collected yet, as soon
            // as the kernel has brought it the signal.
            func state() -> Substring? {
                kill(number, 0) == 0 ? try? contents("/proc/\(number)/stat").split(separator: " ")[2] : nil
            }
            let deadline = Tailer.monotonicNanos() + 60_000_000_000
            while name == "grandchild", let found = state(), found != "Z", Tailer.monotonicNanos() < deadline {
                sched_yield()
            }
            let last = state()
            #expect(last == nil || name == "grandchild" && last == "Z")
        }
    }

    @Test func `no descriptor is left of a child that has ended`() throws {
        /// Open pipes; a number may be closed again before it is looked at.
        func openPipes() throws -> Int {
            try Syscalls.live.list("/proc/self/fd").count { number in
                (try? Syscalls.live.readLink("/proc/self/fd/\(number)").hasPrefix("pipe:")) == true
            }
        }
        let before = try openPipes()
        for _ in 0..<300 {
            #expect(try ChildProcess(["sleep", "1000"]).end() == .killed)
            #expect(throws: SystemError(call: "exec", number: ENOENT)) { try ChildProcess([folder("nowhere")]) }
        }
        // Other tests run beside this one, and open some of their own.
        #expect(try openPipes() < before + 300)
    }

    @Test func `signals that we ignore or block are the child's again`() throws {
        signal(SIGPIPE, SIG_IGN)
        let reader = try reader("grep -E 'SigIgn' /proc/$$/status >&2; exit 1")
        let arrival = try gather(reader) { !$0.outage.isEmpty }
        let ignored = try #require(arrival.outage.split(separator: " ").last.flatMap { UInt64($0, radix: 16) })
        // Those from 32 on are the C library's and the real-time ones.
        #expect(ignored & 0x7FFF_FFFF == 0)
    }
}
