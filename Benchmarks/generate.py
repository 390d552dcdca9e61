#!/usr/bin/env python3
"""Writes one log of realistic lines for the scan benchmark: nginx access and error, syslog and Java lines, mixed.

    generate.py --megabytes 300 --share 1 FILE      one line in a hundred is found by the expressions
    generate.py --megabytes 300 --quiet FILE        all is well: no line that any pack should find, nor one much like it

The same arguments give the same bytes. `FILE.expected` then holds how many lines match and how many lines there are.
A stack trace has exactly one line that matches, so that a program counting lines and one counting records agree.
All text is ASCII: beyond it, some programs leave their fast path, which would measure something else.
"""

import argparse
import datetime
import os
import random
import sys

# No compiled files beside the sources.
sys.dont_write_bytecode = True

import expressions
from expressions import AGENTS, EXPRESSIONS, HOSTS, PATHS, WORDS

# Lines a second in the log's own time.
LINES_A_SECOND = 22
# Different texts of each message; the header before it differs from line to line.
TEXTS_A_MESSAGE = 300
# Of the matching Java lines that name an exception, the part that is a whole stack trace.
TRACE_SHARE = 0.25
BLOCK_LINES = 5_000

# Messages that look much like a failure and are none: work for the prefilter, and traps for a loose expression.
NEAR_MISSES = [
    ("error", "upstream keepalive connection closed, client: {address}, server: shop.example"),
    ("error", "connect() to {address} took {number} ms, client: {address}"),
    ("error", 'open() "/srv/shop{path}" failed (2: No such file or directory), client: {address}'),
    ("syslog", "sshd[{number}]: Accepted password for {word} from {address} port {number} ssh2"),
    ("syslog", "kernel: igb 0000:03:00.0 eth{digit}: igb: eth{digit} NIC Link is Up 1000 Mbps Full Duplex"),
    ("syslog", "kernel: CPU{digit}: Core temperature/speed normal (total events = {number})"),
    ("syslog", "systemd[1]: {word}.service: Main process exited cleanly after {number} s"),
    ("syslog", "disk-watch[{number}]: space left on device {disk}: {digit} %"),
    ("syslog", "upsmon[{number}]: UPS rack{digit}@{host} on line power"),
    ("syslog", "CRON[{number}]: (backup) CMD (/usr/local/bin/backup --retry 3 --on-error continue)"),
    ("syslog", "certwatch[{number}]: certificate of {host} expires in 6{digit} days"),
    ("java", "Registered OutOfMemoryError handler for pool {word}"),
    ("java", "circuit breaker '{word}' is CLOSED again after {number} ms"),
    ("java", "Payment accepted for order {order} after 2 attempts"),
    ("java", "HTTP 404 from {word}-service for {path} after {number} ms"),
    ("java", "Job 'nightly-{word}' finished after {number} s: 0 errors, 0 failed"),
    ("java", "Consumer {word}-{digit} lag 31{digit}"),
    ("java", "HikariPool-{digit} - Start completed, connectionTimeout=30000ms"),
    ("java", "Retrying transaction for order {order}, deadlock detection is on"),
]

ORDINARY_SYSLOG = [
    "systemd[1]: Started Session {number} of user {word}.",
    "systemd[1]: {word}.service: Deactivated successfully.",
    "CRON[{number}]: (root) CMD (test -x /usr/sbin/anacron || run-parts --report /etc/cron.hourly)",
    "dhclient[{number}]: DHCPACK of {address} from 10.0.0.1",
    "postfix/smtpd[{number}]: connect from {host}[{address}]",
    "systemd-logind[{number}]: New session {number} of user {word}.",
]
ORDINARY_JAVA = [
    "Order {order} stored for customer {number} in {number} us",
    "Cache {word}: {number} hits, {digit} misses, {bytes} bytes",
    "GET {path} answered 200 in {number} us for session {uuid}",
    "Published event OrderPlaced {uuid} to topic {word}",
    "Loaded {number} prices from {host}",
]
FRAMES = [
    "\tat com.example.shop.{0}.{1}Service.handle({1}Service.java:{2})",
    "\tat com.example.shop.{0}.{1}Repository.find({1}Repository.java:{2})",
    "\tat org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:{2})",
    "\tat java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:{2})",
]
LOGGERS = ["c.e.shop.Checkout", "c.e.shop.Basket", "o.s.web.Dispatcher", "c.e.stock.Reader", "c.e.mail.Sender"]


def texts(source: random.Random, message: str) -> list:
    return [message.format_map(expressions.values(source)) for _ in range(TEXTS_A_MESSAGE)]


