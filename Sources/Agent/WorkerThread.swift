import CLinux
import Glibc

/// A thread of our own. The data plane runs on these, never on the cooperative pool, for it blocks in system calls.
package struct WorkerThread {
    private let handle: pthread_t

    /// Starts `body` on a new thread named `name` (at most 15 bytes are shown by ps and top).
    package init(name: String, body: sending @escaping () -> Void) {
        let start = Start(name: name, body: body)
        var handle = pthread_t()
        let result = pthread_create(
            &handle, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                margay_name_thread(start.name)
                start.body()
                return nil
            }, Unmanaged.passRetained(start).toOpaque())
        precondition(result == 0, "no thread can be started: \(String(cString: strerror(result)))")
        self.handle = handle
    }

    /// Waits for its end. Call it once.
    package func join() { pthread_join(handle, nil) }

    private final class Start {
        let name: String
        let body: () -> Void

        init(name: String, body: @escaping () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
