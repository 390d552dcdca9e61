#!/usr/bin/env bash
# The console under load: lists of a large store, browsers that stay open, attackers that waste connections.
#
#   BENCH_ISSUES=1000000  issues in the store that the lists are read from; it is made once and kept
#   BENCH_SECONDS=60      how long the live pages stay open
#   MARGAY=PATH           the program to measure
#   STOREBENCH=PATH       the program that makes the store
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ -n ${BENCH_MEGABYTES:-} ]]; then
    short_issues=10000 short_seconds=5
fi
issues=${BENCH_ISSUES:-${short_issues:-1000000}}
seconds=${BENCH_SECONDS:-${short_seconds:-60}}
margay=${MARGAY:-.build-release/release/margay}
bench=${STOREBENCH:-.build-release/release/StoreBench}
results=Benchmarks/results

for program in "$margay" "$bench"; do
    if [[ ! -x $program ]]; then
        echo "bench: there is no program at $program; 'make bench' builds it." >&2
        exit 2
    fi
done
mkdir -p Benchmarks/data "$results"
result=$results/console-$(date -u +%Y%m%d-%H%M%S).txt
{
    echo "date:      $(date -u +%Y-%m-%dT%H:%M:%SZ)"
    echo "processor: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores"
    echo "load:      $(cut -d ' ' -f 1-3 /proc/loadavg)"
    echo "store:     $issues issues"
} | tee "$result"
python3 Benchmarks/console.py "$bench" "$margay" Benchmarks/data "$issues" "$seconds" | tee -a "$result"
