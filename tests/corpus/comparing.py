"""Whether a redacted body is the original, apart from what stands for values. Knows nothing of how that was done."""

import json
import re
from collections.abc import Iterator
from typing import Any

STAND_IN = re.compile(r"<[A-Z][A-Z_]*_[0-9A-Z]{10,}>|\[(?:removed|general): [a-z_]+\]|\[hash: [0-9A-Z]{16}\]|\*+")
YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_MASK = 64


def differences(original: Any, redacted: Any, *, years: bool = False, at: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Go through the places where the two differ in more than stand-ins. ``years`` may stand for dates."""
    if isinstance(original, dict) and isinstance(redacted, dict) and len(original) == len(redacted):
        for (key, value), (new_key, new_value) in zip(original.items(), redacted.items(), strict=True):
            if not stands_for(key, new_key, years=years):
                yield f"{at}/{key}: key"
            yield from differences(value, new_value, years=years, at=f"{at}/{key}")
    elif isinstance(original, list) and isinstance(redacted, list) and len(original) == len(redacted):
        for index, (value, new_value) in enumerate(zip(original, redacted, strict=True)):
            yield from differences(value, new_value, years=years, at=f"{at}/{index}")
    elif isinstance(original, str) and isinstance(redacted, str):
        yield from _text_differences(original, redacted, years=years, at=at)
    elif original != redacted or type(original) is not type(redacted):
        yield f"{at}: value"


def _text_differences(original: str, redacted: str, *, years: bool, at: str) -> Iterator[str]:
    """Compare two strings, and what is inside where the original is JSON."""
    if not stands_for(original, redacted, years=years):
        yield f"{at}: text"
    elif (inner := as_json(original)) is not None:
        if (new_inner := as_json(redacted)) is None:
            yield f"{at}: no JSON any more"
        else:
            yield from differences(inner, new_inner, years=years, at=f"{at}#")


def stands_for(original: str, redacted: str, *, years: bool = False) -> bool:
    """Whether a text is the other with some pieces replaced by stand-ins, and nothing else changed."""
    if original == redacted:
        return True
    pattern, place = [], 0
    marks = re.compile(f"{STAND_IN.pattern}|{YEAR.pattern}") if years else STAND_IN
    for mark in marks.finditer(redacted):
        pattern += [re.escape(redacted[place : mark.start()]), _hole(mark[0])]
        place = mark.end()
    pattern.append(re.escape(redacted[place:]))
    return re.fullmatch("".join(pattern), original, re.DOTALL) is not None


def unfolded(document: Any) -> Any:  # noqa: ANN401 - as above
    """Return a document with what its strings hold in the place of those that are JSON themselves."""
    if isinstance(document, dict):
        return {unfolded(key): unfolded(value) for key, value in document.items()}
    if isinstance(document, list):
        return [unfolded(value) for value in document]
    inner = as_json(document) if isinstance(document, str) else None
    return document if inner is None else unfolded(inner)


def as_json(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Return the object or list that a text is; None where it is none."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _hole(mark: str) -> str:
    """Return a pattern for what a stand-in may have replaced: as many characters as a mask has, else any."""
    if mark.startswith("*"):
        return f".{{{len(mark)}}}" if len(mark) < _LONGEST_MASK else ".+?"
    return ".+?"
