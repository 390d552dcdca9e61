#!/usr/bin/env bash
# Measures `margay watch`: latency, quiet files, rate, memory (follow.py), and the same of its peers (peers.py).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# `make bench-short` says so by the size of its logs.
if [[ ${BENCH_MEGABYTES:-300} -lt 300 ]]; then
    export FOLLOW_SHORT=1
fi
python3 Benchmarks/follow.py
echo
echo "The same for the peers, in one run:"
exec python3 Benchmarks/peers.py
