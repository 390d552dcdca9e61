#!/usr/bin/env python3
"""What the console does under load, beside what it has to do.

usage: console.py BENCH MARGAY FOLDER ISSUES SECONDS

BENCH is the program StoreBench, MARGAY the program itself. The store of ISSUES issues is made in FOLDER and kept from run
to run. Exit code: 0 all figures are met, 1 some are not, 2 something failed.
"""

import asyncio
import os
import pathlib
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time

BROWSERS = 200
EVENTS_A_SECOND = 10_000
# A little above what is asked for, for a connection now and then waits for its turn.
REQUESTS_A_SECOND = 1_050
ASKERS = 8
HALF_OPEN = 10_000
TICK = os.sysconf("SC_CLK_TCK")


def die(why):
    print(f"not ok: {why}", file=sys.stderr)
    sys.exit(2)


class Table:
    """Figures beside their limits."""

    def __init__(self):
        self.missed = []

    def add(self, name, value, limit, unit, least=False):
        met = value >= limit if least else value <= limit
        if not met:
            self.missed.append(name)
        sign = "at least" if least else "at most"
        print(f"{'ok    ' if met else 'MISSED'} {name}: {value:,.1f} {unit} ({sign} {limit:,} {unit})", flush=True)


class Program:
    """A margay that serves a console; it is ended with the `with` block."""

    def __init__(self, command):
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.errors, text=True,
            env=dict(os.environ, NO_COLOR="1"))

    def port(self):
        """The port that it says it listens on."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            self.errors.seek(0)
            for word in self.errors.read().split():
                if word.startswith("http://127.0.0.1:"):
                    return int(word.rstrip("/.,;").rsplit(":", 1)[1].split("/")[0])
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        self.errors.seek(0)
        die("the console does not come up: " + self.errors.read())

    def resident(self):
        """Resident megabytes."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0

    def processor(self):
        """Seconds of the processor so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.errors.close()


def request(path, port, extra=""):
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{extra}\r\n".encode()


async def answer(reader):
    """Status and body of one answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:] if b": " in line)
    if b"content-length" in fields:
        return status, await reader.readexactly(int(fields[b"content-length"]))
    body = b""
    while True:
        size = int(await reader.readuntil(b"\r\n"), 16)
        body += (await reader.readexactly(size + 2))[:-2]
        if size == 0:
            return status, body


async def get(path, port, extra=""):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    writer.write(request(path, port, extra))
    try:
        return await answer(reader)
    finally:
        writer.close()


