#!/usr/bin/env python3
"""Runs margay and its peers over one log, turn by turn, and prints one table of medians.

    compare.py --log FILE --patterns FILE --pack FILE --margay PROGRAM --runs N [--few]

Taking turns spreads whatever else the machine does over all programs. The log is read once before, so that all of them
read it from memory. Exit code 1 when a program fails or when they do not agree on the number of matching lines.

mtail and sec try their expressions one after the other on every line. They get the first megabytes of the log only, for
the whole of it would take them minutes; what is compared is the rate. `--few` leaves them and pcre2grep out: hundreds of expressions would take those an hour.

`wc -l` is the limit: it reads the file and finds its newlines, and nothing that looks at lines can take less.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

# A program slower than this is run once; its median of several would tell nothing more.
SLOW_SECONDS = 5
FAILURE_TEXT_MAX = 300
REFERENCE = "rg -c -f"
LIMIT = "the limit: wc -l"
ONE_THREAD = "margay scan --threads 1"
TWO_THREADS = "margay scan --threads 2"
# Bytes of the log for programs that read some megabytes a second.
PART_BYTES = 4_000_000


class Contender(NamedTuple):
    name: str
    command: list
    # How to read the number of matching lines from what it prints; None where it does not look for any.
    count: object
    # Exit codes of a run that worked; grep and its kin say 1 for "nothing found".
    good: tuple
    # Bytes it reads, where that is not the whole log; what it finds there is not compared.
    bytes: int = 0


class Run(NamedTuple):
    seconds: float
    # Seconds that processors worked for it, or None without /usr/bin/time. On a machine that others use too, this is the
    # steadier figure.
    busy: object
    # Millions of bytes, or None without /usr/bin/time.
    megabytes: object
    output: bytes
    # Empty when all went well.
    failure: str


def issue_counts(output: bytes) -> int:
    """The sum over the issues that `margay scan --format json` prints, one JSON object a line."""
    return sum(json.loads(line)["count"] for line in output.splitlines() if line.strip())


def line_count(output: bytes) -> int:
    """What `grep -c` prints; `rg -c` prints nothing where it finds nothing."""
    return int(output.strip() or b"0")


def contenders(options, store: str) -> list:
    margay = [options.margay, "scan", "--pack", options.pack, "--no-core", "--format", "json"]
    return [
        Contender(LIMIT, ["wc", "-l", options.log], None, (0,)),
        Contender(REFERENCE, ["rg", "--no-config", "-c", "-f", options.patterns, options.log], line_count, (0, 1)),
        Contender("pcre2grep -c -f", ["pcre2grep", "-c", "-f", options.patterns, options.log], line_count, (0, 1)),
        Contender(ONE_THREAD, margay + ["--threads", "1", options.log], issue_counts, (0, 1)),
        Contender(TWO_THREADS, margay + ["--threads", "2", options.log], issue_counts, (0, 1)),
        Contender("  … 1 thread, into a store", margay + ["--threads", "1", "--store", store, options.log],
                  issue_counts, (0, 1)),
    ]


def slow_contenders(options, folder: str) -> list:
    """mtail and sec with the same expressions, over the first lines of the log; their files are put into `folder`."""
    with open(options.patterns, encoding="ascii") as file:
        expressions = file.read().splitlines()
    part = os.path.join(folder, "part.log")
    with open(options.log, "rb") as log, open(part, "wb") as file:
        head = log.read(PART_BYTES)
        file.write(head[: head.rfind(b"\n") + 1])
    size = os.path.getsize(part)
    program = os.path.join(folder, "bench.mtail")
    with open(program, "w", encoding="ascii") as file:
        file.write("counter lines\n")
        for expression in expressions:
            file.write("/" + expression.replace("/", "\\/") + "/ {\n  lines++\n  stop\n}\n")
    rules = os.path.join(folder, "bench.sec")
    with open(rules, "w", encoding="ascii") as file:
        for expression in expressions:
            file.write(f"type=Single\nptype=RegExp\npattern={expression}\ndesc=lines\naction=none\n\n")
    return [
        Contender("mtail, first 4 MB", ["mtail", "--one_shot", "--progs", program, "--logs", part], None, (0,), size),
        Contender("sec, first 4 MB", ["sec", "--conf=" + rules, "--input=" + part, "--notail"], None, (0,), size),
    ]


def run_once(contender: Contender, folder: str) -> Run:
    # A child's peak memory begins with that of the process that forked it, and Python is larger than most of what
    # is measured here; /usr/bin/time is small enough in between.
    peak = os.path.join(folder, "peak")
    timer = ["/usr/bin/time", "-q", "-f", "%U %S %M", "-o", peak] if os.path.exists("/usr/bin/time") else []
    environment = dict(os.environ, LC_ALL="C", NO_COLOR="1")
    began = time.perf_counter()
    done = subprocess.run(timer + contender.command, stdin=subprocess.DEVNULL, capture_output=True, env=environment)
    seconds = time.perf_counter() - began
    busy = megabytes = None
    if timer:
        with open(peak, encoding="ascii") as file:
            user, system, kibibytes = file.read().split()[-3:]
        busy = float(user) + float(system)
        megabytes = int(kibibytes) * 1024 / 1e6
    failure = ""
    if done.returncode not in contender.good:
        said = done.stderr.decode("utf-8", "replace").strip()[:FAILURE_TEXT_MAX]
        failure = f"exit code {done.returncode}: {said or 'it said nothing'}"
    return Run(seconds, busy, megabytes, done.stdout, failure)


def measure(all_contenders: list, runs: int, folder: str, store: str) -> dict:
    """The runs of each program by its name, in turns."""
    results = {contender.name: [] for contender in all_contenders}
    for turn in range(runs):
        for contender in all_contenders:
            before = results[contender.name]
            if before and (before[0].failure or before[0].seconds > SLOW_SECONDS):
                continue
            for suffix in ("", "-wal", "-shm"):
                if os.path.exists(store + suffix):
                    os.remove(store + suffix)
            if sys.stderr.isatty():
                print(f"\r\033[Krun {turn + 1} of {runs}: {contender.name.strip(' …')}", end="", file=sys.stderr)
            before.append(run_once(contender, folder))
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    return results


def matching_lines(contender: Contender, run: Run):
    """The number of matching lines that it found; None where its output is not what it should be."""
    try:
        return contender.count(run.output)
    except (ValueError, KeyError, TypeError):
        return None


def median_busy(runs: list):
    """Median of the seconds that processors worked; None where nobody measured them."""
    measured = [run.busy for run in runs if run.busy is not None]
    return statistics.median(measured) if measured else None


def table(all_contenders: list, results: dict, size: int, expected: int) -> list:
    """Prints a row for each program; returns what is wrong, one sentence each."""
    faults = []
    reference = None
    if REFERENCE in results and results[REFERENCE] and not results[REFERENCE][0].failure:
        reference = statistics.median(run.seconds for run in results[REFERENCE])
    print(f"{'program':<27} {'runs':>4} {'seconds':>8} {'MB/s':>7} {'to rg':>7} {'CPU s':>6} {'to rg':>7} {'peak MB':>8} {'lines found':>12}")
    for contender in all_contenders:
        runs = results.get(contender.name)
        if not runs:
            print(f"{contender.name:<27}    –  absent (make bench installs it)")
            continue
        if runs[0].failure:
            print(f"{contender.name:<27}    –  failed")
            faults.append(f"{contender.name.strip(' …')}: {runs[0].failure}")
            continue
        seconds = statistics.median(run.seconds for run in runs)
        peaks = [run.megabytes for run in runs if run.megabytes is not None]
        bytes_read = contender.bytes or size
        rate = bytes_read / 1e6 / seconds
        ratio = "–"
        if reference:
            to_reference = rate / (size / 1e6 / reference)
            ratio = f"{to_reference:.{2 if to_reference >= 0.1 else 4}f}×"
        peak = f"{max(peaks):.1f}" if peaks else "–"
        busy, busy_ratio = median_busy(runs), "–"
        reference_busy = median_busy(results.get(REFERENCE) or [])
        if busy and reference_busy:
            busy_ratio = f"{bytes_read / size * reference_busy / busy:.2f}×"
        shown = "–"
        if contender.count is not None:
            found = {matching_lines(contender, run) for run in runs}
            shown = " or ".join("nothing readable" if number is None else str(number) for number in found)
            if found != {expected}:
                faults.append(f"{contender.name.strip(' …')} counted {shown}; the log was made with {expected}")
        print(f"{contender.name:<27} {len(runs):>4} {seconds:>8.3f} {rate:>7.{0 if rate >= 10 else 1}f} {ratio:>7} "
              f"{'–' if busy is None else format(busy, '.2f'):>6} {busy_ratio:>7} {peak:>8} "
              f"{shown:>12}")
    return faults


def say_ratios(results: dict) -> None:
    """What one thread is to the limit, and two are to one."""
    medians = {name: statistics.median(run.seconds for run in runs)
               for name, runs in results.items() if runs and not runs[0].failure}
    one = medians.get(ONE_THREAD)
    if one and LIMIT in medians:
        print(f"one thread takes {one / medians[LIMIT]:.1f} times as long as reading the file and finding its newlines")
    if one and TWO_THREADS in medians:
        print(f"two threads are {one / medians[TWO_THREADS]:.2f} times as fast as one")


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares margay with its peers over one log.")
    parser.add_argument("--log", required=True)
    parser.add_argument("--patterns", required=True)
    parser.add_argument("--pack", required=True)
    parser.add_argument("--margay", required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--few", action="store_true", help="only the limit, rg and margay")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("--runs must be 1 or more")

    with open(options.log + ".expected", encoding="ascii") as file:
        expected, lines = (int(word) for word in file.read().split())
    with open(options.log, "rb") as file:
        size = 0
        while block := file.read(1 << 20):
            size += len(block)
    with open(options.patterns, encoding="ascii") as file:
        expressions = sum(1 for _ in file)

    with tempfile.TemporaryDirectory(prefix="margay-bench.") as folder:
        store = os.path.join(folder, "bench.db")
        everyone = contenders(options, store)
        if options.few:
            everyone = [contender for contender in everyone if not contender.name.startswith("pcre2grep")]
        else:
            everyone += slow_contenders(options, folder)
        present = [contender for contender in everyone if shutil.which(contender.command[0])]
        print(f"{size / 1e6:.0f} MB, {lines} lines, {expected / lines:.2%} of them matching, "
              f"{expressions} expressions; medians of {options.runs}, peaks at their highest", flush=True)
        results = measure(present, options.runs, folder, store)
        faults = table(everyone, results, size, expected)
        say_ratios(results)
    for fault in faults:
        print(f"bench: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
