#!/usr/bin/env bash
# Every check there is besides the tests, one after the other; the first fault ends it.
. "$(dirname "$0")/common.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
PATH="$BIN:$PATH"

step() {
  say "$1"
  "${@:2}" || fail "the check '$1' failed"
}

# quietly COMMAND...: what it says only where it fails.
quietly() {
  "$@" >"$scratch/said" 2>&1 || {
    cat "$scratch/said"
    return 1
  }
}

same_proto() {
  "$ROOT/deploy/setup/proto.sh" "$scratch/proto" &&
    diff -r --exclude=__init__.py --exclude=__pycache__ "$scratch/proto/sidecar/v1" sidecar/v1 || {
    echo "sidecar/v1 is not what protos/ gives: run make proto"
    return 1
  }
}

# What is kustomize's own (lists of resources, patches) is no Kubernetes object.
kubernetes() {
  local manifests
  mapfile -d '' manifests < <(find deploy/kubernetes -name '*.yaml' ! -name kustomization.yaml ! -name '*patch*.yaml' -print0)
  [ "${#manifests[@]}" -gt 0 ] && quietly kubernetes-validate --strict "${manifests[@]}"
}

step "python: format" ruff format --check --quiet .
step "python: lint" ruff check --quiet .
step "python: types" mypy
step "python: imports" quietly lint-imports --no-logo --cache-dir .cache/import-linter
step "protos: lint" buf lint protos
step "protos: format" buf format protos --diff --exit-code
step "protos: breaking changes" buf breaking protos --against protos/baseline.binpb
step "protos: generated code" same_proto
step "policies: format" opa fmt --fail --list policies
step "policies: strict check, capabilities, house lint" sidecar policy check
step "docs: generated pages" python docs/generate.py --check
step "kubernetes: manifests" kubernetes
step "wheel: policies and catalog are in it" "$ROOT/deploy/setup/wheel.sh" "$scratch/wheel"
say "all checks passed"