class Log:
    """Draws lines, one after the other; `matching` and `lines` count what was drawn."""

    def __init__(self, share: float, quiet: bool = False):
        # The share is part of the seed by its text, so that two logs are not one log with other failures.
        self.source = random.Random(f"margay {share}")
        self.share = share
        # Near misses are at the end of the range that a line is drawn from.
        self.drawn_from = 0.95 if quiet else 1
        self.lines = 0
        self.matching = 0
        self.start = datetime.datetime(2026, 11, 22)
        self.failures = [(item.carrier, texts(self.source, item.message)) for item in EXPRESSIONS]
        self.near = [(carrier, texts(self.source, message)) for carrier, message in NEAR_MISSES]
        self.syslog = [text for message in ORDINARY_SYSLOG for text in texts(self.source, message)]
        self.java = [text for message in ORDINARY_JAVA for text in texts(self.source, message)]
        self.requests = [
            f'"GET {self.source.choice(PATHS)}?id={self.source.randrange(99999)} HTTP/1.1" '
            f'{self.source.choice(["200", "200", "200", "304", "301", "404"])} {self.source.randrange(100, 90000)} '
            f'"https://shop.example/" "{self.source.choice(AGENTS)}"'
            for _ in range(4_000)
        ]
        self.addresses = [expressions.values(self.source)["address"] for _ in range(2_000)]

    def stamps(self) -> tuple:
        """The time as access log, error log, syslog and Java write it."""
        now = self.start + datetime.timedelta(seconds=self.lines // LINES_A_SECOND)
        return (now.strftime("[%d/%b/%Y:%H:%M:%S +0000]"), now.strftime("%Y/%m/%d %H:%M:%S"),
                now.strftime("%b %e %H:%M:%S"), now.strftime("%Y-%m-%d %H:%M:%S"))

    def carried(self, carrier: str, text: str, level: str, stamps: tuple) -> str:
        draw = self.source.random()
        if carrier == "access":
            return f"{self.addresses[int(draw * 2_000)]} - - {stamps[0]} {text}"
        if carrier == "error":
            return f"{stamps[1]} [{level.lower()}] {int(draw * 9)}31#31: *{int(draw * 1e6)} {text}"
        if carrier == "syslog":
            return f"{stamps[2]} {HOSTS[int(draw * 5)]} {text}"
        return (f"{stamps[3]},{int(draw * 1000):03d} {level:5} [http-nio-8080-exec-{int(draw * 90)}] "
                f"{LOGGERS[int(draw * 5)]} - {text}")

    def failure(self, out: list, stamps: tuple) -> None:
        carrier, choices = self.failures[int(self.source.random() * len(self.failures))]
        text = choices[int(self.source.random() * TEXTS_A_MESSAGE)]
        self.matching += 1
        if not text.startswith(("java.", "javax.", "org.")) or self.source.random() >= TRACE_SHARE:
            out.append(self.carried(carrier, text, "ERROR", stamps))
            return
        # In a trace the failure is named by its second line only.
        out.append(self.carried(carrier, "Request to /checkout was given up", "ERROR", stamps))
        out.append(text)
        self.frames(out)
        out.append("Caused by: com.example.shop.Unavailable: no answer")
        self.frames(out)

    def frames(self, out: list) -> None:
        for _ in range(3 + int(self.source.random() * 9)):
            draw = self.source.random()
            word = WORDS[int(draw * 10)]
            out.append(FRAMES[int(draw * 4)].format(word, word.title(), 10 + int(draw * 900)))

    def ordinary(self, out: list, stamps: tuple) -> None:
        draw = self.source.random() * self.drawn_from
        if draw < 0.55:
            out.append(f"{self.addresses[int(self.source.random() * 2_000)]} - - {stamps[0]} "
                       f"{self.requests[int(draw / 0.55 * 4_000)]}")
        elif draw < 0.75:
            out.append(self.carried("java", self.java[int((draw - 0.55) / 0.2 * len(self.java))], "INFO", stamps))
        elif draw < 0.95:
            out.append(self.carried("syslog", self.syslog[int((draw - 0.75) / 0.2 * len(self.syslog))], "INFO", stamps))
        else:
            carrier, choices = self.near[int((draw - 0.95) / 0.05 * len(self.near))]
            out.append(self.carried(carrier, choices[int(self.source.random() * TEXTS_A_MESSAGE)], "WARN", stamps))

    def block(self) -> str:
        out = []
        while len(out) < BLOCK_LINES:
            before = len(out)
            if self.lines % LINES_A_SECOND == 0 or not out:
                stamps = self.stamps()
            # Traces add lines that do not match; leaning on the count so far keeps the share what it should be.
            behind = (self.share * self.lines + 1) / (self.matching + 1)
            if self.source.random() < self.share * min(2, behind):
                self.failure(out, stamps)
            else:
                self.ordinary(out, stamps)
            self.lines += len(out) - before
        return "\n".join(out) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes a log for the scan benchmark.")
    parser.add_argument("--megabytes", type=int, default=300, help="size, in millions of bytes (default 300)")
    parser.add_argument("--share", type=float, default=1, help="lines that match, in percent (default 1)")
    parser.add_argument("--quiet", action="store_true", help="no failures and nothing like them; share is then 0")
    parser.add_argument("file")
    options = parser.parse_args()
    if not 0 <= options.share <= 50 or options.megabytes < 1:
        parser.error("--share goes from 0 to 50, --megabytes from 1")

    log = Log(0 if options.quiet else options.share / 100, options.quiet)
    unfinished = options.file + ".unfinished"
    written = 0
    with open(unfinished, "wb") as file:
        while written < options.megabytes * 1_000_000:
            written += file.write(log.block().encode("ascii"))
    with open(options.file + ".expected", "w", encoding="ascii") as file:
        file.write(f"{log.matching} {log.lines}\n")
    os.replace(unfinished, options.file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
