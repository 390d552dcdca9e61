import Events

/// A text as one word of a shell, so that a command that was copied means what was shown.
enum ShellText {
    /// In single quotes, where nothing means anything (POSIX.1, 2.2.2); with characters that cannot be seen, in `$'…'`
    /// (POSIX.1-2024, 2.2.4; bash, zsh, ksh), these by their bytes. NUL, which no word can hold, is left out.
    static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars.filter { $0.value != 0 }
        guard scalars.contains(where: isHidden) else {
            let parts = String(String.UnicodeScalarView(scalars)).split(
                separator: "'", omittingEmptySubsequences: false)
            return "'" + parts.joined(separator: "'\\''") + "'"
        }
        var result = "$'"
        for scalar in scalars {
            if scalar == "'" || scalar == "\\" {
                result += "\\" + String(scalar)
            } else if isHidden(scalar) {
                for byte in String(scalar).utf8 {
                    let digits = String(byte, radix: 8)
                    // Three digits, so that none of those behind it is taken for a fourth.
                    result += "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
                }
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result + "'"
    }

    /// What a page would write out instead of showing.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar != "\n" && scalar != "\t" && String(scalar).safe != String(scalar)
    }
}
