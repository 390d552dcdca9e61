import Glibc

/// A program that shows what is longer than the screen, as git and journalctl have one.
enum Pager {
    /// What the shell is asked to run: `$MARGAY_PAGER`, `$PAGER`, or less. Nil where somebody wants none: an empty name,
    /// or cat.
    static func command(_ variable: (String) -> String?) -> String? {
        let named = variable("MARGAY_PAGER") ?? variable("PAGER") ?? "less"
        let command = named.trimmed
        return command.isEmpty || command == "cat" ? nil : command
    }

    /// Whether `text` fills more than a screen of `rows` lines of `columns`. A heuristic: escape sequences count as text,
    /// so that a screenful of colours may be paged though it would just fit.
    static func isLong(_ text: String, rows: Int, columns: Int) -> Bool {
        var used = 1
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            used += max(1, (line.count + columns - 1) / max(1, columns))
            if used > rows + 1 { return true }
        }
        return false
    }

    /// Shows `text` and waits until the reader is done. Returns false where the pager could not be run: nothing was shown.
    ///
    /// Ctrl-C is the pager's meanwhile.
    static func show(_ text: String, by command: String) -> Bool {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return false }
        // Neither end goes on into the child but as its standard input.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // As git does: F leaves at once what fits, R lets colours through, X does not wipe what was shown.
        setenv("LESS", "FRX", 0)
        setenv("LV", "-c", 0)
        // Behind sudo, the pager runs no shell and opens no other file.
        if getenv("SUDO_UID") != nil { setenv("LESSSECURE", "1", 1) }
        guard let child = start(command, input: ends[0]) else {
            close(ends[0])
            close(ends[1])
            return false
        }
        close(ends[0])
        let before = signal(SIGINT, SIG_IGN)
        defer { signal(SIGINT, before) }
        _ = Terminal(descriptor: ends[1], colour: .never, variable: { _ in nil }).write(text)
        close(ends[1])
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        // 127: the shell has not found it; 126: it may not be run (POSIX, sh, "Exit status").
        return status != 127 << 8 && status != 126 << 8
    }

    private static func start(_ command: String, input: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Margay ignores broken pipes; a pager must not.
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGPIPE, SIGINT] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var child: pid_t = 0
        let words: [UnsafeMutablePointer<CChar>?] = (["/bin/sh", "-c", command] as [String]).map { strdup($0) }
        defer { for word in words { free(word) } }
        return posix_spawn(&child, "/bin/sh", &actions, &attributes, words + [nil], environ) == 0 ? child : nil
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
