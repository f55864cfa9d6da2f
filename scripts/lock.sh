#!/usr/bin/env bash
# Pins requirements.in and requirements-dev.in. Pins that still fit are kept; pass --upgrade to take the newest.
set -euo pipefail
cd "$(dirname "$0")/.."
export CUSTOM_COMPILE_COMMAND="make lock"
options=(--quiet --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host)
for name in requirements requirements-dev; do
  .venv/bin/pip-compile "${options[@]}" "$@" --output-file "$name.txt" "$name.in"
done
