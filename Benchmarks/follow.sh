#!/usr/bin/env bash
# Measures `margay watch`: latency, quiet files, rate, memory. See follow.py.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# `make bench-short` says so by the size of its logs.
if [[ ${BENCH_MEGABYTES:-300} -lt 300 ]]; then
    export FOLLOW_SHORT=1
fi
exec python3 Benchmarks/follow.py
