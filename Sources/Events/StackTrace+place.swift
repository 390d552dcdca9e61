extension StackTrace {
    /// The innermost frame of the program's own, for people: `DataXceiver.run`; nil where there is none to name.
    package var place: String? {
        guard let frame = frames.first(where: \.inApp) ?? frames.first(where: { !FrameOrigin.isBorder($0) }) else {
            return nil
        }
        let name = FrameName.short(of: frame)
        return name.isEmpty ? nil : name
    }
}
