import Events
import Patterns
import Scan
import Tail

/// What a scanner keeps about a followed file between its turns. Belongs to whichever thread holds the follower.
final class FollowedFile {
    private(set) var patterns: CompiledSet
    /// Why these packs.
    private(set) var reason: String
    var state: FileScanState
    /// Lines that were there when the packs were chosen. While there are few, the choice is looked at again.
    private var linesSeen = 0

    /// Enough lines to be sure of a choice.
    private static let linesEnough = 50

    init(
        _ path: String, head: UnsafeRawBufferPointer, source: Configuration.Source, catalogue: PackCatalogue,
        now: Timestamp
    ) {
        (patterns, reason) = catalogue.set(for: path, head: head, source.selection)
        state = FileScanState(zone: source.zone, reference: now)
        linesSeen = head.newlineCount
    }

    /// Looks again whether the packs fit, now that more of the file is there. A choice once made for a pack stays.
    func reconsider(
        _ path: String, chunk: UnsafeRawBufferPointer, source: Configuration.Source, catalogue: PackCatalogue
    ) {
        guard linesSeen < FollowedFile.linesEnough, source.selection.names == nil else { return }
        linesSeen += chunk.newlineCount
        let (set, reason) = catalogue.set(for: path, head: chunk, source.selection)
        guard set.patterns.packNames.count > patterns.patterns.packNames.count else { return }
        patterns = set
        self.reason = reason
    }
}
