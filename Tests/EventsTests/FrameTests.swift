import Testing

@testable import Events

/// A trace, its chain of exceptions and each of its frames.
struct FrameCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// `Outermost > Innermost: message`.
    let chain: String
    /// `app module!function file:line`, the place of the fault first; `lib` for those that are not the application's.
    let frames: [String]
    let record: String

    init(_ description: String, _ chain: String, _ frames: [String], _ record: String) {
        testDescription = description
        self.chain = chain
        self.frames = frames
        self.record = record
    }
}

/// Module, function, file, line and whose code it is, of every frame, in every language.
@Suite struct FrameTests {
    private static func text(_ frame: StackTrace.Frame) -> String {
        let name = frame.module.isEmpty ? frame.function : frame.module + "!" + frame.function
        let place = frame.file + (frame.line.map { ":\($0)" } ?? "")
        return [frame.inApp ? "app" : "lib", name, place].filter { !$0.isEmpty }.joined(separator: " ")
    }

    @Test(arguments: FrameCase.virtualMachines + FrameCase.scripts + FrameCase.native)
    func `chain and frames are read`(_ example: FrameCase) throws {
        let trace = try #require(Array(example.record.utf8).withUnsafeBytes { StackTrace.parse($0) })
        let chain = trace.exceptions.map(\.className).joined(separator: " > ") + ": " + trace.innermost.message
        #expect(chain == example.chain)
        #expect(trace.frames.map(Self.text) == example.frames)
    }
}

extension FrameCase {
    static let virtualMachines: [FrameCase] = [
        FrameCase(
            "Java, three deep, with modules and generated code",
            "com.acme.OrderException > com.acme.StoreException > java.net.ConnectException: Connection refused",
            [
                "lib sun.nio.ch.Net!connect0", "app com.acme.net.Client!open Client.java:31",
                "app com.acme.net.Client$Pool!lambda$take$0 Client.java:77",
                "lib org.springframework.web.Filter!doFilter Filter.java:9", "lib java.lang.Thread!run Thread.java:833",
            ],
            """
            2026-11-22 10:00:00 ERROR [http-1] c.a.Orders - cannot order
            com.acme.OrderException: order 5
            \tat com.acme.Orders.place(Orders.java:10)
            Caused by: com.acme.StoreException: store away
            \tat com.acme.Store.get(Store.java:20)
            \t... 12 more
            Caused by: java.net.ConnectException: Connection refused
            \tat java.base/sun.nio.ch.Net.connect0(Native Method)
            \tat com.acme.net.Client.open(Client.java:31) ~[acme-1.2.jar:?]
            \tat app//com.acme.net.Client$Pool.lambda$take$0(Client.java:77)
            \tat org.springframework.web.Filter.doFilter(Filter.java:9)
            \tat java.base/java.lang.Thread.run(Thread.java:833)
            \t... 20 more
            """),
        FrameCase(
            "Kotlin and Scala", "kotlin.KotlinNullPointerException: none",
            [
                "app com.acme.CartKt!total Cart.kt:4", "lib scala.collection.immutable.List!map List.scala:250",
                "app com.acme.Shop$!run Shop.scala:12",
            ],
            """
            kotlin.KotlinNullPointerException: none
            \tat com.acme.CartKt.total(Cart.kt:4)
            \tat scala.collection.immutable.List.map(List.scala:250)
            \tat com.acme.Shop$.run(Shop.scala:12)
            """),
        FrameCase(
            ".NET, an inner exception of an inner one, and async parts",
            "System.AggregateException > Acme.StoreException > System.IO.IOException: disk full",
            [
                "lib System.IO.FileStream!Write", "app Acme.Store!Save /src/Store.cs:36",
                "app Acme.Job!<Run>d__2 /src/Job.cs:31",
            ],
            """
            System.AggregateException: One or more errors occurred. ---> Acme.StoreException: not saved ---> System.IO.IOException: disk full
               at System.IO.FileStream.Write(Byte[] array)
               at Acme.Store.Save(Byte[] data) in /src/Store.cs:line 36
            --- End of stack trace from previous location ---
               at Acme.Job.<Run>d__2.MoveNext() in /src/Job.cs:line 31
               --- End of inner exception stack trace ---
               at Acme.Job.Wait() in /src/Job.cs:line 50
               --- End of inner exception stack trace ---
               at Acme.Program.Main() in /src/Program.cs:line 3
            """),
        FrameCase(
            "Dart", "FormatException: bad date",
            [
                "app Cart.parse package:shop/cart.dart:25", "lib State.build package:flutter/src/widgets.dart:10",
                "lib _Timer._run dart:isolate-patch/timer_impl.dart:398",
            ],
            """
            Unhandled exception:
            FormatException: bad date
            #0      Cart.parse (package:shop/cart.dart:25:20)
            #1      State.build (package:flutter/src/widgets.dart:10:3)
            #2      _Timer._run (dart:isolate-patch/timer_impl.dart:398:19)
            """),
        FrameCase(
            "Elixir", "KeyError: key :price not found",
            ["app Shop.Cart!total lib/shop/cart.ex:12", "lib Enum!map lib/enum.ex:1"],
            """
            ** (KeyError) key :price not found
                (shop 0.1.0) lib/shop/cart.ex:12: Shop.Cart.total/1
                (elixir 1.15) lib/enum.ex:1: Enum.map/2
            """),
    ]

