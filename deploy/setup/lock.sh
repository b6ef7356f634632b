#!/usr/bin/env bash
# Resolves anew what pyproject.toml asks for, and writes the locked files. Everything in them has a hash and nothing is built.
#
# The lock is for Python 3.11: one for all versions falls back to an older presidio-analyzer. A release counts once it is
# COOLING old, so that one that is pulled back, or has not reached every mirror yet, is not locked.
. "$(dirname "$0")/common.sh"

COOLING=${COOLING:-10 days}
YOUNGER=(typer=2026-11-20 ruff=2026-11-20) # pyproject.toml asks for releases that were younger

compile() {
  "$UV" pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-build \
    --exclude-newer "$COOLING" "${YOUNGER[@]/#/--exclude-newer-package=}" --custom-compile-command "make lock" "$@"
}

INSTALLED=(--extra model --extra zh --extra ko --extra ja)

say "deploy/requirements-dev.lock"
compile --upgrade "${INSTALLED[@]}" --extra dev --output-file deploy/requirements-dev.lock pyproject.toml
say "deploy/requirements.lock"
compile --upgrade "${INSTALLED[@]}" --constraint deploy/requirements-dev.lock --output-file deploy/requirements.lock pyproject.toml
if grep -nE '://|file:' deploy/*.lock deploy/setup/*.lock; then
  fail "a locked file holds an address"
fi
