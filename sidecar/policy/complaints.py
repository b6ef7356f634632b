"""Turns what OPA complains of into lines that a person can follow: file, row, what is wrong, what was meant."""

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

MAX_TEXT = 2000  # of an answer that is no JSON


def complaints(output: bytes, folders: Sequence[Path] = ()) -> list[str]:
    """Read the errors out of what ``opa check --format json`` printed, one ``file:row: message`` each.

    Files below one of ``folders`` are named as seen from there.
    """
    try:
        return [_complaint(error, folders) for error in json.loads(output)["errors"]]
    except (ValueError, KeyError, TypeError):
        text = output.decode("utf-8", "replace").strip()
        return [text[:MAX_TEXT] or "OPA refused it without saying why"]


def seen_from(name: str, folders: Sequence[Path]) -> str:
    """Return a file's name as seen from the folder that it lies in."""
    for folder in folders:
        if Path(name).is_relative_to(folder):
            return Path(name).relative_to(folder).as_posix()
    return name


def _complaint(error: Mapping[str, Any], folders: Sequence[Path]) -> str:
    place = error.get("location") or {}
    where = f"{seen_from(place['file'], folders)}:{place['row']}: " if place.get("file") else ""
    return f"{where}{error['message']}{_hint(error.get('details') or {})}"


def _hint(details: Mapping[str, Any]) -> str:
    """Say what may have been meant, where OPA knows what there is."""
    match details:
        case {"ref": list(ref), "pos": int(position), "oneOf": [*known]} if 0 <= position < len(ref):
            words = [str(word) for word in known]
            close = get_close_matches(str(ref[position].get("value")), words, n=1)
            return f"; did you mean {close[0]}?" if close else f"; there are {', '.join(sorted(words))}"
        case _:
            return ""
