/// What one pattern has cost since it was last told.
package struct PatternCost: Sendable, Codable, Equatable {
    /// Its id; of a discard, what it is called.
    package var pattern: String
    /// Lines that it was asked about.
    package var asked: Int
    /// Of them, those whose time was taken, and how long they took together.
    package var timed: Int
    package var nanoseconds: UInt64
    /// Those that were given up at a limit of matching.
    package var givenUp: Int

    package init(pattern: String, asked: Int = 0, timed: Int = 0, nanoseconds: UInt64 = 0, givenUp: Int = 0) {
        self.pattern = pattern
        self.asked = asked
        self.timed = timed
        self.nanoseconds = nanoseconds
        self.givenUp = givenUp
    }

    /// What both have cost.
    package mutating func add(_ other: PatternCost) {
        asked &+= other.asked
        timed &+= other.timed
        nanoseconds &+= other.nanoseconds
        givenUp &+= other.givenUp
    }
}
