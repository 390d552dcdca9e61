/// How much of what is new is told: by what is learned first, and how often.
package struct NoveltyPolicy: Sendable, Equatable {
    package var learning: LearningPolicy
    /// Whether `AlertBudget` and `GroupingQuality` hold notices back for a summary.
    package var hasBudget: Bool

    package init(learning: LearningPolicy, hasBudget: Bool) {
        self.learning = learning
        self.hasBudget = hasBudget
    }

    /// For a host that is watched for months.
    package static let standard = NoveltyPolicy(learning: .standard, hasBudget: true)
    /// Tells everything at once: for somebody who looks on.
    package static let everything = NoveltyPolicy(learning: .off, hasBudget: false)
}
