#!/usr/bin/env bash
# Puts Margay below a prefix, or takes it away again: the program, its packs, manual pages, completions and systemd unit.
#
#   Scripts/install.sh PROGRAM PREFIX [DESTDIR]
#   Scripts/install.sh --remove PREFIX [DESTDIR]
#
# DESTDIR is put in front of every path that is written, for packaging; it is in none of the files.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if (($# < 2)); then
    echo "usage: Scripts/install.sh PROGRAM|--remove PREFIX [DESTDIR]" >&2
    exit 64
fi
program=$1 prefix=${2%/} root=${3:-}${2%/}
readonly bash_completion=share/bash-completion/completions/margay
readonly zsh_completion=share/zsh/site-functions/_margay
readonly fish_completion=share/fish/vendor_completions.d/margay.fish
readonly unit=lib/systemd/system/margay.service

if [[ $program == --remove ]]; then
    # By name: nothing goes that somebody else has put there.
    rm -f "$root/bin/margay" "$root/$bash_completion" "$root/$zsh_completion" "$root/$fish_completion" "$root/$unit" \
        "$root"/share/man/man1/margay.1 "$root"/share/man/man1/margay-*.1 "$root"/share/man/man5/margay-*.5
    for pack in patterns/*.yaml; do rm -f "$root/share/margay/$pack"; done
    rmdir "$root/share/margay/patterns" "$root/share/margay" 2>/dev/null || true
    exit 0
fi
if [[ ! -x $program ]]; then
    echo "install: there is no program at $program; run 'make build' first" >&2
    exit 2
fi

made=$(mktemp -d "${TMPDIR:-/tmp}/margay-install.XXXXXX")
trap 'rm -rf "$made"' EXIT
"$program" manual --output "$made/man"
for shell in bash zsh fish; do
    "$program" completion "$shell" >"$made/$shell"
done
sed "s|@PREFIX@|$prefix|g" Packaging/margay.service.in >"$made/unit"

install -D -s -m 755 "$program" "$root/bin/margay"
install -d "$root/share/margay/patterns" "$root/share/man/man1" "$root/share/man/man5"
install -m 644 patterns/*.yaml "$root/share/margay/patterns/"
install -m 644 "$made"/man/*.1 "$root/share/man/man1/"
install -m 644 "$made"/man/*.5 "$root/share/man/man5/"
install -D -m 644 "$made/bash" "$root/$bash_completion"
install -D -m 644 "$made/zsh" "$root/$zsh_completion"
install -D -m 644 "$made/fish" "$root/$fish_completion"
install -D -m 644 "$made/unit" "$root/$unit"
