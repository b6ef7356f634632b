"""Cuts texts into windows that a worker reads in a bounded time, and packs short ones together."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sidecar.detection.recognizers.work import ALLOWED, ALLOWED_BEYOND, FULL_SHARE, LEAST_ALLOWED
from sidecar.detection.scripts import HAN, HANGUL, KANA
from sidecar.detection.view import hide, may_hold_names
from sidecar.types.content import Span
from sidecar.types.terms import Additions

CORE = 24_000  # code points whose findings a window answers for: 15 to 60 ms of reading English names
MARGIN = 4_000  # code points around them that patterns see too: longer than the longest private key
JOB = 12_000  # code points of short texts that go to a worker together
JOB_WINDOWS = 256  # and how many at most, since each costs something by itself
NAMES_BUDGET = 4 << 20  # what the words of a request may cost that names are read in: all of 4 MB of English
STRANGE = 10  # what a code point costs that may be a word by itself, or is read by a slower model; others cost 1

_PLAIN = bytes(range(128)).translate(None, b'!"#$%&()*+/:;<=>?@[\\]^_`{|}~')
_DENSE = re.compile(f"[{HAN}{KANA}{HANGUL}]")  # read by models of their own


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of a text. Findings that begin in its core, ``start`` to ``end`` within ``text``, are its own."""

    segment: int
    offset: int
    """Of ``text`` in the segment."""
    text: str
    start: int
    end: int
    units: float
    """Of work that patterns may cost; see ``recognizers.work``."""
    names: bool
    """Whether the request's budget for names reaches here."""
    joint: bool = False
    """Made of the ends of two neighboring texts, see ``joints``: no names are read in it, and none are missing."""
    additions: Additions | None = None
    """What its tenant adds to what is looked for."""


Job = tuple[Window, ...]


def allowed(size: int, share: float = ALLOWED) -> float:
    """Return the units of work for some code points."""
    return max(share * size, LEAST_ALLOWED)


def packed(windows: Iterable[Window]) -> Iterator[Job]:
    """Pack windows into jobs, in order."""
    job: list[Window] = []
    size = 0
    for window in windows:
        length = window.end - window.start
        if job and (size + length > JOB or len(job) == JOB_WINDOWS):
            yield tuple(job)
            job, size = [], 0
        job.append(window)
        size += length
    if job:
        yield tuple(job)


def cut(
    texts: Sequence[str],
    hidden: Mapping[int, Sequence[Span]],
    names_budget: int = NAMES_BUDGET,
    additions: Additions | None = None,
) -> Iterator[Window]:
    """Cut all texts into windows, in order."""
    budget, read = names_budget, 0
    for segment, raw in enumerate(texts):
        text = hide(raw, hidden.get(segment, ()))
        start = 0
        while start < len(text):
            end = _border(text, start)
            first, last = max(0, start - MARGIN), min(len(text), end + MARGIN)
            cost = _cost(text[start:end])
            share = ALLOWED if read < FULL_SHARE else ALLOWED_BEYOND
            yield Window(
                segment,
                first,
                text[first:last],
                start - first,
                end - first,
                units=allowed(last - first, share),
                names=cost <= budget,
                additions=additions,
            )
            read += end - start
            budget -= min(budget, cost)
            start = end


def _cost(piece: str) -> int:
    """Return what a piece costs of the budget for names: nothing where no model has anything to read."""
    if not may_hold_names(piece) and _DENSE.search(piece) is None:
        return 0
    return len(piece) + (STRANGE - 1) * len(piece.encode("ascii", "replace").translate(None, _PLAIN))


def _border(text: str, start: int) -> int:
    """Return where a core that starts here ends: at the end of a line or a sentence, else a blank, else anywhere."""
    if len(text) - start <= CORE + MARGIN:
        return len(text)
    middle, limit = start + CORE // 2, start + CORE
    for blank in ("\n", "。", " "):
        place = text.rfind(blank, middle, limit)
        if place >= 0:
            return place + 1
    return limit
