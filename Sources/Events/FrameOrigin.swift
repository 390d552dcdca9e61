/// Whose code a frame is: the application's, or that of a runtime or a well-known library.
enum FrameOrigin {
    /// Whether `frame` belongs to the application. A heuristic by names: an application named like a library is missed,
    /// an unlisted library counts as application.
    static func isInApp(_ frame: StackTrace.Frame, language: String) -> Bool {
        var module = frame.module
        var function = frame.function
        var file = frame.file
        return module.withUTF8 { module in
            function.withUTF8 { function in
                file.withUTF8 { file in
                    isInApp(
                        module: UnsafeRawBufferPointer(module), function: UnsafeRawBufferPointer(function),
                        file: UnsafeRawBufferPointer(file), language: language)
                }
            }
        }
    }

    private static func isInApp(
        module: UnsafeRawBufferPointer, function: UnsafeRawBufferPointer, file: UnsafeRawBufferPointer, language: String
    ) -> Bool {
        switch language {
        case "java": !hasPrefix(module, of: javaLibraries)
        case "dotnet": !hasPrefix(module, of: dotnetLibraries)
        case "go": isGoApp(module, function)
        case "javascript":
            !file.isEmpty && !holds(file, any: javascriptLibraries) && holds(file, any: ["/", "\\", "@", "."])
        case "python": !holds(file, any: pythonLibraries) && !file.has("<")
        case "ruby": !file.isEmpty && !holds(file, any: rubyLibraries) && !file.has("<internal")
        case "php": !file.isEmpty && file.find("/vendor/") == nil && file.find("\\vendor\\") == nil
        case "rust": !hasPrefix(function, of: rustLibraries) && !holds(file, any: rustLibraryFiles)
        case "dart": !file.isEmpty && !file.has("dart:") && !file.has("package:flutter/")
        case "elixir", "erlang": !hasPrefix(module, of: beamLibraries)
        case "perl": !hasPrefix(function, of: ["(eval)"]) && file.find("/perl5/") == nil && file.find("/perl/") == nil
        case "kernel": !hasPrefix(function, of: kernelReporters)
        case "haskell": !file.has("libraries/") && !module.has("GHC.")
        case "r": !hasPrefix(function, of: rLibraries)
        case "powershell": !file.isEmpty
        case "lua": !function.isEmpty && !file.has("[C]")
        default: !hasPrefix(function, of: nativeLibraries) && !holds(file, any: nativeLibraryFiles)
        }
    }

    /// Whether `frame` is where a runtime enters code or reports a fault: the same in every trace, so no part of a key.
    static func isBorder(_ frame: StackTrace.Frame) -> Bool {
        borders.contains(FrameName.stable(frame.function)) || borders.contains(FrameName.short(of: frame))
    }

    private static let borders: Set<String> = [
        "Thread.run", "ThreadPoolExecutor.runWorker", "ThreadPoolExecutor$Worker.run", "FutureTask.run", "Worker.run",
        "main", "<main>", "<module>", "{main}", "__libc_start_main", "__libc_start_call_main", "_start", "start_thread",
        "clone", "clone3", "runtime.goexit", "runtime.main", "goexit", "Module._compile", "Module.load",
        "processTicksAndRejections", "process.processTicksAndRejections", "rust_begin_unwind", "lang_start",
        "abort", "raise", "panic", "runtime.gopanic", "_startIsolate.<anonymous closure>",
        "_RawReceivePortImpl._handleMessage", "threading._bootstrap", "threading._bootstrap_inner", "ret_from_fork",
        "dump_stack", "show_stack",
    ]

    private static func hasPrefix(_ name: UnsafeRawBufferPointer, of prefixes: [StaticString]) -> Bool {
        for prefix in prefixes where name.has(prefix) { return true }
        return false
    }

    private static func holds(_ path: UnsafeRawBufferPointer, any parts: [StaticString]) -> Bool {
        for part in parts where path.find(part) != nil { return true }
        return false
    }

