package import Triage

/// What came of a batch.
package struct RecordedBatch: Sendable, Equatable {
    /// What to tell, in the order of the batch's issues.
    package var notices: [Notice] = []
    /// Sources that are past learning with it, by name.
    package var learned: [LearnedSource] = []
}

/// A source whose learning is over.
package struct LearnedSource: Sendable, Equatable {
    package var name: String
    package var issues: Int
    package var events: Int
    /// Why it is over, as a clause.
    package var reason: String
}
