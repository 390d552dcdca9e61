import Agent
import ArgumentParser
import Events
import Glibc
import PCRE2
import Store
import Synchronization
import Triage

/// Reads queries of the command line.
enum QueryText {
    /// The filter, or the fault with its caret on standard error and exit code 64.
    static func parse(_ text: String, _ common: CommonOptions, now: Timestamp) throws -> IssueFilter {
        let setting = QuerySetting(now: now, me: Author.name) { compile($0, ignoresCase: $1) }
        do throws(QueryFault) {
            return try QueryParser.parse(text, setting)
        } catch {
            common.errors.write(error.description.split(separator: "\n").map { String($0).safe + "\n" }.joined())
            throw ExitCode(EX_USAGE)
        }
    }

    /// By PCRE2 within its limits; what hits a limit does not match.
    static func compile(_ source: String, ignoresCase: Bool) -> CompiledQueryExpression {
        do throws(ExpressionError) {
            let expression = try CompiledExpression(source, options: ignoresCase ? [.caseInsensitive] : [])
            let scratch = Scratch()
            return .matcher { bytes in scratch.isMatch(expression, bytes) }
        } catch {
            return .fault(error.message, offset: error.offset)
        }
    }
}

/// One scratch space for all texts of a query: to make one costs more than most matches.
private final class Scratch: @unchecked Sendable {
    // Sendable: `scratch` is touched within the lock only.
    private let scratch = MatchScratch()
    private let lock = Mutex(())

    func isMatch(_ expression: CompiledExpression, _ bytes: UnsafeRawBufferPointer) -> Bool {
        lock.withLock { _ in scratch.match(expression, in: bytes) == .matched }
    }
}

/// Who works at the command line.
enum Author {
    /// The user behind sudo, else the user's login name, else the number.
    static var name: String {
        if let name = environmentVariable("SUDO_USER") { return name }
        guard let entry = getpwuid(geteuid()) else { return "\(geteuid())" }
        return String(cString: entry.pointee.pw_name)
    }
}
