#!/usr/bin/env bash
# Renews the pictures of the console in Docs/images from the sample logs.
#
#   MARGAY=PATH                      the program
#   Scripts/screenshots.sh [FOLDER]  where to, instead of Docs/images
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

MARGAY=$(realpath "${MARGAY:-.build-release/release/margay}")
export MARGAY PYTHONDONTWRITEBYTECODE=1
Scripts/setup.sh browser
python3 Tests/Browser/screenshots.py "${1:-Docs/images}"
