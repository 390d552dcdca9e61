import Hummingbird
import NIOCore

/// Reads the body of a request, within `ConsoleLimits`.
enum RequestBody {
    enum Outcome: Sendable {
        case whole([UInt8])
        case tooLarge
        case tooSlow
    }

    static func collect(_ request: Request, bytesMax: Int) async throws -> Outcome {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > bytesMax {
            return .tooLarge
        }
        let body = request.body
        return try await withThrowingTaskGroup(of: Outcome.self) { group in
            group.addTask {
                do {
                    let buffer = try await body.collect(upTo: bytesMax)
                    return .whole(Array(buffer.readableBytesView))
                } catch is NIOTooManyBytesError {
                    return .tooLarge
                }
            }
            group.addTask {
                // A visitor who sends a byte now and then does not hold a place for ever.
                try await Task.sleep(for: .seconds(ConsoleLimits.bodySeconds))
                return .tooSlow
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .tooSlow
        }
    }
}
