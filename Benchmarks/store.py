#!/usr/bin/env python3
"""What the store does under load, beside what it has to do: pages, details, a flood of events, opening, size.

usage: store.py BENCH MARGAY FOLDER ISSUES

BENCH is the program StoreBench, MARGAY the program itself. The store of ISSUES issues is made in FOLDER and kept from
run to run. Exit code: 0 all figures are met, 1 some are not, 2 something failed.
"""

import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

LIVE = 10_000


def run(*command):
    """The lines of a program that has to succeed, as lists of words."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        print(f"not ok: {' '.join(map(str, command))}: {done.stderr.strip()}", file=sys.stderr)
        sys.exit(2)
    return [line.split("\t") for line in done.stdout.splitlines()]


def timed(command, codes=(0,)):
    """Milliseconds of a command: by the clock, and of the processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    wall = (time.monotonic() - began) * 1000
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in codes:
        print(f"not ok: {' '.join(map(str, command))}: {done.stderr.strip()}", file=sys.stderr)
        sys.exit(2)
    processor = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
    return wall, processor, done.stdout


def repeated(command, times, codes=(0,)):
    """p50 and p99 of the clock, and p50 of the processor."""
    runs = [timed(command, codes)[:2] for _ in range(times)]
    walls = sorted(wall for wall, _ in runs)
    return statistics.median(walls), walls[-(-99 * len(walls) // 100) - 1], statistics.median(c for _, c in runs)


class Table:
    """Figures beside their limits."""

    def __init__(self):
        self.missed = []

    def add(self, name, value, limit, unit, note="", least=False):
        met = value >= limit if least else value <= limit
        if not met:
            self.missed.append(name)
        bound = "at least" if least else "at most"
        print(f"{'ok  ' if met else 'MISS'} {name:<44} {value:>10,.0f} {unit:<9} {bound} {limit:,} {note}", flush=True)


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    bench, margay, folder, issues = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), int(sys.argv[4])
    rounds = 10 if issues >= 100_000 else 3
    folder.mkdir(parents=True, exist_ok=True)
    table = Table()
    store = folder / f"store-{issues}.db"
    figures = folder / f"store-{issues}.txt"
    if not figures.exists():
        for leftover in folder.glob(f"store-{issues}.db*"):
            leftover.unlink()
        made = run(bench, "fill", store, issues)
        figures.write_text("\n".join("\t".join(line) for line in made) + "\n")
    made = {line.split("\t")[0]: line.split("\t")[1:] for line in figures.read_text().splitlines()}
    table.add("bytes an issue", int(made["bytes_per_issue"][0]), 1024, "bytes")

    measured = {line[0]: line[1:] for line in run(bench, "pages", store)}
    for name, title in (("page", "a page of 100, any query and order"), ("show", "the details of an issue")):
        figure = measured[name]
        table.add(f"{title}, p99", float(figure[1]), 50, "ms", f"p50 {figure[0]}, worst {figure[2]}, {figure[3]} times")
    for name, figure in measured.items():
        if name.startswith("slow_page"):
            print(f"     slower than 50 ms: {name[10:]}: p99 {figure[1]} ms")
    table.add("opening the store", float(measured["open"][0]), 1000, "ms", f"{os.path.getsize(store) >> 20} MB")

    times = 30 if issues >= 100_000 else 5
    for words in (["issues", "-n", "50"], ["issues", "is:inbox", "-n", "50"], ["issues", "pack:none"],
                  ["issues", "severity:>=major (pack:nginx OR pack:core)", "-n", "50"]):
        median, high, processor = repeated([margay, *words, "--store", store], times, (0, 1))
        table.add(f"margay {' '.join(words)}, p99", high, 100, "ms", f"p50 {median:.0f}, processor {processor:.0f}")
    found = timed([margay, "issues", "--ids", "-n", "1", "--store", store])[2].split()
    if found:
        median, high, processor = repeated([margay, "show", found[0], "--store", store], times)
        table.add("margay show ID, p99", high, 100, "ms", f"p50 {median:.0f}, processor {processor:.0f}")
    median, high, processor = repeated([margay, "--help"], times)
    table.add("margay --help, p50", median, 60, "ms", f"p99 {high:.0f}, processor {processor:.0f}")

    live = folder / "live.db"
    for leftover in folder.glob("live.db*"):
        leftover.unlink()
    run(bench, "fill", live, min(LIVE, issues))
    flood = {line[0]: line[1:] for line in run(bench, "ingest", live, rounds)}
    events = 20 * min(LIVE, issues)
    for name, title in (("ingest_second_in_1_commit", "events a processor second"),
                        ("ingest_beside_reader", "the same while somebody pages")):
        seconds = float(flood[name][0]) / 1000
        table.add(title, events / seconds, 200_000, "events/s", f"a commit of {seconds:.2f} s", least=True)
    page = flood["page_beside_writer"]
    table.add("a page while they are counted, p99", float(page[1]), 50, "ms", f"p50 {page[0]}, {page[3]} times")
    if table.missed:
        print(f"missed: {', '.join(table.missed)}")
        sys.exit(1)


main()
