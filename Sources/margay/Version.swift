import PCRE2
import Scan
import Store

/// What this program is made of.
enum Version {
    static let number = "0.1.0"

    static var text: String {
        "margay \(number) (\(PCRE2Library.version), \(Prefilter.libraryVersion), store schema \(Archive.schemaVersion))"
    }
}
