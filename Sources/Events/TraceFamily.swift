/// How one language family prints its traces: where one may begin, and how to read it from there.
struct TraceFamily: Sendable {
    /// Whether a trace may begin at this line. Cheap: asked for every line of every record.
    let begins: @Sendable (_ text: TraceText, _ line: Int) -> Bool
    /// Reads the trace that shows itself at this line; nil if it is none after all.
    let parse: @Sendable (_ text: TraceText, _ line: Int) -> StackTrace?

    /// In the order in which they are asked; the first that reads a trace has the record. Those with the most telling
    /// marks come first.
    static let all: [TraceFamily] = [
        python, php, powershell, java, dotnet, javascript, go, rust, ruby, dart, kernel, native, swift, elixir, erlang,
        haskell, lua, perl, r,
    ]
}
