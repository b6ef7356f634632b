"""Windows cover every text once and carry enough around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.detection.windows import CORE, JOB, JOB_WINDOWS, MARGIN, NAMES_BUDGET, STRANGE, cut, packed
from sidecar.types.content import Span

text = st.builds(
    lambda word, count: word * count, st.text(alphabet="ab \n中", min_size=1, max_size=7), st.integers(0, 9_000)
)


@given(st.lists(text, max_size=4))
def test_cores_cover_every_text(texts: list[str]) -> None:
    """Cores laid end to end are the texts, and each lies in its window."""
    joined = ["" for _ in texts]
    for window in cut(texts, {}):
        assert len(joined[window.segment]) == window.offset + window.start
        assert len(window.text) <= CORE + 3 * MARGIN
        assert texts[window.segment][window.offset : window.offset + len(window.text)] == window.text
        joined[window.segment] += window.text[window.start : window.end]
    assert texts == joined


def test_short_texts_go_together() -> None:
    """Texts that fit one job are one job; their number is bounded as well as their size."""
    assert [3] == [len(job) for job in packed(cut(["a", "b", "c"], {}))]
    assert [JOB_WINDOWS, 44] == [len(job) for job in packed(cut(["a"] * 300, {}))]
    assert [1, 1] == [len(job) for job in packed(cut(["a" * JOB, "b"], {}))]


def test_names_are_read_within_a_budget() -> None:
    """Windows beyond the budget are for patterns alone; the same text always is cut the same way."""
    words = "Word " * (NAMES_BUDGET // 5 + 10_000)
    windows = list(cut([words], {}))
    read = sum(window.end - window.start for window in windows if window.names)
    assert NAMES_BUDGET - CORE <= read <= NAMES_BUDGET
    assert windows == list(cut([words], {}))


def test_texts_without_names_cost_no_budget() -> None:
    """Where there is nothing for a model to read, the budget lasts."""
    texts = ["слово and words 123\n" * 60_000, "Word " * 1_000]
    assert all(window.names for window in cut(texts, {}, NAMES_BUDGET // 10))


@pytest.mark.parametrize("strange", ["中文字，", "한국어 ", "A((((((((((", "é😀"])
def test_what_costs_more_is_read_less(strange: str) -> None:
    """Letters that a model of their own reads, and what may be a word each, cost ten times as much."""
    windows = list(cut(["Name " + strange * 300_000], {}))
    read = sum(one.end - one.start for one in windows if one.names)
    assert NAMES_BUDGET // STRANGE - CORE <= read <= 1.6 * NAMES_BUDGET // STRANGE


def test_sentences_are_not_cut() -> None:
    """A core without lines and blanks ends at a sentence's end."""
    text = "这是一个句子。" * 5_000
    assert all(text[window.offset + window.end - 1] == "。" for window in cut([text], {}))


def test_hidden_spans_are_neutral() -> None:
    """A window never holds what is hidden."""
    (window,) = cut(["I met <PERSON_1> today"], {0: [Span(6, 16)]})
    assert "I met it         today" == window.text
