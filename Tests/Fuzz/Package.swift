// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the product links only where the fuzzer is asked for. Modules/ are links to Sources/.
// `make fuzz` builds and runs it.

let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "fuzz",
    products: [.executable(name: "FuzzPacks", targets: ["FuzzPacks"])],
    dependencies: [.package(url: "https://github.com/jpsim/Yams", from: "6.2.2")],
    targets: [
        .systemLibrary(name: "CPCRE2", path: "Modules/CPCRE2", pkgConfig: "libpcre2-8"),
        .systemLibrary(name: "CHyperscan", path: "Modules/CHyperscan", pkgConfig: "libhs"),
        .target(name: "CLinux", path: "Modules/CLinux"),
        .target(name: "PCRE2", dependencies: ["CPCRE2"], path: "Modules/PCRE2", swiftSettings: house),
        .target(name: "Events", path: "Modules/Events", swiftSettings: house),
        .target(
            name: "Patterns", dependencies: ["PCRE2", "Events", .product(name: "Yams", package: "Yams")],
            path: "Modules/Patterns", swiftSettings: house),
        .target(
            name: "Scan", dependencies: ["Patterns", "Events", "PCRE2", "CHyperscan", "CLinux"], path: "Modules/Scan",
            swiftSettings: house),
        .executableTarget(
            name: "FuzzPacks", dependencies: ["Scan", "Patterns", "Events", "PCRE2"], path: "Sources/FuzzPacks",
            swiftSettings: house + [.unsafeFlags(["-parse-as-library"])]),
    ],
    swiftLanguageModes: [.v6]
)
