"""The measure of what is found: its counts, its page, and that it runs."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from benchmarks.accuracy.page import Alarms, Result, render
from benchmarks.accuracy.scores import Score
from benchmarks.accuracy.sets import Example, Label
from benchmarks.accuracy.sides import Found

ROOT = Path(__file__).parents[2]
EXAMPLE = Example(
    "Ann Lee of Acme lives in Rome", (Label(0, 7, "PERSON"), Label(11, 15, "ORGANIZATION"), Label(25, 29, "LOCATION"))
)


def test_leak_and_over() -> None:
    """Labeled letters that nothing covers leaked; others that something covers were too much; companies are neither."""
    score = Score()
    score.add(EXAMPLE, [Found(0, 3, "PERSON"), Found(11, 21, "ORGANIZATION")])
    assert (10, 7, 9, 5) == (score.labeled, score.leaked, score.others, score.covered)
    assert (1, 1) == (score.with_data, score.missed_whole)


def test_matches() -> None:
    """A label is matched by what overlaps and fits, exactly by the same letters; the rest is found wrongly."""
    score = Score()
    score.add(EXAMPLE, [Found(0, 3, "PERSON"), Found(25, 29, "STREET_ADDRESS"), Found(8, 10, "NRP")])
    person, place, wrong = (score.by_type[name] for name in ("PERSON", "LOCATION", "NRP"))
    assert (1, 1, 0, 1, 1) == (person.labels, person.matched, person.exact, person.found, person.right)
    assert (1, 1, 1, 1, 1) == (place.labels, place.matched, place.exact, place.found, place.right)
    assert (0, 1, 0) == (wrong.labels, wrong.found, wrong.right)
    assert (2 / 3, 1.0, 0.5) == (score.all_types.precision, score.all_types.recall, score.all_types.strict_recall)


def test_page() -> None:
    """A line for each side in the table of sets, and in that of benign texts."""
    score = Score()
    score.add(EXAMPLE, [Found(0, 7, "PERSON")], milliseconds=1.0)
    alarms = {"stock": Alarms(2, 3, 1, 0, {"URL": 2, "NRP": 1})}
    page = render([Result("one", 1, {"stock": score})], alarms, day=date(2026, 11, 24), sample=9, model="m")
    assert "| one | 1 | stock | 40.0 % | 0.0 % | 100.0 % | 1.00 | 0.50 | 0.50 | 0.56 | 35.31 |  |" in page
    assert "| stock | 2 | 3 | 1 | 0 | URL 2, NRP 1 |" in page


def test_quick_run(tmp_path: Path) -> None:
    """Both sides read a set of a folder that the environment names; one for training is left out."""
    row = {
        "id": "1",
        "lang": "en",
        "text": "Mail ann@acme.com",
        "spans": [{"start": 5, "end": 17, "type": "EMAIL_ADDRESS"}],
    }
    for name in ("mine", "mine-train"):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.accuracy", "--sets", "mine"],
        cwd=ROOT,
        env=os.environ | {"NO_COLOR": "1", "SIDECAR_EVAL_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == ran.returncode, ran.stderr
    assert 3 == ran.stdout.count("\n| mine | 1 | ")
    assert "mine-train" not in ran.stdout
