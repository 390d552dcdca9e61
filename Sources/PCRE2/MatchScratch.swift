import CPCRE2

/// What one thread needs to match: room for captures, a JIT stack and the limits that stop a runaway expression.
///
/// Not shared between threads. The captures of the last match stay readable until the next call of `match`.
package final class MatchScratch {
    /// How much work one match may do before it is given up.
    package struct Limits: Sendable, Equatable {
        /// Calls of PCRE2's internal match function: bounds the time (pcre2api(3), `pcre2_set_match_limit`).
        package var match: UInt32
        /// Nested backtracking (without JIT).
        package var depth: UInt32
        /// Kibibytes of heap (without JIT).
        package var heapKibibytes: UInt32
        /// Bytes to which the JIT stack may grow.
        package var jitStackBytes: Int

        package init(
            match: UInt32 = 200_000, depth: UInt32 = 20_000, heapKibibytes: UInt32 = 4_096,
            jitStackBytes: Int = 512 * 1_024
        ) {
            self.match = match
            self.depth = depth
            self.heapKibibytes = heapKibibytes
            self.jitStackBytes = jitStackBytes
        }
    }

    /// What came of a match.
    package enum Outcome: Equatable, Sendable {
        case matched
        case notMatched
        /// A limit stopped it: nobody knows whether the line matches. The text is PCRE2's.
        case gaveUp(String)
    }

    /// Highest number of capture groups that are kept; further ones are matched and not reported.
    package static let capturesMax = 64

    private let data: OpaquePointer
    private let context: OpaquePointer
    private let stack: OpaquePointer?
    private let offsets: UnsafeMutablePointer<Int>
    /// Pairs of `offsets` that the last match filled; 0 after a failure.
    private var pairCount = 0

    package init(limits: Limits = Limits()) {
        guard let data = pcre2_match_data_create_8(UInt32(MatchScratch.capturesMax + 1), nil),
            let context = pcre2_match_context_create_8(nil)
        else { preconditionFailure("out of memory for a PCRE2 match context") }
        pcre2_set_match_limit_8(context, limits.match)
        pcre2_set_depth_limit_8(context, limits.depth)
        pcre2_set_heap_limit_8(context, limits.heapKibibytes)
        stack = pcre2_jit_stack_create_8(32 * 1_024, limits.jitStackBytes, nil)
        if let stack { pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack)) }
        self.data = data
        self.context = context
        offsets = pcre2_get_ovector_pointer_8(data)
    }

    deinit {
        pcre2_match_context_free_8(context)
        pcre2_match_data_free_8(data)
        if let stack { pcre2_jit_stack_free_8(stack) }
    }

    /// Searches `subject` for `expression`.
    ///
    /// The captures are offsets into `subject`. A subject without bytes is a valid one. The search begins at byte
    /// `start`, with what comes before it in sight of look-behinds.
    package func match(
        _ expression: CompiledExpression, in subject: UnsafeRawBufferPointer, from start: Int = 0
    ) -> Outcome {
        let result: Int32
        if let base = subject.baseAddress {
            result = pcre2_match_8(
                expression.code, base.assumingMemoryBound(to: UInt8.self), subject.count, start, 0, data, context)
        } else {
            var nothing: UInt8 = 0
            result = pcre2_match_8(expression.code, &nothing, 0, 0, 0, data, context)
        }
        if result > 0 {
            pairCount = Int(result)
            return .matched
        }
        if result == 0 {  // More groups than there is room for: the ones that fit are there.
            pairCount = MatchScratch.capturesMax + 1
            return .matched
        }
        pairCount = 0
        return result == PCRE2_ERROR_NOMATCH ? .notMatched : .gaveUp(describe(result))
    }

    /// Bytes of the subject that group `number` (0 = whole match) took part in; nil when it did not.
    package func capture(_ number: Int) -> Range<Int>? {
        guard number < pairCount else { return nil }
        let start = offsets[2 * number]
        let end = offsets[2 * number + 1]
        // PCRE2_UNSET is the largest size; a group set by a lookbehind's \K can end before it starts.
        guard start >= 0, end >= start else { return nil }
        return start..<end
    }
}
