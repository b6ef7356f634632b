"""Plain text, and the documents of a refusal."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.errors import AmbiguousBody
from sidecar.payload.interface import Body
from sidecar.types.content import Direction, Edit, Format, Needs, Segment, Span
from tests.payload.bodies import PATIENT, PAYLOADS


def _text(raw: bytes, direction: Direction = Direction.REQUEST) -> Body:
    return PAYLOADS.read(Format.TEXT, direction, raw)


@pytest.mark.parametrize("direction", Direction)
def test_text_is_one_segment(direction: Direction) -> None:
    """All of it is inspected, under the empty pointer; JSON in it is text."""
    body = _text('{"a": "한글"} \r\n'.encode(), direction)
    assert (Segment("", in_key=False, text='{"a": "한글"} \r\n'),) == body.segments
    assert Needs(5, tools=False, modalities=("text",), state=False) == body.needs
    assert (Format.TEXT, (), (), False) == (body.format, body.uninspected, body.hosted_tools, body.streaming)
    assert Span(3, 5) == body.place(0, Span(3, 5))
    assert body == pickle.loads(pickle.dumps(body))  # noqa: S301 - our own


@PATIENT
@given(st.text(min_size=1).filter(lambda text: text.isprintable()), st.text(), st.data())
def test_text_is_spliced_by_code_points(text: str, put: str, draw: st.DataObject) -> None:
    """Around the edit all stays; nothing is escaped."""
    start = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(start, len(text)))
    body = _text(text.encode())
    assert (text[:start] + put + text[end:]).encode() == body.splice([Edit(0, start, end, put)])
    assert text.encode() == body.splice([]) == body.with_model("other")


def test_overlapping_edits_are_a_programming_error() -> None:
    """As in JSON."""
    with pytest.raises(ValueError, match="overlap"):
        _text(b"abc").splice([Edit(0, 0, 2, "x"), Edit(0, 1, 3, "y")])


@pytest.mark.parametrize(("raw", "says"), [(b"", "the body is empty"), (b"a\xff", "the body is not UTF-8, at byte 1")])
def test_what_is_no_text_is_refused(raw: bytes, says: str) -> None:
    """Text is refused when there is none, or it is not UTF-8."""
    with pytest.raises(AmbiguousBody) as refused:
        _text(raw)
    assert ("body", says) == (refused.value.field, str(refused.value))


def test_refusals_are_what_clients_expect() -> None:
    """Each API's client finds its own error document, with the code and the decision."""
    said = ("transfer.regime", 'Not "there".', "0190")
    assert {
        "error": {
            "message": 'Not "there".',
            "type": "request_forbidden",
            "param": None,
            "code": "transfer.regime",
            "decision_id": "0190",
        }
    } == json.loads(PAYLOADS.refusal(Format.OPENAI_CHAT, *said))
    assert {
        "type": "error",
        "error": {
            "type": "permission_error",
            "message": 'Not "there".',
            "code": "transfer.regime",
            "decision_id": "0190",
        },
    } == json.loads(PAYLOADS.refusal(Format.ANTHROPIC_MESSAGES, *said))
    assert b'Not "there".\ncode: transfer.regime\ndecision: 0190\n' == PAYLOADS.refusal(Format.TEXT, *said)


def test_payloads_travel_to_workers() -> None:
    """The bound method is what a worker gets."""
    read = pickle.loads(pickle.dumps(PAYLOADS.read))  # noqa: S301 - our own
    assert _text(b"a") == read(Format.TEXT, Direction.REQUEST, b"a")
