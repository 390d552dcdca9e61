/// Lengths of time for people to read.
package enum TimeSpan {
    private static let units: [(seconds: Int, name: String)] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")]

    /// `40 s`, `12 min`, `3 h 5 min`, `2 d 19 h`: two units at most, the smaller one left out where it is none and below
    /// an hour, and the rest cut off. Less than nothing is `0 s`.
    package static func words(seconds: Int) -> String {
        guard let first = units.firstIndex(where: { seconds >= $0.seconds }) else { return "0 s" }
        let unit = units[first]
        let whole = "\(seconds / unit.seconds) \(unit.name)"
        guard unit.seconds >= 3_600 else { return whole }
        let next = units[first + 1]
        let rest = seconds % unit.seconds / next.seconds
        return rest == 0 ? whole : "\(whole) \(rest) \(next.name)"
    }
}
