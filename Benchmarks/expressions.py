#!/usr/bin/env python3
"""The 65 expressions that every program of the benchmark gets, and the lines that they are meant to find.

`python3 Benchmarks/expressions.py` writes `patterns-65.txt` (one expression a line, for `rg -f` and `pcre2grep -f`) and
`pack-65.yaml` (the same as a pack) from the table below; with `--check` it only says whether they are up to date.
`--count 500 FOLDER` writes `patterns-500.txt` and `pack-500.yaml` there: those 65 and as many more as are missing, which
look like them and find nothing in the logs of the benchmark.

The expressions stay within what the Rust regex crate and PCRE2 both understand in the same way. `rg` joins them to one
by `|`, so every group name stands once in the table and a flag never reaches beyond its own parentheses.
"""

import os
import random
import sys
from typing import NamedTuple

FOLDER = os.path.dirname(os.path.abspath(__file__))


class Expression(NamedTuple):
    identifier: str
    # Which program writes such a line: access and error (nginx), syslog, java.
    carrier: str
    severity: str
    type: str
    expression: str
    # The message; the carrier puts its header before it. Fields in braces are those of `values`.
    message: str


NGINX_REQUEST = ', client: {address}, server: shop.example, request: "GET {path} HTTP/1.1", host: "shop.example"'

