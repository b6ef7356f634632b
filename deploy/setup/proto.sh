#!/usr/bin/env bash
# proto.sh [FOLDER]: writes the Python of protos/sidecar/v1 to FOLDER/sidecar/v1; FOLDER is the checkout by default.
. "$(dirname "$0")/common.sh"

out=${1:-$ROOT}
mkdir -p "$out/sidecar/v1"
rm -f "$out"/sidecar/v1/*_pb2*.py "$out"/sidecar/v1/*_pb2*.pyi
cd "$ROOT/protos"
"$BIN/python" -m grpc_tools.protoc -I. \
  --plugin=protoc-gen-mypy="$BIN/protoc-gen-mypy" --plugin=protoc-gen-mypy_grpc="$BIN/protoc-gen-mypy_grpc" \
  --python_out="$out" --grpc_python_out="$out" --mypy_out=quiet:"$out" --mypy_grpc_out=quiet:"$out" \
  sidecar/v1/*.proto
