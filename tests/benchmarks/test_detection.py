"""Detection's benchmark runs, and its page says what was missed. What it measures is nobody's test."""

import os
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path

from benchmarks.detection.ratios import HEAVY, LIGHT, NEW_WORDS, Row, section
from benchmarks.detection.sides import EXACT, FAST
from benchmarks.texts import draw, with_new_words

ROOT = Path(__file__).parents[2]


def made_up(kind: str, length: int, exact: float) -> Row:
    """Return a row in which stock takes 24 ms, one kind of our arithmetic some, and the other 1."""
    return Row(kind, length, {"stock": [24.0, 24.0], "floor": [1.0, 1.0], EXACT: [exact, exact], FAST: [1.0, 1.0]})


def test_what_is_missed_is_said() -> None:
    """Each row has its own target; what is below it is told, by how much, and what has no target is not."""
    page = section([made_up(LIGHT, 50, 3.0), made_up(LIGHT, 300, 2.4), made_up(HEAVY, 300, 2.4)])
    assert "| 300 | heavy | 2 | 24.0 | 2.40 | 1.00 | 1.00 | 10.0 (10.0 to 10.0) | 24.0 (24.0 to 24.0) | 42% |" in page
    assert ["- 300 characters, light, 32-bit floats: 10.0 of 12, missed by 17%."] == re.findall(
        r"^- .*", page, re.MULTILINE
    )
    assert "All are met." in section([made_up(LIGHT, 50, 3.0), made_up(NEW_WORDS, 300, 6.0)])


def test_new_words() -> None:
    """A text with new words is as long as before, and keeps nine words of ten."""
    text = next(draw(4_000))
    other = with_new_words(text)
    words = list(zip(text.split(" "), other.split(" "), strict=True))
    changed = sum(one != another for one, another in words)
    assert len(text) == len(other)
    assert 0.08 < changed / len(words) < 0.12
    assert other != with_new_words(next(islice(draw(4_000), 1, None)))


def test_quick_run() -> None:
    """Everything that the page has is measured for real."""
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.detection", "--quick"],
        cwd=ROOT,
        env=os.environ | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == ran.returncode, ran.stderr
    headings = re.findall(r"^## (\S+)", ran.stdout, re.MULTILINE)
    assert ["Against", "Where", "Growth", "A", "Patterns", "Processes", "What"] == headings
