#!/usr/bin/env bash
# Scan speed: margay beside wc, rg and pcre2grep, on the same log and the same 65 expressions.
#
#   BENCH_MEGABYTES=300      size of each log
#   BENCH_RUNS=5             runs of each program, of which the median is shown
#   BENCH_SHARES='1 13 0.01' percent of the lines that match; one log and one table each
#   BENCH_LARGER=500         expressions of one more table, over the first of these logs; 0 for none
#   BENCH_START=1000         patterns of the pack with which the start is measured; 0 not to
#   BENCH_QUIET=1            measure all packs over a log in which all is well; 0 not to
#   MARGAY=PATH              the program to measure
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

megabytes=${BENCH_MEGABYTES:-300}
runs=${BENCH_RUNS:-5}
shares=${BENCH_SHARES:-1 13 0.01}
larger=${BENCH_LARGER:-500}
start=${BENCH_START:-1000}
quiet=${BENCH_QUIET:-1}
margay=${MARGAY:-.build-release/release/margay}
data=Benchmarks/data
results=Benchmarks/results

if [[ ! -x $margay ]]; then
    echo "bench: there is no program at $margay; 'make bench' builds it, MARGAY=PATH names another." >&2
    exit 2
fi
python3 Benchmarks/expressions.py --check

# A log is kept from run to run and made anew when that which made it has changed.
recipe=$(cat Benchmarks/generate.py Benchmarks/expressions.py | sha256sum | cut -c 1-12)

# Prints the path of the log with that share of matching lines, which it makes if need be.
log_with_share() {
    local share=$1
    local log=$data/mixed-${megabytes}MB-${share}-percent.log
    if [[ ! -f $log || "$(cat "$log.recipe" 2>/dev/null)" != "$recipe" ]]; then
        echo "bench: writing $log" >&2
        mkdir -p "$data"
        rm -f "$log.recipe"
        python3 Benchmarks/generate.py --megabytes "$megabytes" --share "$share" "$log"
        echo "$recipe" >"$log.recipe"
    fi
    echo "$log"
}

# What the numbers depend on.
machine() {
    echo "date:      $(date -u +%Y-%m-%dT%H:%M:%SZ)"
    echo "processor: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores"
    echo "system:    $(uname -sr)"
    local peer
    for peer in rg pcre2grep; do
        if command -v "$peer" >/dev/null; then
            echo "peer:      $("$peer" --version | head -n 1)"
        fi
    done
}

mkdir -p "$results"
result=$results/scan-$(date -u +%Y%m%d-%H%M%S).txt
machine | tee "$result"
status=0
for share in $shares; do
    log=$(log_with_share "$share")
    echo | tee -a "$result"
    python3 Benchmarks/compare.py --log "$log" --patterns Benchmarks/patterns-65.txt \
        --pack Benchmarks/pack-65.yaml --margay "$margay" --runs "$runs" 2>&1 | tee -a "$result" || status=1
done
if ((larger > 0)); then
    log=$(log_with_share "${shares%% *}")
    python3 Benchmarks/expressions.py --count "$larger" "$data"
    echo | tee -a "$result"
    python3 Benchmarks/compare.py --log "$log" --patterns "$data/patterns-$larger.txt" \
        --pack "$data/pack-$larger.yaml" --margay "$margay" --runs "$runs" --few 2>&1 | tee -a "$result" || status=1
fi
if ((start > 0)); then
    mkdir -p "$data"
    python3 Benchmarks/expressions.py --count "$start" "$data"
    echo | tee -a "$result"
    python3 Benchmarks/start.py --pack "$data/pack-$start.yaml" --margay "$margay" --runs "$runs" 2>&1 \
        | tee -a "$result" || status=1
fi
if ((quiet > 0)); then
    log=$data/quiet-${megabytes}MB.log
    if [[ ! -f $log || "$(cat "$log.recipe" 2>/dev/null)" != "$recipe" ]]; then
        echo "bench: writing $log" >&2
        mkdir -p "$data"
        python3 Benchmarks/generate.py --megabytes "$megabytes" --quiet "$log"
        echo "$recipe" >"$log.recipe"
    fi
    echo | tee -a "$result"
    python3 Benchmarks/quiet.py --log "$log" --packs patterns --patterns Benchmarks/patterns-65.txt \
        --margay "$margay" --runs "$runs" 2>&1 | tee -a "$result" || status=1
fi
echo
echo "Kept in $result"
exit "$status"
