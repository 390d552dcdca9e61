import Events
package import Tail

/// How the text of a finished log lies on disk, as far as somebody has said so.
package struct LogShape: Sendable, Hashable {
    package var encoding = TextEncoding.automatic
    package var format = LineFormat.automatic

    package init(encoding: TextEncoding = .automatic, format: LineFormat = .automatic) {
        self.encoding = encoding
        self.format = format
    }
}

extension Configuration {
    /// The shape of the log at an absolute path: that of the source that follows it, or would follow the log of which it is
    /// a rotated part.
    package func shape(of path: String) -> LogShape {
        for candidate in [path] + RotatedName.bases(of: path) {
            let source = sources.first { source in
                source.files.include.contains { $0.matches(candidate) }
                    && !source.files.exclude.contains { $0.matches(candidate) }
            }
            if let source { return LogShape(encoding: source.files.encoding, format: source.files.format) }
        }
        return LogShape()
    }
}
