import CLinux
import Events
import Glibc

/// A program that runs beside us and whose output we read. One thread; that thread's end is the program's end too.
final class ChildProcess {
    /// What it writes to standard output and standard error: pipes, for `poll` and `read`.
    let output: Int32
    let errors: Int32
    private var process: Int32

    /// How a program ended.
    enum Ending: Equatable {
        case exited(Int32)
        case signalled(Int32)
        /// It was still running and was killed.
        case killed

        var description: String {
            switch self {
            case .exited(let status): "exit \(status)"
            case .signalled(let number): "signal \(number)"
            case .killed: "killed"
            }
        }
    }

    /// Starts `arguments[0]`, looked for in PATH. Throws `SystemError` when no descriptor or process is left, and when
    /// there is no such program or it may not be run.
    init(_ arguments: [String]) throws(SystemError) {
        let (outputEnd, outputStart) = try ChildProcess.pipe()
        let errorsEnd: Int32
        let errorsStart: Int32
        do throws(SystemError) {
            (errorsEnd, errorsStart) = try ChildProcess.pipe()
        } catch {
            close(outputEnd)
            close(outputStart)
            throw error
        }
        var pointers = arguments.map { strdup($0) }
        pointers.append(nil)
        let started = margay_spawn(&pointers, outputStart, errorsStart)
        for pointer in pointers { free(pointer) }
        close(outputStart)
        close(errorsStart)
        guard started > 0 else {
            close(outputEnd)
            close(errorsEnd)
            throw SystemError(call: "exec", number: -started)
        }
        process = started
        output = outputEnd
        errors = errorsEnd
    }

    deinit {
        _ = end()
        close(output)
        close(errors)
    }

    /// Kills it if it still runs, and what it has started; leaves no zombie. Says how it had ended.
    func end() -> Ending {
        guard process > 0 else { return .killed }
        let status = margay_end_process(process)
        process = -1
        switch status {
        case MARGAY_WAS_RUNNING: return .killed
        case 129...: return .signalled(status - 128)
        default: return .exited(status)
        }
    }

    private static func pipe() throws(SystemError) -> (end: Int32, start: Int32) {
        var descriptors: [Int32] = [0, 0]
        guard Glibc.pipe(&descriptors) == 0 else { throw SystemError(call: "pipe", number: errno) }
        for descriptor in descriptors where fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0 {
            throw SystemError(call: "fcntl", number: errno)
        }
        return (descriptors[0], descriptors[1])
    }
}
