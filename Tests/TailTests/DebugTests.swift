import Events
import Testing

@testable import Tail

struct DebugTests {
    @Test(arguments: [1_000_006]) func `debug`(seed: Int) throws {
        let script = try FileScript(seed: UInt64(seed), globs: seed % 2 == 0 ? ["*.log"] : ["*.log*"])
        script.trace = true
        try script.run(steps: 60, actions: FileScript.cutting)
        try script.finish()
        print("DBG", script.difference ?? "fine")
    }
}
