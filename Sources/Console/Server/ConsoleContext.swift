import Hummingbird
import NIOCore

/// What is known of a request's connection.
struct ConsoleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address of the other end; empty where the kernel does not say.
    let peer: String

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress?.ipAddress ?? ""
    }
}
