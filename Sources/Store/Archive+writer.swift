extension Archive {
    /// Whether some process is the writer of the store at this moment.
    package var isBeingWritten: Bool { WriterLock.isHeld(database: path) }
}
