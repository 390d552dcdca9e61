import Testing

/// Logs with the places where their records begin, written for these tests after what the runtimes print.
struct RecordCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// Lines; a `|` in front marks the first line of a record.
    let text: String

    init(_ description: String, _ text: String) {
        testDescription = description
        self.text = text
    }

    /// The lines without their marks.
    var lines: [(text: String, begins: Bool)] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasPrefix("|") ? (String(line.dropFirst()), true) : (String(line), false)
        }
    }

    static let traces: [RecordCase] = [
        RecordCase(
            "Java trace behind a header, with causes",
            """
            |2026-11-22 10:00:00 ERROR [main] Order - cannot price
            java.lang.IllegalStateException: no price
            \tat com.example.Price.of(Price.java:12)
            \tSuppressed: java.lang.RuntimeException: also
            \t\tat com.example.Price.close(Price.java:19)
            Caused by: java.io.IOException: closed
            \tat com.example.Net.read(Net.java:7)
            \t... 23 more
            |2026-11-22 10:00:01 INFO [main] Order - next
            """),
        RecordCase(
            "Java, an exception inside of a message, and a message of several lines",
            """
            |java.lang.RuntimeException: mail.SendFailedException: Invalid addresses;
              nested exception is:
            com.example.mail.AddressException: 550 no such box

            \tat com.example.Mail.send(Mail.java:2)
            |org.example.QueryException: could not run
            select price
            from basket
                at org.example.Query.run(Query.java:88)
            |done
            """),
        RecordCase(
            ".NET's console, exceptions at the margin (up to 3.1) and indented",
            """
            |fail: Shop.Web.CartController[7]
                  cannot show the cart
            System.InvalidOperationException: no price
               at Shop.Web.CartController.Show(Int32 id) in /src/Shop/CartController.cs:line 41
            |info: Shop.Web.CartController[0]
                  shown
            |crit: Microsoft.AspNetCore.Server.Kestrel[0]
                  Unable to start Kestrel.
                  System.IO.IOException: address in use
                     at Microsoft.AspNetCore.Server.Kestrel.Bind()
            |dbug: Shop.Web.CartController[0]
                  priced
            """),
        RecordCase(
            "a header that says that all is well does not own a trace",
            """
            |2026-11-22 10:00:00 INFO [main] Order - started
            |java.lang.IllegalStateException: no price
            \tat com.example.Price.of(Price.java:12)
            |2026-11-22 10:00:00 INFO [main] Order - caught exception, going on
            java.lang.IllegalStateException: no price
            \tat com.example.Price.of(Price.java:12)
            |2026-11-22 10:00:01 DEBUG [main] Order - the reason:
            java.lang.IllegalStateException: no price
            \tat com.example.Price.of(Price.java:12)
            |2026-11-22 10:00:02 INFO [main] Order - stopped
            """),
        RecordCase(
            "a header without a level owns what is below it if it tells of a fault",
            """
            |2026-11-22T10:00:01: listening on port 3000
            |Error: connect ECONNREFUSED 192.0.2.5
                at afterConnect (node:net:1:2)
            |2026-11-22T10:00:02: cannot reach the database
            Error: connect ECONNREFUSED 192.0.2.5
                at afterConnect (node:net:1:2)
            |2026-11-22T10:00:03: 11 listeners
            |(node:811) UnhandledPromiseRejectionWarning: TypeError: x is undefined
                at total (/srv/cart.js:1:2)
            |2026-11-22T10:00:04: HttpError
            in the shop
            |2026-11-22T10:00:05: ready
            |the first line of another program
            |and the second
            |2026-11-22T10:00:06: done
            """),
        RecordCase(
            "a header that is only a time announces its message",
            """
            |2026-11-22T10:00:01.123456+00:00
            Errors in file /var/trace/a.trc:
            ORA-00600: internal error code
            |2026-11-22T10:00:02.123456+00:00
            Completed checkpoint
            |2026-11-22T10:00:03.123456+00:00
            """),
        RecordCase(
            "programs that write (name:process), and levels of one letter, begin records below a fault",
            """
            |2026-11-22 10:00:00 ERROR cannot load
            the second line of the message
            |(node:811) Warning: buffer is old
            |(Use `node --trace-warnings ...` to show where it was made)
            |E: cannot get lock /var/lib/lock
            |Get:1 the list of another program
            |Error: check failed
            |W: no signature
            |F: /etc/x is damaged
            |2026-11-22 10:00:01 INFO next
            """),
        RecordCase(
            "java.util.logging says on the second line that all is well",
            """
            |Nov 22, 2026 10:00:00 AM com.example.App run
            INFO: started
            |java.lang.IllegalStateException: no price
            \tat com.example.Price.of(Price.java:12)
            |Nov 22, 2026 10:00:01 AM com.example.App run
            WARNING: cannot price
            java.lang.IllegalStateException: no price
            \tat com.example.Price.of(Price.java:12)
            """),
        RecordCase(
            "java.util.logging's header of two lines",
            """
            |Nov 22, 2026 10:00:00 AM com.example.App run
            SEVERE: cannot price
            java.lang.IllegalStateException: no price
            \tat com.example.Price.of(Price.java:12)
            |Nov 22, 2026 10:00:01 AM com.example.App run
            INFO: next
            """),
        RecordCase(
            "Python traceback with a chain",
            """
            |2026-11-22 10:00:00,123 ERROR worker failed
            Traceback (most recent call last):
              File "a.py", line 1, in f
                g()
            KeyError: 'x'

            During handling of the above exception, another exception occurred:

            Traceback (most recent call last):
              File "a.py", line 3, in f
                h()
            ValueError: bad
            |2026-11-22 10:00:01,000 INFO next
            """),
        RecordCase(
            "tracebacks without a header, then plain lines",
            """
            |starting
            |Traceback (most recent call last):
              File "a.py", line 1, in f
            shop.OutOfStock
            |Traceback (most recent call last):
              File "a.py", line 1
                foo =
                     ^
            SyntaxError: invalid syntax
            |stopping
            |bye
            |2026-11-22 10:00:01 INFO next
            """),
        RecordCase(
            "Python exception group",
            """
            |plain
            |  + Exception Group Traceback (most recent call last):
              |   File "a.py", line 9, in main
              |     raise ExceptionGroup("both", errors)
              | ExceptionGroup: both (2 sub-exceptions)
              +-+---------------- 1 ----------------
                | Traceback (most recent call last):
                |   File "a.py", line 3, in f
                | ValueError: one
                +---------------- 2 ----------------
                | KeyError: 'two'
                +------------------------------------
            |plain
            """),
        RecordCase(
            "Python traceback, coloured, with values and a marked frame",
            """
            |\u{1b}[33m\u{1b}[1mTraceback (most recent call last):\u{1b}[0m

              File "\u{1b}[32ma.py\u{1b}[0m", line 3, in main
                f(x)
                \u{1b}[36m└ 0\u{1b}[0m

            > File "a.py", line 1, in f
                1 / x

            \u{1b}[31m\u{1b}[1mZeroDivisionError\u{1b}[0m:\u{1b}[1m division by zero\u{1b}[0m
            |listening
            """),
        RecordCase(
            "an announced traceback",
            """
            |Exception ignored in: <function Basket.__del__ at 0x7f>
            Traceback (most recent call last):
              File "a.py", line 1, in f
            ValueError: bad
            |Process Process-1:
            Traceback (most recent call last):
              File "a.py", line 1, in f
            ValueError: bad
            |next
            """),
        RecordCase(
            "Node error with its properties and its cause",
            """
            |TypeError: Cannot read properties of undefined (reading 'id')
                at handler (/app/index.js:3:9)
                at next (/app/router.js:8:1) {
              code: 'E_BAD',
              [cause]: Error: closed
                  at read (/app/net.js:1:1)
            }
            |listening on 3000
            """),
        RecordCase(
            "frames of other browsers",
            """
            |Error: culprit
            who@http://localhost:5000/misc/foo.js:3:9
            @http://localhost:5000/misc/foo.js:15:1
            |Error: native
            s@33.js:1:531
            value@[native code]
            42.js:1:822
            |TypeError: bad
            at render(/home/x/a.js:78:24)
            at this(/home/x/b.js:74:41)
            |ready
            """),
        RecordCase(
            "Go panics, one behind the other",
            """
            |2026/11/22 10:00:00 listening
            |panic: runtime error: index out of range [3] with length 3 [recovered]
            \tpanic: again
            [signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x7fd34f]

            goroutine 1 [running]:
            main.main()
            \t/src/main.go:9 +0x1d
            created by main.start
            \t/src/main.go:20 +0x91
            exit status 2
            |panic: second

            goroutine 7 [running]:
            main.(*Basket).total(0xc000012345, 0x2)
            \t/src/main.go:9 +0x1d

            goroutine 8 [select]:
            net/http.(*persistConn).writeLoop(0xc0001)
            /usr/lib/go/src/net/http/transport.go:2 +0xe5 fp=0xc21 sp=0xc20
            |done
            """),
        RecordCase(
            "Go, a dump that is cut: the head of a goroutine and the place of its maker are not alone",
            """
            |2026/11/22 10:00:00 listening
            |panic: reflect.Set: value of type

            goroutine 1 [running]:
            cut
            |panic: again

            goroutine 1 [running]:
            main.main()
            \t/src/main.go:9 +0x1d
            created by main.start
            cut as well
            |done
            """),
        RecordCase(
            "Go, a panic that a server has caught",
            """
            |2026/11/22 10:00:00 http: panic serving 192.0.2.7:5512: no price
            goroutine 18 [running]:
            net/http.(*conn).serve.func1()
            \t/usr/lib/go/src/net/http/server.go:1850 +0xbf
            |2026/11/22 10:00:01 listening
            """),
        RecordCase(
            ".NET with inner exceptions and parts",
            """
            |Unhandled exception. System.InvalidOperationException: outer
             ---> System.IO.IOException: inner
               at Shop.Basket.Read(String name) in /src/Basket.cs:line 36
            --- End of stack trace from previous location where exception was thrown ---
               at Shop.Basket.Total()
               --- End of inner exception stack trace ---
               at Shop.Program.Main()
            |Shop.QueryException: failed [SQL: select
            price from basket
            ] ---> System.TimeoutException: late
               at Shop.Query.Run()
            |done
            """),
        RecordCase(
            "Rails",
            """
            |one
            | ActionController::RoutingError (No route matches [GET] "/x"):
              
              app/controllers/x.rb:3:in `show'
              lib/y.rb:9:in `call'
            | ActionController::RoutingError (No route matches [GET] "/y"):
              
              app/controllers/x.rb:3:in `show'
            |two
            """),
        RecordCase(
            "Ruby",
            """
            |/srv/basket.rb:17:in `total': undefined method `price' (NoMethodError)
            \tfrom /srv/shop.rb:3:in `run'
            \tfrom /srv/shop.rb:9:in `<main>'
            |next
            """),
        RecordCase(
            "PHP and Monolog",
            """
            |PHP Fatal error:  Uncaught RuntimeException: no price in /srv/a.php:3
            Stack trace:
            #0 /srv/b.php(9): total()
            #1 {main}
              thrown in /srv/a.php on line 3
            |[2026-11-22 10:00:00] shop.ERROR: no price {"exception":"[object] (RuntimeException(code: 0): no price at /srv/a.php:3)
            [stacktrace]
            #0 /srv/b.php(9): total()
            #1 {main}
            "} 
            |[2026-11-22 10:00:01] shop.INFO: next
            """),
        RecordCase(
            "Rust",
            """
            |thread 'main' panicked at src/main.rs:4:9:
            no price
            stack backtrace:
               0: rust_begin_unwind
                         at /rustc/x/library/std/src/panicking.rs:1:5
            note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.
            |thread 'worker' panicked at src/a.rs:1:1:
            first line
            second line
            note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
            |The application panicked (crashed).
            Message:  no price
            Location: src/main.rs:4

              ━━━━━━━━━━━━ BACKTRACE ━━━━━━━━━━━━
              8: main::run
                 at src/main.rs:4

            Run with COLORBT_SHOW_HIDDEN=1 environment variable to disable frame filtering.
            |ready
            """),
        RecordCase(
            "Dart",
            """
            |Unhandled exception:
            Cannot add to an unmodifiable list
            #0      main.<anonymous closure> (file:///x.dart:12:20)
            <asynchronous suspension>
            #1      main (file:///x.dart:12:3)
            |Unhandled exception:
            FormatException: bad
            #0      main (file:///x.dart:12:3)
            |bye
            """),
        RecordCase(
            "Elixir",
            """
            |10:00:00.123 [error] GenServer Shop terminating
            ** (RuntimeError) no price
                (shop 0.1.0) lib/shop.ex:12: Shop.total/1
                (stdlib 4.0) gen_server.erl:1: :gen_server.try_dispatch/4
            Last message: :total
            |10:00:01.123 [info] next
            """),
        RecordCase(
            "Lua, Haskell, R, PowerShell",
            """
            |lua: basket.lua:14: no price
            stack traceback:
            \t[C]: in function 'error'
            \tbasket.lua:14: in main chunk
            |shop: no price
            CallStack (from HasCallStack):
              error, called at app/Main.hs:3:8 in main:Main
            |Error in total(basket) : no price
            Calls: run -> total
            In addition: Warning message:
            In file(file, "rt") :
              cannot open file 'x.csv'
            Execution halted
            |Get-Price : no price
            At C:\\shop.ps1:3 char:1
            + Get-Price
            + ~~~~~~~~~
                + CategoryInfo          : NotSpecified
            |Get-Price: C:\\shop.ps1:3
            Line |
               3 |  Get-Price
                 |  ~~~~~~~~~
                 | no price
            |System.Management.Automation.RuntimeException: no price
            at Get-Price, C:\\shop.ps1: line 3
            at <ScriptBlock>, C:\\run.ps1: line 1
            |next
            """),
        RecordCase(
            "PostgreSQL",
            """
            |2026-11-22 10:00:00 UTC [811] shop@db ERROR:  duplicate key value
            2026-11-22 10:00:00 UTC [811] shop@db DETAIL:  Key (id)=(7) already exists.
            2026-11-22 10:00:00 UTC [811] shop@db STATEMENT:  insert into basket
            \tvalues (7)
            |2026-11-22 10:00:01 UTC [811] shop@db LOG:  checkpoint starting: time
            """),
        RecordCase(
            "what stands between two headers belongs to the first, if that tells of a fault",
            """
            |2026-11-22 10:00:00 ERROR cannot post basket
            Additional detail: too large
            |2026-11-22 10:00:01 INFO next
            |a program's own output
            |2026-11-22 10:00:01 INFO next
            """),
        RecordCase(
            "plain lines are records of one line",
            """
            |one
            |two
            |
            |three
            """),
    ]

    /// Lines that have a prefix of their own.
    static let prefixed: [RecordCase] = [
        RecordCase(
            "NestJS",
            """
            |[Nest] 811  - 11/22/2026, 10:00:00 AM   ERROR [ExceptionsHandler] no price
            TypeError: no price
                at CartService.total (/srv/shop/dist/cart.service.js:12:5)
            |[Nest] 811  - 11/22/2026, 10:00:01 AM     LOG [Cart] priced
            """),
        RecordCase(
            "Ruby's logger",
            """
            |E, [2026-11-22T10:00:53.1 #811] ERROR -- : cannot pay
            KeyError (key not found: :total):
            app/models/basket.rb:17:in `total'
            |[811] ! Terminating timed out worker (worker failed to check in within 60 seconds): 4411
            |[811] - Worker 0 (PID: 4412) booted in 0.81s, phase: 0
            |I, [2026-11-22T10:00:54.1 #811]  INFO -- : paid
            |KeyError (key not found: :total):
            app/models/basket.rb:17:in `total'
            """),
        RecordCase(
            "Rails, the request in front of every line of a message",
            """
            |I, [2026-11-22T10:00:52.1 #811]  INFO -- : [8f1c2d3e-0000-4d27-9d51-112233445566] Started GET "/"
            |F, [2026-11-22T10:00:53.1 #811] FATAL -- : [8f1c2d3e-0000-4d27-9d51-112233445566] \u{20}
            [8f1c2d3e-0000-4d27-9d51-112233445566] KeyError (key not found: :total):
            [8f1c2d3e-0000-4d27-9d51-112233445566] \u{20}
            [8f1c2d3e-0000-4d27-9d51-112233445566] app/models/basket.rb:17:in `total'
            [8f1c2d3e-0000-4d27-9d51-112233445566] app/controllers/baskets_controller.rb:8:in `show'
            |I, [2026-11-22T10:00:54.1 #811]  INFO -- : [8f1c2d3e-0000-4d27-9d51-112233445567] Started GET "/"
            """),
        RecordCase(
            "sudo sets the user to the right, which is no indentation; what it could not say in one line is one",
            """
            |Nov 22 10:00:00 web sudo:   carol : user NOT in sudoers ; TTY=pts/0 ; PWD=/home/carol ; USER=root ; COMMAND=/bin/sh
            |Nov 22 10:00:01 web sudo:   carol : user NOT in sudoers ; TTY=pts/0 ; PWD=/home/carol ; USER=root ; COMMAND=/bin/sh
            |Nov 22 10:00:02 web sudo[812]: pam_unix(sudo:auth): conversation failed
            |Nov 22 10:00:03 web sudo[812]:    alice : 3 incorrect password attempts ; PWD=/srv ; USER=root ; COMMAND=/bin/ls
            Nov 22 10:00:03 web sudo[812]:    alice : (command continued) /srv/a /srv/b
            """),
    ]

    static let reports: [RecordCase] = [
        RecordCase(
            "AddressSanitizer",
            """
            |running test 7
            |=================================================================
            ==4411==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x55d0c1
            READ of size 4 at 0x602000000010 thread T0
                #0 0x55d0c1 in total /src/basket.c:41:3
                #1 0x55d0c2 in main /src/main.c:7:1

            0x602000000010 is located 0 bytes inside of 4-byte region
            freed by thread T0 here:
                #0 0x4c6855 in free
            previously allocated by thread T0 here:
                #0 0x4c6995 in malloc
            SUMMARY: AddressSanitizer: heap-use-after-free /src/basket.c:41:3 in total
            Shadow bytes around the buggy address:
              0x0c047fff8000: fa fa 00 00
            =>0x0c047fff8010: fa fa[fd]fa
            Shadow byte legend (one shadow byte represents 8 application bytes):
              Addressable:           00
            ==4411==ABORTING
            |running test 8
            """),
        RecordCase(
            "a data race",
            """
            |==================
            WARNING: DATA RACE
            Write at 0x00c000012 by goroutine 7:
              main.total()
                  /src/main.go:9 +0x1

            Previous read at 0x00c000012 by main goroutine:
              main.main()
                  /src/main.go:20 +0x1

            Goroutine 7 (running) created at:
              main.main()
                  /src/main.go:19 +0x1
            ==================
            |ok
            """),
        RecordCase(
            "valgrind",
            """
            |==12== Invalid read of size 4
            ==12==    at 0x1091A3: total (basket.c:41)
            ==12==  Address 0x4a is 0 bytes after a block of size 8 alloc'd
            ==12==    at 0x483: malloc (vg_replace_malloc.c:1)
            |==12== 
            |==12== Invalid write of size 4
            ==12==    at 0x1091A4: total (basket.c:42)
            |done
            """),
        RecordCase(
            "gdb and undefined behaviour",
            """
            |Program terminated with signal SIGSEGV, Segmentation fault.
            #0  0x00005555 in total (b=0x0) at basket.c:41
            #1  main () at main.c:7
            |basket.c:41:3: runtime error: signed integer overflow
                #0 0x55d0c1 in total basket.c:41
            SUMMARY: UndefinedBehaviorSanitizer: undefined-behavior basket.c:41:3
            |done
            """),
        RecordCase(
            "a kernel's warning and its oops",
            """
            |[   10.100000] eth0: link up
            |[   12.100000] ------------[ cut here ]------------
            [   12.100001] WARNING: CPU: 1 PID: 811 at net/sched/sch_shop.c:212 dequeue+0x1/0x2
            [   12.100002] trying to take from an empty basket
            [   12.100003] Modules linked in: shop
            [   12.100004] CPU: 1 PID: 811 Comm: shop Not tainted 6.1.0 #1
            [   12.100005] RIP: 0010:dequeue+0x1/0x2
            [   12.100006] Code: 00 01 02
            [   12.100007] RAX: 0000000000000000 RBX: 0000000000000001
            [   12.100008] Call Trace:
            [   12.100009]  <TASK>
            [   12.100010]  ? dump_stack+0x1/0x2
            [   12.100011]  run+0x1/0x2 [shop]
            [   12.100012] ---[ end trace 0123456789abcdef ]---
            |[   12.100013] eth0: link down
            |[   13.100000] BUG: unable to handle page fault for address: ffffb4e2c0a41000
            [   13.100001] #PF: supervisor read access in kernel mode
            [   13.100002] PGD 0 P4D 0
            [   13.100003] Oops: 0000 [#1] SMP NOPTI
            [   13.100004] CPU: 1 PID: 811 Comm: shop Not tainted 6.1.0 #1
            [   13.100005] Call Trace:
            [   13.100006]  run+0x1/0x2 [shop]
            [   13.100007] Kernel panic - not syncing: Fatal exception
            [   13.100008] ---[ end Kernel panic - not syncing: Fatal exception ]---
            |[   14.100000] eth0: link up
            """),
        RecordCase(
            "a report between lines of =",
            """
            |[  100.000000] ==================================================================
            [  100.000001] BUG: KASAN: use-after-free in total+0x1/0x2
            [  100.000002] Read of size 8 at addr ffff8880b588efb2 by task shop/811
            [  100.000003] 
            [  100.000004] Call Trace:
            [  100.000005]  total+0x1/0x2
            [  100.000006] Memory state around the buggy address:
            [  100.000007]  ffff8880b588ef80: fb fb
            [  100.000008] ==================================================================
            |[  100.000009] Disabling lock debugging due to kernel taint
            """),
        RecordCase(
            "the kernel's lock checks",
            """
            |=============================================
            [ INFO: possible recursive locking detected ]
            6.1.0 #1 Not tainted
            ---------------------------------------------
            shop/811 is trying to acquire lock:
             (&basket->lock){+.+...}, at: [<c01a2314>] total+0x1/0x2

            but task is already holding lock:
             (&basket->lock){+.+...}, at: [<c01a2315>] total+0x1/0x2

            other info that might help us debug this:
            stack backtrace:
            [<c014af44>] (total+0x1/0x2) from [<c014b06c>] (main+0x1/0x2)
            |shop: started
            """),
    ]
}