EXPRESSIONS = [
    # nginx: the error log, and failures in the access log.
    Expression("nginx.server-error", "access", "major", "application",
               r'" 50[0234] \d+ "', '"GET {path} HTTP/1.1" 50{digit} {bytes} "https://shop.example/" "{agent}"'),
    Expression("nginx.upstream-timeout", "error", "major", "application",
               r"upstream timed out \((?P<errno>\d+): [^)]+\)",
               "upstream timed out (110: Connection timed out) while reading response header" + NGINX_REQUEST),
    Expression("nginx.upstream-refused", "error", "critical", "application",
               r"connect\(\) failed \((?P<refused>\d+): Connection refused\)",
               "connect() failed (111: Connection refused) while connecting to upstream" + NGINX_REQUEST),
    Expression("nginx.no-live-upstream", "error", "critical", "application",
               r"no live upstreams while connecting to upstream",
               "no live upstreams while connecting to upstream" + NGINX_REQUEST),
    Expression("nginx.upstream-closed", "error", "major", "application",
               r"upstream prematurely closed connection",
               "upstream prematurely closed connection while reading response header" + NGINX_REQUEST),
    Expression("nginx.body-too-large", "error", "minor", "application",
               r"client intended to send too large body: \d+ bytes",
               "client intended to send too large body: {bytes}000 bytes" + NGINX_REQUEST),
    Expression("nginx.connections-exhausted", "error", "critical", "operational",
               r"worker_connections are not enough",
               "{number} worker_connections are not enough while connecting to upstream"),
    Expression("nginx.tls-handshake", "error", "minor", "security",
               r"SSL_do_handshake\(\) failed",
               "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number), client: {address}"),
    Expression("nginx.too-many-files", "error", "critical", "operating-system",
               r'open\(\) "(?P<path>[^"]+)" failed \(24: Too many open files\)',
               'open() "/srv/shop{path}" failed (24: Too many open files)' + NGINX_REQUEST),
    Expression("nginx.reset-by-peer", "error", "minor", "network",
               r"recv\(\) failed \(104: Connection reset by peer\)",
               "recv() failed (104: Connection reset by peer) while reading response header" + NGINX_REQUEST),
    Expression("nginx.worker-died", "error", "critical", "application",
               r"worker process \d+ exited on signal (?:9|11)", "worker process {number} exited on signal 11"),
    Expression("nginx.index-forbidden", "error", "warning", "application",
               r'directory index of "[^"]+" is forbidden',
               'directory index of "/srv/shop{path}/" is forbidden' + NGINX_REQUEST),

    # The system: kernel, services, logins, hardware, network.
    Expression("kernel.out-of-memory", "syslog", "critical", "operating-system",
               r"Out of memory: Kill(?:ed)? process (?P<pid>\d+)",
               "kernel: Out of memory: Killed process {number} (java) total-vm:{bytes}kB, anon-rss:{bytes}kB"),
    Expression("kernel.oom-killer", "syslog", "critical", "operating-system",
               r"(?P<process>\w+) invoked oom-killer",
               "kernel: {word} invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0"),
    Expression("kernel.segfault", "syslog", "major", "operating-system",
               r"segfault at [0-9a-f]+ ip [0-9a-f]+",
               "kernel: {word}[{number}]: segfault at {hex} ip 00007f{hex} sp 00007ffc{hex} error 4 in libc.so.6"),
    Expression("kernel.ext4-error", "syslog", "critical", "hardware",
               r"EXT4-fs error \(device (?P<volume>\w+)\)",
               "kernel: EXT4-fs error (device {disk}): ext4_find_entry:1463: inode #{number}: comm "
               "{word}: reading directory"),
    Expression("kernel.io-error", "syslog", "critical", "hardware",
               r"I/O error, dev (?P<device>\w+), sector \d+",
               "kernel: blk_update_request: I/O error, dev {disk}, sector {bytes} op 0x0:(READ) flags 0x80700"),
    Expression("system.no-space", "syslog", "critical", "operating-system",
               r"No space left on device",
               "{word}[{number}]: write failed on /var/lib/{word}: No space left on device"),
    Expression("kernel.task-blocked", "syslog", "major", "operating-system",
               r"task \S+:\d+ blocked for more than \d+ seconds",
               "kernel: INFO: task {word}:{number} blocked for more than 120 seconds."),
    Expression("kernel.soft-lockup", "syslog", "critical", "operating-system",
               r"soft lockup - CPU#\d+ stuck for \d+s",
               "kernel: watchdog: BUG: soft lockup - CPU#{digit} stuck for 2{digit}s! [{word}:{number}]"),
    Expression("kernel.hardware-error", "syslog", "critical", "hardware",
               r"mce: \[Hardware Error\]",
               "kernel: mce: [Hardware Error]: CPU {digit}: Machine Check: 0 Bank 8: cc{hex}000800c2"),
    Expression("kernel.conntrack-full", "syslog", "major", "network",
               r"nf_conntrack: table full, dropping packet",
               "kernel: nf_conntrack: nf_conntrack: table full, dropping packet"),
    Expression("kernel.panic", "syslog", "critical", "operating-system",
               r"Kernel panic - not syncing", "kernel: Kernel panic - not syncing: Fatal exception in interrupt"),
    Expression("kernel.apparmor-denied", "syslog", "minor", "security",
               r'apparmor="DENIED"',
               'kernel: audit: type=1400 audit({number}): apparmor="DENIED" '
               'operation="open" name="{path}" comm="{word}"'),
    Expression("ssh.failed-password", "syslog", "warning", "security",
               r"Failed password for (?:invalid user )?(?P<user>\S+) from (?P<address>[0-9.]+)",
               "sshd[{number}]: Failed password for invalid user {word} from {address} port {number} ssh2"),
    Expression("pam.authentication-failure", "syslog", "warning", "security",
               r"authentication failure; .*rhost=(?P<rhost>\S+)",
               "sshd[{number}]: pam_unix(sshd:auth): authentication failure; logname= uid=0 "
               "tty=ssh ruser= rhost={address}"),
    Expression("ssh.break-in-attempt", "syslog", "major", "security",
               r"POSSIBLE BREAK-IN ATTEMPT",
               "sshd[{number}]: reverse mapping checking getaddrinfo for {host} [{address}] failed - "
               "POSSIBLE BREAK-IN ATTEMPT!"),
    Expression("systemd.process-exited", "syslog", "major", "operational",
               r"Main process exited, code=(?:exited|killed|dumped), status=\d+",
               "systemd[1]: {word}.service: Main process exited, code=exited, status=1/FAILURE"),
    Expression("systemd.unit-failed", "syslog", "major", "operational",
               r"Failed with result '(?:exit-code|timeout|signal|core-dump)'",
               "systemd[1]: {word}.service: Failed with result 'exit-code'."),
    Expression("cron.job-failed", "syslog", "major", "operational",
               r"\(CRON\) error \(grandchild #\d+ failed with exit status \d+\)",
               "CRON[{number}]: (CRON) error (grandchild #{number} failed with exit status 1)"),
    Expression("rsync.error", "syslog", "major", "operational",
               r"rsync error: .* \(code \d+\)",
               "backup[{number}]: rsync error: some files could not be transferred (code 23) "
               "at main.c(1338) [sender=3.2.7]"),
    Expression("hardware.too-hot", "syslog", "major", "hardware",
               r"(?i:temperature above threshold)",
               "kernel: CPU{digit}: Core temperature above threshold, cpu clock throttled (total events = {number})"),
    Expression("hardware.unreadable-sectors", "syslog", "major", "hardware",
               r"Device: /dev/(?P<drive>\w+)(?: \[\w+\])?, \d+ Currently unreadable",
               "smartd[{number}]: Device: /dev/{disk} [SAT], {digit} Currently unreadable (pending) sectors"),
    Expression("ups.battery", "syslog", "critical", "hardware",
               r"UPS \S+ (?:battery is low|on battery)", "upsmon[{number}]: UPS rack{digit}@{host} battery is low"),
    Expression("network.link-down", "syslog", "major", "network",
               r"(?i:link is down)", "kernel: igb 0000:03:00.0 eth{digit}: igb: eth{digit} NIC Link is Down"),
    Expression("network.loop", "syslog", "critical", "network",
               r"[Ll]oop detected on port (?P<port>\S+)",
               "switch-{digit}: %STP-2-LOOP: loop detected on port Gi1/0/{digit}"),
    Expression("network.bpdu-guard", "syslog", "major", "network",
               r"bpduguard error detected on \S+",
               "switch-{digit}: %PM-4-ERR_DISABLE: bpduguard error detected on Gi1/0/{digit}, putting it "
               "in err-disable state"),
    Expression("tls.certificate-expired", "syslog", "major", "security",
               r"(?i:certificate (?:has )?expired)", "stunnel[{number}]: CERT: Certificate has expired: CN={host}"),

    # Applications.
    Expression("java.error", "java", "critical", "application",
               r"java\.lang\.(?:OutOfMemoryError|StackOverflowError)", "java.lang.OutOfMemoryError: Java heap space"),
    Expression("java.gc-overhead", "java", "critical", "application",
               r"GC overhead limit exceeded", "worker {number} gave up: GC overhead limit exceeded"),
    Expression("java.null-pointer", "java", "major", "application",
               r"java\.lang\.NullPointerException",
               'java.lang.NullPointerException: Cannot invoke "Basket.total()" because "basket" is null'),
    Expression("java.illegal", "java", "major", "application",
               r"java\.lang\.Illegal(?:State|Argument)Exception",
               "java.lang.IllegalStateException: order {order} is already shipped"),
    Expression("java.sql", "java", "major", "application",
               r"java\.sql\.SQL\w*Exception",
               "java.sql.SQLTransientConnectionException: could not reach {host}:{number}"),
    Expression("java.hibernate", "java", "major", "application",
               r"org\.hibernate\.\w+Exception",
               "org.hibernate.StaleObjectStateException: Row was updated: [Order#{number}]"),
    Expression("java.connection-refused", "java", "critical", "application",
               r"java\.net\.ConnectException: Connection refused",
               "java.net.ConnectException: Connection refused: {host}/{address}:{number}"),
    Expression("java.socket-timeout", "java", "major", "application",
               r"java\.net\.SocketTimeoutException: (?:Read|connect) timed out",
               "java.net.SocketTimeoutException: Read timed out"),
    Expression("java.tls-handshake", "java", "major", "security",
               r"javax\.net\.ssl\.SSLHandshakeException",
               "javax.net.ssl.SSLHandshakeException: PKIX path building failed for {host}"),
    Expression("database.deadlock", "java", "major", "application",
               r"Deadlock found when trying to get lock",
               "batch {number} rolled back: Deadlock found when trying to get lock; try restarting transaction"),
    Expression("database.lock-wait", "java", "major", "application",
               r"Lock wait timeout exceeded", "order {order}: Lock wait timeout exceeded; try restarting transaction"),
    Expression("pool.exhausted", "java", "critical", "application",
               r"Connection is not available, request timed out after \d+ms",
               "shop-pool - Connection is not available, request timed out after {number}ms."),
    Expression("pool.failed", "java", "critical", "application",
               r"HikariPool-\d+ - (?:Exception|Failed)", "HikariPool-{digit} - Exception during pool initialization."),
    Expression("circuit.open", "java", "major", "application",
               r"circuit breaker '(?P<name>[^']+)' is (?:now )?OPEN", "circuit breaker '{word}' is now OPEN"),
    Expression("shop.payment-failed", "java", "major", "business",
               r"(?i:payment (?:was )?(?:declined|failed) for order) (?P<order>[A-Z0-9-]+)",
               "Payment declined for order {order}: issuer unavailable"),
    Expression("shop.checkout-failed", "java", "critical", "business",
               r"Checkout failed for (?:customer|basket) \d+",
               "Checkout failed for customer {number}: no price for article {number}"),
    Expression("queue.dead-letter", "java", "major", "application",
               r"Message \S+ moved to dead[- ]letter queue",
               "Message {uuid} moved to dead-letter queue after 5 attempts"),
    Expression("queue.lag", "java", "minor", "operational",
               r"Consumer \S+ lag \d{5,}", "Consumer {word}-{digit} lag {number}{number}"),
    Expression("job.failed", "java", "major", "operational",
               r"Job '(?P<job>[^']+)' (?:failed|finished unsuccessfully) after \d+",
               "Job 'nightly-{word}' finished unsuccessfully after {number} s: exit status 3"),
    Expression("http.server-error", "java", "major", "application",
               r"HTTP 5\d\d from (?P<service>[a-z-]+)", "HTTP 503 from {word}-service for {path} after {number} ms"),
    Expression("python.task-failed", "java", "major", "application",
               r"Task \S+ raised unexpected: \w+Error",
               "Task shop.tasks.{word}[{uuid}] raised unexpected: KeyError('{word}')"),
    Expression("go.panic", "java", "critical", "application",
               r"panic: runtime error: (?:index out of range|invalid memory address)",
               "recovered panic: runtime error: index out of range [{number}] with length {digit}"),
    Expression("postgres.fatal", "java", "critical", "application",
               r"FATAL: +(?:password authentication failed|too many connections|remaining connection slots)",
               'FATAL:  password authentication failed for user "{word}"'),
    Expression("postgres.error", "java", "minor", "application",
               r'ERROR: +(?:duplicate key value|deadlock detected|relation "[^"]+" does not exist)',
               'ERROR: duplicate key value violates unique constraint "{word}_pkey"'),
    Expression("postgres.cancelled", "java", "minor", "application",
               r"canceling statement due to (?:statement timeout|lock timeout)",
               "canceling statement due to statement timeout (session {number})"),
    Expression("redis.cannot-save", "java", "critical", "application",
               r"MISCONF Redis is configured to save RDB snapshots",
               "MISCONF Redis is configured to save RDB snapshots, but is currently not able to persist on disk"),
    Expression("redis.out-of-memory", "java", "critical", "application",
               r"OOM command not allowed when used memory",
               "OOM command not allowed when used memory > 'maxmemory' ({word})"),
]

