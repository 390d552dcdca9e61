import Events
import Glibc
import Synchronization
import Testing

@testable import Tail

/// Fails one system call after another, until a run makes fewer calls than that: whatever fails, nothing is lost for good
/// and nothing is doubled.
struct FailingCallTests {
    @Test(arguments: [EIO, ENOMEM, EMFILE, EACCES, ESTALE])
    func `the n-th call fails, and afterwards every line is there once`(number: Int32) throws {
        var failing = 1
        while true {
            let folder = try TemporaryFolder()
            let counter = CallCounter(failing: failing, with: number)
            try follow(folder, counter)
            guard counter.hasFailed else { break }
            failing += 1
        }
        #expect(failing > 100)
    }

    private func follow(_ folder: TemporaryFolder, _ counter: CallCounter) throws {
        folder.run("mkdir -p logs/app; mkdir data; echo 0 > data/x; ln -s ../data/x logs/link.log")
        folder.write("logs/app/a.log", "1 is the first line\n")
        let source = SourceFiles(name: "s", include: [try Glob(folder("logs/**/*.log"))], start: .beginning)
        var configuration = TailConfiguration(sources: [source])
        configuration.leavingQuietMillis = 60_000
        let tail = try TailHarness(configuration, syscalls: counter.syscalls)
        try tail.settle(afterMillis: 6_000)
        folder.append("logs/app/a.log", "2\n3 with a ha")
        folder.run("echo 4 > logs/app/b.log")
        try tail.settle(afterMillis: 6_000)
        folder.append("logs/app/a.log", "lf\n")
        folder.run("mv logs/app/a.log logs/app/a.log.1; echo 5 > logs/app/a.log")
        try tail.settle(afterMillis: 6_000)
        folder.run("echo 6 >> logs/app/b.log; cp logs/app/b.log logs/app/b.log.1; echo 77777 > logs/app/b.log")
        try tail.settle(afterMillis: 6_000)
        try tail.restart()
        folder.run("echo 8 >> logs/app/a.log; echo 9 >> data/x")
        try tail.settle(afterMillis: 6_000)
        try tail.settle(afterMillis: 200_000)
        try tail.settle(afterMillis: 6_000)
        let read = tail.text.values.flatMap { String(decoding: $0, as: UTF8.self).split(separator: "\n") }.sorted()
        let all = ["0", "1 is the first line", "2", "3 with a half", "4", "5", "6", "77777", "8", "9"]
        #expect(read.map(String.init) == all, "call \(counter.failing) of \(counter.calls), \(counter.failedCall)")
    }
}

/// Counts system calls, and fails one of them.
private final class CallCounter: Sendable {
    let failing: Int
    private let number: Int32
    private let state = Mutex((calls: 0, failed: ""))

    init(failing: Int, with number: Int32) {
        self.failing = failing
        self.number = number
    }

    var calls: Int { state.withLock { $0.calls } }
    var failedCall: String { state.withLock { $0.failed } }
    var hasFailed: Bool { !failedCall.isEmpty }

    private func count(_ call: String) throws(SystemError) {
        let fails = state.withLock { state in
            state.calls += 1
            if state.calls == failing { state.failed = call }
            return state.calls == failing
        }
        if fails { throw SystemError(call: call, number: number) }
    }

    var syscalls: Syscalls {
        var failing = Syscalls.live
        let live = Syscalls.live
        failing.open = { path throws(SystemError) in
            try self.count("open \(path)")
            return try live.open(path)
        }
        failing.readAt = { descriptor, buffer, offset throws(SystemError) in
            try self.count("pread at \(offset)")
            return try live.readAt(descriptor, buffer, offset)
        }
        failing.status = { descriptor throws(SystemError) in
            try self.count("fstat")
            return try live.status(descriptor)
        }
        failing.statusOfPath = { path, following throws(SystemError) in
            try self.count("stat \(path)")
            return try live.statusOfPath(path, following)
        }
        failing.list = { path throws(SystemError) in
            try self.count("list \(path)")
            return try live.list(path)
        }
        failing.readLink = { path throws(SystemError) in
            try self.count("readlink \(path)")
            return try live.readLink(path)
        }
        failing.watch = { descriptor, path, mask throws(SystemError) in
            try self.count("watch \(path)")
            return try live.watch(descriptor, path, mask)
        }
        return failing
    }
}
