package import Events
internal import GRDB

/// Adds what patterns cost, one row a pattern and node.
struct PatternCostTable {
    private let statement: BoundStatement

    init(_ database: Database) throws {
        statement = try BoundStatement(
            database,
            """
            INSERT INTO pattern_cost (node, pattern, asked, timed, nanoseconds, given_up, given_up_last)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, iif(?6 > 0, ?7, NULL))
            ON CONFLICT (node, pattern) DO UPDATE SET asked = asked + excluded.asked, timed = timed + excluded.timed,
                nanoseconds = nanoseconds + excluded.nanoseconds, given_up = given_up + excluded.given_up,
                given_up_last = coalesce(excluded.given_up_last, given_up_last)
            """)
    }

    func add(_ costs: [PatternCost], node: Int64, time: Timestamp) throws {
        for cost in costs {
            statement.bind(node, at: 1)
            statement.bind(cost.pattern, at: 2)
            statement.bind(cost.asked, at: 3)
            statement.bind(cost.timed, at: 4)
            statement.bind(cost.nanoseconds, at: 5)
            statement.bind(cost.givenUp, at: 6)
            statement.bind(time, at: 7)
            try statement.run()
        }
    }
}

/// What a pattern has cost ever, over all nodes.
package struct PatternCostRow: Sendable, Equatable {
    package var cost: PatternCost
    /// When a match was last given up at a limit; nil for never.
    package var givenUpLast: Timestamp?

    package init(cost: PatternCost, givenUpLast: Timestamp?) {
        self.cost = cost
        self.givenUpLast = givenUpLast
    }

    /// For a line that the pattern is asked about; nil where no time was taken yet.
    package var nanosecondsEach: UInt64? {
        cost.timed > 0 ? cost.nanoseconds / UInt64(cost.timed) : nil
    }
}

extension Archive {
    /// What the patterns have cost that were asked about anything, by their ids.
    package func patternCosts() throws(ArchiveError) -> [String: PatternCostRow] {
        try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT pattern, sum(asked), sum(timed), sum(nanoseconds), sum(given_up), max(given_up_last)
                FROM pattern_cost GROUP BY pattern
                """)
            var costs: [String: PatternCostRow] = [:]
            while try statement.step() {
                costs[statement.text(0)] = PatternCostRow(
                    cost: PatternCost(
                        pattern: statement.text(0), asked: statement.int(1), timed: statement.int(2),
                        nanoseconds: statement.bits(3), givenUp: statement.int(4)),
                    givenUpLast: statement.isNull(5) ? nil : statement.time(5))
            }
            return costs
        }
    }
}
