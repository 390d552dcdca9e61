import Events
import HTTPTypes

/// The stylesheet and the script, compiled into the program. Their names hold a hash of what they hold, so a browser may
/// keep them for ever.
struct PageAssets: Sendable {
    struct Asset: Sendable {
        /// The path on the server.
        let path: String
        let type: String
        let body: [UInt8]
    }

    let style: Asset
    let script: Asset
    let icon: Asset

    static let standard = PageAssets(
        style: asset("console", "css", "text/css; charset=utf-8", PackageResources.console_css),
        script: asset("console", "js", "text/javascript; charset=utf-8", PackageResources.console_js),
        icon: asset("icon", "svg", "image/svg+xml", PackageResources.icon_svg))

    var all: [Asset] { [style, script, icon] }

    private static func asset(_ name: String, _ ending: String, _ type: String, _ body: [UInt8]) -> Asset {
        let hash = body.withUnsafeBytes { SipHash.hash64($0) }
        return Asset(path: "/assets/\(name)-\(String(hash, radix: 16)).\(ending)", type: type, body: body)
    }
}

extension Answer {
    init(_ asset: PageAssets.Asset) {
        self.init(type: asset.type, body: asset.body)
        headers[.cacheControl] = "public, max-age=31536000, immutable"
    }
}
