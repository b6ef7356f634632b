"""Japanese: names, whose they are, and addresses."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sidecar.detection.languages.japanese.reader import JapaneseReader, load
from sidecar.detection.languages.shelf import MODELS

CASES: list[dict[str, Any]] = yaml.safe_load(Path("tests/data/detection/japanese.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def reader() -> JapaneseReader:
    """The reader, loaded once."""
    return load(MODELS)


def _seen(reader: JapaneseReader, text: str, entity: str) -> dict[str, bool]:
    """Return what is seen of one kind, and whether it stands bare every time."""
    seen: dict[str, bool] = {}
    for hit in reader.hits(text, 0, len(text)):
        if hit.entity == entity:
            value = text[hit.start : hit.end]
            seen[value] = seen.get(value, True) and hit.bare
    return seen


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:16] for case in CASES])
def test_sentences(reader: JapaneseReader, case: dict[str, Any]) -> None:
    """Every name and address is found with its exact span, nothing else is, and whose a name is, is told."""
    addresses = _seen(reader, case["text"], "STREET_ADDRESS")
    names = _seen(reader, case["text"], "PERSON")
    names = {name: bare for name, bare in names.items() if not any(name in address for address in addresses)}
    if "names" in case:
        assert set(case["names"]) == set(names)
    else:
        assert dict.fromkeys(case.get("owned", ()), False) | dict.fromkeys(case.get("bare", ()), True) == names
    assert set(case.get("addresses", ())) == set(addresses)


def test_a_quoted_word_does_not_make_a_text_japanese(reader: JapaneseReader) -> None:
    """Chinese with a word in kana is left to the Chinese reader."""
    assert {} == _seen(
        reader, "王小明和李小红住在上海市，他们都喜欢看ドラマ，每个周末都去电影院和图书馆看书。", "PERSON"
    )


@pytest.mark.parametrize("text", ["あ", "佐藤" * 2_000, "\ud800佐藤さん", "あ\u0000い う", "😀佐藤さん😀"])
def test_odd_texts(reader: JapaneseReader, text: str) -> None:
    """Runs without an end, lone surrogates, zero bytes and emoji are read like anything else."""
    assert all(0 <= hit.start < hit.end <= len(text) for hit in reader.hits(text, 0, len(text)))


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(alphabet="佐藤田中さん様は東京都港区丁目番 1-|、。\n", max_size=40), st.integers(0, 20), st.integers(0, 40)
)
def test_hits_lie_within_the_text(reader: JapaneseReader, text: str, start: int, length: int) -> None:
    """Whatever is read, and whichever part of it, nothing reaches over the text's end and nothing is empty."""
    start, end = min(start, len(text)), min(start + length, len(text))
    for hit in reader.hits(text, start, end):
        assert 0 <= hit.start < hit.end <= len(text)
        assert 0.4 <= hit.score <= 1.0
