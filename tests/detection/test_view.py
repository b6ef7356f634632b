"""Views keep offsets, and read what they promise."""

from hypothesis import given
from hypothesis import strategies as st

from sidecar.detection.view import MAX_RUN, cut_runs, hide, to_ascii
from sidecar.types.content import Span


@given(st.text())
def test_one_byte_for_each_code_point(text: str) -> None:
    """The ASCII view is as long as the text, whatever is in it."""
    view = to_ascii(text)
    assert len(text) == len(view)
    assert view.isascii()


@given(st.text(max_size=500) | st.text(alphabet="a (😀中", min_size=90, max_size=400))
def test_runs_are_cut(text: str) -> None:
    """The tokenizer's view is as long as the text and has no long run without blanks; short runs are untouched."""
    view = cut_runs(text)
    assert len(text) == len(view)
    assert max((len(run) for run in view.split()), default=0) <= MAX_RUN
    if max((len(run) for run in text.split()), default=0) <= MAX_RUN:
        assert text == view


@given(st.text(), st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50))))
def test_hidden_spans_are_overwritten(text: str, pairs: list[tuple[int, int]]) -> None:
    """What is hidden is gone and what is not stays in its place."""
    spans = [Span(min(pair), max(pair)) for pair in pairs]
    view = hide(text, spans)
    covered = {place for span in spans for place in range(span.start, span.end)}
    assert len(text) == len(view)
    assert all(view[place] == text[place] for place in range(len(text)) if place not in covered)
    assert all(view[place] in "it " for place in range(len(text)) if place in covered)


def test_ascii_twins() -> None:
    """Full-width forms, all digits and accents become ASCII; other letters and escaped blanks become blanks."""
    assert b"4111 (a@b.c) e 12-3 " == to_ascii("４１１１　（ａ＠ｂ．ｃ）中é한１٢–3я")


def test_credential_words_have_twins() -> None:
    """A word for a password in Chinese, Korean or Japanese is one in the view."""
    assert (b"pw:x", b"pwd  :x", b"passw:x") == (
        to_ascii("密码：x"),
        to_ascii("비밀번호는:x"),
        to_ascii("パスワード:x"),
    )
