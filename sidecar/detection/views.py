"""Other readings of a text, each with the way back to the text's own offsets.

A value may be written so that no pattern sees it: with escapes of JSON, URLs, HTML or mail, in base64, with invisible
letters or look-alikes in it, with tags or stars around half of it, digit by digit. A view undoes that; there is one
only where there is something to undo. Nothing else is changed, so that neighboring values do not run together.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sidecar.detection.undoing import PARTED_DIGITS, STEPS, Undo, joined_digits

DEPTH = 3  # how often a view is undone again: base64 of a URL of an entity
_CARD = "CREDIT_CARD"
_LEAST_JOINED = 0.9  # only what proves itself counts where digits were brought together


@dataclass(frozen=True, slots=True)
class View:
    """A text made from another. Letter ``i`` was made from the other's ``starts[i]`` up to ``ends[i]``."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    joined: bool = False
    """Digits stand together here that do not in the text."""

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Return where a span, which is not empty, came from."""
        return self.starts[start], self.ends[end - 1]

    def trusts(self, entity: str, score: float) -> bool:
        """Whether what is seen here counts."""
        return not self.joined or (entity == _CARD and score >= _LEAST_JOINED)


def views(text: str) -> Iterator[View]:
    """Go through the views of a text; for most texts there are none."""
    undone = decoded(text)
    if undone is not None:
        yield undone
    joined = rewritten(text if undone is None else undone.text, PARTED_DIGITS, joined_digits)
    if joined is not None:
        yield replace(joined if undone is None else _chained(undone, joined), joined=True)


def decoded(text: str) -> View | None:
    """Return what a text reads like once everything is undone; None where it reads as it stands."""
    whole: View | None = None
    for _ in range(DEPTH):
        before = text
        for step in STEPS:
            if step.gate(text) and (view := rewritten(text, step.pattern, step.undo)) is not None:
                whole = view if whole is None else _chained(whole, view)
                text = view.text
        if text == before:
            break
    return whole


def rewritten(text: str, pattern: re.Pattern[str], undo: Undo) -> View | None:
    """Return the text with every match undone, None where there is none; what ``undo`` cannot undo stays."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in pattern.finditer(text):
        plain = undo(match[0])
        if plain is None or plain == match[0]:
            continue
        parts += [text[done : match.start()], plain]
        starts += [*range(done, match.start()), *[match.start()] * len(plain)]
        ends += [*range(done + 1, match.start() + 1), *[match.end()] * len(plain)]
        done = match.end()
    if not done:
        return None
    parts.append(text[done:])
    return View("".join(parts), [*starts, *range(done, len(text))], [*ends, *range(done + 1, len(text) + 1)])


def _chained(first: View, second: View) -> View:
    """Return the second view, made from the first one's text, with the way back to where that came from."""
    return View(
        second.text, [first.starts[place] for place in second.starts], [first.ends[place - 1] for place in second.ends]
    )
