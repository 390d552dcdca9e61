package import Events

extension Severity {
    /// Whether news of this severity wait for somebody to judge them, and are told singly. Warnings are what programs
    /// write when nothing has failed yet; they are counted, listed and found, and regrading one brings it to people.
    package var wantsJudgement: Bool {
        switch self {
        case .critical, .major, .minor, .indeterminate: true
        case .warning, .clear: false
        }
    }
}
