import Testing

@testable import Events

/// A record, and of each of its lines what it is for the eye: `t`ext, `o`wn, `l`ibrary, `f`olded.
struct FoldingCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let kinds: String
    /// Frames of one's own and of libraries, and the root cause.
    let sums: String
    let record: String

    init(_ description: String, _ kinds: String, _ sums: String, _ record: String) {
        testDescription = description
        self.kinds = kinds
        self.sums = sums
        self.record = record
    }
}

@Suite struct TraceFoldingTests {
    @Test(arguments: FoldingCase.all) func `own frames stand out, runs of others fold`(_ example: FoldingCase) {
        let folding = TraceFolding(example.record)
        let kinds = folding.lines.map { line in
            switch line {
            case .text: "t"
            case .own: "o"
            case .library: "l"
            case .folded(let lines, _): String(repeating: "f", count: lines.count)
            }
        }
        #expect(kinds.joined() == example.kinds)
        #expect("\(folding.ownFrames) \(folding.libraryFrames) \(folding.cause ?? "-")" == example.sums)
    }

    @Test(arguments: FoldingCase.all) func `no line is lost or moved`(_ example: FoldingCase) {
        let lines = TraceFolding(example.record).lines.flatMap { line in
            switch line {
            case .text(let line), .own(let line), .library(let line): [line]
            case .folded(let lines, _): lines
            }
        }
        #expect(lines.joined(separator: "\n") == example.record)
    }
}

extension FoldingCase {
    static let all: [FoldingCase] = [
        FoldingCase(
            "Java with a cause", "ttoffftlot", "2 4 java.io.EOFException",
            """
            2026-11-22 10:00:00 ERROR shop - failed
            java.lang.IllegalStateException: no price
            \tat com.example.shop.OrderService.price(OrderService.java:8)
            \tat org.springframework.web.Servlet.one(Servlet.java:88)
            \tat org.springframework.web.Servlet.two(Servlet.java:2)
            \tat org.springframework.web.Servlet.three(Servlet.java:3)
            Caused by: java.io.EOFException: Premature EOF
            \tat java.base/java.io.DataInputStream.read(DataInputStream.java:50)
            \tat com.example.shop.Feed.read(Feed.java:99)
            \t... 7 more
            """),
        FoldingCase(
            "Java without a frame of one's own", "ttttt", "0 0 -",
            """
            java.lang.IllegalStateException: no price
            \tat org.springframework.web.Servlet.one(Servlet.java:1)
            \tat org.springframework.web.Servlet.two(Servlet.java:2)
            \tat org.springframework.web.Servlet.three(Servlet.java:3)
            \tat org.springframework.web.Servlet.four(Servlet.java:4)
            """),
        FoldingCase(
            "Python: the source below a frame is the frame's", "tlllllooot", "1 2 -",
            """
            Traceback (most recent call last):
              File "/usr/lib/python3/dist-packages/pool.py", line 9, in run
                work()
              File "/usr/lib/python3/dist-packages/pool.py", line 19, in again
                work()
                ^^^^^^
              File "/srv/app/store.py", line 44, in load
                return row["id"]
                       ~~~^^^^^^
            KeyError: 'id'
            """),
        FoldingCase(
            "Node: without the name of a function too", "tololl", "2 3 -",
            """
            TypeError: x is undefined
                at Cart.total (/srv/shop/app.js:12:5)
                at next (/srv/shop/node_modules/express/router.js:100:14)
                at /srv/shop/app.js:52:3
                at Layer.handle (/srv/shop/node_modules/express/layer.js:95:5)
                at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
            """),
        FoldingCase(
            "Go: the place is below the function", "tttttooll", "1 1 -",
            """
            panic: runtime error: index out of range [5] with length 3

            goroutine 1 [running]:
            panic({0x45e0a0, 0xc000012345})
            \t/usr/local/go/src/runtime/panic.go:884 +0x212
            github.com/acme/shop/cart.(*Cart).Item(0xc000010000, 0x5)
            \t/src/shop/cart/cart.go:58 +0x12a
            net/http.HandlerFunc.ServeHTTP(0x13e5128)
            \t/usr/local/go/src/net/http/server.go:1265 +0x56
            """),
        FoldingCase(
            ".NET", "tolo", "2 1 -",
            """
            Unhandled exception. System.InvalidOperationException: no price
               at Shop.Orders.Price(Order order) in /src/Shop/Orders.cs:line 88
               at System.Linq.Enumerable.First[TSource](IEnumerable`1 source)
               at Shop.Program.Main(String[] args) in /src/Shop/Program.cs:line 8
            """),
        FoldingCase(
            "PHP", "ttoll", "1 2 -",
            """
            PHP Fatal error:  Uncaught RuntimeException: no price in /srv/shop/Cart.php:12
            Stack trace:
            #0 /srv/shop/Order.php(8): Cart->price()
            #1 /srv/shop/vendor/lib/Kernel.php(88): Order->place()
            #2 {main}
            """),
        FoldingCase(
            "Rust", "ttlllloo", "1 2 -",
            """
            thread 'main' panicked at src/cart.rs:12:5: no price
            stack backtrace:
               0: rust_begin_unwind
                         at /rustc/0123abcd/library/std/src/panicking.rs:665:5
               1: core::panicking::panic_fmt
                         at /rustc/0123abcd/library/core/src/panicking.rs:74:14
               2: shop::cart::price
                         at ./src/cart.rs:12:5
            """),
        FoldingCase("no trace", "tt", "0 0 -", "2026-11-22 10:00:00 ERROR one\n  two at three.java:3"),
    ]
}
