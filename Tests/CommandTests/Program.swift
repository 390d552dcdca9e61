import Foundation
import Testing

/// The built program, run as a user runs it.
enum Program {
    /// What a run left behind.
    struct Result {
        let status: Int32
        let output: String
        let errors: String

        /// Each line of the output as a JSON object.
        var objects: [[String: Any]] {
            output.split(separator: "\n").compactMap {
                try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            }
        }
    }

    /// The top of the package.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Beside the test bundle, where the build puts it.
    static let path = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appendingPathComponent("margay").path

    /// One cache of compiled prefilters for all runs.
    static let cache = FileManager.default.temporaryDirectory.appendingPathComponent("margay-test-cache-\(getuid())")
        .path

    /// Prepared, not started. The environment is the test's own, whatever the developer's is.
    static func process(_ arguments: [String], in directory: String? = nil) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = [
            "PATH": "/usr/bin:/bin", "TZ": "UTC", "HOME": directory ?? "/nonexistent", "CACHE_DIRECTORY": cache,
        ]
        process.currentDirectoryURL = URL(fileURLWithPath: directory ?? root.path)
        return process
    }

    static func run(_ arguments: String..., input: Data? = nil, in directory: String? = nil) throws -> Result {
        try run(arguments, input: input, in: directory)
    }

    static func run(_ arguments: [String], input: Data? = nil, in directory: String? = nil) throws -> Result {
        let process = process(arguments, in: directory)
        // Files take any amount without a reader; a full pipe would hold the program up.
        let folder = TemporaryFolder()
        process.standardInput = FileHandle(forReadingAtPath: try folder.write("input", input ?? Data()))
        let output = try folder.write("output", Data())
        let errors = try folder.write("errors", Data())
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationReason == .uncaughtSignal
                ? -process.terminationStatus : process.terminationStatus,
            output: String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: URL(fileURLWithPath: errors)), as: UTF8.self))
    }
}

extension Program {
    /// Events in a store over all issues, without those that Margay reports of itself, which may come at any time.
    static func counted(_ store: String) throws -> Int {
        let run = try run("issues", "--all", "NOT pack:margay", "--format", "json", "--store", store)
        return run.objects.reduce(0) { $0 + ($1["count"] as? Int ?? 0) }
    }
}

/// A folder that goes with its owner.
final class TemporaryFolder {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("margay-command-\(UUID())").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    @discardableResult
    func write(_ name: String, _ data: Data) throws -> String {
        let url = URL(fileURLWithPath: self(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
        return url.path
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, Data(text.utf8)) }
}

/// Waits until `condition` holds, looking again every few milliseconds; a test that waits for ever has failed.
func eventually(_ what: String, within seconds: TimeInterval = 60, _ condition: () throws -> Bool) throws {
    let deadline = Date().addingTimeInterval(seconds)
    while try !condition() {
        guard Date() < deadline else {
            Issue.record("never happened: \(what)")
            return
        }
        usleep(20_000)
    }
}
