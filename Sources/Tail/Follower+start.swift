import Events

/// Where reading begins in a file of which nobody has read anything.
extension Follower {
    /// At the first record at or after the moment.
    ///
    /// A file that was last written to before it is not looked at. One that tells no dates is read from its first byte:
    /// of what it holds, nobody can say what is old.
    func begin(since moment: Timestamp, _ status: FileStatus) throws(SystemError) {
        guard status.modifiedNanoseconds / 1_000 >= moment.microseconds else { return try beginAtEnd(status.size) }
        guard let told = try settleLayout(), try !isNoLog() else { return begin(at: 0, lines: 0) }
        var search = StartSearch(
            moment: moment,
            lines: DatedLines(
                descriptor: current.descriptor, syscalls: syscalls, form: form, textStart: Int64(told.markBytes),
                size: status.size, zone: zone,
                reference: Timestamp(microseconds: status.modifiedNanoseconds / 1_000)))
        switch try search.run() {
        case .found(let offset) where offset <= Int64(told.markBytes): begin(at: 0, lines: 0)
        case .found(let offset): try begin(provenAt: offset, lines: nil)
        case .nothingSince: try beginAtEnd(status.size)
        case .undated:
            if status.size > 0 {
                taken.note("no dates in it: read from its first byte, since it was written to after \(moment)")
            }
            begin(at: 0, lines: 0)
        case .gaveUp(let offset):
            taken.note("the first record since \(moment) was not found in time: read from byte \(offset), before it")
            if offset <= Int64(told.markBytes) {
                begin(at: 0, lines: 0)
            } else {
                try begin(provenAt: offset, lines: nil)
            }
        }
    }

    /// Behind the last newline before byte `found`, which was the end when the file was found and not opened.
    ///
    /// Nothing proves that it is still the same log, apart from its size.
    func begin(endedAt found: Int64, _ size: Int64) throws(SystemError) {
        if size >= found { return try beginAtEnd(found) }
        taken.note(RestartReason.shrunk(from: found, to: size).description)
        generation += 1
        begin(at: 0, lines: 0)
    }
}
