/// Lets words of a query begin with a hyphen, and `-n20` be written as tail(1) takes it: ArgumentParser would look for
/// options in them.
enum QueryArguments {
    /// The commands that take a query.
    private static let commands: Set<String> = ["issues", "inbox", "views"]
    /// The letters of their short options.
    private static let letters = Set("cfnqvh")

    /// `arguments` with a blank before each word that is a term of a query, which the query's parser passes over.
    static func shielded(_ arguments: [String]) -> [String] {
        guard let command = arguments.first, commands.contains(command) else { return arguments }
        var shielded: [String] = []
        var isOver = false
        for argument in arguments {
            if argument == "--" { isOver = true }
            guard !isOver, argument.hasPrefix("-"), !argument.hasPrefix("--"), argument.utf8.count > 2 else {
                shielded.append(argument)
                continue
            }
            let rest = argument.dropFirst()
            if rest.first == "n", rest.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                shielded += ["-n", String(rest.dropFirst())]
            } else if rest.allSatisfy(letters.contains) {
                shielded.append(argument)
            } else {
                shielded.append(" " + argument)
            }
        }
        return shielded
    }
}
