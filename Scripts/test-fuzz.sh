#!/usr/bin/env bash
# Feeds random bytes to the readers of packs, expressions and logs for a minute, with libFuzzer (Tests/Fuzz).
# What crashes is left in .build-fuzz/crashes.
#
#   FUZZ_SECONDS=60   how long
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${FUZZ_SECONDS:-60}
work=$PWD/.build-fuzz
mkdir -p "$work/corpus" "$work/crashes"
swift build -c release --sanitize=fuzzer --package-path Tests/Fuzz --scratch-path "$work" --product FuzzPacks

# A few seeds: what a pack, an expression, a log and a line look like. The first byte says which.
for pack in patterns/shop.yaml patterns/suricata.yaml; do
    { printf 'T'; cat "$pack"; } >"$work/corpus/pack-$(basename "$pack")"
done
printf 'U^(?<a>\\w+): (?:x|y)+[^z]{2,3}$' >"$work/corpus/expression"
printf 'V2026-11-22 10:00:00 error id 7f failed\n\tat a.B.c(B.java:1)\n+ more\nERR 12\n' >"$work/corpus/log"
printf 'W{"level":50,"msg":"x","err":{"stack":"TypeError: y\\n    at f (/a.js:1:2)"}}' >"$work/corpus/line"

# A crash report would keep a child alive that holds the pipe.
export SWIFT_BACKTRACE=enable=no
"$work/release/FuzzPacks" "$work/corpus" -max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=2048 \
    -artifact_prefix="$work/crashes/" -print_final_stats=1 2>&1 | tail -n 20
echo "ok: $seconds s of random packs, expressions and logs"
