"""Searches what the sidecar wrote for what it was sent: every byte of every file, in every guise of a value."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

SHORTEST_STEM = 8  # of base64 and of what is left when separators are taken out; shorter ones occur by chance


def find_leaks(folder: Path, values: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return (file, value, guise) for every value that stands in a file below ``folder``, or in a file's name."""
    guises = [(value, guise, needle) for value in values for guise, needle in _guises(value)]
    leaks: list[tuple[str, str, str]] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = str(path.relative_to(folder))
        haystack = path.read_bytes() + b"\n" + name.encode()
        lower = haystack.lower()
        leaks += [
            (name, value, guise)
            for value, guise, needle in guises
            if needle in (lower if guise in {"plain", "hex"} else haystack)
        ]
    return leaks


def _guises(value: str) -> Iterator[tuple[str, bytes]]:
    raw = value.encode()
    yield "plain", value.lower().encode()
    yield "utf-16", value.encode("utf-16-le")
    yield "utf-16", value.encode("utf-16-be")
    yield "json", json.dumps(value)[1:-1].encode()
    yield "json", json.dumps(value).translate({code: f"\\u{code:04x}" for code in b"/<>&"})[1:-1].encode()
    yield "url", quote(value).encode()
    yield "hex", raw.hex().encode()
    bare = re.sub(r"[\s\-.()/]", "", value)
    if len(bare) >= SHORTEST_STEM:
        yield "plain", bare.lower().encode()
    for stem in _base64_stems(raw):
        yield "base64", stem
    for text in {value, value.lower(), bare}:
        for name in ("md5", "sha1", "sha256", "blake2b"):
            digest = hashlib.new(name, text.encode()).digest()
            yield f"bare {name}", digest
            yield "hex", digest.hex().encode()
            yield f"bare {name}", base64.b64encode(digest).rstrip(b"=")


def _base64_stems(raw: bytes) -> Iterator[bytes]:
    """Go through what base64 of a longer text would hold, at each of the three places the value could start."""
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + raw)
        stem = encoded[(8 * shift + 5) // 6 : (8 * (shift + len(raw))) // 6]
        if len(stem) >= SHORTEST_STEM:
            yield stem
            yield stem.replace(b"+", b"-").replace(b"/", b"_")
