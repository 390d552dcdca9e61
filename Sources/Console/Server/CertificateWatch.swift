import Logging
import ServiceLifecycle

/// Looks at the files of the certificate every so often.
struct CertificateWatch: Service {
    let files: CertificateFiles
    let threads: StoreThreads
    let log: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await Task.sleep(for: .seconds(ConsoleLimits.certificateSeconds)) } catch { return }
                let files = files
                CertificateWatch.tell(try await threads.run { files.look() }, log)
            }
        }
    }

    static func tell(_ look: CertificateFiles.Look, _ log: Logger) {
        switch look {
        case .same: break
        case .renewed: log.notice("console: the certificate was read anew")
        case .faulty(let reason): log.warning("\(reason); the one read before stays in use")
        }
    }
}
