"""Makes the exports in ``tests/data/audit`` anew from ``whole.jsonl``, each named for its fault.

``whole.jsonl`` itself was exported once and stays: that it still verifies keeps the format from changing unseen.
"""

import json
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "data" / "audit"


def faulty_exports(whole: bytes) -> Mapping[str, bytes]:
    """Return the broken exports by file name."""
    document, first, second, third, head = whole.splitlines(keepends=True)
    changed = second.replace(b'"action":"redact"', b'"action":"allow"')
    stub = json.dumps({name: json.loads(second)[name] for name in ("sequence", "previous", "hash")}).encode() + b"\n"
    twice = second.replace(b'"action":', b'"action":"allow","action":')
    exports = {
        "changed-record-2": [document, first, changed, third, head],
        "dropped-record-2": [document, first, third, head],
        "reordered-records-2-and-3": [document, first, third, second, head],
        "inserted-record-2-again": [document, first, second, second, third, head],
        "hidden-record-2": [document, first, stub, third, head],
        "cut-behind-record-2": [document, first, second, head],
        "cut-in-record-3": [document, first, second, third[: len(third) // 2]],
        "duplicate-key-in-record-2": [document, first, twice, third, head],
        "changed-document": [document.replace(b'"DE"', b'"US"'), first, second, third, head],
        "no-head": [document, first, second, third],
        "changed-head-time": [document, first, second, third, head.replace(b'"time":"2026', b'"time":"2027')],
        "head-in-front": [head, document, first, second, third],
        "empty": [],
    }
    return {f"{name}.jsonl": b"".join(lines) for name, lines in exports.items()}


if __name__ == "__main__":
    for name, content in faulty_exports((FOLDER / "whole.jsonl").read_bytes()).items():
        (FOLDER / name).write_bytes(content)