    static let scripts: [FrameCase] = [
        FrameCase(
            "Python, a chain of three", "app.OrderError > app.StoreError > KeyError: 'id'",
            ["app store!load /srv/app/store.py:44", "lib pool!run /usr/lib/python3/dist-packages/pool.py:9"],
            """
            Traceback (most recent call last):
              File "/usr/lib/python3/dist-packages/pool.py", line 9, in run
                work()
              File "/srv/app/store.py", line 44, in load
                return row["id"]
            KeyError: 'id'

            During handling of the above exception, another exception occurred:

            Traceback (most recent call last):
              File "/srv/app/store.py", line 50, in get
                raise StoreError from error
            app.StoreError: lost

            The above exception was the direct cause of the following exception:

            Traceback (most recent call last):
              File "/srv/app/order.py", line 3, in place
            app.OrderError: no order
            """),
        FrameCase(
            "Python exception group: the first of it", "ExceptionGroup > ValueError: one", ["app a!f /srv/app/a.py:3"],
            """
              + Exception Group Traceback (most recent call last):
              |   File "/srv/app/jobs.py", line 9, in main
              |     raise ExceptionGroup("both", errors)
              | ExceptionGroup: both (2 sub-exceptions)
              +-+---------------- 1 ----------------
                | Traceback (most recent call last):
                |   File "/srv/app/a.py", line 3, in f
                | ValueError: one
                +---------------- 2 ----------------
                | KeyError: 'two'
                +------------------------------------
            """),
        FrameCase(
            "Python SyntaxError", "SyntaxError: invalid syntax", ["app bad! /srv/app/bad.py:3"],
            """
            Traceback (most recent call last):
              File "/srv/app/bad.py", line 3
                foo =
                     ^
            SyntaxError: invalid syntax
            """),
        FrameCase(
            "Node, a cause of a cause", "Error > TypeError > Error: connect ECONNREFUSED 127.0.0.1:443",
            ["lib TCPConnectWrap.afterConnect node:net:1555", "app connect /srv/shop/net.js:8"],
            """
            Error: cannot place order
                at place (/srv/shop/order.js:10:11) {
              code: 'E_ORDER',
              [cause]: TypeError: fetch failed
                  at pay (/srv/shop/pay.js:7:9) {
                [cause]: Error: connect ECONNREFUSED 127.0.0.1:443
                    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)
                    at connect (/srv/shop/net.js:8:1)
              }
            }
            """),
        FrameCase(
            "Node, AggregateError: the first of its errors", "AggregateError > Error: first",
            ["app a /srv/shop/any.js:5"],
            """
            AggregateError: All promises were rejected
                at any (/srv/shop/any.js:3:9) {
              [errors]: [
                Error: first
                    at a (/srv/shop/any.js:5:7),
                RangeError: second
                    at b (/srv/shop/any.js:6:7)
              ]
            }
            """),
        FrameCase(
            "TypeScript, async and library frames", "ShopError: no price",
            [
                "app Cart.total /srv/shop/src/cart.ts:12", "app main file:///srv/shop/src/main.ts:3",
                "lib Layer.handle /srv/shop/node_modules/express/layer.js:95", "lib Promise.all <anonymous>",
            ],
            """
            ShopError: no price
                at Cart.total (/srv/shop/src/cart.ts:12:5)
                at async main (file:///srv/shop/src/main.ts:3:1)
                at Layer.handle [as handle_request] (/srv/shop/node_modules/express/layer.js:95:5)
                at Promise.all (<anonymous>)
            """),
        FrameCase(
            "Ruby with a cause", "ShopError > KeyError: key not found: :id",
            ["app load /srv/shop/store.rb:9", "lib call /usr/lib/ruby/gems/3.1.0/gems/rack-2/lib/rack.rb:5"],
            """
            /srv/shop/order.rb:4:in `rescue in place': no order (ShopError)
            \tfrom /srv/shop/order.rb:2:in `place'
            /srv/shop/store.rb:9:in `load': key not found: :id (KeyError)
            \tfrom /usr/lib/ruby/gems/3.1.0/gems/rack-2/lib/rack.rb:5:in `call'
            """),
        FrameCase(
            "PHP, what wrapped it comes last in the text", "App\\OrderException > PDOException: gone",
            [
                "app PDO!query /srv/app/Store.php:7", "lib Lib\\Kernel!handle /srv/vendor/lib/Kernel.php:70",
                "lib {main}",
            ],
            """
            PHP Fatal error:  Uncaught PDOException: gone in /srv/app/Store.php:7
            Stack trace:
            #0 /srv/app/Store.php(7): PDO->query('select')
            #1 /srv/vendor/lib/Kernel.php(70): Lib\\Kernel->handle()
            #2 {main}

            Next App\\OrderException: no order in /srv/app/Order.php:3
            Stack trace:
            #0 {main}
              thrown in /srv/app/Order.php on line 3
            """),
        FrameCase(
            "Perl", "die: no cart", ["app Shop::Cart::load /srv/Cart.pm:12", "app /srv/main.pl:3"],
            """
            no cart at /srv/Cart.pm line 12.
            \tShop::Cart::load(5) called at /srv/main.pl line 3
            """),
        FrameCase(
            "R", "error: cannot open the connection", ["lib read.csv", "app load_prices", "app main"],
            """
            Error in read.csv("prices.csv") : cannot open the connection
            Calls: main -> load_prices -> read.csv
            Execution halted
            """),
        FrameCase(
            "R, the message on the next line", "error: object of type 'closure' is not subsettable", ["app total"],
            """
            Error in total(basket, with = everything) :
              object of type 'closure' is not subsettable
            Execution halted
            """),
        FrameCase(
            "Haskell", "error: Prelude.head: empty list",
            [
                "lib GHC.List!errorEmptyList libraries/base/GHC/List.hs:1646",
                "lib GHC.List!head libraries/base/GHC/List.hs:85",
                "app Shop.Cart! src/Shop/Cart.hs:12",
            ],
            """
            shop: Prelude.head: empty list
            CallStack (from HasCallStack):
              error, called at libraries/base/GHC/List.hs:1646:3 in base:GHC.List
              errorEmptyList, called at libraries/base/GHC/List.hs:85:11 in base:GHC.List
              head, called at src/Shop/Cart.hs:12:9 in shop-0.1:Shop.Cart
            """),
        FrameCase(
            "PowerShell", "ItemNotFoundException: Cannot find path 'C:\\prices.csv' because it does not exist.",
            ["app Import.ps1:12"],
            """
            Get-Item : Cannot find path 'C:\\prices.csv' because it does not exist.
            At C:\\jobs\\Import.ps1:12 char:5
            +     Get-Item prices.csv
                + CategoryInfo          : ObjectNotFound: (C:\\prices.csv:String) [Get-Item], ItemNotFoundException
                + FullyQualifiedErrorId : PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand
            """),
        FrameCase(
            "PowerShell 7", "Get-Item: Cannot find path 'C:\\prices.csv' because it does not exist.",
            ["app Import.ps1:12"],
            """
            Get-Item: C:\\jobs\\Import.ps1:12
            Line |
              12 |  Get-Item prices.csv
                 |  ~~~~~~~~~~~~~~~~~~~
                 | Cannot find path 'C:\\prices.csv' because it does not exist.
            """),
        FrameCase(
            "PowerShell, a script's stack", "System.Management.Automation.RuntimeException: no price",
            ["app Get-Price Price.ps1:12", "app Import.ps1:3"],
            """
            System.Management.Automation.RuntimeException: no price
            at Get-Price, C:\\jobs\\Price.ps1: line 12
            at <ScriptBlock>, C:\\jobs\\Import.ps1: line 3
            """),
        FrameCase(
            "Lua", "error: cart.lua:5: no cart", ["lib error [C]", "app load cart.lua:5"],
            "lua: cart.lua:5: no cart\nstack traceback:\n\t[C]: in function 'error'\n\tcart.lua:5: in function 'load'"),
    ]

