import Glibc
import Testing

@testable import Tail

/// A directory of its own for one test, gone when the test is.
final class TemporaryFolder: @unchecked Sendable {
    // Sendable: the path is constant; what lies in the directory is the file system's to guard.
    let path: String

    init() throws {
        var template = Array("/tmp/margay-test-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) != nil }
        try #require(made)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { TemporaryFolder.removeTree(path) }

    private static func removeTree(_ path: String) {
        if unlink(path) == 0 { return }
        for name in (try? Syscalls.live.list(path)) ?? [] { removeTree(path + "/" + name) }
        rmdir(path)
    }

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    /// Runs a line of shell in the directory.
    @discardableResult
    func run(_ line: String) -> Int32 { shell("cd '\(path)' && \(line)") }

    func write(_ name: String, _ text: String) { write(name, Array(text.utf8)) }

    /// Writes the file anew, keeping its inode if it exists.
    func write(_ name: String, _ bytes: [UInt8]) { put(name, bytes, O_TRUNC) }

    func append(_ name: String, _ text: String) { put(name, Array(text.utf8), O_APPEND) }

    func append(_ name: String, _ bytes: [UInt8]) { put(name, bytes, O_APPEND) }

    func rename(_ from: String, _ to: String) { #expect(Glibc.rename(self(from), self(to)) == 0) }

    func remove(_ name: String) { #expect(unlink(self(name)) == 0) }

    private func put(_ name: String, _ bytes: [UInt8], _ flag: Int32) {
        let descriptor = open(self(name), O_WRONLY | O_CREAT | flag, 0o644)
        #expect(descriptor >= 0)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            written += count
        }
        #expect(written == bytes.count)
        close(descriptor)
    }
}

/// The exit code of a line of shell.
@discardableResult
func shell(_ line: String) -> Int32 {
    var child: pid_t = 0
    let words = ["/bin/sh", "-c", line]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    guard posix_spawn(&child, "/bin/sh", nil, nil, &arguments, environ) == 0 else { return -1 }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    return status >> 8 & 0xFF
}
