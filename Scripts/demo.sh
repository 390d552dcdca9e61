#!/usr/bin/env bash
# Shows `margay watch` at work: follows copies of the sample logs while a writer appends to them.
#
# On a terminal it goes on until Ctrl-C. Without one it ends by itself after DEMO_SECONDS (30), checks that every event
# was counted exactly once, prints the issues, and exits 1 if a count is wrong. Either way nothing is left behind.
#
#   MARGAY=PATH   the program to show
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly margay=${MARGAY:-.build-release/release/margay}
readonly seconds=${DEMO_SECONDS:-30}
readonly start_seconds_max=15
readonly count_seconds_max=10

folder=
watcher=
writer=
timer=

# Ends a child and waits for it, so that its checkpoint is written before the folder goes. TERM, since a shell without
# job control starts its children deaf to INT.
stop() {
    local child=$1
    if [[ -n $child ]]; then
        kill -TERM "$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    fi
}

clean_up() {
    # A second Ctrl-C must not leave half of it.
    trap '' INT TERM HUP
    stop "$timer"
    stop "$writer"
    stop "$watcher"
    if [[ -n $folder ]]; then
        rm -rf "$folder"
    fi
}

interrupted() {
    # The terminal may be gone.
    printf '\ndemo: stopped; its temporary files are removed.\n' || true
    exit "$1"
}

# The sum of the counts in issues printed as JSON Lines.
sum_of_counts() {
    { grep -oE '"count" ?: ?[0-9]+' || true; } | awk -F: '{ sum += $2 } END { print sum + 0 }'
}

counted() {
    { "$margay" issues --store "$folder/margay.db" --all --format json || true; } | sum_of_counts
}

# Counts what was written once more, from the finished files, with the rotated ones put together again.
count_again() {
    local path
    mkdir "$folder/whole"
    cp -R "$folder/logs" "$folder/whole/"
    while IFS= read -r -d '' path; do
        cat "${path%.1}" >>"$path"
        mv "$path" "${path%.1}"
    done < <(find "$folder/whole" -name '*.log.1' -print0)
    { "$margay" scan --packs patterns --format json "$folder/whole/logs" || true; } | sum_of_counts
}

# Waits until the watcher has opened its store: from then on people can ask it.
wait_for_watcher() {
    local tries=$((start_seconds_max * 10))
    while [[ ! -e $folder/margay.db ]]; do
        if ! kill -0 "$watcher" 2>/dev/null || ((tries-- == 0)); then
            return 1
        fi
        sleep 0.1
    done
}

watch_ended() {
    local code=0
    wait "$watcher" || code=$?
    watcher=
    echo "demo: margay watch ended before it was asked to, with exit code $code" >&2
    exit 1
}

summary() {
    local written rotated expected found tries=$((count_seconds_max * 5))
    stop "$writer"
    writer=
    written=$(find "$folder/logs" -type f -exec cat {} + | wc -l)
    rotated=$(find "$folder/logs" -name '*.log.1' | wc -l)
    expected=$(count_again)
    found=$(counted)
    while ((found != expected && tries-- > 0)); do
        sleep 0.2
        found=$(counted)
    done
    stop "$watcher"
    watcher=
    echo
    "$margay" issues --store "$folder/margay.db" --all || true
    echo
    echo "demo: $written lines written, $rotated of the files rotated; $found events counted while they were written"
    echo "demo: $expected events counted again in the finished files"
    if ((found != expected || found == 0)); then
        echo "demo: these two must be the same, and not 0" >&2
        exit 1
    fi
}

main() {
    if [[ ! -x $margay ]]; then
        echo "demo: there is no program at $margay; 'make build' makes it." >&2
        exit 2
    fi
    if [[ ! $seconds =~ ^[1-9][0-9]*$ ]]; then
        echo "demo: DEMO_SECONDS must be a whole number of seconds, not '$seconds'" >&2
        exit 64
    fi
    trap clean_up EXIT
    trap 'interrupted 0' INT
    trap 'interrupted 143' TERM
    trap 'interrupted 129' HUP
    folder=$(mktemp -d "${TMPDIR:-/tmp}/margay-demo.XXXXXX")
    # As the writer will want them: a folder that is there from the start is watched from the start.
    (cd samples && find . -type d -exec mkdir -p "$folder/logs/{}" \;)

    local command=("$margay" watch --store "$folder/margay.db" --packs patterns --start beginning "$folder/logs/**")
    echo "demo: a writer appends sample log lines to $folder/logs"
    echo "demo: ${command[*]}"
    if [[ -t 1 ]]; then
        echo "demo: new issues appear below; Ctrl-C ends it and removes everything"
    else
        echo "demo: ends by itself after $seconds seconds"
    fi
    echo
    "${command[@]}" &
    watcher=$!
    wait_for_watcher || watch_ended
    Scripts/demo-writer.sh samples "$folder/logs" &
    writer=$!
    if [[ -t 1 ]]; then
        # Returns only if one of them dies; Ctrl-C interrupts it.
        wait -n "$watcher" "$writer" || true
    else
        sleep "$seconds" &
        timer=$!
        wait -n "$watcher" "$writer" "$timer" || true
    fi
    kill -0 "$watcher" 2>/dev/null || watch_ended
    if [[ -t 1 ]] || ! kill -0 "$writer" 2>/dev/null; then
        echo "demo: the writer ended before it was asked to" >&2
        exit 1
    fi
    timer=
    summary
}

main
