#!/usr/bin/env bash
# Installs what building Margay needs and this machine lacks. Safe to run again: what is there is left alone, and
# nothing goes to the network when nothing is missing.
#
#   Scripts/setup.sh          the C libraries, pkg-config; checks Swift
#   Scripts/setup.sh bench    the programs that benchmarks compare with, too
#   Scripts/setup.sh browser  the browser that the console is tested in, and nothing else
#   Scripts/setup.sh api      what the API is checked with, and nothing else: in .build-api, not in the system
set -euo pipefail

readonly swift_major=6 swift_minor=2

# pkg-config module, Debian package. The alternatives of a package are tried from left to right.
readonly libraries=(
    'libpcre2-8 libpcre2-dev'
    'sqlite3 libsqlite3-dev'
    'libhs libhyperscan-dev|libvectorscan-dev'
    'zlib zlib1g-dev'
    'libzstd libzstd-dev'
    'liblzma liblzma-dev'
)
# Program, Debian package.
readonly bench_programs=(
    'rg ripgrep'
    'pcre2grep pcre2-utils'
    'mtail mtail'
    'sec sec'
    'rsyslogd rsyslog'
    '/usr/bin/time time'
    'python3 python3'
)

# For the tests of the console in a browser.
readonly browser_programs=(
    'chromium chromium'
    'chromedriver chromium-driver'
    'python3 python3'
)

# For the checks of the API.
readonly api_programs=(
    'curl curl'
    'python3 python3'
    '/usr/share/doc/python3-venv python3-venv'
)
# Where its tools lie.
readonly api_folder=.build-api

say() { echo "setup: $*"; }

fail() {
    local line
    for line in "$@"; do
        echo "setup: $line" >&2
    done
    exit 2
}

