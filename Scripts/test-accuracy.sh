#!/usr/bin/env bash
# The measuring script finds every answer of our own samples, and says so where one is wrong.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

: "${MARGAY:?names the program to test}"
if ! command -v python3 >/dev/null; then
    echo "skipped: there is no python3, which measuring needs"
    exit 0
fi
folder=$(mktemp -d "${TMPDIR:-/tmp}/margay-test-accuracy.XXXXXX")
trap 'rm -rf "$folder"' EXIT

Scripts/accuracy.py --program "$MARGAY" --packs patterns --require 100 Tests/Accuracy | tee "$folder/out"
grep -Eq '^total +4 +100\.0 % +100\.0 % +100\.0 % ' "$folder/out" ||
    { echo "not ok: records, classes or languages of the samples" >&2; exit 1; }
grep -Eq '^total +24 +3 +3 +1\.000 +1\.000 +1\.000 +1\.000 +0\.0 %' "$folder/out" ||
    { echo "not ok: groups of the samples" >&2; exit 1; }
grep -Eq '^total +2 +1\.000 +2 +0\.000 +1\.000 +1\.000 +1\.000$' "$folder/out" ||
    { echo "not ok: failures of the samples" >&2; exit 1; }
grep -Eq '^total +30 +[0-9]+ +1\.000 +1\.000 +[0-9]+ +1\.000 +1\.000$' "$folder/out" ||
    { echo "not ok: levels of the samples" >&2; exit 1; }

# A wrong answer is a difference that is shown and counted.
cp -r Tests/Accuracy "$folder/wrong"
sed -i 's/"last_line": 8/"last_line": 7/' "$folder/wrong/traces/shop.json"
if Scripts/accuracy.py --program "$MARGAY" --packs patterns --require 100 --list 5 "$folder/wrong" >"$folder/out" 2>&1; then
    echo "not ok: a wrong answer was taken" >&2
    exit 1
fi
grep -q 'shop.log:2: lines 2-7 are one record; found 2-8' "$folder/out"
sed -i '4s/false/true/' "$folder/wrong/failures/logins.jsonl"
Scripts/accuracy.py --program "$MARGAY" --packs patterns --list 5 "$folder/wrong/failures" >"$folder/failures" 2>&1
grep -q 'logins.log:4: this is a failure' "$folder/failures" || { echo "not ok: a missed failure is not named" >&2; exit 1; }
sed -i 's/"INFO"/"ERROR"/' "$folder/wrong/levels/desk.json"
Scripts/accuracy.py --program "$MARGAY" --packs patterns --list 5 "$folder/wrong/levels" >"$folder/levels" 2>&1
grep -q 'desk.log:1: the level of this is error' "$folder/levels" || { echo "not ok: a missed level is not named" >&2; exit 1; }
grep -q '75.0 % of the records are exact; 100 % are required' "$folder/out"
echo "ok: accuracy"
