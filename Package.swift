// swift-tools-version: 6.2
import PackageDescription

// The targets and the one-way arrows between them are drawn in Docs/ARCHITECTURE.md.
// `swift build --explicit-target-dependency-import-check error` keeps them true.

let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "margay",
    products: [
        .executable(name: "margay", targets: ["margay"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        // Passwords, tokens and TLS of the console.
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        // Hummingbird's own dependencies, named because their members are used.
        .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // System libraries: a module map and a shim header each.
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CHyperscan", pkgConfig: "libhs", providers: [.apt(["libhyperscan-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        // Debian's bzip2 has no pkg-config file; its module map links it.
        .systemLibrary(name: "CBzip2", providers: [.apt(["libbz2-dev"])]),
        .systemLibrary(name: "CLzma", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
        .target(name: "CLinux"),

        // The data plane: disk → chunks → events.
        .target(name: "PCRE2", dependencies: ["CPCRE2"], swiftSettings: house),
        .target(name: "Events", swiftSettings: house),
        .target(
            name: "Tail", dependencies: ["Events", "CLinux", "CZlib", "CZstd", "CBzip2", "CLzma"], swiftSettings: house),
        .target(
            name: "Patterns",
            dependencies: ["PCRE2", "Events", .product(name: "Yams", package: "Yams")],
            swiftSettings: house),
        .target(
            name: "Scan", dependencies: ["Patterns", "Events", "PCRE2", "CHyperscan", "CLinux"], swiftSettings: house),

        // What events mean to people, and where they are kept.
        .target(name: "Triage", dependencies: ["Events"], swiftSettings: house),
        .target(
            name: "Store",
            dependencies: [
                "Triage", "Events", "CLinux", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: house),
        .target(name: "Notify", dependencies: ["Triage", "Events"], swiftSettings: house),

        // Who may do what: passwords, tokens, addresses. The cryptography stays inside.
        .target(
            name: "Access",
            dependencies: [
                "Events", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: house),

        // The web console and the HTTP API; the HTTP server and the template engine stay inside.
        .target(
            name: "Console",
            dependencies: [
                "Store", "Triage", "Events", "Access",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ],
            // Compiled in: a binary that was moved finds them.
            resources: [.embedInCode("Assets"), .embedInCode("Templates")],
            swiftSettings: house),

        // The whole, and its commands.
        .target(
            name: "Agent",
            dependencies: [
                "Tail", "Scan", "Patterns", "Store", "Notify", "Triage", "Events", "Access", "CLinux",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .executableTarget(
            name: "margay",
            dependencies: [
                "Agent", "Console", "Tail", "Scan", "Patterns", "Store", "Notify", "Triage", "Events", "PCRE2",
                "Access", "CLinux",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),

        // Not shipped: `make bench` measures grouping with it.
        .executableTarget(
            name: "grouping-bench", dependencies: ["Events"], path: "Benchmarks/Grouping", swiftSettings: house),
        // Measures the store for `make bench`; no part of what ships.
        .executableTarget(
            name: "StoreBench", dependencies: ["Store", "Triage", "Events", "PCRE2"], swiftSettings: house),

        .testTarget(name: "AccessTests", dependencies: ["Access", "Events"], swiftSettings: house),
        .testTarget(name: "EventsTests", dependencies: ["Events"], swiftSettings: house),
        .testTarget(name: "PCRE2Tests", dependencies: ["PCRE2"], swiftSettings: house),
        .testTarget(
            name: "TailTests",
            dependencies: ["Tail", "Events", "CLinux", "CZlib", "CZstd", "CBzip2", "CLzma"], swiftSettings: house),
        .testTarget(
            name: "PatternsTests",
            dependencies: ["Patterns", "Events", "PCRE2", .product(name: "Yams", package: "Yams")],
            swiftSettings: house),
        .testTarget(name: "ScanTests", dependencies: ["Scan", "Patterns", "Events", "PCRE2"], swiftSettings: house),
        .testTarget(name: "TriageTests", dependencies: ["Triage", "Events"], swiftSettings: house),
        .testTarget(
            name: "StoreTests",
            dependencies: ["Store", "Triage", "Events", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: house),
        .testTarget(
            name: "ConsoleTests",
            dependencies: [
                "Console", "Store", "Triage", "Events", "Access", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "CommandTests", dependencies: ["margay", "Store", "Triage", "Events", "Access"], swiftSettings: house),
        .testTarget(
            name: "AgentTests",
            dependencies: [
                "Agent", "Tail", "Scan", "Patterns", "Store", "Triage", "Events", "Access",
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)
