/// A pack that `auto` never chooses.
enum Undetected: LintRule {
    static let name = "undetected"
    static let level = Diagnostic.Level.advice
    static let meaning = "The pack does not say for which files it is meant."

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic] {
        guard pack.name != Pack.coreName, pack.detection.paths.isEmpty, pack.detection.lines.isEmpty,
            !pack.ownPatterns.isEmpty
        else { return [] }
        return [
            remark(
                Place(path: pack.path, line: 1, column: 1),
                "'\(pack.name)' has no 'detect': it applies only where it is named",
                "add 'detect:' with 'paths' or 'lines'")
        ]
    }
}