HOSTS = ["web-1", "web-2", "db-1", "cache-1", "queue-1"]
WORDS = ["stock", "orders", "search", "basket", "mailer", "pricing", "reports", "catalogue", "export", "billing"]
AGENTS = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
    "shop-monitor/2.1",
]
PATHS = ["/", "/cart", "/checkout", "/search", "/api/v2/articles/4711", "/api/v2/prices", "/img/logo.svg", "/login"]
DISKS = ["sda", "sdb", "nvme0n1", "vdb"]


def values(source: random.Random) -> dict:
    """One random value for each field that a message can name."""
    number = source.randrange
    return {
        "address": f"{number(11, 200)}.{number(256)}.{number(256)}.{number(1, 255)}",
        "agent": source.choice(AGENTS),
        "bytes": str(number(100, 99999)),
        "digit": source.choice("0234"),
        "disk": source.choice(DISKS),
        "hex": f"{number(1 << 32):08x}",
        "host": source.choice(HOSTS) + ".shop.example",
        "number": str(number(1000, 60000)),
        "order": f"SO-{number(100000, 999999)}",
        "path": source.choice(PATHS),
        "uuid": f"{number(1 << 32):08x}-{number(1 << 16):04x}-4{number(1 << 12):03x}-8{number(1 << 12):03x}"
                f"-{number(1 << 48):012x}",
        "word": source.choice(WORDS),
    }


