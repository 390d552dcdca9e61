#!/usr/bin/env bash
# Every test, from the format of the code to whole programs, with the time that each step took.
# The tests' own summary is repeated at the end. Without a terminal, what passes is not named one by one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

log=$(mktemp "${TMPDIR:-/tmp}/margay-test.XXXXXX")
trap 'rm -f "$log"' EXIT
durations=()
summary=

# Drops the lines of progress that are of use only to somebody who looks on.
brief() {
    awk '
        /^\[[0-9]+\/[0-9]+\] / || /^(Fetched|Computing|Computed|Creating working|Working copy) / { next }
        /^[^ ]+ +(Test|Suite|Test case) .* (started|passed after [0-9.]+ seconds)\.?$/ && !/Test run with/ { next }
        / Test case passing / || / Test run started\.$/ || /^↳ / { next }
        { print; fflush() }'
}

# step NAME COMMAND...: runs it; after a failure, says which step failed and ends.
step() {
    local name=$1 began=$SECONDS code=0
    shift
    echo "== $name"
    if [[ -t 1 ]]; then
        "$@" 2>&1 | tee "$log" || code=$?
    else
        "$@" 2>&1 | tee "$log" | brief || code=$?
    fi
    if ((code != 0)); then
        echo "== FAILED: $name, after $((SECONDS - began)) s" >&2
        exit "$code"
    fi
    durations+=("$((SECONDS - began)) s  $name")
}

step "set-up" Scripts/setup.sh
step "format and shell syntax" Scripts/lint.sh
echo "The next step compiles the libraries too: minutes the first time, seconds later."
step "build, with the imports between targets checked" \
    swift build --build-tests --explicit-target-dependency-import-check error
step "unit tests" swift test --skip-build --disable-xctest
summary=$(grep -E 'Test run with [0-9]+ tests? ' "$log" || true)
if [[ -z $summary ]]; then
    echo "== FAILED: no test has run" >&2
    exit 1
fi

MARGAY=$(swift build --show-bin-path)/margay
export MARGAY
for script in Scripts/test-*.sh; do
    if [[ -e $script ]]; then
        step "end to end: ${script#Scripts/test-}" bash "$script"
    fi
done

echo "== Durations"
printf '   %s\n' "${durations[@]}"
echo "$summary"
