#!/usr/bin/env bash
# Grouping speed: how many messages a second margay masks and keys on one core, beside Drain3 where Python has it.
#
#   BENCH_MEGABYTES=300   size of the log (its lines are those of the scan's)
#   BENCH_RUNS=5          runs, of which the median is shown
#   BENCH_LOG=PATH        another log
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

megabytes=${BENCH_MEGABYTES:-300}
runs=${BENCH_RUNS:-5}
data=Benchmarks/data
results=Benchmarks/results
mkdir -p "$data" "$results"

# The speed is the same at any size; more than 30 MB would only keep Drain3 busy for minutes.
((megabytes > 30)) && megabytes=30
log=${BENCH_LOG:-$data/grouping-${megabytes}MB.log}
if [[ ! -f $log ]]; then
    python3 Benchmarks/generate.py --megabytes "$megabytes" --share 13 "$log"
fi

swift build -c release --static-swift-stdlib --scratch-path .build-release --product grouping-bench >/dev/null
bench=.build-release/release/grouping-bench

result=$results/grouping-$(date -u +%Y%m%d-%H%M%S).txt
"$bench" "$log" "$runs" | tee "$result"

if python3 -c 'import drain3' 2>/dev/null; then
    "$bench" --messages "$log" "$data/messages.txt"
    python3 Benchmarks/drain.py "$data/messages.txt" | tee -a "$result"
else
    echo "drain3  not measured: Python has no module drain3 (pip install drain3)" | tee -a "$result"
fi
