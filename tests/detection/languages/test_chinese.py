"""Chinese: names, whose they are, and addresses to the door."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sidecar.detection.languages.chinese.reader import ChineseReader, load
from sidecar.detection.languages.shelf import MODELS
from sidecar.detection.recognizers.scanner import Hit

CASES: list[dict[str, Any]] = yaml.safe_load(Path("tests/data/detection/chinese.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def reader() -> ChineseReader:
    """The reader, loaded once."""
    return load(MODELS)


def _seen(reader: ChineseReader, text: str, entity: str) -> dict[str, bool]:
    """Return what is seen of one kind, and whether it stands bare every time."""
    seen: dict[str, bool] = {}
    for hit in reader.hits(text, 0, len(text)):
        if hit.entity == entity:
            value = text[hit.start : hit.end]
            seen[value] = seen.get(value, True) and hit.bare
    return seen


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:16] for case in CASES])
def test_sentences(reader: ChineseReader, case: dict[str, Any]) -> None:
    """Every name and address is found with its exact span, nothing else is, and whose a name is, is told."""
    names = _seen(reader, case["text"], "PERSON")
    if "names" in case:
        assert set(case["names"]) == set(names)
    else:
        assert dict.fromkeys(case.get("owned", ()), False) | dict.fromkeys(case.get("bare", ()), True) == names
    addresses = _seen(reader, case["text"], "STREET_ADDRESS")
    assert set(case.get("addresses", ())) == {value for value in addresses if not _inside(value, addresses)}


def _inside(value: str, values: dict[str, bool]) -> bool:
    return any(value != other and value in other for other in values)


def test_only_what_is_asked_is_read(reader: ChineseReader) -> None:
    """Names outside of the part that is read are not seen, and offsets are the whole text's."""
    text = "王小明。李小红住在上海。"
    assert [(4, 7)] == [(hit.start, hit.end) for hit in reader.hits(text, 4, len(text)) if hit.entity == "PERSON"]


def test_japanese_sentences_are_not_read(reader: ChineseReader) -> None:
    """A sentence with kana is Japanese; one without, beside it, is read."""
    text = "田中さんは東京に住んでいます。\n联系人：王小明"
    assert {"王小明": False} == _seen(reader, text, "PERSON")


def test_without_han_letters_nothing_is_read(reader: ChineseReader) -> None:
    """The network is not asked about other scripts."""
    assert not reader.concerns("Hello Wörld 123 안녕", 0, 15)


@pytest.mark.parametrize("text", ["𠮷", "王" * 5_000, "，。！" * 2_000, "一二三\n" * 2_000, "\ud800李", "　"])
def test_odd_texts(reader: ChineseReader, text: str) -> None:
    """Rare letters, runs without an end and lone surrogates are read like anything else."""
    assert all(0 <= hit.start < hit.end <= len(text) for hit in reader.hits(text, 0, len(text)))


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="王李小明先生的是姓名路号楼 1：|，。\n", max_size=40), st.integers(0, 20), st.integers(0, 40))
def test_hits_lie_within_the_text(reader: ChineseReader, text: str, start: int, length: int) -> None:
    """Whatever is read, and whichever part of it, nothing reaches over the text's end and nothing is empty."""
    start, end = min(start, len(text)), min(start + length, len(text))
    for hit in reader.hits(text, start, end):
        assert 0 <= hit.start < hit.end <= len(text)
        assert 0.4 <= hit.score <= 1.0


def test_looking_ahead_changes_nothing(reader: ChineseReader) -> None:
    """What is seen in a text is the same whether its sentences were read with those of others or alone."""
    texts = [str(case["text"]) for case in CASES]
    pieces = [(text, 0, len(text)) for text in texts]
    alone = [_rounded(reader.hits(*piece)) for piece in pieces]
    reader.look_ahead(pieces)
    assert alone == [_rounded(reader.hits(*piece)) for piece in pieces]
    reader.look_ahead(pieces[:1])
    assert alone == [_rounded(reader.hits(*piece)) for piece in pieces]
    reader.look_ahead(())
    assert alone == [_rounded(reader.hits(*piece)) for piece in pieces]


def _rounded(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits as far as their scores are told."""
    return [hit._replace(score=round(hit.score, 4)) for hit in hits]