    static let native: [FrameCase] = [
        FrameCase(
            "Go, below the runtime's frames", "panic: runtime error: invalid memory address",
            [
                "app github.com/acme/cart!(*Cart).Item /src/cart/cart.go:58",
                "lib net/http!(*conn).serve /usr/local/go/src/net/http/server.go:9",
            ],
            """
            panic: runtime error: invalid memory address
            [signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x7fd34f]

            goroutine 1 [running]:
            panic({0x45e0a0, 0xc000012345})
            \t/usr/local/go/src/runtime/panic.go:884 +0x212
            runtime.sigpanic()
            \t/usr/local/go/src/runtime/signal_unix.go:1 +0x1
            github.com/acme/cart.(*Cart).Item(0xc000010000, 0x5)
            \t/src/cart/cart.go:58 +0x12a
            net/http.(*conn).serve(0xc000010000)
            \t/usr/local/go/src/net/http/server.go:9 +0x1

            goroutine 7 [select]:
            main.other()
            \t/src/main.go:9 +0x1d
            """),
        FrameCase(
            "Go race", "data race: Write",
            ["app main!(*Cart).Add /src/shop/cart.go:12", "app main!main.func1 /src/shop/main.go:9"],
            """
            ==================
            WARNING: DATA RACE
            Write at 0x00c00001a0b8 by goroutine 7:
              main.(*Cart).Add()
                  /src/shop/cart.go:12 +0x44
              main.main.func1()
                  /src/shop/main.go:9 +0x2e

            Previous read at 0x00c00001a0b8 by main goroutine:
              main.main()
                  /src/shop/main.go:14 +0x9c
            ==================
            """),
        FrameCase(
            "Rust", "panic: called `Option::unwrap()` on a `None` value",
            ["lib core::panicking::panic", "app shop::cart::item ./src/cart.rs:6", "lib std::rt::lang_start"],
            """
            thread 'main' panicked at src/cart.rs:6:9:
            called `Option::unwrap()` on a `None` value
            stack backtrace:
               0: core::panicking::panic
               1: shop::cart::item
                         at ./src/cart.rs:6:9
               2: std::rt::lang_start
            """),
        FrameCase(
            "Swift", "Fatal error: Index out of range",
            ["app shop!Cart.item /src/Cart.swift:12", "app shop!static Main.main /src/Main.swift:3"],
            """
            Swift/ContiguousArrayBuffer.swift:600: Fatal error: Index out of range
            Thread 0 crashed:
            0 0x00007f5e Cart.item(_:) + 12 in shop at /src/Cart.swift:12:9
            1 0x00007f5f static Main.main() + 8 in shop at /src/Main.swift:3:5
            """),
        FrameCase(
            "AddressSanitizer", "heap-use-after-free: on address 0x602000004efe",
            [
                "lib __asan_memcpy /srv/app", "app shop::Cart::item src/cart.cc:10",
                "lib __libc_start_main /lib/libc.so.6",
            ],
            """
            ==37==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000004efe
            READ of size 1 at 0x602000004efe thread T0
                #0 0x55a6437f16c5 in __asan_memcpy (/srv/app+0x1)
                #1 0x55a6437f16c6 in shop::Cart::item(int) src/cart.cc:10:15
                #2 0x7f2af34fdbbc in __libc_start_main (/lib/libc.so.6+0x23)
            """),
        FrameCase(
            "ThreadSanitizer", "data race: (pid=12)", ["app shop::add /src/cart.cc:9", "lib main /src/main.cc:3"],
            """
            WARNING: ThreadSanitizer: data race (pid=12)
              Write of size 4 at 0x7b by thread T1:
                #0 shop::add() /src/cart.cc:9:3 (app+0x4a)
                #1 main /src/main.cc:3 (app+0x5b)
            """),
        FrameCase(
            "UndefinedBehaviorSanitizer", "runtime error: signed integer overflow: 1 + 2 cannot be represented",
            ["app shop::total /src/cart.cc:12"],
            """
            cart.cc:12:7: runtime error: signed integer overflow: 1 + 2 cannot be represented
                #0 0x55a6 in shop::total() /src/cart.cc:12:7
            """),
        FrameCase(
            "glibc", "buffer overflow detected: terminated",
            ["lib libc.so.6! /lib/x86_64-linux-gnu/libc.so.6", "app app!price_of /srv/shop/app"],
            """
            *** buffer overflow detected ***: terminated
            ======= Backtrace: =========
            /lib/x86_64-linux-gnu/libc.so.6(+0x70bfb)[0x7f1c2]
            /srv/shop/app(price_of+0x1b)[0x400b]
            """),
        FrameCase(
            "gdb", "SIGABRT: Aborted.",
            ["lib raise raise.c:50", "app item cart.c:12", "app libfoo.so!foo /usr/lib/libfoo.so"],
            """
            Program received signal SIGABRT, Aborted.
            #0  raise (sig=6) at raise.c:50
            #1  0x0000555555 in item (index=5) at cart.c:12
            #2  0x0000555556 in foo () from /usr/lib/libfoo.so
            """),
        FrameCase(
            "kernel oops", "Oops: 0002 [#1] SMP PTI", ["app acme!acme_write", "lib ksys_write", "lib do_syscall_64"],
            """
            Oops: 0002 [#1] SMP PTI
            CPU: 1 PID: 811 Comm: shop Not tainted 6.1.0
            RIP: 0010:acme_write+0x1f/0x90 [acme]
            Call Trace:
             <TASK>
             acme_write+0x1f/0x90 [acme]
             ksys_write+0x63/0xe0
             do_syscall_64+0x3b/0x90
             </TASK>
            ---[ end trace 0123456789abcdef ]---
            """),
    ]
}
