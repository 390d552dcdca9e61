extension UnsafeRawBufferPointer {
    /// How many bytes are newlines. Never allocates.
    ///
    /// 32 bytes a step; counts of a byte are summed in bytes for at most 255 steps before they could overflow.
    package var newlineCount: Int {
        guard let base = baseAddress else { return 0 }
        let width = 32
        let newline = SIMD32<UInt8>(repeating: UInt8(ascii: "\n"))
        let one = SIMD32<UInt8>(repeating: 1)
        var total = 0
        var index = 0
        while count - index >= width {
            var lanes = SIMD32<UInt8>()
            let steps = Swift.min(255, (count - index) / width)
            for _ in 0..<steps {
                let block = (base + index).loadUnaligned(as: SIMD32<UInt8>.self)
                lanes.replace(with: lanes &+ one, where: block .== newline)
                index += width
            }
            let low = SIMD16<UInt16>(truncatingIfNeeded: lanes.lowHalf)
            let high = SIMD16<UInt16>(truncatingIfNeeded: lanes.highHalf)
            total += Int((low &+ high).wrappedSum())
        }
        while index < count {
            if base.load(fromByteOffset: index, as: UInt8.self) == UInt8(ascii: "\n") { total += 1 }
            index += 1
        }
        return total
    }
}
