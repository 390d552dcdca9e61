#!/usr/bin/env bash
# Appends the sample logs to files of the same names, a record at a time and by turns, until it is stopped.
#
#   Scripts/demo-writer.sh SAMPLES LOGS
#
# Times in the records become now. The first rounds are quick and begin shortly before each file's first failure, so that
# a watcher has something to show at once; then a few records a second follow. One file is rotated on the way.
set -euo pipefail
# Bytes, not characters: a sample may hold anything.
export LC_ALL=C

readonly samples=$1 logs=$2
readonly quick_rounds=4 quick_pause=0.04 pause=0.2
readonly rotated_in_round=4
readonly records_before_failure=2
readonly failure='[Ee]rror|ERROR|[Ff]ail|FAIL|[Ee]xception|FATAL|CRIT|[Cc]ritical|panic|[Dd]enied|No space|LOWBATT|[Ll]oop|Drop'

# Every record of every sample, one after the other, and for each sample the first and the last of its own.
records=()
names=()
first=()
last=()
next=()

# The kind of each of the first four characters: digit, letter or itself. A line of another kind than the first line of
# its file continues the record before it (a stack trace). Wrong where one program's lines begin in different ways; then
# two records are written in one go, which does no harm.
shape() {
    local text=${1:0:4}
    text=${text//[0-9]/9}
    text=${text//[A-Za-z]/a}
    REPLY=$text
}

load() {
    local path=$1 lines=() line wanted start=${#records[@]} begin=-1
    mapfile -t lines <"$path"
    ((${#lines[@]} > 0)) || return 0
    shape "${lines[0]}"
    wanted=$REPLY
    for line in "${lines[@]}"; do
        shape "$line"
        if [[ $REPLY == "$wanted" || ${#records[@]} == "$start" ]]; then
            records+=("$line")
        else
            records[-1]+=$'\n'$line
        fi
        if ((begin < 0)) && [[ $line =~ $failure ]]; then
            begin=$((${#records[@]} - 1 - records_before_failure))
        fi
    done
    names+=("${path#"$samples"/}")
    first+=("$start")
    last+=("$((${#records[@]} - 1))")
    next+=("$((begin > start ? begin : start))")
}

# REPLY becomes the line with its first time stamp set to now, in the same form; a line without one stays as it is.
# A stamp with a zone becomes universal time and says so.
restamp() {
    local line=$1 form now zone=''
    local day='[0-9]{2}' month='[A-Z][a-z]{2}' clock='[0-9]{2}:[0-9]{2}:[0-9]{2}'
    local iso="(^|[^0-9])([0-9]{4}([-/])${day}[-/]${day}([T ])${clock})([.,][0-9]+)?(Z| ?[-+][0-9]{2}:?[0-9]{2})?"
    local access="(^|[^0-9])(${day}/${month}/[0-9]{4}:${clock})()()()( [-+][0-9]{4})"
    local bsd="(^|[^A-Za-z])(${month} [ 0-9][0-9] ${clock})()()()()"
    if [[ $line =~ $iso ]]; then
        form="%Y${BASH_REMATCH[3]}%m${BASH_REMATCH[3]}%d${BASH_REMATCH[4]}%H:%M:%S"
    elif [[ $line =~ $access ]]; then
        form='%d/%b/%Y:%H:%M:%S'
    elif [[ $line =~ $bsd ]]; then
        form='%b %e %H:%M:%S'
    else
        REPLY=$line
        return
    fi
    case ${BASH_REMATCH[6]} in
        '') ;;
        Z) zone=Z ;;
        ' '*) zone=' +0000' ;;
        *:*) zone=+00:00 ;;
        *) zone=+0000 ;;
    esac
    if [[ -n $zone ]]; then
        TZ=UTC printf -v now "%($form)T" -1
    else
        printf -v now "%($form)T" -1
    fi
    REPLY=${line/"${BASH_REMATCH[0]}"/"${BASH_REMATCH[1]}$now${BASH_REMATCH[5]}$zone"}
}

write_next() {
    local index=$1 line text=''
    local path=$logs/${names[index]}
    while IFS= read -r line; do
        restamp "$line"
        text+=$REPLY$'\n'
    done <<<"${records[next[index]]}"
    printf '%s' "$text" >>"$path"
    next[index]=$((next[index] < last[index] ? next[index] + 1 : first[index]))
}

rotate() {
    local path=$logs/${names[0]}
    mv "$path" "$path.1"
    : >"$path"
    echo "[demo] rotated ${names[0]}: the old file is now ${names[0]}.1, and no line of it is lost" >&2
}

# One log of each type of event, and two of applications: more would scroll by unread.
readonly shown=(
    application/java.log application/nginx-error.log business/shop.log hardware/syslog.log network/cisco-switch.log
    operating-system/syslog.log operational/cron.log security/sshd.log
)

main() {
    local path round=0 index
    while IFS= read -r -d '' path; do
        load "$path"
    done < <(printf '%s\0' "${shown[@]/#/$samples/}")
    if ((${#names[@]} == 0)); then
        echo "demo-writer: there are no *.log files under $samples" >&2
        exit 2
    fi
    for path in "${names[@]}"; do
        mkdir -p "$logs/$(dirname "$path")"
    done
    # The signal waits until the record in hand is written: a demo has no half records.
    trap 'exit 0' TERM
    # Without the folder there is nobody left to write for.
    while [[ -d $logs ]]; do
        round=$((round + 1))
        if ((round == rotated_in_round)); then
            rotate
        fi
        for index in "${!names[@]}"; do
            write_next "$index"
            if ((round <= quick_rounds)); then
                sleep "$quick_pause"
            else
                sleep "$pause"
            fi
        done
    done
}

main