def header(carrier: str) -> str:
    """What stands before the message in the pack's own tests."""
    return {
        "access": "10.1.2.3 - - [22/Nov/2026:10:00:00 +0000] ",
        "error": "2026/11/22 10:00:00 [error] 31#31: *77 ",
        "syslog": "Nov 22 10:00:00 web-1 ",
        "java": "2026-11-22 10:00:00,123 ERROR [http-nio-8080-exec-7] c.e.shop.Checkout - ",
    }[carrier]


def quoted(text: str) -> str:
    """A YAML single-quoted scalar, in which nothing but the quote itself is special."""
    return "'" + text.replace("'", "''") + "'"


# Parts of the expressions that fill up a larger set: who, what it did, to what, and how it went on.
ACTORS = ["invoice", "ledger", "courier", "returns", "voucher", "newsletter", "sitemap", "thumbnail", "tax", "loyalty"]
FAULTS = ["gave up", "was refused", "ran out of time", "lost its lease", "read half a page"]
OBJECTS = ["parcel", "receipt", "gift card", "wish list", "address book", "tracking link", "price rule", "stock feed"]
TAILS = [r"at \d+ of \d+", r"\(code \d+\)", r"in [a-z]+-\d+", r"after (?:one|two|\d+) attempts", r"for \S+@\S+"]


