"""German, French, Spanish, Italian, Portuguese and Dutch: names, and whose they are."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from sidecar.detection.languages.latin import foreign_names, is_foreign
from sidecar.detection.recognizers.scanner import Hit
from tests.detection.fakes import Reader

CASES: list[dict[str, Any]] = yaml.safe_load(Path("tests/data/detection/latin.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:24] for case in CASES])
def test_sentences(reader: Reader, case: dict[str, Any]) -> None:
    """Every name is found with its exact span, nothing else is taken for one, and whose a name is, is told."""
    text = case["text"]
    seen = {text[one.start : one.end]: one.bare for one in reader.sightings(text) if one.entity == "PERSON"}
    assert dict.fromkeys(case.get("owned", ()), False) | dict.fromkeys(case.get("bare", ()), True) == seen


def test_what_is_foreign() -> None:
    """English alone, or another script, is not."""
    assert (True, True, False, False) == tuple(
        is_foreign(frozenset(spoken)) for spoken in ({"de"}, {"en", "nl"}, {"en"}, {"zh"})
    )


def test_only_names_are_trimmed() -> None:
    """Words around a name go, the last of the longest runs stays, and what is no person is left as it is."""
    text = "Ich danke Ihnen und Hans von Berg sehr in Wien"
    hits = [
        Hit(0, len(text) - 3, 0.9, "PERSON"),
        Hit(len(text) - 4, len(text), 0.9, "LOCATION"),
        Hit(0, 9, 0.9, "PERSON"),
    ]
    assert ["Hans von Berg", "Wien"] == [
        text[hit.start : hit.end] for hit in foreign_names(text, hits, frozenset({"de"}))
    ]