has() { command -v "$1" >/dev/null 2>&1 || [[ $1 == /usr/share/* && -e $1 ]]; }

# The Debian packages that are missing, one a line.
missing_packages() {
    local entry
    if [[ ${1:-} == browser ]]; then
        for entry in "${browser_programs[@]}"; do
            has "${entry% *}" || echo "${entry#* }"
        done
        return
    fi
    if [[ ${1:-} == api ]]; then
        for entry in "${api_programs[@]}"; do
            has "${entry% *}" || echo "${entry#* }"
        done
        return
    fi
    has pkg-config || echo pkg-config
    for entry in "${libraries[@]}"; do
        if ! has pkg-config || ! pkg-config --exists "${entry% *}"; then
            echo "${entry#* }"
        fi
    done
    # Debian's bzip2 comes without a pkg-config file.
    [[ -e /usr/include/bzlib.h ]] || echo libbz2-dev
    if [[ ${1:-} == bench ]]; then
        for entry in "${bench_programs[@]}"; do
            has "${entry% *}" || echo "${entry#* }"
        done
    fi
}

# Runs a command as root.
as_root() {
    if [[ $(id -u) == 0 ]]; then
        "$@"
    elif [[ -t 0 ]]; then
        sudo "$@"
    else
        # Nobody is there to type a password.
        sudo -n "$@"
    fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# The first of the alternatives `a|b` that apt can install; the first of all where it knows none.
installable() {
    local alternatives name
    IFS='|' read -ra alternatives <<<"$1"
    for name in "${alternatives[@]}"; do
        if apt-cache show "$name" >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    echo "${alternatives[0]}"
}

install_packages() {
    local wanted=("$@") names=() entry
    if ! has apt-get; then
        fail "missing: ${wanted[*]}" \
            "This machine has no apt. Install these (the names are Debian's; | stands for 'or'), then run this again."
    fi
    if [[ $(id -u) != 0 ]] && ! has sudo; then
        fail "missing: ${wanted[*]}" "Neither root nor sudo. Install these as root, then run this again."
    fi
    say "missing: ${wanted[*]}"
    say "apt-get update"
    # A broken list of some other program's packages must not stop us; the installation will tell.
    apt update || say "apt-get update reported errors; trying to install all the same"
    for entry in "${wanted[@]}"; do
        names+=("$(installable "$entry")")
    done
    say "apt-get install ${names[*]}"
    apt install -y --no-install-recommends "${names[@]}" >/dev/null \
        || fail "apt-get could not install: ${names[*]}" \
            "Without a terminal, sudo must work without a password; else run this in a terminal, or as root."
}

check_swift() {
    local help=(
        "Get it from https://www.swift.org/install/linux, for example with swiftly:"
        "  curl -O https://download.swift.org/swiftly/linux/swiftly-$(uname -m).tar.gz"
        "  tar xzf swiftly-$(uname -m).tar.gz && ./swiftly init"
        "then open a new shell and run this again."
    )
    has swift || fail "Swift $swift_major.$swift_minor or later is needed; there is no 'swift' in PATH." "${help[@]}"
    local said major minor
    said=$(swift --version 2>/dev/null || true)
    if [[ ! $said =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]]; then
        fail "$(command -v swift) is not the Swift compiler." "${help[@]}"
    fi
    major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
    if ((major < swift_major || (major == swift_major && minor < swift_minor))); then
        fail "Swift $swift_major.$swift_minor or later is needed; $(command -v swift) is $major.$minor." "${help[@]}"
    fi
    swift_found=$major.$minor
}

# Schemathesis in an environment of Python's own, and promtool out of Debian's package: installed, that would start
# a Prometheus too.
install_api_tools() {
    cd "$(dirname "${BASH_SOURCE[0]}")/.."
    mkdir -p "$api_folder"
    if ! "$api_folder/venv/bin/schemathesis" --version >/dev/null 2>&1; then
        say "missing: schemathesis; pip installs it into $api_folder/venv"
        python3 -m venv --clear "$api_folder/venv"
        "$api_folder/venv/bin/pip" install --quiet --disable-pip-version-check 'schemathesis>=4.10,<5' \
            || fail "pip could not install schemathesis" "Without a network, 'make test' cannot check the API."
    fi
    if ! "$api_folder/promtool" --version >/dev/null 2>&1; then
        if has promtool; then
            ln -sf "$(command -v promtool)" "$api_folder/promtool"
        else
            unpack_promtool
        fi
    fi
    say "$("$api_folder/venv/bin/schemathesis" --version) and $("$api_folder/promtool" --version 2>&1 | head -n 1 \
        | cut -d ' ' -f 1-3) are here"
}

unpack_promtool() {
    has apt-get || fail "missing: promtool" "This machine has no apt. Install Prometheus's promtool, then run this again."
    say "missing: promtool; taken out of the package prometheus"
    local folder
    folder=$(mktemp -d "${TMPDIR:-/tmp}/margay-setup.XXXXXX")
    (
        cd "$folder"
        apt-get -qq download prometheus 2>/dev/null || { apt update && apt-get -qq download prometheus; }
        dpkg-deb -x prometheus_*.deb .
    ) || { rm -rf "$folder"; fail "the package prometheus could not be had"; }
    cp "$folder/usr/bin/promtool" "$api_folder/promtool"
    rm -rf "$folder"
}

main() {
    local purpose=${1:-build} wanted
    if [[ $purpose != build && $purpose != bench && $purpose != browser && $purpose != api ]]; then
        echo "usage: Scripts/setup.sh [build|bench|browser|api]" >&2
        exit 64
    fi
    # Before anything is installed: without Swift the rest is of no use.
    [[ $purpose == browser || $purpose == api ]] || check_swift
    mapfile -t wanted < <(missing_packages "$purpose")
    if ((${#wanted[@]} > 0)); then
        install_packages "${wanted[@]}"
        mapfile -t wanted < <(missing_packages "$purpose")
        if ((${#wanted[@]} > 0)); then
            fail "installed, and still not found: ${wanted[*]}"
        fi
    fi
    if [[ $purpose == api ]]; then
        install_api_tools
    elif [[ $purpose == browser ]]; then
        say "$(chromedriver --version | cut -d ' ' -f 1,2) is here"
    else
        say "Swift $swift_found and all libraries are here"
    fi
}

main "$@"