def larger(count: int) -> list:
    """`count` expressions: the table's, then made ones, with the message that each of those is meant to find."""
    made = []
    for number in range(count - len(EXPRESSIONS)):
        actor = ACTORS[number % 10] + f"-{number // 10}"
        fault = FAULTS[number // 3 % 5]
        thing = OBJECTS[number // 7 % 8]
        expression = f"{actor} worker {fault} on {thing} " + TAILS[number % 5]
        ending = ["at 3 of 7", "(code 42)", "in node-9", "after two attempts", "for a@b.example"][number % 5]
        made.append(Expression(f"made.number-{number}", "java", "minor", "application", expression,
                               f"{actor} worker {fault} on {thing} {ending}"))
    return EXPRESSIONS[:count] + made


def pack(expressions: list = EXPRESSIONS) -> str:
    source = random.Random(65)
    name = f"bench-{len(expressions)}"
    lines = [
        "# Written by Benchmarks/expressions.py; change that file instead.",
        f"pack: {name}",
        f"description: the {len(expressions)} expressions of the scan benchmark",
        "type: application",
        "patterns:",
    ]
    for item in expressions:
        lines += [
            f"  - id: {name}.{item.identifier.replace('.', '-')}",
            f"    match: {quoted(item.expression)}",
            f"    severity: {item.severity}",
            f"    type: {item.type}",
            f"    title: {quoted(item.identifier.replace('.', ' ').replace('-', ' '))}",
            "    fingerprint: [pattern, message]",
            "    tests:",
            "      match:",
            f"        - line: {quoted(header(item.carrier) + item.message.format_map(values(source)))}",
        ]
    return "\n".join(lines) + "\n"


def files() -> dict:
    return {
        os.path.join(FOLDER, "patterns-65.txt"): "".join(item.expression + "\n" for item in EXPRESSIONS),
        os.path.join(FOLDER, "pack-65.yaml"): pack(),
    }


def main(arguments: list) -> int:
    if len(EXPRESSIONS) != 65 or len({item.identifier for item in EXPRESSIONS}) != 65:
        print(f"expressions.py: the table has {len(EXPRESSIONS)} expressions, or one name twice; 65 are promised",
              file=sys.stderr)
        return 1
    if len(arguments) == 3 and arguments[0] == "--count":
        count = int(arguments[1])
        for kind, text in (
            ("patterns", "txt"), ("pack", "yaml")
        ):
            path = os.path.join(arguments[2], f"{kind}-{count}.{text}")
            with open(path, "w", encoding="utf-8") as file:
                file.write(pack(larger(count)) if kind == "pack"
                           else "".join(item.expression + "\n" for item in larger(count)))
        return 0
    stale = 0
    for path, text in files().items():
        name = os.path.relpath(path)
        if arguments == ["--check"]:
            current = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
            if current != text:
                stale = 1
                print(f"{name} is not what the table makes; run: python3 Benchmarks/expressions.py", file=sys.stderr)
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            print(f"wrote {name}")
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
