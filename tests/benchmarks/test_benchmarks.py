"""The benchmark runs, its texts are what they say, its page has its shape. What it measures is nobody's test."""

import os
import re
import subprocess
import sys
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from benchmarks import restore
from benchmarks.measuring import Run
from benchmarks.report import ratios, render, stages
from benchmarks.texts import SHARE_PERSONAL, draw

ROOT = Path(__file__).parents[2]
_PERSONAL = re.compile(r"@example\.com|\+49 30|\d{4} \d{4}")


def made_up(length: int) -> Run:
    """Return a run in which stock takes 8 ms, one side of ours 4 and the other 2."""
    run = Run(length)
    for side, took in {"stock": 8.0, "stay": 4.0, "leave": 2.0, "floor": 1.0}.items():
        run.milliseconds[side] += [took, took]
    for side in ("stay", "leave"):
        run.actions[side] += ["allow", "redact"]
        for values in run.stages[side].values():
            values += [0.5, 1.5]
    return run


def test_texts_are_new_and_yet_the_same() -> None:
    """A seed gives the same texts again, each of its length and unlike the others."""
    texts = list(islice(draw(300), 20))
    assert texts == list(islice(draw(300), 20))
    assert {300} == {len(text) for text in texts}
    assert 20 == len(set(texts))


def test_share_of_personal_data() -> None:
    """About one sentence in twelve holds personal data."""
    sentences = re.split(r"(?<=[a-z)\d][.?])[ \n]", next(draw(200_000)))
    share = sum(1 for sentence in sentences if _PERSONAL.search(sentence)) / len(sentences)
    assert abs(share - SHARE_PERSONAL) < 0.02


def test_tables() -> None:
    """Ratios are of each text, with quartiles; stages are medians."""
    runs = [made_up(50), made_up(1_000)]
    assert ratios(runs).splitlines()[3] == (
        "| 1,000 | 2 | 8.00 | 4.00 | 2.00 | 1.00 | 2.00 (2.00 to 2.00) | 4.00 (4.00 to 4.00) | 4.00 (4.00 to 4.00) |"
    )
    assert "| 50 | 1.00 | 1.00 | 1.00 | 1.00 | 1.00 | 1.00 | 1.00 |" == stages(runs, "stay").splitlines()[2]
    page = render(runs, day=date(2026, 11, 24), workers=1, load=(0.5, 2.25))
    assert "2026-11-24" in page
    assert "load 0.5 before and 2.2 after" in page
    assert "Answers: 2 allow, 2 redact." in page


def test_quick_run(tmp_path: Path) -> None:
    """Both sides run for real, and the page has a line for each length in each of its tables."""
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--state", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == ran.returncode, ran.stderr
    headings = re.findall(r"^## (.*)$", ran.stdout, re.MULTILINE)
    assert 3 == len(headings)
    rows = re.findall(r"^\| (\d[\d,]*) \|(.*)\|$", ran.stdout, re.MULTILINE)
    assert ["50", "300"] * 3 == [length for length, _ in rows]
    assert [8, 8, 7, 7, 7, 7] == [len(cells.split("|")) for _, cells in rows]
    assert "block" not in ran.stdout.split("Answers: ")[2].splitlines()[0]


def test_the_way_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every kind of value is measured in every kind of reply, and redaction at each length."""
    restore.main(["--quick", "--keys", str(tmp_path / "keys")])
    page = capsys.readouterr().out

    assert ["plain", "quoted", "synthetic"] == re.findall(
        r"^\| ([a-z]+) \| [\d,]+ \| [\d,]+ \| [\d,]+ \|$", page, re.MULTILINE
    )
    assert 2 == len(re.findall(r"^\| [\d,]+ \| [\d,]+ \| \d+ \| [\d,]+ \|$", page, re.MULTILINE))
