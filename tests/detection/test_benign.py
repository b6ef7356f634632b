"""Ordinary text is left alone: over-blocking is a failure too."""

from pathlib import Path

import pytest
import yaml

from tests.detection.fakes import Reader

BENIGN: list[str] = yaml.safe_load(Path("tests/data/detection/benign.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", BENIGN, ids=range(len(BENIGN)))
def test_patterns_are_silent(reader: Reader, text: str) -> None:
    """No pattern finds anything, and no marking is seen, in chat and code without anybody's data."""
    (reading,) = reader.readings(text)
    patterns = [one for one in reading.sightings if one.recognizer != "SpacyRecognizer"]
    assert ([], frozenset(), ()) == (patterns, reading.markings, reading.missing)


def test_names_are_bare(reader: Reader, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the model takes for a name there stands bare, and is rare; the count is printed."""
    names = [one for text in BENIGN for one in reader.sightings(text)]
    with capsys.disabled():
        print(f"\nfalse alarms on {len(BENIGN)} benign texts: 0 by patterns, {len(names)} bare names by the model")  # noqa: T201 - asked for
    assert all(one.bare for one in names)
    assert len(names) <= len(BENIGN) // 10
