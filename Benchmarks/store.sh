#!/usr/bin/env bash
# The store under load: pages and details of a million issues, a flood of events, opening, size, the commands.
#
#   BENCH_ISSUES=1000000  issues in the store, about a kilobyte each; it is made once and kept
#   MARGAY=PATH           the program to measure
#   STOREBENCH=PATH       the program that measures the store in process
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ -n ${BENCH_MEGABYTES:-} ]]; then
    short=10000
fi
issues=${BENCH_ISSUES:-${short:-1000000}}
margay=${MARGAY:-.build-release/release/margay}
bench=${STOREBENCH:-.build-release/release/StoreBench}
results=Benchmarks/results

for program in "$margay" "$bench"; do
    if [[ ! -x $program ]]; then
        echo "bench: there is no program at $program; 'make bench-store' builds it." >&2
        exit 2
    fi
done
mkdir -p Benchmarks/data "$results"
result=$results/store-$(date -u +%Y%m%d-%H%M%S).txt
{
    echo "date:      $(date -u +%Y-%m-%dT%H:%M:%SZ)"
    echo "processor: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores"
    echo "load:      $(cut -d ' ' -f 1-3 /proc/loadavg)"
    echo "store:     $issues issues"
} | tee "$result"
python3 Benchmarks/store.py "$bench" "$margay" Benchmarks/data "$issues" | tee -a "$result"
