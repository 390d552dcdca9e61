package import Events
package import Triage

extension IssueQuery {
    /// The list that a query of the query language asks for: open issues unless it says which, latest first unless it
    /// says how.
    package init(_ filter: IssueFilter, now: Timestamp, limit: Int = IssueQuery.limitDefault) {
        self.init(
            states: filter.condition.statesMeant, sort: filter.sort ?? .lastSeen,
            isAscending: filter.isAscending, limit: limit, condition: filter.condition, now: now)
    }
}
