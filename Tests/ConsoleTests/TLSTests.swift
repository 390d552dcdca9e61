import Access
import Events
import Foundation
import Logging
import Testing

@testable import Console

/// The console over TLS, with certificates that openssl makes and openssl speaks to.
@Suite struct TLSTests {
    /// A folder with a certificate and its key.
    private final class Certificate {
        let folder: String
        var certificate: String { folder + "/tls.crt" }
        var key: String { folder + "/tls.key" }

        init(_ name: String) throws {
            folder = NSTemporaryDirectory() + "margay-tls-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try make(name)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        /// Puts a new pair into the place of the old.
        func make(_ name: String) throws {
            let result = try TLSTests.openssl([
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=\(name)", "-keyout", folder + "/new.key", "-out", folder + "/new.crt",
            ])
            #expect(FileManager.default.fileExists(atPath: folder + "/new.crt"), "\(result)")
            for (new, old) in [("/new.key", key), ("/new.crt", certificate)] {
                #expect(rename(folder + new, old) == 0)
            }
        }

        var settings: ConsoleSettings {
            var settings = TestConsole.anyPort
            settings.tls = ConsoleSettings.TLS(certificate: certificate, key: key, place: "margay.yaml:3:8")
            return settings
        }
    }

    private static func openssl(_ arguments: [String], input: String = "") throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        let (into, out) = (Pipe(), Pipe())
        process.standardInput = into
        process.standardOutput = out
        process.standardError = out
        try process.run()
        into.fileHandleForWriting.write(Data(input.utf8))
        try into.fileHandleForWriting.close()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }

    /// What openssl says of a connection, and what came over it.
    private func talk(_ port: Int, _ request: String, _ options: [String] = []) async throws -> String {
        try await offPool {
            try TLSTests.openssl(
                ["s_client", "-connect", "127.0.0.1:\(port)", "-ign_eof"] + options,
                input: "\(request)\r\nHost: localhost:\(port)\r\nConnection: close\r\n\r\n")
        }
    }

    @Test func `it speaks TLS, and its cookies and forms are for TLS only`() async throws {
        let files = try Certificate("margay-one")
        try await withConsole(settings: files.settings, people: true) { console, _ in
            #expect(console.opening.origin == "https://127.0.0.1:\(console.port)")
            let health = try await talk(console.port, "GET /healthz HTTP/1.1")
            #expect(health.contains("CN = margay-one"))
            #expect(health.contains("HTTP/1.1 200"))
            let login = try await talk(console.port, "GET /login HTTP/1.1")
            #expect(login.contains("__Host-margay-session="))
            #expect(login.contains("; HttpOnly; SameSite=Strict; Max-Age=31536000; Secure"))
            for (origin, status) in [("https", "403 Forbidden"), ("http", "403 Forbidden")] {
                let reply = try await talk(
                    console.port,
                    "POST /login HTTP/1.1\r\nOrigin: \(origin)://localhost:\(console.port)\r\nContent-Length: 0\r\n"
                        + "Content-Type: application/x-www-form-urlencoded")
                #expect(reply.contains(status))
                // Ours lacks its token; the other is another site.
                #expect(reply.contains("This page is too old") == (origin == "https"))
            }
        }
    }

    @Test(arguments: ["-tls1_1", "-tls1"]) func `what is older than TLS 1.2 is not spoken`(_ version: String)
        async throws
    {
        let files = try Certificate("margay-old")
        try await withConsole(settings: files.settings) { console, _ in
            let reply = try await talk(console.port, "GET /healthz HTTP/1.1", [version, "-cipher", "ALL@SECLEVEL=0"])
            #expect(!reply.contains("HTTP/1.1 200"))
            let modern = try await talk(console.port, "GET /healthz HTTP/1.1", ["-tls1_2"])
            #expect(modern.contains("HTTP/1.1 200"))
        }
    }

    @Test func `a new certificate is for new connections, and nobody is cut off`() async throws {
        let files = try Certificate("margay-first")
        try await withConsole(settings: files.settings) { console, _ in
            let port = console.port
            // A connection that stays open over the change, driven through pipes.
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
            process.arguments = ["s_client", "-connect", "127.0.0.1:\(port)", "-ign_eof", "-quiet"]
            let (into, out) = (Pipe(), Pipe())
            process.standardInput = into
            process.standardOutput = out
            process.standardError = FileHandle.nullDevice
            try process.run()
            let request = Data("GET /healthz HTTP/1.1\r\nHost: localhost:\(port)\r\n\r\n".utf8)
            into.fileHandleForWriting.write(request)
            #expect(try await TLSTests.read(out).contains("200 OK"))
            try files.make("margay-second")
            console.server.reload()
            #expect(try await talk(port, "GET /healthz HTTP/1.1").contains("CN = margay-second"))
            into.fileHandleForWriting.write(request)
            #expect(try await TLSTests.read(out).contains("200 OK"))
            process.terminate()
        }
    }

    private static func read(_ pipe: Pipe) async throws -> String {
        let handle = pipe.fileHandleForReading
        return try await offPool {
            var text = ""
            while !text.hasSuffix("ok\n") {
                let more = handle.availableData
                if more.isEmpty { break }
                text += String(decoding: more, as: UTF8.self)
            }
            return text
        }
    }

    @Test func `a pair that does not belong together is left until it does`() async throws {
        let files = try Certificate("margay-first")
        let other = try Certificate("margay-second")
        let kept = try CertificateFiles(try #require(files.settings.tls))
        #expect(kept.look() == .same)
        #expect(rename(other.certificate, files.certificate) == 0)
        #expect(
            kept.look()
                == .faulty(
                    "margay.yaml:3:8: error: [bad-tls] the key \(files.key) does not belong to the certificate "
                        + "\(files.certificate); name the two that were made together"))
        // Said once.
        #expect(kept.look() == .same)
        #expect(rename(other.key, files.key) == 0)
        #expect(kept.look() == .renewed)
        #expect(unlink(files.key) == 0)
        guard case .faulty = kept.look() else {
            Issue.record("a key that is gone is not said")
            return
        }
    }

    @Test func `files that are none are named at the start, with the place and the remedy`() async throws {
        let files = try Certificate("margay-bad")
        let store = try await TestConsole()
        for (path, text, message) in [
            (
                files.certificate, "no certificate",
                "the certificate \(files.certificate) cannot be understood; it must be "
                    + "in PEM form, beginning with -----BEGIN CERTIFICATE-----"
            ),
            (
                files.key, "",
                "the key \(files.key) cannot be understood; it must be in PEM form, beginning with "
                    + "-----BEGIN PRIVATE KEY-----"
            ),
        ] {
            try files.make("margay-bad")
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            let server = ConsoleServer(log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let (archive, settings) = (store.archive, files.settings)
            let fault = await #expect(throws: ConsoleServer.Fault.self) {
                try await offPool { _ = try server.start(TestConsole.host(archive), settings) }
            }
            #expect(fault?.description == "margay.yaml:3:8: error: [bad-tls] \(message)")
        }
        try await store.stop()
    }
}
