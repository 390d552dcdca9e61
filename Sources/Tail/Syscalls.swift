import CLinux
import Events
import Glibc

/// The system calls that touch followed files, as values: the seam through which a test fails the n-th of them.
///
/// Paths go in and come out as `PathText`. Each throws `SystemError` with the error number; an interrupted call is repeated. All are safe on every thread.
package struct Syscalls: Sendable {
    /// Opens for reading, never waiting for the writer of a FIFO. The caller closes the descriptor.
    package var open: @Sendable (_ path: String) throws(SystemError) -> Int32
    /// Closes a descriptor; there is nothing to do about an error, so none is told.
    package var close: @Sendable (_ descriptor: Int32) -> Void
    /// Reads at the descriptor's own position. 0 at the end.
    package var read: @Sendable (_ descriptor: Int32, _ into: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int
    /// Reads at `offset`, leaving the position alone. 0 at the end.
    package var readAt:
        @Sendable (_ descriptor: Int32, _ into: UnsafeMutableRawBufferPointer, _ offset: Int64) throws(SystemError)
            -> Int
    /// Status of an open file.
    package var status: @Sendable (_ descriptor: Int32) throws(SystemError) -> FileStatus
    /// Status of a path; of the link itself where `following` is false.
    package var statusOfPath: @Sendable (_ path: String, _ following: Bool) throws(SystemError) -> FileStatus
    /// First byte at or after `offset` that is not in a hole; nil when only a hole follows, or where unsupported.
    package var nextData: @Sendable (_ descriptor: Int32, _ offset: Int64) throws(SystemError) -> Int64?
    /// Names in a directory, without `.` and `..`; in no order.
    package var list: @Sendable (_ directory: String) throws(SystemError) -> [String]
    /// What a symbolic link says, as written.
    package var readLink: @Sendable (_ path: String) throws(SystemError) -> String
    /// Whether a directory lies on a file system that does not tell of its changes.
    package var isRemote: @Sendable (_ directory: String) throws(SystemError) -> Bool
    /// Adds a directory to an inotify descriptor; returns the watch.
    package var watch: @Sendable (_ descriptor: Int32, _ directory: String, _ mask: UInt32) throws(SystemError) -> Int32
}

extension Syscalls {
    /// The kernel's.
    package static let live = Syscalls(
        open: { path throws(SystemError) in
            try Int32(checked("open") { Int(PathText.withBytes(path) { margay_open_for_reading($0) }) })
        },
        close: { descriptor in _ = Glibc.close(descriptor) },
        read: { descriptor, buffer throws(SystemError) in
            try checked("read") {
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                return count < 0 ? Int(-errno) : count
            }
        },
        readAt: { descriptor, buffer, offset throws(SystemError) in
            try checked("pread") {
                let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
                return count < 0 ? Int(-errno) : count
            }
        },
        status: { descriptor throws(SystemError) in
            var found = margay_file_status()
            _ = try checked("statx") { Int(margay_status_of_descriptor(descriptor, &found)) }
            return FileStatus(found)
        },
        statusOfPath: { path, following throws(SystemError) in
            var found = margay_file_status()
            _ = try checked("statx") {
                Int(PathText.withBytes(path) { margay_status_of_path($0, following ? 1 : 0, &found) })
            }
            return FileStatus(found)
        },
        nextData: { descriptor, offset throws(SystemError) in
            let found = margay_seek_data(descriptor, offset)
            if found >= 0 { return found }
            if Int32(-found) == ENXIO { return nil }
            throw SystemError(call: "lseek", number: Int32(-found))
        },
        list: { directory throws(SystemError) in try namesInDirectory(directory) },
        readLink: { path throws(SystemError) in
            var text = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
            let count = PathText.withBytes(path) { readlink($0, &text, text.count - 1) }
            if count < 0 { throw SystemError(call: "readlink", number: errno) }
            return PathText.text(text[..<count].lazy.map { UInt8(bitPattern: $0) })
        },
        isRemote: { directory throws(SystemError) in
            try checked("statfs") { Int(PathText.withBytes(directory) { margay_is_remote($0) }) } == 1
        },
        watch: { descriptor, directory, mask throws(SystemError) in
            try Int32(
                checked("inotify_add_watch") {
                    let watch = PathText.withBytes(directory) { inotify_add_watch(descriptor, $0, mask) }
                    return watch < 0 ? Int(-errno) : Int(watch)
                })
        }
    )

    /// Runs a call that returns a count or an error number negated, again as long as a signal interrupts it.
    private static func checked(_ name: String, _ call: () -> Int) throws(SystemError) -> Int {
        while true {
            let result = call()
            if result >= 0 { return result }
            if result != -Int(EINTR) { throw SystemError(call: name, number: Int32(-result)) }
        }
    }
}

private func namesInDirectory(_ path: String) throws(SystemError) -> [String] {
    guard let directory = PathText.withBytes(path, { opendir($0) }) else {
        throw SystemError(call: "opendir", number: errno)
    }
    defer { closedir(directory) }
    var names: [String] = []
    while true {
        errno = 0
        guard let entry = readdir(directory) else {
            if errno != 0 { throw SystemError(call: "readdir", number: errno) }
            return names
        }
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: UInt8.self, capacity: 256) { bytes in
                PathText.text(UnsafeBufferPointer(start: bytes, count: 256).prefix { $0 != 0 })
            }
        }
        if name != "." && name != ".." { names.append(name) }
    }
}

extension FileStatus {
    fileprivate init(_ found: margay_file_status) {
        let kind: Kind =
            switch found.mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            case S_IFIFO: .pipe
            default: .other
            }
        self.init(
            identity: FileIdentity(
                device: found.device, inode: found.inode, birthNanoseconds: found.birth_nanoseconds),
            kind: kind, size: found.size, modifiedNanoseconds: found.modified_nanoseconds, links: found.links)
    }
}
