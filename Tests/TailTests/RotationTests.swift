import Events
import Glibc
import Testing

@testable import Tail

struct RotationTests {
    @Test func `a rename keeps the last partial line`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\nha")
        let tail = try TailHarness(folder)
        try tail.settle()
        folder.rename("a.log", "a.log.1")
        folder.append("a.log.1", "lf\nlate\n")
        folder.write("a.log", "new\n")
        try tail.settle(afterMillis: 60_000)
        #expect(
            tail.read(folder("a.log")) == "one\nhalf\nlate\nnew\n"
                || tail.read(folder("a.log")) == "one\nnew\nhalf\nlate\n")
        #expect(tail.bytesLost == 0 && tail.text.count == 1)
    }

    @Test func `a renamed file is followed under its new name until it is quiet`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\n")
        let tail = try TailHarness(folder) { $0.leavingQuietMillis = 1_000 }
        try tail.settle()
        folder.rename("a.log", "a.log.1")
        for step in 0..<5 {
            folder.append("a.log.1", "late \(step)\n")
            try tail.settle(afterMillis: 900)
        }
        #expect(tail.progress(folder("a.log.1"))?.state == .draining)
        try tail.settle(afterMillis: 100)
        #expect(tail.progress(folder("a.log.1"))?.state == .finished)
        #expect(tail.lines == 6)
        // Even then a late line is not lost, as long as the file lies where it can be seen.
        folder.append("a.log.1", "very late\n")
        try tail.settle()
        #expect(tail.lines == 7)
    }

    @Test func `many renames between two looks lose nothing`() throws {
        let folder = try TemporaryFolder()
        let tail = try TailHarness(folder)
        try tail.settle()
        for round in 0..<6 {
            for index in stride(from: round - 1, to: 0, by: -1) {
                folder.rename("a.log.\(index)", "a.log.\(index + 1)")
            }
            if round > 0 { folder.rename("a.log", "a.log.1") }
            folder.write("a.log", "round \(round)\n")
        }
        try tail.settle()
        let lines = tail.read(folder("a.log")).split(separator: "\n").sorted()
        #expect(lines == (0..<6).map { "round \($0)" })
    }

    @Test func `a chain of rotations where the glob matches the rotated names too reads nothing twice`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "")
        let tail = try TailHarness(folder, ["a.log*"]) { $0.leavingQuietMillis = 10 }
        for round in 0..<8 {
            folder.append("a.log", "round \(round)\n")
            if round % 2 == 0 { try tail.settle(afterMillis: 20) }
            folder.run(
                "rm -f a.log.3; for i in 2 1; do [ -e a.log.$i ] && mv a.log.$i a.log.$((i+1)); done; mv a.log a.log.1; : > a.log"
            )
        }
        try tail.settle(afterMillis: 20)
        #expect(tail.lines == 8)
    }

    @Test func `a truncated file is read from its beginning, and what was held is handed out`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\ntwo\nhalf")
        let tail = try TailHarness(folder)
        try tail.settle()
        folder.write("a.log", "new\n")
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\ntwo\nhalf⏎\nnew\n")
        #expect(tail.progress(folder("a.log"))?.checkpoint.generation == 1)
        #expect(tail.notes == ["truncated from 12 bytes or more to 4, read from the beginning"])
    }

    @Test(arguments: [8, 9, 500])
    func `a file truncated and grown past the old place is noticed by its content`(size: Int) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\ntwo\n")
        let tail = try TailHarness(folder)
        try tail.settle()
        folder.write("a.log", String(repeating: "x", count: size - 1) + "\n")
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\ntwo\n" + String(repeating: "x", count: size - 1) + "\n")
        #expect(tail.notes == ["rewritten before byte 8, read from the beginning"])
    }

    @Test func `a deleted file is read to its end through the open descriptor`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\n")
        let tail = try TailHarness(folder) { $0.leavingQuietMillis = 1_000 }
        try tail.settle()
        let descriptor = open(folder("a.log"), O_WRONLY | O_APPEND)
        folder.remove("a.log")
        folder.write("a.log", "new\n")
        #expect(write(descriptor, "late\n", 5) == 5)
        try tail.settle()
        #expect(write(descriptor, "later", 5) == 5)
        close(descriptor)
        try tail.settle()
        try tail.settle(afterMillis: 1_000)
        #expect(tail.lines == 4)
        #expect(tail.read(folder("a.log")).contains("later⏎\n"))
        #expect(tail.tailer.files().count == 1)
    }

    @Test func `a symbolic link that is swapped leads to the new file, and the old one is finished`() throws {
        let folder = try TemporaryFolder()
        folder.run("mkdir data logs; echo one > data/1; ln -s ../data/1 logs/current.log")
        let tail = try TailHarness(folder, ["logs/*.log"]) { $0.leavingQuietMillis = 1_000 }
        try tail.settle()
        folder.append("data/1", "two\n")
        try tail.settle()
        folder.run(
            "echo three > data/2; ln -sfn ../data/2 logs/new; mv -T logs/new logs/current.log; echo late >> data/1")
        try tail.settle()
        folder.append("data/2", "four\n")
        folder.append("data/1", "later\n")
        try tail.settle(afterMillis: 1_000)
        let lines = tail.read(folder("logs/current.log")).split(separator: "\n").sorted()
        #expect(lines == ["four", "late", "later", "one", "three", "two"])
        #expect(tail.text.count == 1)
    }

    @Test func `files made and renamed between two looks are read though no glob matches their new name`() throws {
        let folder = try TemporaryFolder()
        let tail = try TailHarness(folder)
        try tail.settle()
        folder.run("for i in 1 2 3 4 5; do echo $i > a.log; mv a.log old-$i; done")
        try tail.settle()
        #expect(tail.read(folder("a.log")).split(separator: "\n").sorted() == ["1", "2", "3", "4", "5"])
    }

    @Test func `a moved directory keeps its files, and a deleted one lets them go`() throws {
        let folder = try TemporaryFolder()
        folder.run("mkdir -p x/app; echo one > x/app/a.log")
        let tail = try TailHarness(folder, ["x/*/*.log"]) { $0.leavingQuietMillis = 1_000 }
        try tail.settle()
        folder.run("mv x/app x/other; echo two >> x/other/a.log")
        try tail.settle()
        folder.run("echo three >> x/other/a.log")
        try tail.settle()
        #expect(tail.lines == 3)
        #expect(tail.progress(folder("x/other/a.log"))?.state == .following)
        folder.run("rm -r x/other")
        try tail.settle(afterMillis: 1_000)
        #expect(tail.tailer.files().isEmpty)
    }
}
