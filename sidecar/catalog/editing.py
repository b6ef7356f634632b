"""Changes single fields of rows in a file's text, so that the rest of it stays as somebody wrote it."""

import re
from collections.abc import Mapping

from sidecar.catalog.reading import Value
from sidecar.catalog.writing import block

_FIELD = re.compile(r"(?:- |  )([a-z_]+):")
_SECTION = re.compile(r"([a-z_]+):")
_BEFORE = "source"  # where a new field goes: before what says where a row comes from


def changed(text: str, section: str, row: str, fields: Mapping[str, Value], comment: str) -> str | None:
    """Return the text with fields of a row set, each on a line with the comment.

    None where the row does not stand in it with a line for each field, as all shipped rows do.
    """
    lines = text.splitlines()
    headings = [(at, match[1]) for at, line in enumerate(lines) if (match := _SECTION.match(line))]
    inside_it = [at for at, line in enumerate(lines) if line in {f"- id: {row}", f"- id: '{row}'"}]
    starts = [at for at in inside_it if next((name for top, name in reversed(headings) if top < at), "") == section]
    if len(starts) != 1:
        return None
    start = starts[0]
    end = next((at for at in range(start + 1, len(lines)) if not lines[at].startswith("  ")), len(lines))
    inside = lines[start:end]
    for field, value in fields.items():
        inside = _set(inside, field, block({"-": None, field: value}, {field: comment})[1])
    return "\n".join((*lines[:start], *inside, *lines[end:])) + "\n"


def _set(lines: list[str], field: str, line: str) -> list[str]:
    places = [(match[1], at) for at, text in enumerate(lines) if (match := _FIELD.match(text))]
    starts = dict(places)
    if field not in starts:
        at = starts.get(_BEFORE, len(lines))
        return [*lines[:at], line, *lines[at:]]
    start = starts[field]
    end = min((at for _, at in places if at > start), default=len(lines))
    return [*lines[:start], line, *lines[end:]]
