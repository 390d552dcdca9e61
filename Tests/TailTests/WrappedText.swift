import Testing

@testable import Tail

/// What a program wrote, and how a container runtime writes it to a file.
struct WrittenPiece: Sendable {
    var text: String
    var isError = false
    /// Goes on in the next piece of the same output.
    var isPartial = false

    init(_ text: String, isError: Bool = false, isPartial: Bool = false) {
        self.text = text
        self.isError = isError
        self.isPartial = isPartial
    }

    static func out(_ text: String) -> WrittenPiece { WrittenPiece(text) }
    static func outPart(_ text: String) -> WrittenPiece { WrittenPiece(text, isPartial: true) }
    static func error(_ text: String) -> WrittenPiece { WrittenPiece(text, isError: true) }
    static func errorPart(_ text: String) -> WrittenPiece { WrittenPiece(text, isError: true, isPartial: true) }
}

extension LineWrapper {
    /// The line of the file, with its newline. Seconds of the time are those given.
    func line(_ piece: WrittenPiece, second: Int = 0) -> String {
        let time = "2026-11-22T10:00:\(second < 10 ? "0" : "")\(second).123456789Z"
        let output = piece.isError ? "stderr" : "stdout"
        switch self {
        case .cri: return "\(time) \(output) \(piece.isPartial ? "P" : "F") \(piece.text)\n"
        case .docker:
            var text = ""
            for scalar in piece.text.unicodeScalars {
                switch scalar {
                case "\"": text += "\\\""
                case "\\": text += "\\\\"
                case "\t": text += "\\t"
                case "😀": text += "\\ud83d\\ude00"
                case "<": text += "\\u003c"
                default: text.unicodeScalars.append(scalar)
                }
            }
            return #"{"log":"\#(text)\#(piece.isPartial ? "" : "\\n")","stream":"\#(output)","time":"\#(time)"}"# + "\n"
        }
    }

    func lines(_ pieces: [WrittenPiece]) -> String { pieces.map { line($0) }.joined() }
}
