#!/usr/bin/env bash
# The shipped packs: nothing to remark on, and every pattern passes its own tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

: "${MARGAY:?names the program to test}"
"$MARGAY" packs lint --strict --packs patterns || {
    echo "not ok: mend what is said above, or give it an 'allow:' with its reason" >&2
    exit 1
}
"$MARGAY" packs test --packs patterns | grep -v ', 0 failed$' || true
"$MARGAY" packs test --packs patterns >/dev/null 2>&1 || {
    echo "not ok: a shipped pattern fails its own tests" >&2
    exit 1
}
"$MARGAY" packs test --together --packs patterns | grep -v ', 0 failed$' || true
"$MARGAY" packs test --together --packs patterns >/dev/null 2>&1 || {
    echo "not ok: with all packs asked together, a test line goes to another pattern" >&2
    exit 1
}
echo "ok: packs"
