#!/usr/bin/env bash
# What `make install` puts down runs from there, knows its packs, and is gone after `make uninstall`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

: "${MARGAY:?names the program to test}"
folder=$(mktemp -d "${TMPDIR:-/tmp}/margay-test-install.XXXXXX")
trap 'rm -rf "$folder"' EXIT

fail() { echo "not ok: $1" >&2; exit 1; }

Scripts/install.sh "$MARGAY" "$folder/opt"
for path in bin/margay share/margay/patterns/core.yaml share/man/man1/margay.1 share/man/man1/margay-watch.1 \
    share/man/man5/margay-pack.5 share/bash-completion/completions/margay share/zsh/site-functions/_margay \
    share/fish/vendor_completions.d/margay.fish lib/systemd/system/margay.service; do
    [[ -s $folder/opt/$path ]] || fail "$path is missing"
done

# From a folder without packs of its own, the installed ones are found.
log=$folder/app.log
echo '2026-11-22 10:00:00,000 ERROR [main] c.e.shop.Checkout - cannot post' >"$log"
(cd "$folder" && XDG_CACHE_HOME=$folder/cache opt/bin/margay scan "$log") >"$folder/out" || true
grep -q 'cannot post' "$folder/out" || fail "the installed program finds no packs"
(cd "$folder" && opt/bin/margay packs list) | grep -q nginx || fail "the installed packs are not listed"
bash -n "$folder/opt/share/bash-completion/completions/margay" || fail "the completions for bash are malformed"

# Packaging: DESTDIR is in front of every path and in no file.
Scripts/install.sh "$MARGAY" /usr/local "$folder/root"
[[ -x $folder/root/usr/local/bin/margay ]] || fail "DESTDIR is not minded"
if grep -rqF "$folder" "$folder/root/usr/local/lib" "$folder/root/usr/local/share"; then fail "DESTDIR is in a file"; fi
awk '/^```ini$/ { inside = 1; next } /^```$/ { inside = 0 } inside' Docs/operating.md >"$folder/unit"
cmp "$folder/unit" "$folder/root/usr/local/lib/systemd/system/margay.service" ||
    fail "the unit in Docs/operating.md is not the one that is installed"

# What is not ours stays.
echo mine >"$folder/opt/share/margay/patterns/mine.yaml"
Scripts/install.sh --remove "$folder/opt"
left=$(cd "$folder/opt" && find . -type f)
[[ $left == ./share/margay/patterns/mine.yaml ]] || fail "after removing there is still: $left"
echo "ok: installed, run, removed"
