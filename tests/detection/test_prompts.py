"""The project's own prompts: whole, and read at least as well as on the day their floors were written down."""

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from sidecar.detection.classes import load_classes
from tests.detection.fakes import Reader
from tests.detection.prompts import FOLDER, LANGUAGES, templates, written

ROWS: Sequence[Mapping[str, Any]] = [
    json.loads(line)
    for path in sorted(FOLDER.glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
KINDS = {"agent", "chat", "code", "config", "contract", "device", "email", "evasion", "json", "kyc", "log", "medical"}

FLOORS = {
    "card_pan": 0.83,
    "card_sad": 1.0,
    "contact": 0.93,
    "credential": 0.98,
    "dob": 0.88,
    "financial_account": 0.98,
    "health": 0.98,
    "in_aadhaar": 1.0,
    "kr_rrn": 1.0,
    "national_id": 0.97,
    "online_id": 0.97,
    "person_name": 0.82,
}


def test_files_are_what_the_templates_give() -> None:
    """Nobody edits a filled prompt: templates and makers are the source."""
    assert written() == {path: path.read_text(encoding="utf-8") for path in written()}


def test_set_is_large_and_varied() -> None:
    """There are enough templates and prompts, of all kinds, in all languages, and none twice."""
    count = sum(len(templates(language)) for language in LANGUAGES)
    assert 150 <= count
    assert 400 <= len(ROWS)
    assert {"mime", "rag", "table"} | KINDS == {row["kind"] for row in ROWS}
    assert [] == [text for text, times in Counter(row["text"] for row in ROWS).items() if times > 1]


def test_spans_are_exact() -> None:
    """Spans lie in order, apart, hold something, and are of known classes."""
    classes = load_classes()
    for row in ROWS:
        spans = [(span["start"], span["end"]) for span in row["spans"]]
        assert spans == sorted(spans)
        assert all(start < end <= len(row["text"]) for start, end in spans)
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
        assert all(row["text"][start:end].strip() == row["text"][start:end] for start, end in spans)
        assert "unclassified" not in {classes.of(span["type"]) for span in row["spans"]}


@pytest.fixture(scope="module")
def recall(reader: Reader) -> Mapping[str, tuple[int, int]]:
    """How many values of a class are covered by findings of any entity, and how many there are."""
    classes = load_classes()
    seen: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in ROWS:
        findings = reader.sightings(row["text"])
        for span in row["spans"]:
            letters = [place for place in range(span["start"], span["end"]) if row["text"][place].isalnum()]
            covered = sum(any(one.start <= place < one.end for one in findings) for place in letters)
            tally = seen[str(classes.of(span["type"]))]
            tally[0] += covered >= 0.9 * len(letters)
            tally[1] += 1
    return {name: (found, total) for name, (found, total) in seen.items()}


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_floor(recall: Mapping[str, tuple[int, int]], name: str, floor: float) -> None:
    """Of a class, no smaller share is covered than when this floor was written down."""
    found, total = recall[name]
    assert floor <= found / total


HARMLESS = [
    (f"{path.stem}-{number}", text.strip())
    for path in sorted((FOLDER / "benign").glob("*.txt"))
    for number, text in enumerate(path.read_text(encoding="utf-8").split("\n=== \n"))
]
MOST_BARE = 3


def test_harmless_prompts(reader: Reader) -> None:
    """In chats, code and logs full of numbers that are nobody's, nothing is found but a few bare names."""
    found = [(name, one) for name, text in HARMLESS for one in reader.sightings(text)]
    assert 100 <= len(HARMLESS)
    assert [] == [pair for pair in found if not pair[1].bare]
    assert len(found) <= MOST_BARE
