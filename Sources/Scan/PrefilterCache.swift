import CHyperscan
import Events
import Glibc

/// Compiled prefilters on disk, so that a start does not compile them again: found by what they were compiled from.
///
/// A file that is missing, damaged, of another version of the library or of another user is as good as none. Nothing
/// here ever fails: without a cache the start is slower, no more.
package struct PrefilterCache: Sendable {
    /// Where the files lie; made with mode 0700 when it is missing.
    package let directory: String
    /// A larger file is not read.
    static let fileBytesMax = 512 * 1_024 * 1_024

    package init(directory: String) { self.directory = directory }

    /// A compiled database and the rules that it does not cover, each with the reason.
    struct Entry {
        /// The reader's to free; nil when no rule was taken.
        var database: OpaquePointer?
        var refused: [(rule: Int, reason: String)]
    }

    /// What an entry is found by: the library, the processor's features that it used, and every expression in order.
    static func key(of expressions: [String]) -> Fingerprint {
        var platform = hs_platform_info_t()
        hs_populate_platform(&platform)
        var builder = FingerprintBuilder()
        builder.add(hs_version().map { String(cString: $0) } ?? "")
        builder.add(Int(platform.tune))
        builder.add(Int(truncatingIfNeeded: platform.cpu_features))
        builder.add(PrefilterExpression.rewritingVersion)
        builder.add(expressions.count)
        for expression in expressions { builder.add(expression) }
        return builder.finish()
    }

    func load(_ key: Fingerprint) -> Entry? {
        let descriptor = open(path(key), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var information = stat()
        // A database is code to the library: one that somebody else may have written is not trusted.
        guard fstat(descriptor, &information) == 0, information.st_uid == geteuid() || information.st_uid == 0,
            information.st_mode & 0o022 == 0, information.st_size > 0,
            information.st_size <= PrefilterCache.fileBytesMax
        else { return nil }
        let size = Int(information.st_size)
        guard let mapped = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), mapped != MAP_FAILED else {
            return nil
        }
        defer { munmap(mapped, size) }
        return PrefilterFile.read(UnsafeRawBufferPointer(start: mapped, count: size))
    }

    func store(_ entry: Entry, _ key: Fingerprint) {
        guard let bytes = PrefilterFile.bytes(of: entry) else { return }
        makeDirectory()
        let temporary = path(key) + ".\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        var written = 0
        bytes.withUnsafeBytes { buffer in
            while written < buffer.count {
                let count = write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return }
                written += count
            }
        }
        close(descriptor)
        // Renaming makes it whole or absent for every other process.
        if written != bytes.count || rename(temporary, path(key)) != 0 { unlink(temporary) }
    }

    private func path(_ key: Fingerprint) -> String { "\(directory)/prefilter-\(key).hs" }

    private func makeDirectory() {
        var path = ""
        for component in directory.split(separator: "/") {
            path += "/" + component
            mkdir(path, 0o700)
        }
    }
}

/// How an entry lies in its file: mark, hash of the rest, the refused rules, the serialised database.
private enum PrefilterFile {
    private static let mark = Array("MARGAYHS1\n".utf8)

    static func bytes(of entry: PrefilterCache.Entry) -> [UInt8]? {
        var body: [UInt8] = []
        append(entry.refused.count, to: &body)
        for (rule, reason) in entry.refused {
            append(rule, to: &body)
            append(reason.utf8.count, to: &body)
            body += reason.utf8
        }
        if let database = entry.database {
            var bytes: UnsafeMutablePointer<CChar>?
            var length = 0
            guard hs_serialize_database(database, &bytes, &length) == HS_SUCCESS, let bytes else { return nil }
            body += UnsafeRawBufferPointer(start: bytes, count: length)
            free(bytes)
        }
        var file = mark
        append(Int(bitPattern: UInt(body.withUnsafeBytes { SipHash.hash64($0) })), to: &file)
        return file + body
    }

    static func read(_ file: UnsafeRawBufferPointer) -> PrefilterCache.Entry? {
        var rest = file
        guard file.starts(with: mark) else { return nil }
        rest = UnsafeRawBufferPointer(rebasing: rest[mark.count...])
        guard let hash = number(&rest), UInt(bitPattern: hash) == UInt(SipHash.hash64(rest)),
            let count = number(&rest), count >= 0
        else { return nil }
        var refused: [(rule: Int, reason: String)] = []
        for _ in 0..<count {
            guard let rule = number(&rest), let length = number(&rest), length >= 0, length <= rest.count else {
                return nil
            }
            refused.append((rule, String(decoding: rest[..<length], as: UTF8.self)))
            rest = UnsafeRawBufferPointer(rebasing: rest[length...])
        }
        guard !rest.isEmpty else { return PrefilterCache.Entry(database: nil, refused: refused) }
        var database: OpaquePointer?
        let bytes = rest.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard hs_deserialize_database(bytes, rest.count, &database) == HS_SUCCESS, let database else { return nil }
        return PrefilterCache.Entry(database: database, refused: refused)
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: Int64(number).littleEndian) { bytes += $0 }
    }

    private static func number(_ rest: inout UnsafeRawBufferPointer) -> Int? {
        guard rest.count >= 8 else { return nil }
        let value = Int64(littleEndian: rest.loadUnaligned(as: Int64.self))
        rest = UnsafeRawBufferPointer(rebasing: rest[8...])
        return Int(value)
    }
}
