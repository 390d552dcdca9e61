#!/usr/bin/env bash
# The format of the Swift code, the syntax of the scripts, and whether generated files are up to date. Changes nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

swift format lint --strict --parallel --recursive Sources Tests Package.swift
for script in .ci/run Scripts/*.sh Benchmarks/*.sh; do
    bash -n "$script"
done
# Python is needed by the benchmarks alone; a machine that only builds has none.
if command -v python3 >/dev/null; then
    python3 Benchmarks/expressions.py --check
fi
