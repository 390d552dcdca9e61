#!/usr/bin/env python3
"""A log in which all is well, read with every shipped pack at once.

    quiet.py --log FILE --packs DIR --patterns FILE --margay PROGRAM --runs N

Prints how many megabytes of it a second one thread reads, beside `rg` with the 65 expressions of the other tables and
`wc -l`, which looks for newlines alone; and how long the start takes with all packs, from the kept prefilter. What the
start takes is not part of the rate. Exit code 1 when something is found in the log, or an aim is missed
(QUIET_MEGABYTES_MIN a second, START_MILLIS_MAX; 0 to look only).
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile

# No compiled files beside the sources.
sys.dont_write_bytecode = True

from compare import Contender, run_once


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures all packs over a log in which all is well.")
    for name in ("--log", "--packs", "--patterns", "--margay"):
        parser.add_argument(name, required=True)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    rate_min = float(os.environ.get("QUIET_MEGABYTES_MIN", "400"))
    start_max = float(os.environ.get("START_MILLIS_MAX", "200"))

    packs = sorted(name[: -len(".yaml")] for name in os.listdir(options.packs) if name.endswith(".yaml"))
    with tempfile.TemporaryDirectory(prefix="margay-bench.") as folder:
        os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "cache")
        empty = os.path.join(folder, "one.log")
        with open(empty, "w", encoding="ascii") as file:
            file.write("2026-11-22 10:00:00,000 INFO  [main] c.e.shop.Checkout - ready\n")
        scan = [options.margay, "scan", "--threads", "1", "--packs", options.packs]
        scan += [word for pack in packs for word in ("--pack", pack)]
        # Exit code 1: read, and nothing found.
        contenders = [
            Contender("start", scan + [empty], None, (1,)),
            Contender("margay", scan + [options.log], None, (1,)),
            Contender("rg", ["rg", "--no-config", "-c", "-f", options.patterns, options.log], None, (0, 1)),
            Contender("wc", ["wc", "-l", options.log], None, (0,)),
        ]
        first = run_once(contenders[0], folder)
        runs = {contender.name: [] for contender in contenders}
        for _ in range(options.runs):
            for contender in contenders:
                run = run_once(contender, folder)
                if run.failure:
                    print(f"bench: {contender.name}: {run.failure}", file=sys.stderr)
                    return 1
                runs[contender.name].append(run)

    def seconds(name: str) -> float:
        """Of the processor where that is known, else elapsed: the median."""
        return statistics.median(run.seconds if run.busy is None else run.busy for run in runs[name])

    size = os.path.getsize(options.log) / 1e6
    start = seconds("start") * 1_000
    scanning = max(seconds("margay") - seconds("start"), 0.001)
    rate = size / scanning
    print(f"all {len(packs)} packs over a log in which all is well, {size:.0f} MB, one thread, processor time, medians of "
          f"{options.runs}:")
    print(f"  {rate:.0f} MB/s ({scanning:.2f} s), {seconds('rg') / scanning:.1f} times as fast as rg with 65 expressions; "
          f"{scanning / max(seconds('wc'), 0.001):.1f} times the limit, wc -l")
    print(f"  start {start:.0f} ms with the prefilter kept, {first.seconds * 1_000:.0f} ms elapsed the first time; peak "
          f"{max(run.megabytes or 0 for run in runs['margay']):.0f} MB")
    status = 0
    if rate_min and rate < rate_min:
        print(f"bench: {rate:.0f} MB/s; {rate_min:.0f} are aimed at", file=sys.stderr)
        status = 1
    if start_max and start > start_max:
        print(f"bench: the start took {start:.0f} ms; at most {start_max:.0f} are aimed at", file=sys.stderr)
        status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
