#!/usr/bin/env bash
# wheel.sh FOLDER: builds the wheel into FOLDER, unpacks it there, and uses it from another folder, without the checkout.
. "$(dirname "$0")/common.sh"

out=$1
mkdir -p "$out"
"$UV" build -q --wheel --no-build-isolation --python "$BIN/python" --out-dir "$out" .
"$UV" pip install -q --python "$BIN/python" --no-deps --target "$out/site" "$out"/*.whl
for pair in policies:_policies sidecar/catalog/data:catalog/data sidecar/detection/data:detection/data; do
  diff -r "${pair%:*}" "$out/site/sidecar/${pair#*:}" || fail "the wheel does not hold the same as ${pair%:*}"
done
cd "$out"
for verb in "policy check" "catalog check"; do
  # shellcheck disable=SC2086
  PYTHONPATH="$out/site" "$BIN/python" -P -m sidecar $verb >"$out/said" 2>&1 || {
    cat "$out/said" >&2
    fail "in the wheel, sidecar $verb failed"
  }
done
