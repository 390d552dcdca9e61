import Agent
import Events
import Foundation
import Patterns
import Store
import Triage

/// An issue as `margay store export` writes it: of its fields those that another store can use.
struct ExportedIssue: Decodable, Equatable {
    var fingerprint: Fingerprint
    var state: IssueState
    var owner: String?

    private enum Key: String, CodingKey { case fingerprint, state, owner }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let text = try values.decode(String.self, forKey: .fingerprint)
        guard let fingerprint = Fingerprint(text),
            let state = IssueState(rawValue: try values.decode(String.self, forKey: .state))
        else { throw DecodingError.dataCorruptedError(forKey: .fingerprint, in: values, debugDescription: "no issue") }
        self.fingerprint = fingerprint
        self.state = state
        owner = try values.decodeIfPresent(String.self, forKey: .owner)
    }
}

/// Reads such files.
enum ExportedIssues {
    static let bytesMax = 1_024 * 1_024 * 1_024

    /// Leaves with 2 and the line where that is no issue.
    static func read(_ path: String, _ common: CommonOptions) throws -> [ExportedIssue] {
        let text: String
        do throws(FileFault) {
            text = try contents(of: path == "-" ? "/dev/stdin" : path, bytesMax: bytesMax)
        } catch {
            common.errors.write("\(path.safe): error: [unreadable] \(error.reason); check the path\n")
            throw ExitStatus.faulty
        }
        let decoder = JSONDecoder()
        var issues: [ExportedIssue] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty {
            do {
                issues.append(try decoder.decode(ExportedIssue.self, from: Data(line.utf8)))
            } catch {
                common.errors.write(
                    "\(path.safe):\(number + 1): error: [no-issue] is no issue as 'margay store export' writes them; "
                        + "nothing was taken\n")
                throw ExitStatus.faulty
            }
        }
        return issues
    }

    /// What has to be done to issues that nobody has touched, so that they stand as they do there.
    static func moves(_ issues: [ExportedIssue]) -> [(move: Move, ids: [String])] {
        let byState: [(IssueState, Move)] = [
            (.acknowledged, .acknowledge), (.cleared, .clear), (.resolved, .resolve), (.ignored, .ignore(.spiking)),
        ]
        var moves = byState.map { state, move in
            (move: move, ids: issues.filter { $0.state == state && $0.owner == nil }.map(\.fingerprint.description))
        }
        let owned = Dictionary(grouping: issues.filter { $0.owner != nil }) { $0.owner ?? "" }
        for (owner, issues) in owned.sorted(by: { $0.key < $1.key }) {
            moves.append((.assign(owner), issues.map(\.fingerprint.description)))
        }
        return moves.filter { !$0.ids.isEmpty }
    }
}
