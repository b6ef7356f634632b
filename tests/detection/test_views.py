"""Views: what is written so that no pattern sees it is seen, and stands where it stands."""

import base64
import binascii
import html
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sidecar.detection.views import decoded, views
from tests.detection.fakes import Reader

VALUE = "jane.doe@example.com"


def _json(value: str) -> str:
    units = value.encode("utf-16-be")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))


ENCODERS: dict[str, Callable[[str], str]] = {
    "json": _json,
    "hex": lambda value: "".join(f"\\x{ord(letter):02x}" for letter in value),
    "percent": lambda value: "".join(f"%{byte:02X}" for byte in value.encode()),
    "url": lambda value: quote(value, safe="."),
    "decimal entities": lambda value: "".join(f"&#{ord(letter)};" for letter in value),
    "hex entities": lambda value: "".join(f"&#x{ord(letter):x};" for letter in value),
    "quoted printable": lambda value: "".join(f"={byte:02X}" for byte in value.encode()),
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "url-safe base64": lambda value: base64.urlsafe_b64encode(value.encode()).decode(),
    "base64 of percent": lambda value: base64.b64encode(quote(value, safe="").encode()).decode(),
    "zero width": "\u200b".join,
    "right to left marks": lambda value: value.replace("@", "\u200f@\u200e"),
    "full width": lambda value: "".join(chr(ord(letter) + 0xFEE0) for letter in value),
    "look-alikes": lambda value: value.replace("a", "а").replace("e", "е").replace("o", "о"),
    "inline tags": lambda value: value.replace("@", "<b>@</b>"),
    "stars": lambda value: value.replace("@", "**@**"),
    "brackets": lambda value: value.replace("@", " (at) ").replace(".com", " [dot] com"),
}
AROUND = st.text(alphabet="가中é e\u0301😀🏽\U0001f469\u200d\U0001f4bbЖabc019 .,:;\n\t\"'%&=<>\\*", max_size=24)


@pytest.mark.parametrize("encode", ENCODERS.values(), ids=ENCODERS)
def test_found_however_it_is_written(reader: Reader, encode: Callable[[str], str]) -> None:
    """An address is found under every encoding, and the finding is the encoded address to the letter."""
    written = encode(VALUE)
    text = f"Write to {written} today, 고객 (é)."
    assert [("EMAIL_ADDRESS", written)] == [one for one in reader.found(text) if one[0] == "EMAIL_ADDRESS"]


@pytest.mark.parametrize(
    "name", sorted({*ENCODERS} - {"brackets", "full width", "right to left marks", "inline tags", "stars", "url"})
)
@hypothesis_settings(max_examples=60, deadline=None)
@given(before=AROUND, after=AROUND, value=st.text(alphabet="bdtz.@-", min_size=12, max_size=24).map("aqeq{}q".format))
def test_back_to_its_own_letters(name: str, before: str, after: str, value: str) -> None:
    """Whatever stands around, a view's letters lead back to what they were made from, and cover it exactly."""
    written = ENCODERS[name](value)
    view = decoded(f"{before} {written} {after}")
    assert view is not None
    place = view.text.find(value)
    assert (len(before) + 1, len(before) + 1 + len(written)) == view.back(place, place + len(value))


@hypothesis_settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *(encode(VALUE) for encode in ENCODERS.values()),
                "4 1 1 1",
                "\\n",
                "é",
                "e\u0301",
                " ",
                "<b>",
                "👩\u200d💻",
            ]
        ),
        max_size=8,
    ).map("".join)
)
def test_maps_are_in_order(text: str) -> None:
    """Every letter of every view stands for a piece of the text, never before the one ahead of it."""
    for view in views(text):
        assert len(view.text) == len(view.starts) == len(view.ends)
        assert all(0 <= start < end <= len(text) for start, end in zip(view.starts, view.ends, strict=True))
        assert sorted(view.starts) == list(view.starts)
        assert sorted(view.ends) == list(view.ends)


PLAIN = (
    "Nothing to undo here, 100 % sure & certain: a = b * c < d.",
    "for i in range(10): print(i ** 2, x[i], a_b)",
    "안녕하세요, 김치찌개 레시피를 알려 주세요.",
    "Ünïcödé is not odd.",
    "Владимир пишет по-русски.",
    "4111 1111 1111 1111",
)


@pytest.mark.parametrize("text", PLAIN)
def test_no_view_without_need(text: str) -> None:
    """Ordinary text has no other reading, and costs no second look."""
    assert [] == list(views(text))


CARDS = (
    "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    "4111 - 1111 - 1111 - 1111",
    "4111|1111|1111|1111",
    "4111.1111/1111_1111",
    "41 11 11 11 11 11 11 11",
    "4\u200d111 1111\u20601111\ufeff1111",
    "𝟒𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏",
    "4111 1111 1111 &#49;111",
)


@pytest.mark.parametrize("card", CARDS)
def test_cards_with_any_separators(reader: Reader, card: str) -> None:
    """Digits may be parted by anything, one by one or in groups."""
    assert [("CREDIT_CARD", card)] == reader.found(f"pay with {card} please")


def test_literal_line_ends_do_not_glue(reader: Reader) -> None:
    """The letter of an escaped line end or tab is no part of a value beside it."""
    text = '{"note": "line\\n4111111111111111\\tjane.doe@example.com\\r\\nend"}'
    assert [("CREDIT_CARD", "4111111111111111"), ("EMAIL_ADDRESS", VALUE)] == reader.found(text)


def test_neighbors_do_not_run_together(reader: Reader) -> None:
    """Cells of a table stay apart, and entities that are blanks stay blanks."""
    assert [] == reader.found("<td>4111</td><td>1111</td> 4111&nbsp;x&nbsp;1111")


def test_the_standard_library_agrees() -> None:
    """What a view undoes is what the decoders of the standard library make of the same."""
    written = "caf%C3%A9 &eacute; =C3=A9"
    view = decoded(written)
    assert view is not None
    assert f"café {html.unescape('&eacute;')} {binascii.a2b_qp('=C3=A9').decode()}" == view.text
