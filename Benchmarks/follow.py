#!/usr/bin/env python3
"""Measures `margay watch`: the time until a line is counted, the cost of quiet files, the rate it keeps up with.

  MARGAY=PATH    the program
  FOLLOW_SHORT=1 a tenth of everything, for tests

Every count is compared with what was written; a wrong one ends with exit code 1. Python's standard library only.
"""
import os
import pathlib
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
MARGAY = os.environ.get("MARGAY", str(ROOT / ".build-release/release/margay"))
SHORT = os.environ.get("FOLLOW_SHORT") == "1"
PAGE = resource.getpagesize()
TICKS = os.sysconf("SC_CLK_TCK")


class Watch:
    """A running `margay watch` on a folder of its own, which goes with it."""

    def __init__(self, glob, start="beginning", prepare=lambda folder: None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="margay-bench."))
        (self.folder / "logs").mkdir()
        prepare(self.folder / "logs")
        self.errors = self.folder / "errors"
        self.command = [MARGAY, "watch", "--store", str(self.folder / "margay.db"), "--packs", str(ROOT / "patterns"),
                        "--start", start, str(self.folder / "logs" / glob)]
        self.spawn()
        self.database = sqlite3.connect(f"file:{self.folder}/margay.db?mode=ro", uri=True)

    def spawn(self):
        with open(self.errors, "w") as errors:
            self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=errors)
        wait_until(lambda: "following" in self.errors.read_text(), "following")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.database.close()
        shutil.rmtree(self.folder)

    def counted(self):
        return self.database.execute("SELECT coalesce(sum(count), 0) FROM issue").fetchone()[0]

    def memory(self, which):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(which + ":"):
                return int(line.split()[1]) / 1024
        return 0

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def wait_until(condition, what, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"follow: never happened: {what}")
        time.sleep(0.001)


def line(number):
    return f"2026-11-22 10:00:00 ERROR worker {number % 9} lost job {number}\n".encode()


def latency():
    count = 60 if SHORT else 400
    with Watch("app.log") as watch:
        with open(watch.folder / "logs/app.log", "ab", buffering=0) as log:
            taken = []
            for number in range(count):
                before = watch.counted()
                began = time.monotonic()
                log.write(line(number))
                while watch.counted() == before:
                    time.sleep(0.0002)  # Spinning would take one of two cores from a host that is meant to be quiet.
                taken.append((time.monotonic() - began) * 1000)
                time.sleep(0.06)
            # The first lines are waited for longer: whether the file has records of many lines is not known yet.
            taken = sorted(taken[40:])
            median, late = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
            print(f"line written to line counted, quiet host   median {median:6.1f} ms   p99 {late:6.1f} ms   limit p99 10 ms")
            check(watch.counted(), count)


def quiet_files(files, limit):
    files //= 10 if SHORT else 1
    seconds = 3 if SHORT else 30

    def prepare(folder):
        for number in range(files):
            (folder / f"app-{number}.log").write_bytes(line(number))

    with Watch("**", start="end", prepare=prepare) as watch:
        time.sleep(3)  # What a start costs is no part of being idle.
        before = watch.cpu_seconds()
        time.sleep(seconds)
        used = watch.cpu_seconds() - before
        print(f"{files:6,} quiet files                        CPU {used:8.2f} s in {seconds} s   "
              f"resident {watch.memory('VmRSS'):5.1f} MB   limit {limit}")


def rate():
    files, seconds, each = 100, 2 if SHORT else 15, 1_000
    written = [0]
    with Watch("app-*") as watch:
        logs = [open(watch.folder / f"logs/app-{n}.log", "ab", buffering=0) for n in range(files)]
        began, lags, rounds = time.monotonic(), [], 0
        while time.monotonic() - began < seconds:
            for number, log in enumerate(logs):
                log.write(b"".join(line(written[0] + n) for n in range(each // 10)))
                written[0] += each // 10
            rounds += 1
            if rounds % 10 == 0:
                number = (rounds // 10) % files
                path = watch.folder / f"logs/app-{number}.log"
                os.rename(path, f"{path}.{rounds}")
                logs[number].close()
                logs[number] = open(path, "ab", buffering=0)
            lags.append(written[0] - watch.counted())
            ahead = began + written[0] / 100_000 - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)
        took = time.monotonic() - began
        wait_until(lambda: watch.counted() >= written[0], "everything counted")
        caught_up = time.monotonic() - began - took
        half = len(lags) // 2
        print(f"{written[0] / took:,.0f} lines/s over {files} files with rotations   lag, mean of first half "
              f"{sum(lags[:half]) / half:,.0f} lines, of second half {sum(lags[half:]) / (len(lags) - half):,.0f}   "
              f"caught up {caught_up * 1000:.0f} ms after the last   CPU {watch.cpu_seconds() / took:.2f} of a core")
        check(watch.counted(), written[0])


def long_line():
    megabytes = 30 if SHORT else 300
    with Watch("app.log") as watch:
        with open(watch.folder / "logs/app.log", "ab", buffering=0) as log:
            log.write(line(1) + line(2))
            wait_until(lambda: watch.counted() >= 1, "the first line")
            before = watch.memory("VmHWM")
            for _ in range(megabytes):
                log.write(b"x" * 1_000_000)
            log.write(b"\n" + line(3) + line(4))
            wait_until(lambda: watch.counted() >= 4, "the lines after it")
            print(f"a line of {megabytes} MB without newline             peak resident grew by "
                  f"{watch.memory('VmHWM') - before:4.1f} MB   limit 8 MB")
            check(watch.counted(), 4)


def check(found, expected):
    if found != expected:
        sys.exit(f"follow: counted {found}, written {expected}")


def main():
    sys.stdout.reconfigure(line_buffering=True)
    if not os.access(MARGAY, os.X_OK):
        sys.exit(f"follow: there is no program at {MARGAY}; 'make build' makes it")
    latency()
    quiet_files(2_000, "0.01 s, 40 MB")
    quiet_files(10_000, "60 MB")
    rate()
    long_line()


if __name__ == "__main__":
    main()
