extension TraceCase {
    /// One trace of each language family, written for this test after the forms that the runtimes document.
    static let all: [TraceCase] = [
        TraceCase(
            name: "Java with a cause", language: "java",
            classes: ["javax.servlet.ServletException", "java.io.EOFException"],
            message: "Premature EOF from 10.0.0.7", keys: ["com.acme.data.DataXceiver!run"],
            title: "java.io.EOFException in DataXceiver.run — Premature EOF from <ip>",
            record: """
                2026-11-22 10:00:00,123 ERROR [main] com.acme.Front - request failed
                javax.servlet.ServletException: broken
                \tat com.acme.web.Front.handle(Front.java:10)
                \tSuppressed: java.lang.IllegalStateException: also
                \t\tat com.acme.web.Front.close(Front.java:11)
                Caused by: java.io.EOFException: Premature EOF from 10.0.0.7
                \tat java.base/java.io.DataInputStream.read(DataInputStream.java:50)
                \tat com.acme.data.DataXceiver.run(DataXceiver.java:99)
                \t... 7 more
                """),
        TraceCase(
            name: "Java on one line", language: "java", classes: ["java.net.ConnectException"],
            message: "Connection refused",
            keys: [], title: "java.net.ConnectException — Connection refused",
            record: "java.net.ConnectException: Connection refused"),
        TraceCase(
            name: "Python chain", language: "python", classes: ["app.errors.RetryError", "KeyError"], message: "'id'",
            keys: ["store!load", "jobs!run"], title: "KeyError in store.load — 'id'",
            record: """
                Traceback (most recent call last):
                  File "/srv/app/jobs.py", line 12, in run
                    store.load(1)
                  File "/srv/app/store.py", line 44, in <locals>.load
                    return row["id"]
                KeyError: 'id'

                The above exception was the direct cause of the following exception:

                Traceback (most recent call last):
                  File "/srv/app/jobs.py", line 14, in run
                    raise RetryError from error
                app.errors.RetryError: gave up
                """),
        TraceCase(
            name: "Node", language: "javascript", classes: ["TypeError"], message: "x is undefined",
            keys: ["app.js!Cart.total", "app.js"],
            title: "TypeError in Cart.total — x is undefined",
            record: """
                TypeError: x is undefined
                    at Cart.total (/srv/shop/app.js:12:5)
                    at next (/srv/shop/node_modules/express/router.js:100:14)
                    at /srv/shop/app.js:52:3
                    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
                """),
        TraceCase(
            name: "Firefox", language: "javascript", classes: ["Error"], message: "culprit",
            keys: ["foo.js!who", "foo.js"],
            title: "Error in who — culprit",
            record: """
                Error: culprit
                who@http://localhost:5000/foo.js:3:9
                @http://localhost:5000/foo.js:15:1
                """),
        TraceCase(
            name: "Go panic", language: "go", classes: ["panic"],
            message: "runtime error: index out of range [5] with length 3",
            keys: ["github.com/acme/shop/cart!(*Cart).Item", "main!main"],
            title: "panic in cart.(*Cart).Item — runtime error: index out of range [<num>] with length <num>",
            record: """
                panic: runtime error: index out of range [5] with length 3

                goroutine 1 [running]:
                panic({0x45e0a0, 0xc000012345})
                \t/usr/local/go/src/runtime/panic.go:884 +0x212
                github.com/acme/shop/cart.(*Cart).Item(0xc000010000, 0x5)
                \t/src/shop/cart/cart.go:58 +0x12a
                net/http.HandlerFunc.ServeHTTP(0x13e5128)
                \t/usr/local/go/src/net/http/server.go:1265 +0x56
                main.main()
                \t/src/shop/main.go:9 +0x1d
                """),
        TraceCase(
            name: ".NET with an inner exception", language: "dotnet",
            classes: ["System.InvalidOperationException", "Acme.Data.StoreException"], message: "disk full",
            keys: ["Acme.Data.Store!Write", "Acme.Data.Job!RunAsync"],
            title: "Acme.Data.StoreException in Store.Write — disk full",
            record: """
                Unhandled exception. System.InvalidOperationException: failed ---> Acme.Data.StoreException: disk full
                   at Acme.Data.Store.Write(Byte[] data) in /src/Store.cs:line 36
                   at Acme.Data.Job.<RunAsync>d__2.MoveNext() in /src/Job.cs:line 31
                   at System.Threading.Tasks.Task.Execute()
                   --- End of inner exception stack trace ---
                   at Acme.Data.Job.Main(String[] args) in /src/Job.cs:line 11
                """),
        TraceCase(
            name: "Ruby", language: "ruby", classes: ["NoMethodError"], message: "undefined method 'price' for nil",
            keys: ["cart.rb!total", "app.rb!<main>"],
            title: "NoMethodError in total — undefined method 'price' for nil",
            record: """
                /srv/shop/cart.rb:12:in `block in total': undefined method 'price' for nil (NoMethodError)
                \tfrom /srv/shop/cart.rb:11:in `total'
                \tfrom /usr/lib/ruby/gems/3.1.0/gems/rack-2.2/lib/rack.rb:5:in `call'
                \tfrom /srv/shop/app.rb:3:in `<main>'
                """),
        TraceCase(
            name: "PHP", language: "php", classes: ["RuntimeException"], message: "no such cart",
            keys: ["App\\Cart!load"],
            title: "RuntimeException in Cart.load — no such cart",
            record: """
                PHP Fatal error:  Uncaught RuntimeException: no such cart in /var/www/app/Cart.php:12
                Stack trace:
                #0 /var/www/app/index.php(7): App\\Cart->load(5)
                #1 /var/www/vendor/lib/Kernel.php(70): Lib\\Kernel->handle()
                #2 {main}
                  thrown in /var/www/app/Cart.php on line 12
                """),
        TraceCase(
            name: "Rust", language: "rust", classes: ["panic"],
            message: "index out of bounds: the len is 0 but the index is 10",
            keys: ["cart.rs!shop::cart::item"],
            title: "panic in shop::cart::item — index out of bounds: the len is <num> but the index is <num>",
            record: """
                thread 'main' panicked at src/cart.rs:6:9:
                index out of bounds: the len is 0 but the index is 10
                stack backtrace:
                   0: rust_begin_unwind
                             at /rustc/59a829/library/std/src/panicking.rs:619:5
                   1: shop::cart::item::h0123456789abcdef
                             at ./src/cart.rs:6:9
                   2: core::ops::function::FnOnce::call_once
                             at /rustc/59a829/library/core/src/ops/function.rs:250:5
                """),
        TraceCase(
            name: "Dart", language: "dart", classes: ["FormatException"], message: "bad date",
            keys: ["cart.dart!Cart.parse", "main.dart!main"], title: "FormatException in Cart.parse — bad date",
            record: """
                Unhandled exception:
                FormatException: bad date
                #0      Cart.parse (package:shop/cart.dart:25:20)
                #1      main (file:///srv/shop/main.dart:3:3)
                #2      _RawReceivePortImpl._handleMessage (dart:isolate-patch/isolate_patch.dart:151)
                """),
        TraceCase(
            name: "kernel", language: "kernel", classes: ["BUG"],
            message: "unable to handle page fault for address: ffff8881",
            keys: ["acme!acme_read", "acme!acme_ioctl"],
            title: "BUG in acme.acme_read — unable to handle page fault for address: <hex>",
            record: """
                BUG: unable to handle page fault for address: ffff8881
                Call Trace:
                 dump_stack+0x10/0x20
                 acme_read+0x1f/0x90 [acme]
                 ? guess+0x1/0x2
                 acme_ioctl.isra.0+0x2f/0x90 [acme]
                 entry_SYSCALL_64_after_hwframe+0x44/0xae
                """),
        TraceCase(
            name: "sanitizer", language: "c", classes: ["heap-buffer-overflow"],
            message: "on address 0x602000004efe at pc 0x55a6437f16c7",
            keys: ["cart.cc!shop::Cart::item"],
            title: "heap-buffer-overflow in shop::Cart::item — on address <hex> at pc <hex>",
            record: """
                ==37==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000004efe at pc 0x55a6437f16c7
                READ of size 1 at 0x602000004efe thread T0
                    #0 0x55a6437f16c6 in shop::Cart::item(int) src/cart.cc:10:15
                    #1 0x7f2af34fdbbc in __libc_start_main (/lib/libc.so.6+0x23)
                """),
        TraceCase(
            name: "gdb", language: "c", classes: ["SIGSEGV"], message: "Segmentation fault.",
            keys: ["cart.c!item", "job.c!run"],
            title: "SIGSEGV in item — Segmentation fault.",
            record: """
                Program received signal SIGSEGV, Segmentation fault.
                #0  item (index=5) at cart.c:12
                #1  0x0000555555 in run () at job.c:3
                """),
        TraceCase(
            name: "Swift", language: "swift", classes: ["Fatal error"], message: "Index out of range",
            keys: ["shop!Cart.item"],
            title: "Fatal error in shop.Cart.item — Index out of range",
            record: """
                Swift/ContiguousArrayBuffer.swift:600: Fatal error: Index out of range
                Thread 0 crashed:
                0 0x00007f5e Cart.item(_:) + 12 in shop at /src/Cart.swift:12:9
                """),
        TraceCase(
            name: "Elixir", language: "elixir", classes: ["RuntimeError"], message: "no cart", keys: ["Shop.Cart!load"],
            title: "RuntimeError in Cart.load — no cart",
            record: """
                ** (RuntimeError) no cart
                    (shop 0.1.0) lib/shop/cart.ex:12: Shop.Cart.load/2
                    (stdlib 3.17) gen_server.erl:695: :gen_server.try_dispatch/4
                """),
        TraceCase(
            name: "Erlang", language: "erlang", classes: ["badmatch"], message: "{badmatch,{error,enoent}}",
            keys: ["cart!load"],
            title: "badmatch in cart.load — {badmatch,{error,enoent}}",
            record: """
                ** exception error: {badmatch,{error,enoent}}
                [{cart,load,2,[{file,"src/cart.erl"},{line,12}]},
                 {gen_server,handle_msg,6,[{file,"gen_server.erl"},{line,1}]}]
                """),
        TraceCase(
            name: "Lua", language: "lua", classes: ["error"], message: "cart.lua:5: no cart", keys: ["cart.lua!load"],
            title: "error in load — cart.lua:<num>: no cart",
            record: """
                lua: cart.lua:5: no cart
                stack traceback:
                \t[C]: in function 'error'
                \tcart.lua:5: in function 'load'
                """),
        TraceCase(
            name: "Perl", language: "perl", classes: ["die"], message: "no cart",
            keys: ["Cart.pm!Shop::Cart::load", "main.pl"],
            title: "die in Shop::Cart::load — no cart",
            record: """
                no cart at /srv/Cart.pm line 12.
                \tShop::Cart::load(5) called at /srv/main.pl line 3
                """),
    ]
}
