#!/usr/bin/env bash
# Puts the Chinese network where the sidecar looks for it: weights and word lists out of LAC's pinned sdist, in our own form.
# LAC is built in a place of its own that is deleted after; neither it nor Paddle is ever imported.
. "$(dirname "$0")/common.sh"

kept="$CACHE/models/lac"
target="$VENV/share/inspection-sidecar"
converter="$ROOT/sidecar/detection/languages/chinese/convert.py"
made_of=$(digest deploy/requirements-lac.lock deploy/requirements-lac-build.lock "$converter" sidecar/detection/languages/tensors.py)

if ! fresh lac "$made_of" || [ ! -d "$kept" ]; then
  say "the Chinese network, out of LAC 2.1.2 (65 MB to download, 34 MB kept)"
  work="$CACHE/models/work"
  rm -rf "$work" "$kept"
  "$UV" venv -q --no-project --python "$BIN/python" "$work"
  "$UV" pip install -q --python "$work/bin/python" --no-deps --require-hashes --no-build -r deploy/requirements-lac-build.lock
  "$UV" pip install -q --python "$work/bin/python" --no-deps --require-hashes --no-build-isolation -r deploy/requirements-lac.lock
  "$BIN/python" -m sidecar.detection.languages.chinese.convert "$work"/lib/python*/site-packages/LAC/lac_model "$kept"
  rm -rf "$work"
  "$UV" cache clean -q lac
  stamp lac "$made_of"
fi
mkdir -p "$target"
cp --update "$kept"/* "$target/"
