"""How our cost grows with a text, up to the 4 MB that a request may well have."""

from functools import partial
from itertools import islice
from statistics import median

from benchmarks.detection.sides import detect, milliseconds
from benchmarks.pages import in_milliseconds, table
from benchmarks.texts import draw
from sidecar.detection.detector import WindowDetector

LENGTHS = {16_000: 8, 60_000: 5, 250_000: 3, 1_000_000: 2, 4_000_000: 1}
QUICK = {300: 2, 4_000: 2}


def section(one: WindowDetector, *, quick: bool) -> str:
    """Measure, and return the results as a section of a page."""
    rows = []
    for length, count in (QUICK if quick else LENGTHS).items():
        texts = islice(draw(length, seed=2), count)
        took = median(milliseconds(partial(detect, one, text)) for text in texts)
        rows.append((f"{length:,}", in_milliseconds(took), f"{took / length * 1e3:.3f}"))
    columns = ("characters", "ours, ms", "ms for each 1,000 characters")
    return "\n\n".join(["## Growth", _SAID, table(columns, rows)])


_SAID = """\
Milliseconds of CPU for one light text. spaCy, and stock with it, refuses a text of more than 1,000,000 characters."""
