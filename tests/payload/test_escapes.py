"""From a JSON string as it is written to its text, and back."""

import json

from hypothesis import given
from hypothesis import strategies as st

from sidecar.payload.escapes import Ruler, decode, encode
from tests.payload.bodies import PATIENT, written_strings


@PATIENT
@given(st.text())
def test_encoding_is_undone_by_decoding(text: str) -> None:
    """Any text comes back from its escapes, and the standard library reads them alike."""
    assert text == decode(encode(text))
    assert text == json.loads(f'"{encode(text)}"')


def test_only_what_must_be_is_escaped() -> None:
    """Letters of all scripts stay themselves; quotes, backslashes and control characters do not."""
    assert r"é 한中😀/ \" \\ \n \u0000 \u001f" + "\x7f" == encode('é 한中😀/ " \\ \n \0 \x1f\x7f')


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    """What UTF-8 cannot carry never reaches the body."""
    assert "a\ufffdb" == encode("a\ud800b")


@PATIENT
@given(written_strings())
def test_the_ruler_agrees_with_reading_piece_by_piece(quoted: str) -> None:
    """Cut where the ruler says, the written form decodes to the text before and after the cut."""
    written = quoted[1:-1]
    text, ruler = decode(written), Ruler(written)
    cuts = [ruler.written(at) for at in range(len(text) + 1)]
    assert [text[:at] for at in range(len(text) + 1)] == [decode(written[:cut]) for cut in cuts]
    assert [text[at:] for at in range(len(text) + 1)] == [decode(written[cut:]) for cut in cuts]
