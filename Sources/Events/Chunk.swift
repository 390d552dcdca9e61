/// Whole lines of one file, lent to a scanner for the length of one call.
///
/// The bytes belong to the reader and are overwritten after the call; nothing may keep a pointer into them.
package struct Chunk {
    /// Why the chunk stops where it stops, which says whether its last record may still grow.
    package enum Ending: Sendable {
        /// More bytes follow, or may follow at any moment: a record that could go on is left open.
        case more
        /// The file is read to its end and has been quiet long enough: the open record is taken as complete.
        case quiet
        /// The file is over; its last line may lack a newline.
        case ended
    }

    /// Ends in a newline, except perhaps the last line of a chunk that `.ended`.
    package let bytes: UnsafeRawBufferPointer
    /// Where `bytes` begins in the file (or in its decompressed bytes), in bytes.
    ///
    /// Where `places` are told, `bytes` was decoded, and this still is the place of its first byte on disk.
    package let offset: Int64
    /// Number of the first line, from 1; nil where reading did not begin at the head of the file.
    package let line: Int64?
    package let ending: Ending
    /// Where the lines stand in the file, where distances within `bytes` are not distances there; nil where they are.
    /// What is accounted for then has to end at a resting place.
    package let places: LinePlaces?

    package init(
        bytes: UnsafeRawBufferPointer, offset: Int64, line: Int64?, ending: Ending, places: LinePlaces? = nil
    ) {
        self.bytes = bytes
        self.offset = offset
        self.line = line
        self.ending = ending
        self.places = places
    }
}
