"""What is written is read as it was, and a field that is changed leaves the rest of a file alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.catalog.editing import changed
from sidecar.catalog.load import shipped_files
from sidecar.catalog.reading import Value, read
from sidecar.catalog.writing import block, flow

TEXT = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=30).filter(str.isprintable)
NUMBER = st.integers(-(10**17), 10**17) | st.floats(0, 1e12, allow_nan=False, allow_infinity=False)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
ROWS = [
    (name, line.removeprefix("- id: "))
    for name, path in shipped_files()
    if name.startswith(("models/", "providers/"))
    for line in path.read_text("utf-8").splitlines()
    if line.startswith("- id: ")
]
TEXTS = {name: path.read_text("utf-8") for name, path in shipped_files()}


@settings(deadline=None)
@given(VALUES)
def test_reading_undoes_writing(value: Value) -> None:
    """Any value comes back as it was, also a word that looks like a number, a switch or a comment."""
    assert {"it": value} == read(f"it: {flow(value)}\n".encode())


@settings(deadline=None)
@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), VALUES, min_size=1, max_size=5), TEXT)
def test_a_row_of_lines_is_read_as_it_was(row: dict[str, Value], comment: str) -> None:
    """Comments say nothing to the reader."""
    lines = "\n".join(block(row, dict.fromkeys(row, comment)))

    assert {"rows": (row,)} == read(f"rows:\n{lines}\n".encode())


def test_what_cannot_be_printed_is_not_written() -> None:
    """Nobody could review it."""
    with pytest.raises(ValueError, match="not printable"):
        flow("one\ntwo")


@settings(deadline=None)
@given(st.sampled_from(ROWS), st.sampled_from(["license", "notes", "source", "developer", "trains_on_inputs"]), TEXT)
def test_one_field_of_one_row_changes(row: tuple[str, str], field: str, value: str) -> None:
    """Of a shipped file, read before and after, only that field of that row is another."""
    name, key = row
    section = name.partition("/")[0]
    text = changed(TEXTS[name], section, key, {field: value}, "a list, 2026-11-24: unverified")

    before, after = read(TEXTS[name].encode()), read((text or "").encode())
    assert isinstance(before, dict)
    rows = before[section]
    assert isinstance(rows, tuple)
    wanted = tuple({**one, field: value} if isinstance(one, dict) and one["id"] == key else one for one in rows)
    assert {**before, section: wanted} == after


def test_a_row_of_another_section_is_not_meant() -> None:
    """A developer and a provider may have the same id."""
    text = "developers:\n- id: acme\n  name: A\nproviders:\n- id: acme\n  name: A\n"

    assert text.replace("providers:\n- id: acme\n  name: A", "providers:\n- id: acme\n  name: B  # why") == changed(
        text, "providers", "acme", {"name": "B"}, "why"
    )
    assert changed(text, "models", "acme", {"name": "B"}, "why") is None


def test_a_row_on_one_line_stays_as_it_is() -> None:
    """No line of it could be changed alone."""
    assert changed("providers:\n- {id: acme, name: A}\n", "providers", "acme", {"name": "B"}, "why") is None
