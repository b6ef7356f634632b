"""Korean: names, whose they are, and addresses."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sidecar.detection.languages.korean.reader import KoreanReader, load
from sidecar.detection.languages.korean.tagger import Tagger
from sidecar.detection.languages.shelf import MODELS
from sidecar.detection.languages.tensors import NotTheFile

CASES: list[dict[str, Any]] = yaml.safe_load(Path("tests/data/detection/korean.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def reader() -> KoreanReader:
    """The reader, loaded once."""
    return load(MODELS)


def _seen(reader: KoreanReader, text: str, entity: str) -> dict[str, bool]:
    """Return what is seen of one kind, and whether it stands bare every time."""
    seen: dict[str, bool] = {}
    for hit in reader.hits(text, 0, len(text)):
        if hit.entity == entity:
            value = text[hit.start : hit.end]
            seen[value] = seen.get(value, True) and hit.bare
    return seen


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:16] for case in CASES])
def test_sentences(reader: KoreanReader, case: dict[str, Any]) -> None:
    """Every name and address is found with its exact span, nothing else is, and whose a name is, is told."""
    addresses = _seen(reader, case["text"], "STREET_ADDRESS")
    names = _seen(reader, case["text"], "PERSON")
    names = {name: bare for name, bare in names.items() if not any(name in address for address in addresses)}
    if "names" in case:
        assert set(case["names"]) == set(names)
    else:
        assert dict.fromkeys(case.get("owned", ()), False) | dict.fromkeys(case.get("bare", ()), True) == names
    assert set(case.get("addresses", ())) == set(addresses)


def test_only_what_is_asked_is_read(reader: KoreanReader) -> None:
    """Names outside of the part that is read are not seen, and offsets are the whole text's."""
    text = "김민서 과장. 박지훈 부장님께 보내 주세요."
    assert {(8, 11)} == {(hit.start, hit.end) for hit in reader.hits(text, 8, len(text)) if hit.entity == "PERSON"}


def test_another_file_is_refused(tmp_path: Path) -> None:
    """A chain that is not the one that ships is not read."""
    (tmp_path / "korean.crf").write_bytes(b"lCRF" * 64)
    with pytest.raises(NotTheFile, match="pinned"):
        Tagger.load(tmp_path)


@pytest.mark.parametrize("text", ["가", "김" * 2_000, "\ud800김", "가\u0000나 다", "김  씨", "😀김민수😀"])
def test_odd_texts(reader: KoreanReader, text: str) -> None:
    """Runs without an end, lone surrogates, zero bytes and emoji are read like anything else."""
    assert all(0 <= hit.start < hit.end <= len(text) for hit in reader.hits(text, 0, len(text)))


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="김이박민서준과장님씨은는이가 1:|,.\n", max_size=40), st.integers(0, 20), st.integers(0, 40))
def test_hits_lie_within_the_text(reader: KoreanReader, text: str, start: int, length: int) -> None:
    """Whatever is read, and whichever part of it, nothing reaches over the text's end and nothing is empty."""
    start, end = min(start, len(text)), min(start + length, len(text))
    for hit in reader.hits(text, start, end):
        assert 0 <= hit.start < hit.end <= len(text)
        assert 0.4 <= hit.score <= 1.0