async def lists(port, table):
    """Lists of 100 rows: the middle and the slowest of each, and their bytes."""
    paths = [
        "/issues", "/issues?q=state%3Aopen+severity%3A%3E%3Dminor", "/issues?q=is%3Anew", "/issues?sort=count",
        "/issues?q=timed", "/inbox", "/",
    ]
    times, largest = [], 0
    for path in paths:
        await get(path, port)
        here = []
        for _ in range(20):
            began = time.perf_counter()
            status, body = await get(path, port)
            here.append((time.perf_counter() - began) * 1000)
            if status != 200:
                die(f"{path} is answered {status}")
            largest = max(largest, len(body))
        times += here
        print(f"       {path}: median {statistics.median(here):.1f} ms, {len(body):,} bytes", flush=True)
    times.sort()
    table.add("a page of 100 rows, median", statistics.median(times), 50, "ms")
    table.add("a page of 100 rows, p95", times[len(times) * 95 // 100], 50, "ms")
    table.add("the largest page", largest / 1000, 60, "KB")


async def browser(port, until, seen):
    """One page that stays open; counts what it is told."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("/live?q=state%3Aopen", port, "Accept: text/event-stream\r\n"))
    try:
        while time.monotonic() < until:
            line = await asyncio.wait_for(reader.readline(), max(0.1, until - time.monotonic()))
            if line.startswith(b"event:"):
                seen[0] += 1
            if not line:
                seen[1] += 1
                return
    except asyncio.TimeoutError:
        pass
    finally:
        writer.close()


async def asker(port, until, done, rate=None):
    """One connection that asks for one small answer after the other: `rate` a second, or as fast as they come."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    due = time.monotonic()
    while time.monotonic() < until:
        writer.write(request("/healthz", port))
        status, _ = await answer(reader)
        done[0 if status == 200 else 1] += 1
        if rate:
            due += 1 / rate
            await asyncio.sleep(max(0, due - time.monotonic()))
    writer.close()


async def writer_of(path, until, written):
    """EVENTS_A_SECOND lines of twenty kinds a second."""
    with open(path, "ab", buffering=0) as file:
        while time.monotonic() < until:
            began = time.monotonic()
            lines = [
                f"2026-11-22 10:00:00,000 ERROR [main] Job{(written[0] + n) % 20} - cannot post {'abcdefghijklmnopqrst'[(written[0] + n) % 20] * 5}\n"
                for n in range(EVENTS_A_SECOND // 10)
            ]
            file.write("".join(lines).encode())
            written[0] += len(lines)
            await asyncio.sleep(max(0, 0.1 - (time.monotonic() - began)))


async def live(program, port, log, seconds, table):
    """The load that is promised for `seconds`, then for a moment as many requests as are answered."""
    until = time.monotonic() + seconds
    seen, done, written = [0, 0], [0, 0], [0]
    used = program.processor()
    tasks = [browser(port, until, seen) for _ in range(BROWSERS)]
    tasks += [asker(port, until, done, REQUESTS_A_SECOND / ASKERS) for _ in range(ASKERS)]
    sizes = []

    async def watch_memory():
        while time.monotonic() < until:
            sizes.append(program.resident())
            if len(sizes) % 1200 == 0:
                print(f"       after {len(sizes) // 120} minutes: {sizes[-1]:.1f} MB, "
                      f"{(program.processor() - used) / len(sizes) * 2:.2f} cores", flush=True)
            await asyncio.sleep(0.5)

    await asyncio.gather(*tasks, writer_of(log, until, written), watch_memory())
    used = program.processor() - used
    print(f"       for {seconds} s: {BROWSERS} live pages, {written[0]:,} events written, {done[0]:,} requests", flush=True)
    table.add("live pages that were cut off", seen[1], 0, "pages")
    table.add("messages that live pages got, each", seen[0] / BROWSERS, 1, "messages", least=True)
    table.add("requests beside them", done[0] / seconds, 1000, "requests/s", least=True)
    table.add("requests that failed", done[1], 0, "requests")
    table.add("processor time for all of it", used / seconds, 1, "cores")
    middle = sizes[len(sizes) // 4: len(sizes) // 2] or sizes
    table.add("memory, growth from the first half to the end", max(sizes[-3:]) - max(middle), 8, "MB")
    until, done = time.monotonic() + 5, [0, 0]
    await asyncio.gather(*(asker(port, until, done) for _ in range(ASKERS)))
    print(f"       requests with nothing else to do: {done[0] / 5:,.0f} a second", flush=True)
    return written[0]


def counted(margay, store):
    """Events in the store, over all issues."""
    done = subprocess.run([margay, "issues", "--store", store, "--format", "json", "-n", "100000"],
                          capture_output=True, text=True, env=dict(os.environ, NO_COLOR="1"))
    import json
    return sum(json.loads(line)["count"] for line in done.stdout.splitlines() if '"cannot post' in line or "cannot post" in line)


async def hold(port, opened, text=b""):
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 20)
        if text:
            writer.write(text)
        opened.append((reader, writer))
    except (OSError, asyncio.TimeoutError):
        opened.append(None)


async def attacks(port, table):
    """Connections that say nothing, or a byte now and then; bodies that are too large."""
    for name, text in (("half-open connections", b""), ("requests that never end", b"GET / HTTP/1.1\r\nHost: x")):
        opened = []
        for start in range(0, HALF_OPEN, 500):
            await asyncio.gather(*(hold(port, opened, text) for _ in range(500)))
        times = []
        for _ in range(5):
            began = time.perf_counter()
            try:
                status, _ = await asyncio.wait_for(get("/healthz", port), 30)
            except (asyncio.TimeoutError, OSError, asyncio.IncompleteReadError):
                status = 0
            times.append((time.perf_counter() - began) * 1000 if status == 200 else 30_000)
        table.add(f"an answer beside {HALF_OPEN:,} {name}", statistics.median(times), 1000, "ms")
        for pair in opened:
            if pair:
                pair[1].transport.abort()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"POST /issues/move HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                 f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000000\r\n\r\n".encode())
    status, _ = await asyncio.wait_for(answer(reader), 30)
    table.add("a body of 1 GB is answered", status, 413, "(status)")
    writer.close()


def main():
    if len(sys.argv) != 6:
        die(__doc__.split("\n\n")[1])
    bench, margay = sys.argv[1:3]
    folder, issues, seconds = pathlib.Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    table = Table()
    store = folder / f"store-{issues}.db"
    if not store.exists():
        unfinished = folder / f"store-{issues}.unfinished.db"
        for old in folder.glob(unfinished.name + "*"):
            old.unlink()
        if subprocess.run([bench, "fill", unfinished, str(issues)], stdout=subprocess.DEVNULL).returncode != 0:
            die("the store cannot be made")
        unfinished.rename(store)
    with Program([margay, "console", "--store", store, "--listen", "127.0.0.1:0", "--packs", "patterns"]) as program:
        port = program.port()
        asyncio.run(lists(port, table))
        asyncio.run(attacks(port, table))
    with tempfile.TemporaryDirectory(dir=folder) as place:
        log = f"{place}/app.log"
        pathlib.Path(log).touch()
        sizes = {}
        for name, more in (("without", ""), ("with", "console: {listen: '127.0.0.1:0'}\n")):
            configuration = pathlib.Path(place, f"{name}.yaml")
            configuration.write_text(
                f"store: {place}/{name}.db\npacks: [{pathlib.Path('patterns').resolve()}]\n"
                f"sources:\n  - paths: [{log}]\n{more}")
            with Program([margay, "watch", "--config", configuration]) as program:
                if more:
                    port = program.port()
                else:
                    deadline = time.monotonic() + 20
                    while not os.path.exists(f"{place}/{name}.db") and time.monotonic() < deadline:
                        time.sleep(0.05)
                time.sleep(3)
                sizes[name] = program.resident()
                if more:
                    written = asyncio.run(live(program, port, log, seconds, table))
                    deadline = time.monotonic() + 60
                    while counted(margay, f"{place}/{name}.db") < written and time.monotonic() < deadline:
                        time.sleep(0.2)
        table.add("events lost or counted twice", abs(counted(margay, f"{place}/with.db") - written), 0, "events")
        table.add("memory that a console with no visitor takes", sizes["with"] - sizes["without"], 20, "MB")
    if table.missed:
        print("missed: " + "; ".join(table.missed))
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
