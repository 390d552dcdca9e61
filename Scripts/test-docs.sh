#!/usr/bin/env bash
# What the README and Docs/ show is run as it stands there, so that a document which is no longer true fails a test.
#
#   ```console   lines that begin with `$ ` are run by bash, with the lines behind them that begin with `> `. They must
#                exit 0, or with N where the command ends in `# exit N`. What else stands there is output, not compared:
#                times, ids and widths differ between machines.
#   ```yaml      beginning with the comment `# margay.yaml`: must pass `margay check`. Beginning with `pack:` must pass
#                `margay packs lint` and `margay packs test`; a comment `# NAME.yaml` before that leaves the pack as a
#                file of that name for the commands that follow.
#
# Each document has a scratch copy of patterns and samples of its own, where its commands run one after the other.
#
#   MARGAY=PATH   the program
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

: "${MARGAY:?names the program to test}"
program=$(realpath "$MARGAY")
folder=$(mktemp -d "${TMPDIR:-/tmp}/margay-test-docs.XXXXXX")
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin"
ln -s "$program" "$folder/bin/margay"
# The documents speak of a host without a configuration, whatever this one has.
printf 'node: web-1\n' >"$folder/host.yaml"

commands=0 configurations=0 packs=0 failures=0

# failed PLACE WHAT: counts a failure and shows what the program said.
failed() {
    echo "$1: not ok: $2" >&2
    sed 's/^/    /' "$folder/output" >&2
    failures=$((failures + 1))
}

# run COMMAND: in the scratch copy; its output goes to a file, its exit code is returned.
run() {
    (
        cd "$scratch"
        env PATH="$folder/bin:$PATH" HOME="$folder/home" XDG_STATE_HOME="$folder/home" XDG_CACHE_HOME="$folder/home" \
            TMPDIR="$folder" NO_COLOR=1 MARGAY_CONFIG="$folder/host.yaml" bash -c "$1" </dev/null
    ) >"$folder/output" 2>&1
}

run_command() {
    local place=$1 command=$2 wanted=0 code=0
    if [[ $command =~ \#\ exit\ ([0-9]+)$ ]]; then
        wanted=${BASH_REMATCH[1]}
    fi
    run "$command" || code=$?
    commands=$((commands + 1))
    ((code == wanted)) || failed "$place" "exit code $code instead of $wanted: ${command%%$'\n'*}"
}

# What stands in /etc/margay and under the prefix on a host stands in the scratch copy here.
check_configuration() {
    local place=$1 text=$2
    text=${text//\/usr\/local\/share\/margay\/patterns/$scratch/patterns}
    text=${text//\/etc\/margay\/patterns/$scratch/local-patterns}
    text=${text//\/var\/lib\/margay/$scratch/state}
    printf '%s' "$text" >"$folder/margay.yaml"
    configurations=$((configurations + 1))
    run "margay check --config '$folder/margay.yaml'" || failed "$place" "margay check refuses this configuration"
}

check_pack() {
    local place=$1 text=$2 name=shown.yaml
    if [[ $text =~ ^\#\ ([a-z-]+\.yaml)$'\n' ]]; then
        name=${BASH_REMATCH[1]}
    fi
    printf '%s' "$text" >"$scratch/$name"
    packs=$((packs + 1))
    run "margay packs lint $name" || failed "$place" "margay packs lint refuses this pack"
    run "margay packs test $name" || failed "$place" "this pack fails its own tests"
}

check_block() {
    local language=$1 place=$2 text=$3
    case $language in
        yaml)
            if [[ $text == '# margay.yaml'* ]]; then
                check_configuration "$place" "$text"
            elif [[ $text =~ ^(\#\ [a-z-]+\.yaml$'\n')?pack: ]]; then
                check_pack "$place" "$text"
            fi
            ;;
    esac
}

check_document() {
    local document=$1 line number=0 language='' text='' start=0 command='' command_line=0
    scratch=$folder/scratch
    rm -rf "$scratch" "$folder/home"
    mkdir "$scratch" "$scratch/local-patterns" "$folder/home"
    cp -R patterns samples "$scratch/"
    while IFS= read -r line || [[ -n $line ]]; do
        number=$((number + 1))
        if [[ $language == console && -n $command && $line != '> '* && $line != '>' ]]; then
            run_command "$document:$command_line" "$command"
            command=
        fi
        if [[ $line =~ ^\`\`\`(.*)$ ]]; then
            if [[ -z $language ]]; then
                language=${BASH_REMATCH[1]:-text} text='' start=$number
            else
                check_block "$language" "$document:$start" "$text"
                language=
            fi
        elif [[ $language == console && $line == '$ '* ]]; then
            command=${line#'$ '} command_line=$number
        elif [[ $language == console && -n $command ]]; then
            line=${line#>}
            command+=$'\n'${line# }
        elif [[ -n $language ]]; then
            text+=$line$'\n'
        fi
    done <"$document"
    if [[ -n $language ]]; then
        : >"$folder/output"
        failed "$document:$start" "this block is never closed"
    fi
}

while IFS= read -r -d '' document; do
    check_document "$document"
done < <(printf 'README.md\0'; find Docs -name '*.md' -print0 | sort -z)

if ((commands == 0 || configurations == 0 || packs == 0)); then
    echo "not ok: found $commands commands, $configurations configurations, $packs packs; some of each are expected" >&2
    exit 1
fi
if ((failures > 0)); then
    echo "not ok: $failures failures in $commands commands, $configurations configurations and $packs packs" >&2
    exit 1
fi
echo "ok: $commands commands, $configurations configurations and $packs packs in the documents do what they say"
