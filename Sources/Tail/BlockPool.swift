import Synchronization

/// Blocks of memory lent for one turn, so that thousands of quiet files need none.
///
/// Safe on every thread. A block that is not given back is only one that is not used again.
final class BlockPool: Sendable {
    /// Size of every block.
    let blockBytes: Int
    /// Most bytes that followers may keep between turns, all together.
    let keptBytesMax: Int
    private let free = Mutex(FreeBlocks())
    private let kept = Atomic<Int>(0)

    /// Blocks kept for the next turn: one a scanning thread is enough, and machines with more have the memory.
    private static let freeBlocksMax = 8

    init(blockBytes: Int, keptBytesMax: Int) {
        self.blockBytes = blockBytes
        self.keptBytesMax = keptBytesMax
    }

    deinit { free.withLock { $0.deallocate() } }

    /// A block of `blockBytes`; the caller gives it back or deallocates it.
    func take() -> UnsafeMutableRawBufferPointer {
        if let block = free.withLock({ $0.take() }) { return block }
        return .allocate(byteCount: blockBytes, alignment: 64)
    }

    func giveBack(_ block: UnsafeMutableRawBufferPointer) {
        let stored = block.count == blockBytes && free.withLock { $0.add(block, limit: BlockPool.freeBlocksMax) }
        if !stored { block.deallocate() }
    }

    /// Accounts for a change of what one follower keeps between turns; false when that is more than there may be.
    func account(_ change: Int) -> Bool {
        kept.wrappingAdd(change, ordering: .relaxed).newValue <= keptBytesMax || change <= 0
    }

    /// Bytes that followers keep now.
    var keptBytes: Int { kept.load(ordering: .relaxed) }
}

private struct FreeBlocks: @unchecked Sendable {
    // Sendable: the blocks listed belong to nobody else, and the mutex around the list hands each out once.
    private var blocks: [UnsafeMutableRawBufferPointer] = []

    mutating func take() -> UnsafeMutableRawBufferPointer? { blocks.popLast() }

    mutating func add(_ block: UnsafeMutableRawBufferPointer, limit: Int) -> Bool {
        guard blocks.count < limit else { return false }
        blocks.append(block)
        return true
    }

    mutating func deallocate() {
        for block in blocks { block.deallocate() }
        blocks = []
    }
}
