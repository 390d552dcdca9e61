import CPCRE2

/// The library behind this target.
package enum PCRE2Library {
    /// Its name and version, as `PCRE2 10.42`.
    package static var version: String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { buffer in
            let length = pcre2_config_8(UInt32(PCRE2_CONFIG_VERSION), buffer.baseAddress)
            guard length > 1 else { return "PCRE2" }
            let text = String(decoding: UnsafeRawBufferPointer(buffer).prefix(Int(length) - 1), as: UTF8.self)
            return "PCRE2 " + (text.split(separator: " ").first.map(String.init) ?? "")
        }
    }
}
