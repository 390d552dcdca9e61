import Events
import Glibc
import Testing

@testable import Tail

/// Names and ways to files that are not the plain ones.
struct NameTests {
    @Test func `names in no encoding, and names that only look the same, are followed and rotated`() throws {
        let folder = try TemporaryFolder()
        // Latin-1; é as one character and as two; a newline; an escape sequence.
        let names = ["caf\\351.log", "caf\\303\\251.log", "cafe\\314\\201.log", "a\\nb.log", "\\033[31m.log"]
        for name in names { folder.run("printf '1\\n' > \"$(printf '\(name)')\"") }
        let tail = try TailHarness(folder)
        try tail.settle()
        for name in names {
            folder.run("n=\"$(printf '\(name)')\"; printf '2\\n' >> \"$n\"; mv \"$n\" \"$n.1\"; printf '3\\n' > \"$n\"")
        }
        try tail.settle()
        #expect(tail.text.count == names.count && tail.lines == 15)
        #expect(tail.text.values.allSatisfy { String(decoding: $0, as: UTF8.self) == "1\n2\n3\n" })
        #expect(tail.read(folder("caf\u{F7E9}.log")) == "1\n2\n3\n")
        try tail.restart()
        for name in names { folder.run("printf '4\\n' >> \"$(printf '\(name)')\"") }
        try tail.settle()
        #expect(tail.lines == 20)
    }

    @Test func `a directory and a link in no encoding are entered`() throws {
        let folder = try TemporaryFolder()
        folder.run(
            "d=\"$(printf 'd\\344ta')\"; mkdir \"$d\"; echo 1 > \"$d/x\"; mkdir logs; ln -s \"../$d/x\" logs/x.log")
        let tail = try TailHarness(folder, ["logs/*.log", "d*/y"])
        try tail.settle()
        folder.run("d=\"$(printf 'd\\344ta')\"; echo 2 >> \"$d/x\"; echo y > \"$d/y\"")
        try tail.settle()
        #expect(tail.read(folder("logs/x.log")) == "1\n2\n")
        #expect(tail.lines == 3)
    }

    /// As a kubelet lays them out: containers/x.log → pods/…/0.log → the runtime's own file, which it rotates.
    @Test func `a chain of links is followed through rotations of its end and a restart of the container`() throws {
        let folder = try TemporaryFolder()
        folder.run(
            """
            mkdir -p containers pods/web run/1 run/2; echo one > run/1/c.log
            ln -s ../../run/1/c.log pods/web/0.log; ln -s ../pods/web/0.log containers/web.log
            """)
        let tail = try TailHarness(folder, ["containers/*.log"]) { $0.leavingQuietMillis = 1_000 }
        try tail.settle()
        // The runtime rotates the file at the end of the chain.
        folder.run("echo two >> run/1/c.log; mv run/1/c.log run/1/c.log.1; echo three > run/1/c.log")
        try tail.settle()
        folder.run("echo late >> run/1/c.log.1; echo four >> run/1/c.log")
        try tail.settle(afterMillis: 1_000)
        // The link in the middle is pointed to the next container's file.
        folder.run("echo five > run/2/c.log; ln -s ../../run/2/c.log pods/web/new; mv -T pods/web/new pods/web/0.log")
        try tail.settle(afterMillis: 1_000)
        // The first link is made anew, through another pod.
        folder.run(
            "mkdir pods/api; echo six > run/2/d.log; ln -s ../../run/2/d.log pods/api/0.log; ln -sfn ../pods/api/0.log containers/web.log"
        )
        try tail.settle(afterMillis: 1_000)
        let lines = tail.read(folder("containers/web.log")).split(separator: "\n").sorted()
        #expect(lines == ["five", "four", "late", "one", "six", "three", "two"])
        #expect(tail.text.count == 1)
    }

    @Test func `a file has a name that its globs match, and none that leads over dots`() throws {
        let folder = try TemporaryFolder()
        folder.run(
            "mkdir -p logs/pods data; echo 1 > data/0.log; ln -s ../../data/0.log logs/pods/0.log; ln -s pods/0.log logs/web.log"
        )
        let tail = try TailHarness(folder, ["logs/**/*.log"])
        try tail.settle()
        #expect(tail.tailer.files().map(\.checkpoint.path) == [folder("logs/pods/0.log")])
        #expect(tail.read(folder("logs/pods/0.log")) == "1\n")
    }

    @Test func `a link to itself and a directory that holds itself end`() throws {
        let folder = try TemporaryFolder()
        folder.run(
            "mkdir -p a/b; ln -s ../.. a/b/up; ln -s loop.log loop.log; echo 1 > a/b/x.log; ln -s nowhere gone.log")
        let tail = try TailHarness(folder, ["**/*.log"])
        try tail.settle()
        folder.run("echo 2 >> a/b/x.log; echo 3 > nowhere")
        try tail.settle(afterMillis: 6_000)
        #expect(tail.lines == 3)
    }
}
