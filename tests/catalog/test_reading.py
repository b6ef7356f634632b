"""The strict YAML subset against PyYAML, and where it refuses what PyYAML would take."""

from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.catalog.reading import Unreadable, read

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


def with_tuples(value: object) -> object:
    """Return a document with its lists as the reader gives them."""
    if isinstance(value, list):
        return tuple(with_tuples(item) for item in value)
    return {key: with_tuples(item) for key, item in value.items()} if isinstance(value, dict) else value


@settings(deadline=None)
@given(VALUES)
def test_what_pyyaml_quotes_is_read_back(value: object) -> None:
    """Any document whose words stand in quotes means the same to both."""
    text = yaml.safe_dump(value, default_style='"' if isinstance(value, str) else None, allow_unicode=True)
    try:
        found = read(text.encode())
    except Unreadable:
        return  # a plain word that only some readers take for a boolean or a number
    assert with_tuples(value) == found


def test_the_shipped_files_mean_to_pyyaml_what_they_mean_to_us() -> None:
    """A person with another YAML reader sees the same catalog."""
    for path in Path(str(files("sidecar.catalog") / "data")).rglob("*.yaml"):
        source = path.read_bytes()
        assert with_tuples(yaml.load(source, yaml.CSafeLoader)) == read(source), path.name


@pytest.mark.parametrize("word", ["no", "NO", "on", "Off", "y", "N", "Yes", "TRUE", "Null"])
def test_a_word_with_two_readings_is_refused(word: str) -> None:
    """Norway is no boolean: such a word must stand in quotes."""
    with pytest.raises(Unreadable, match="line 1: a word that some readers take for a boolean: put it in quotes"):
        read(f"a: {word}".encode())
    assert {"a": word} == read(f"a: '{word}'".encode())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-7", -7),
        ("1.5", 1.5),
        ("1.5e+3", 1500.0),
        ("2026-11", "2026-11"),
        ("4.5.6", "4.5.6"),
        ("01-ai", "01-ai"),
        ("2026-11-24", "2026-11-24"),
        ("true", True),
        ("null", None),
        ("", None),
    ],
)
def test_plain_scalars(text: str, value: object) -> None:
    """Only plain decimals are numbers; dates and versions are words."""
    assert {"a": value} == read(f"a: {text}".encode())


@pytest.mark.parametrize(
    "word", ["012", "0x1f", "0o17", "0b1", "12:30", "1_000", "2e3", "1.", ".5", ".inf", "-.inf", ".nan"]
)
def test_a_number_with_two_readings_is_refused(word: str) -> None:
    """Ten or eight, sixty or one: such a number must be written plainly, or as a word."""
    with pytest.raises(Unreadable, match="a word that some readers take for a number"):
        read(f"a: {word}".encode())
    assert {"a": word} == read(f"a: '{word}'".encode())
