#!/usr/bin/env bash
# setup.sh on machines that this one is not: commands in a folder of their own play apt, sudo and Swift.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

shell=$(command -v bash)
folder=$(mktemp -d "${TMPDIR:-/tmp}/margay-test-setup.XXXXXX")
trap 'rm -rf "$folder"' EXIT
checks=0

# machine USER SWIFT_VERSION MISSING [COMMAND...]: a machine with those modules missing and those commands.
machine() {
    local user=$1 swift_version=$2 missing=$3 name
    shift 3
    rm -rf "${folder:?}/bin"
    mkdir "$folder/bin"
    : >"$folder/calls"
    echo "$missing" >"$folder/missing"
    for name in bash uname env grep; do
        ln -s "$(command -v "$name")" "$folder/bin/$name"
    done
    stub id "echo $user"
    stub swift "echo 'Swift version $swift_version (swift-$swift_version-RELEASE)'"
    # An installation makes everything appear.
    stub pkg-config "! grep -qw -- \"\$2\" $folder/missing"
    for name in "$@"; do
        case $name in
            apt) stub apt-get "echo \"apt-get \$*\" >>$folder/calls; case \$* in *install*) : >$folder/missing ;; esac"
                stub apt-cache "exit 0" ;;
            apt-broken) stub apt-get "exit 100"
                stub apt-cache "exit 0" ;;
            no-hyperscan) stub apt-cache "[[ \$2 != libhyperscan-dev ]]" ;;
            sudo) stub sudo "echo sudo >>$folder/calls; while [[ \$1 == -* ]]; do shift; done; \"\$@\"" ;;
        esac
    done
}

stub() {
    printf '#!%s\n%s\n' "$shell" "$2" >"$folder/bin/$1"
    chmod +x "$folder/bin/$1"
}

# expect NAME EXIT_CODE [TEXT...]: runs setup; its output and the calls that it made must hold each text.
expect() {
    local name=$1 wanted=$2 code=0 text output
    shift 2
    output=$(PATH=$folder/bin "$shell" Scripts/setup.sh </dev/null 2>&1) || code=$?
    output+=$'\n'$(cat "$folder/calls")
    for text in "$@"; do
        if [[ $output != *"$text"* ]]; then
            printf 'not ok: %s: no "%s" in\n%s\n' "$name" "$text" "$output" >&2
            exit 1
        fi
    done
    if ((code != wanted)); then
        printf 'not ok: %s: exit code %s instead of %s\n%s\n' "$name" "$code" "$wanted" "$output" >&2
        exit 1
    fi
    checks=$((checks + 1))
}

machine 0 6.2 '' apt
expect "nothing is missing" 0 "all libraries are here"
if [[ -s $folder/calls ]]; then
    echo "not ok: apt was called with nothing missing" >&2
    exit 1
fi

machine 0 6.3.1 libhs apt
expect "one library is missing" 0 "missing: libhyperscan-dev" "-qq" "update" "recommends libhyperscan-dev" "are here"
expect "the second run finds it" 0 "all libraries are here"

machine 0 6.2 libhs apt no-hyperscan
expect "no Hyperscan for this processor" 0 "apt-get install libvectorscan-dev"

machine 1000 6.2 sqlite3 apt sudo
expect "an ordinary user with sudo" 0 "sudo" "recommends libsqlite3-dev"

machine 1000 6.2 sqlite3 apt
expect "neither root nor sudo" 2 "missing: libsqlite3-dev" "Neither root nor sudo"

machine 0 6.2 libpcre2-8
expect "no apt" 2 "missing: libpcre2-dev" "has no apt"

machine 0 6.2 zlib apt-broken
expect "apt fails" 2 "could not install: zlib1g-dev"

machine 0 6.1.2 '' apt
expect "Swift is too old" 2 "is 6.1." "swift.org/install"

machine 0 7.0 '' apt
expect "a later Swift" 0 "Swift 7.0"

machine 0 6.2 '' apt
rm "$folder/bin/swift"
expect "no Swift" 2 "there is no 'swift' in PATH" "swiftly"

machine 0 6.2 '' apt
stub swift "echo 'swift 4.3.0'"
expect "another program of that name" 2 "is not the Swift compiler"

echo "ok: $checks machines were set up, or told what they lack"
