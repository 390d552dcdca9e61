import Glibc
import Testing

@testable import Console

@Suite struct WaitingConnectionsTests {
    @Test func `the one that has waited longest goes`() {
        var line = WaitingLine<String>(limit: 2)
        #expect(line.join("a") == nil)
        #expect(line.join("b") == nil)
        #expect(line.join("c") == "a")
        #expect(line.join("d") == "b")
        #expect(line.count == 2)
    }

    @Test func `who leaves, or begins to wait anew, is not the one`() {
        var line = WaitingLine<String>(limit: 2)
        _ = line.join("a")
        _ = line.join("b")
        line.leave("a")
        #expect(line.join("c") == nil)
        _ = line.join("b")
        #expect(line.join("d") == "c")
        #expect(line.join("e") == "b")
    }

    @Test func `the line stays small however often its members come back`() {
        var line = WaitingLine<Int>(limit: 3)
        for turn in 0..<10_000 { #expect(line.join(turn % 3) == nil) }
        #expect(line.count == 3)
        #expect(line.join(9) == 1)
    }

    @Test(.serialized, arguments: ["", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", "P"])
    func `connections that never ask shut nobody out`(said: String) async throws {
        // Both ends of each connection are in this process, beside the files of the tests that run meanwhile.
        var files = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
        files.rlim_cur = max(files.rlim_cur, min(files.rlim_max, 8_192))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
        try await withConsole { console, browser in
            let port = console.port
            let held = try await offPool {
                try (0..<(ConsoleLimits.connectionsMax + 100)).map { _ in
                    let socket = try TestSocket(port: port)
                    socket.send(Array(said.utf8))
                    return socket
                }
            }
            #expect(try await browser.get("/healthz").status == 200)
            #expect(try await browser.get("/issues").status == 200)
            withExtendedLifetime(held) {}
        }
    }
}
