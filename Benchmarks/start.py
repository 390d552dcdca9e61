#!/usr/bin/env python3
"""How long `margay scan` takes to start with a large pack: over a log of one line, which leaves nothing but the start.

    start.py --pack FILE --margay PROGRAM --runs N

The first start compiles the prefilter and keeps it; the others find it. Both are shown. Exit code 1 when a start fails, or
takes longer than it is meant to (START_MILLIS_MAX, 0 to look only).
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time


def start(options, folder: str) -> float:
    """Milliseconds that one run takes."""
    log = os.path.join(folder, "one.log")
    with open(log, "w", encoding="ascii") as file:
        file.write("2026-11-22 10:00:00,000 INFO  [main] c.e.shop.Checkout - ready\n")
    environment = dict(os.environ, XDG_CACHE_HOME=os.path.join(folder, "cache"), NO_COLOR="1")
    command = [options.margay, "scan", "--pack", options.pack, "--no-core", "--format", "json", log]
    began = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environment)
    millis = (time.perf_counter() - began) * 1_000
    # Nothing is found in that line, which scan says by its exit code.
    if done.returncode != 1:
        said = done.stderr.decode("utf-8", "replace").strip()
        sys.exit(f"bench: margay scan ended with exit code {done.returncode}: {said or 'it said nothing'}")
    return millis


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures how long margay takes to start with a pack.")
    parser.add_argument("--pack", required=True)
    parser.add_argument("--margay", required=True)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    limit = float(os.environ.get("START_MILLIS_MAX", "200"))
    with tempfile.TemporaryDirectory(prefix="margay-bench.") as folder:
        first = start(options, folder)
        later = statistics.median(start(options, folder) for _ in range(options.runs))
    print(f"start with {os.path.basename(options.pack)}: {later:.0f} ms with its prefilter kept (median of {options.runs}), "
          f"{first:.0f} ms the first time")
    if limit and later > limit:
        print(f"bench: the start took {later:.0f} ms; at most {limit:.0f} are aimed at", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
