#!/usr/bin/env bash
# The demo counts every event once, and leaves nothing behind however it ends.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly seconds=8
readonly end_seconds_max=20
: "${MARGAY:?names the program to test}"
folder=$(mktemp -d "${TMPDIR:-/tmp}/margay-test-demo.XXXXXX")
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/temporary"

fail() {
    echo "not ok: $1" >&2
    cat "$folder/output" >&2
    exit 1
}

# Nothing may be left in the folder for temporary files, and no process that was told its name.
expect_nothing_left() {
    local process
    if [[ -n $(ls -A "$folder/temporary") ]]; then
        fail "$1: files are left: $(ls -A "$folder/temporary")"
    fi
    for process in /proc/[0-9]*; do
        if grep -qsF "$folder/temporary" "$process/cmdline"; then
            fail "$1: process ${process#/proc/} is left"
        fi
    done
}

code=0
TMPDIR=$folder/temporary DEMO_SECONDS=$seconds Scripts/demo.sh </dev/null >"$folder/output" 2>&1 || code=$?
((code == 0)) || fail "the demo ended with exit code $code"
grep -q 'events counted again' "$folder/output" || fail "the demo said nothing about its counts"
grep -q '1 of the files rotated' "$folder/output" || fail "no file was rotated"
expect_nothing_left "after its time"

TMPDIR=$folder/temporary DEMO_SECONDS=$end_seconds_max Scripts/demo.sh </dev/null >"$folder/output" 2>&1 &
demo=$!
# Until lines are being written.
tries=$((end_seconds_max * 10))
until [[ -n $(find "$folder/temporary" -name '*.log' -size +0c 2>/dev/null) ]]; do
    ((tries-- > 0)) || fail "the demo has written nothing"
    sleep 0.1
done
kill -TERM "$demo"
code=0
wait "$demo" || code=$?
((code == 143)) || fail "stopped by a signal, the demo ended with exit code $code instead of 143"
expect_nothing_left "after a signal"

echo "ok: the demo counts right, and leaves nothing behind after its time or a signal"
