#!/usr/bin/env bash
# The console in a real browser: headless Chromium, driven by tests in Python's standard library.
#
#   MARGAY=PATH              the program
#   Scripts/test-browser.sh -k WORD   only the tests with that word in their names
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

: "${MARGAY:?names the program to test}"
MARGAY=$(realpath "$MARGAY")
export MARGAY PYTHONDONTWRITEBYTECODE=1
Scripts/setup.sh browser
python3 -m unittest discover --verbose -s Tests/Browser "$@"
