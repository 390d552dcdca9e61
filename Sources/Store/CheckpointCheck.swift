internal import Events

/// Whether what a row of `file` says can be a checkpoint. A row may be damaged by the disk, or by somebody's hand.
enum CheckpointCheck {
    /// What is wrong with it, as a few words; nil when it can be gone on from.
    static func fault(of checkpoint: Checkpoint) -> String? {
        if checkpoint.path.isEmpty { return "it names no file" }
        if !(0...BatchCheck.numberMax).contains(checkpoint.offset) { return "its offset is \(checkpoint.offset)" }
        if checkpoint.generation < 0 { return "its generation is \(checkpoint.generation)" }
        if let lines = checkpoint.lines, !(0...BatchCheck.numberMax).contains(lines) {
            return "it counts \(lines) lines"
        }
        let head = checkpoint.head.length
        if !(0...Checkpoint.headBytesMax).contains(head) { return "it proves \(head) first bytes" }
        let before = checkpoint.before.length
        if !(0...Checkpoint.beforeBytesMax).contains(before) {
            return "it proves \(before) bytes before byte \(checkpoint.offset)"
        }
        return nil
    }
}
