import Events
import Glibc
import Testing

@testable import Tail

struct DegradingTests {
    @Test func `a directory that cannot be watched is polled, alone, and says why`() throws {
        let folder = try TemporaryFolder()
        folder.run("mkdir near far; echo 1 > near/a.log; echo 1 > far/a.log")
        var syscalls = Syscalls.live
        let isFull = Flag()
        isFull.set(true)
        syscalls.watch = { descriptor, path, mask throws(SystemError) in
            if path.hasSuffix("far") && isFull.isSet { throw SystemError(call: "inotify_add_watch", number: ENOSPC) }
            return try Syscalls.live.watch(descriptor, path, mask)
        }
        let source = SourceFiles(name: "s", include: [try Glob(folder("*/*.log"))], start: .beginning)
        let tail = try TailHarness(TailConfiguration(sources: [source]), syscalls: syscalls)
        try tail.settle()
        folder.run("echo 2 >> near/a.log; echo 2 >> far/a.log; echo 3 > far/b.log")
        try tail.settle()
        #expect(tail.read(folder("near/a.log")) == "1\n2\n" && tail.read(folder("far/a.log")) == "1\n")
        try tail.settle(afterMillis: 1_000)
        #expect(tail.read(folder("far/a.log")) == "1\n2\n" && tail.read(folder("far/b.log")) == "3\n")
        #expect(tail.tailer.polledDirectories().map(\.path) == [folder("far")])
        #expect(tail.tailer.polledDirectories().first?.reason.contains("max_user_watches") == true)
        isFull.set(false)
        try tail.settle(afterMillis: 1_000)
        folder.run("echo 4 >> far/a.log")
        try tail.settle()
        #expect(tail.read(folder("far/a.log")) == "1\n2\n4\n" && tail.tailer.polledDirectories().isEmpty)
    }

    @Test func `when the kernel drops events everything is compared with the disk`() throws {
        let folder = try TemporaryFolder()
        let tail = try TailHarness(folder)
        try tail.settle()
        // More events than the queue of 16,384 holds, none of them the same as the one before.
        folder.run(
            "i=0; while [ $i -lt 6000 ]; do : > x; rm x; i=$((i+1)); done; echo one > a.log; mv a.log b.log; echo two > a.log"
        )
        try tail.settle()
        #expect(tail.read(folder("a.log")) + tail.read(folder("b.log")) == "two\none\n")
    }

    @Test func `more files than may be open are read all the same`() throws {
        let folder = try TemporaryFolder()
        folder.run("for i in $(seq 40); do echo $i > $i.log; done")
        let tail = try TailHarness(folder) { $0.openFilesMax = 5 }
        try tail.settle()
        try tail.settle()
        folder.run("for i in $(seq 40); do echo more >> $i.log; done; mv 7.log 7.old; echo new > 7.log")
        try tail.settle()
        try tail.settle()
        folder.run("echo late >> 7.old")
        try tail.settle()
        #expect(tail.lines == 82)
        let link = folder("")
        let open = try Syscalls.live.list("/proc/self/fd").filter { name in
            (try? Syscalls.live.readLink("/proc/self/fd/" + name))?.hasPrefix(link) == true
        }
        #expect(open.count <= 7)
    }

    @Test func `what all files hold together is bounded`() throws {
        let folder = try TemporaryFolder()
        folder.run("for i in $(seq 20); do head -c 20000 /dev/zero | tr '\\0' x > $i.log; done")
        let tail = try TailHarness(folder) { $0.heldBytesTotalMax = 300_000 }
        try tail.settle()
        folder.run("for i in $(seq 20); do echo end >> $i.log; done")
        try tail.settle()
        #expect(tail.lines == 20)
        #expect(tail.text.values.allSatisfy { $0.count == 20_004 })
    }
}
