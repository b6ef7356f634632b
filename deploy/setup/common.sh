# Shared by the scripts beside it: where things are and how they speak. Sourced, never run.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
cd "$ROOT"

VENV="$ROOT/.venv"
BIN="$VENV/bin"
CACHE="$ROOT/.cache"
UV="$CACHE/tools/bin/uv"
OPA_VERSION=1.22.2 # as in deploy/opa/go.mod

# Nothing is kept outside of the checkout.
export UV_CACHE_DIR="$CACHE/uv" UV_PYTHON_DOWNLOADS=never BUF_CACHE_DIR="$CACHE/buf" PIP_DISABLE_PIP_VERSION_CHECK=1
unset VIRTUAL_ENV PYTHONHOME

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || say() { printf '==> %s\n' "$*"; }

fail() {
  printf "$(basename "$0" .sh): %s\n" "$@" >&2
  exit 1
}

# fresh NAME WORD...: true where NAME was last stamped with the same words.
fresh() { [ "$(cat "$CACHE/stamps/$1" 2>/dev/null)" = "${*:2}" ]; }
stamp() {
  mkdir -p "$CACHE/stamps"
  printf '%s' "${*:2}" >"$CACHE/stamps/$1"
}

# digest FILE...: one word that changes when any of them does.
digest() { cat -- "$@" | sha256sum | cut -d' ' -f1; }
