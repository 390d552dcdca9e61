import Events

/// The fields of the query language.
package enum QueryField: String, Sendable, CaseIterable {
    case `is`, has, state, severity, type, id, pack, pattern, node, file, source, owner, reference, title, first, last,
        count, rate
}

extension QueryParser {
    /// The condition of one `field:value`; several values are alternatives.
    func condition(
        _ field: QueryField, _ comparison: Comparison?, _ values: [QueryToken.Value]
    ) throws(QueryFault) -> QueryNode {
        if let name = QueryName(rawValue: field.rawValue) {
            try refuse(comparison, of: field)
            return .test(.name(name, try names(name, values)))
        }
        var nodes: [QueryNode] = []
        for value in values { nodes.append(try condition(field, comparison, value)) }
        return nodes.count == 1 ? nodes[0] : .any(nodes)
    }

    private func condition(
        _ field: QueryField, _ comparison: Comparison?, _ value: QueryToken.Value
    ) throws(QueryFault) -> QueryNode {
        switch field {
        case .severity: return .test(try severity(comparison, value))
        case .count: return .test(.count(comparison ?? .equal, try number(value)))
        case .rate: return .test(try rate(comparison, value))
        case .first: return try time(.first, comparison, value)
        case .last: return try time(.last, comparison, value)
        default: break
        }
        try refuse(comparison, of: field)
        switch field {
        case .is: return .test(try mark(value))
        case .has:
            guard let attribute = QueryAttribute(rawValue: value.text) else {
                throw fault(value, unknown(value.text, "thing to have", QueryAttribute.allCases.map(\.rawValue)))
            }
            return .test(.has(attribute))
        case .state:
            guard let state = IssueState(rawValue: value.text) else {
                throw fault(value, unknown(value.text, "state", IssueState.allCases.map(\.rawValue)))
            }
            return .test(.state(state))
        case .type:
            guard let type = EventType(rawValue: value.text) else {
                throw fault(value, unknown(value.text, "type", EventType.allCases.map(\.rawValue)))
            }
            return .test(.type(type))
        default: return .test(.title(value.text))
        }
    }

    private func refuse(_ comparison: Comparison?, of field: QueryField) throws(QueryFault) {
        guard let comparison, comparison != .equal else { return }
        throw fault("'\(field.rawValue):' has no order; expected a value without '\(comparison.rawValue)'")
    }

    private func names(_ name: QueryName, _ values: [QueryToken.Value]) throws(QueryFault) -> [WildcardText] {
        var patterns: [WildcardText] = []
        for value in values {
            switch name {
            case .owner where value.text == "me" && !value.isQuoted: patterns.append(WildcardText(setting.me))
            case .id: patterns.append(WildcardText(QueryParser.id(value.text)))
            default: patterns.append(WildcardText(value.text))
            }
        }
        return patterns
    }

    /// An id as it is kept: ASCII letters in upper case; a beginning of it will do.
    private static func id(_ text: String) -> String {
        let upper = text.utf8.map { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") ? $0 - 32 : $0 }
        let id = String(decoding: upper, as: UTF8.self)
        return id.hasSuffix("*") ? id : id + "*"
    }

    private func mark(_ value: QueryToken.Value) throws(QueryFault) -> QueryTest {
        if let novelty = Novelty(rawValue: value.text) { return .novelty(novelty) }
        if let state = IssueState(rawValue: value.text) { return .state(state) }
        if value.text == "mine" { return .name(.owner, [WildcardText(setting.me)]) }
        if let mark = QueryMark(rawValue: value.text) { return .mark(mark) }
        let words =
            Novelty.allCases.map(\.rawValue) + IssueState.allCases.map(\.rawValue)
            + QueryMark.allCases.map(\.rawValue) + ["mine"]
        throw fault(value, unknown(value.text, "thing to be", words))
    }

    /// `major`, `>=major`, `major+`.
    private func severity(_ comparison: Comparison?, _ value: QueryToken.Value) throws(QueryFault) -> QueryTest {
        var name = value.text[...]
        let isOpenEnded = name.hasSuffix("+")
        if isOpenEnded { name.removeLast() }
        guard let severity = Severity(name: name) else {
            throw fault(value, unknown(String(name), "severity", Severity.allCases.reversed().map(\.name)))
        }
        if isOpenEnded, comparison != nil {
            throw fault(value, "expected either an operator in front or a + behind, not both")
        }
        return .severity(isOpenEnded ? .atLeast : comparison ?? .equal, severity)
    }

    private func number(_ value: QueryToken.Value, _ text: Substring? = nil) throws(QueryFault) -> Int {
        let digits = text ?? value.text[...]
        guard digits.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }), let number = Int(digits)
        else { throw fault(value, "expected a number of events, as 100") }
        return number
    }

    /// `>10/h`, `>=500/d`.
    private func rate(_ comparison: Comparison?, _ value: QueryToken.Value) throws(QueryFault) -> QueryTest {
        let parts = value.text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let unit = QueryRate(rawValue: String(parts[1])) else {
            throw fault(value, "expected events an hour or a day, as 10/h or 500/d")
        }
        return .rate(comparison ?? .atLeast, try number(value, parts[0]), unit)
    }

    /// A duration is an age: `first:<24h` is within the last 24 hours. A day alone is that day.
    private func time(
        _ moment: QueryMoment, _ comparison: Comparison?, _ value: QueryToken.Value
    ) throws(QueryFault) -> QueryNode {
        guard let time = MomentText(value.text) else {
            throw fault(value, "expected an age as 24h, a date as 2026-11-22, or a time")
        }
        let at = time.moment(now: setting.now)
        switch (time, comparison) {
        case (.ago, nil), (.ago, .less), (.ago, .atMost): return .test(.time(moment, .atLeast, at))
        case (.ago, .more): return .test(.time(moment, .less, at))
        case (.ago, .atLeast): return .test(.time(moment, .atMost, at))
        case (.ago, .equal):
            throw fault(value, "expected < or > before an age; nothing is exactly \(value.text) old")
        case (.day, nil), (.day, .equal):
            let next = at.adding(Timestamp(seconds: 86_400))
            return .all([.test(.time(moment, .atLeast, at)), .test(.time(moment, .less, next))])
        case (_, let comparison): return .test(.time(moment, comparison ?? .equal, at))
        }
    }
}
