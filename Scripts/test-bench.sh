#!/usr/bin/env bash
# The benchmark's log is what it says it is, and margay finds in it exactly the lines that were put there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

: "${MARGAY:?names the program to test}"
if ! command -v python3 >/dev/null; then
    echo "skipped: there is no python3, which the benchmarks need"
    exit 0
fi
folder=$(mktemp -d "${TMPDIR:-/tmp}/margay-test-bench.XXXXXX")
trap 'rm -rf "$folder"' EXIT
log=$folder/mixed.log

python3 Benchmarks/expressions.py --check
python3 Benchmarks/generate.py --megabytes 2 --share 13 "$log"
python3 Benchmarks/generate.py --megabytes 2 --share 13 "$folder/again.log"
cmp "$log" "$folder/again.log" || { echo "not ok: the same arguments made two logs" >&2; exit 1; }

# A third opinion on the number of matching lines, from neither margay nor a peer of the benchmark.
python3 - "$log" Benchmarks/patterns-65.txt <<'PYTHON'
import re
import sys

lines = open(sys.argv[1], encoding="ascii").read().splitlines()
expressions = open(sys.argv[2], encoding="ascii").read().splitlines()
expected, written = (int(word) for word in open(sys.argv[1] + ".expected").read().split())
matching = sum(1 for line in lines if any(re.search(expression, line) for expression in expressions))
idle = [expression for expression in expressions if not any(re.search(expression, line) for line in lines)]
if len(lines) != written or matching != expected:
    sys.exit(f"not ok: {matching} of {len(lines)} lines match; promised were {expected} of {written}")
if not 0.12 < matching / written < 0.14:
    sys.exit(f"not ok: {matching / written:.1%} of the lines match instead of 13 %")
if idle:
    sys.exit(f"not ok: {len(idle)} expressions find nothing, the first of them: {idle[0]}")
PYTHON

read -r expected _ <"$log.expected"
for threads in 1 2; do
    "$MARGAY" scan --pack Benchmarks/pack-65.yaml --no-core --format json --threads "$threads" "$log" \
        >"$folder/issues.json" || echo "not ok: margay scan ended with exit code $?" >&2
    found=$({ grep -oE '"count" ?: ?[0-9]+' "$folder/issues.json" || true; } \
        | awk -F: '{ sum += $2 } END { print sum + 0 }')
    if [[ $found != "$expected" ]]; then
        echo "not ok: margay found $found events with $threads threads; the log holds $expected" >&2
        exit 1
    fi
done
# The store's benchmark in its short form: it fails where a count is wrong, whatever the times are.
bench=$(dirname "$MARGAY")/StoreBench
if [[ -x $bench ]]; then
    "$bench" fill "$folder/store.db" 2000 >"$folder/store.txt"
    "$bench" ingest "$folder/store.db" 1 >>"$folder/store.txt"
    "$bench" pages "$folder/store.db" >>"$folder/store.txt"
    for name in bytes_per_issue ingest_second_in_1_commit page_beside_writer page show; do
        grep -q "^$name"$'\t' "$folder/store.txt" || { echo "not ok: the store's benchmark says no $name" >&2; exit 1; }
    done
    echo "ok: the store's benchmark counts right"
fi

# With every pack at once, nothing is found where all is well.
python3 Benchmarks/generate.py --megabytes 1 --quiet "$folder/quiet.log"
all=()
for pack in patterns/*.yaml; do all+=(--pack "$(basename "$pack" .yaml)"); done
code=0
"$MARGAY" scan --packs patterns "${all[@]}" "$folder/quiet.log" >"$folder/quiet.txt" 2>&1 || code=$?
if ((code != 1)); then
    echo "not ok: something is found in a log in which all is well (exit code $code)" >&2
    head -n 20 "$folder/quiet.txt" >&2
    exit 1
fi
echo "ok: all packs together find nothing where all is well"

echo "ok: $expected matching lines, found by margay with one thread and with two"
