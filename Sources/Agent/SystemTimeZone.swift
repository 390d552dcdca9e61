package import Events
import Patterns

/// Time zones as this host knows them (tzfile(5)).
package enum SystemTimeZone {
    private static let directory = "/usr/share/zoneinfo/"
    /// The largest file of the tz database is under 4 KiB.
    private static let fileBytesMax = 256 * 1_024

    /// The rules of a zone of the tz database, as `Europe/London`; nil where the host has none of that name.
    package static func named(_ name: String) -> TimeZoneRules? {
        if name == "UTC" || name == "Z" { return .utc }
        let isPlain = !name.isEmpty && !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
        return isPlain ? file(directory + name) : nil
    }

    /// The zone that programs on this host write their logs in: `$TZ`, else /etc/localtime, else UTC.
    package static func local(_ environment: Surroundings) -> TimeZoneRules {
        if let name = environment["TZ"], let zone = named(name.hasPrefix(":") ? String(name.dropFirst()) : name) {
            return zone
        }
        return file("/etc/localtime") ?? .utc
    }

    private static func file(_ path: String) -> TimeZoneRules? {
        do {
            return TimeZoneRules(tzif: try bytes(of: path, bytesMax: fileBytesMax))
        } catch {
            return nil  // A host without the tz database: the caller says which zone is unknown.
        }
    }
}