    private static let javaLibraries: [StaticString] = [
        "java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.", "kotlin.", "kotlinx.", "scala.", "akka.",
        "org.springframework.", "org.hibernate.", "org.apache.catalina.", "org.apache.coyote.", "org.apache.tomcat.",
        "org.apache.jasper.", "org.apache.commons.", "org.apache.http.", "org.apache.log4j.", "org.apache.logging.",
        "org.apache.maven.", "org.apache.cxf.", "org.slf4j.", "ch.qos.logback.", "org.eclipse.jetty.",
        "org.mortbay.jetty.", "org.mortbay.thread.", "io.netty.", "org.jboss.", "io.undertow.", "reactor.",
        "io.reactivex.", "rx.", "com.google.common.", "com.google.gson.", "com.google.inject.", "com.fasterxml.",
        "com.mysql.", "org.postgresql.", "oracle.", "com.zaxxer.hikari.", "org.junit.", "junit.", "org.glassfish.",
        "com.sun.mail.", "groovy.", "org.codehaus.", "clojure.", "okhttp3.", "retrofit2.", "android.", "androidx.",
        "dalvik.", "com.android.internal.", "io.grpc.", "net.sf.cglib.", "_COROUTINE.", "$Proxy", "com.amazonaws.",
        "software.amazon.",
    ]
    private static let dotnetLibraries: [StaticString] = [
        "System.", "System", "Microsoft.", "Newtonsoft.", "NHibernate.", "Npgsql.", "MySql.", "Mono.", "Serilog.",
        "NLog.",
        "Autofac.", "Dapper.", "MS.", "Windows.", "StackExchange.Redis.", "Grpc.", "Polly.", "Oracle.", "Castle.",
    ]
    private static let javascriptLibraries: [StaticString] = [
        "node_modules", "node:", "internal/", "<anonymous>", "native", "[native code]", "bootstrap_node.js",
        "events.js",
        "module.js", "timers.js", "webpack/", "chrome-extension:",
    ]
    private static let pythonLibraries: [StaticString] = [
        "/site-packages/", "/dist-packages/", "/lib/python", "\\lib\\", "\\Lib\\", "/python27_lib/", "<frozen",
    ]
    private static let rubyLibraries: [StaticString] = [
        "/gems/", "/lib/ruby/", "/rubies/", "/rubygems/", " (", "/bin/bundle", "/bin/rails",
    ]
    private static let rustLibraries: [StaticString] = [
        "std::", "core::", "alloc::", "<std::", "<core::", "<alloc::", "rust_", "__rust", "tokio::", "<tokio::",
        "backtrace::",
        "anyhow::", "test::", "__libc", "_start", "clone", "start_thread", "main", "libfuzzer_sys::", "color_eyre::",
        "eyre::",
        "__pthread", "fuzzer::", "LLVMFuzzer", "hyper::", "<hyper::", "futures", "<futures",
    ]
    private static let rustLibraryFiles: [StaticString] = [
        "/rustc/", "/.cargo/registry/", "/.rustup/", "/library/std/", "/library/core/",
    ]
    private static let beamLibraries: [StaticString] = [
        "elixir", "Elixir.", "gen_server", "gen_statem", "gen", "proc_lib", "erl_", "erlang", "lists", "maps",
        "supervisor",
        "Enum", "GenServer", "Task", "Process", "Supervisor", "Kernel", "Plug.", "Phoenix.", "Ecto.", "Cowboy",
        "cowboy", "ranch",
        "DBConnection", "io", "ets", "logger", "application", "timer", "shell",
    ]
    private static let rLibraries: [StaticString] = [
        "<Anonymous>", "withCallingHandlers", "withVisible", "tryCatch", "try", "doTryCatch", "eval", "source", "stop",
        "do.call", "lapply", "sapply", "vapply", "Map", "FUN", "file", "read.", "readRDS", "library", "loadNamespace",
    ]
    private static let kernelReporters: [StaticString] = [
        "dump_stack", "show_stack", "__dump_stack", "panic", "__warn", "report_bug", "fixup_bug", "warn_slowpath",
        "do_error_trap",
        "do_invalid_op", "invalid_op", "ret_from_", "kthread", "entry_SYSCALL", "system_call", "do_syscall", "print_",
        "kasan_report", "__asan", "asm_", "exc_", "do_IRQ", "common_interrupt", "page_fault", "do_page_fault", "oops_",
        "die", "__die", "no_context", "general_protection", "start_kernel", "secondary_startup", "x86_64_start",
        "__show_",
        "ksys_", "vfs_", "__x64_sys", "__se_sys", "__do_sys", "SyS_", "sys_", "end_report", "check_memory_region",
        "check_noncircular", "__lock_acquire", "lock_acquire", "validate_chain",
    ]
    private static let nativeLibraries: [StaticString] = [
        "__libc", "_start", "abort", "raise", "__GI_", "__pthread", "pthread_", "start_thread", "clone", "std::",
        "__asan",
        "__interceptor", "__sanitizer", "__ubsan", "__msan", "__tsan", "fuzzer::", "malloc", "free", "memcpy",
        "operator new",
        "operator delete", "__cxa", "__assert", "__kernel", "gsignal", "_dl_", "main", "swift_", "_assertionFailure",
        "Swift.", "$ss", "??", "<signal handler", "__restore_rt", "_IO_", "LLVMFuzzer",
    ]
    private static let nativeLibraryFiles: [StaticString] = [
        "/libc.so", "/libc-", "/ld-", "/libpthread", "/libstdc++", "/sysdeps/", "compiler-rt", "/usr/include/",
        "/nptl/",
        "/libswiftCore", "/swift/stdlib/",
    ]

    /// The standard library has no dot in the first part of its import paths; `main` and modules with a host name do
    /// not belong to it.
    private static func isGoApp(_ module: UnsafeRawBufferPointer, _ function: UnsafeRawBufferPointer) -> Bool {
        if module.equals("main") || module.has("main.") { return true }
        if module.has("golang.org/") || module.has("google.golang.org/") || module.has("runtime") { return false }
        let first = module.cut(to: (module.find(UInt8(ascii: "/")) ?? module.count))
        if first.find(UInt8(ascii: ".")) != nil { return true }
        return !goPackages.contains(first)
    }

    /// First parts of the standard library's import paths.
    private static let goPackages = WordList([
        "archive", "bufio", "bytes", "cmp", "compress", "container", "context", "crypto", "database", "debug", "embed",
        "encoding", "errors", "expvar", "flag", "fmt", "go", "hash", "html", "image", "index", "internal", "io", "iter",
        "log", "maps", "math", "mime", "net", "os", "path", "plugin", "reflect", "regexp", "runtime", "slices", "sort",
        "strconv", "strings", "sync", "syscall", "testing", "text", "time", "unicode", "unique", "unsafe", "vendor",
    ])
}
