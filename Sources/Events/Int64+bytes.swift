extension Int64 {
    /// `12.3 MB`, in powers of 1,000.
    package var asBytes: String {
        let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
        var unit = 0
        var divisor: Int64 = 1
        while self / divisor >= 1_000, unit < units.count - 1 {
            divisor *= 1_000
            unit += 1
        }
        guard unit > 0 else { return "\(self) B" }
        let tenths = self / (divisor / 10)
        return tenths >= 1_000 ? "\(tenths / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
