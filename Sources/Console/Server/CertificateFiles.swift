import Access
import Foundation
import Glibc
import NIOSSL
import Synchronization

/// The certificate and the key of the console, read again when their files change. A pair that does not fit together, as
/// while one of the two is being replaced, is left alone and looked at again later; what was good before stays in use.
final class CertificateFiles: Sendable {
    /// What a look at the files came to.
    enum Look: Sendable, Equatable {
        case same
        case renewed
        /// They changed and cannot be used; the reason, said once for each change.
        case faulty(String)
    }

    /// By which a file is known to have changed.
    private struct Mark: Equatable {
        var device: UInt64
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
            size = Int64(status.st_size)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    private struct State {
        var context: NIOSSLContext
        var marks: [Mark?]
    }

    private let settings: ConsoleSettings.TLS
    private let state: Mutex<State>

    /// Reads the files. Throws with the place in the configuration, what is wrong with which file, and how to mend it.
    init(_ settings: ConsoleSettings.TLS) throws(ConsoleServer.Fault) {
        self.settings = settings
        let marks = CertificateFiles.marks(settings)
        state = Mutex(State(context: try CertificateFiles.context(settings), marks: marks))
    }

    /// For the next connection.
    var context: NIOSSLContext { state.withLock { $0.context } }

    /// Looks whether the files changed, and reads them then. Blocks on the disk.
    func look() -> Look {
        let marks = CertificateFiles.marks(settings)
        guard state.withLock({ $0.marks != marks }) else { return .same }
        do throws(ConsoleServer.Fault) {
            let context = try CertificateFiles.context(settings)
            state.withLock { $0 = State(context: context, marks: marks) }
            return .renewed
        } catch {
            state.withLock { $0.marks = marks }
            return .faulty(error.description)
        }
    }

    private static func marks(_ settings: ConsoleSettings.TLS) -> [Mark?] {
        [Mark(settings.certificate), Mark(settings.key)]
    }

    private static func context(_ settings: ConsoleSettings.TLS) throws(ConsoleServer.Fault) -> NIOSSLContext {
        let chain = try read(settings, settings.certificate, "certificate", "-----BEGIN CERTIFICATE-----") {
            try NIOSSLCertificate.fromPEMBytes($0)
        }
        let key = try read(settings, settings.key, "key", "-----BEGIN PRIVATE KEY-----") {
            try NIOSSLPrivateKey(bytes: $0, format: .pem)
        }
        guard !chain.isEmpty else {
            throw fault(settings, "the certificate \(settings.certificate) holds none; it must be in PEM form")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw fault(
                settings,
                "the key \(settings.key) does not belong to the certificate \(settings.certificate); "
                    + "name the two that were made together")
        }
    }

    private static func read<Value>(
        _ settings: ConsoleSettings.TLS, _ path: String, _ what: String, _ head: String,
        _ parse: ([UInt8]) throws -> Value
    ) throws(ConsoleServer.Fault) -> Value {
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw fault(settings, "the \(what) \(path) cannot be read; name a file that Margay's user may read")
        }
        do {
            return try parse(bytes)
        } catch {
            throw fault(
                settings, "the \(what) \(path) cannot be understood; it must be in PEM form, beginning with \(head)")
        }
    }

    private static func fault(_ settings: ConsoleSettings.TLS, _ message: String) -> ConsoleServer.Fault {
        ConsoleServer.Fault(description: "\(settings.place): error: [bad-tls] \(message)")
    }
}
