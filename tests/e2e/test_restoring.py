"""The way back over the wire."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, AnyStr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.v1 import inspection_pb2 as pb
from tests.e2e.asking import CHINA, LETTER, MAIL, NAME, PHONE, PLANTED, Refused, action, chat, question, refused
from tests.e2e.running import PATIENCE, Ears, Served, hearing

STRANGE_ID = "01890000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def answer(served: Served) -> pb.InspectResponse:
    """A chat that left with pseudonyms."""
    with hearing(served.addresses[0]) as ears:
        asked = question(tenant="shop", target=CHINA, body=chat(LETTER), session_id="way-back")
        told = ears.inspection.Inspect(asked, timeout=PATIENCE)
    assert "redact" == action(told)
    assert [] == [value for value in PLANTED if value in told.body.decode()]
    return told


def text_of(answer: pb.InspectResponse) -> str:
    """Return what the model was told."""
    return str(json.loads(answer.body)["messages"][0]["content"])


def reply(text: str) -> bytes:
    """Return a model's reply."""
    message = {"role": "assistant", "content": text}
    return json.dumps({"id": "1", "choices": [{"index": 0, "message": message}]}, ensure_ascii=False).encode()


def events(pieces: Sequence[str]) -> bytes:
    """Return a model's reply as server-sent events."""
    lines = [f"data: {json.dumps({'choices': [{'index': 0, 'delta': {'content': piece}}]})}\n\n" for piece in pieces]
    return "".join([*lines, "data: [DONE]\n\n"]).encode()


def said(stream: bytes) -> str:
    """Return what a stream of events says."""
    lines = [line.removeprefix("data: ") for line in stream.decode().split("\n\n") if line and "[DONE]" not in line]
    return "".join(json.loads(line)["choices"][0]["delta"].get("content", "") for line in lines)


def whole(ears: Ears, answer: pb.InspectResponse, **fields: object) -> pb.RestoreResponse:
    """Restore a whole reply."""
    known: dict[str, Any] = {
        "tenant": "shop",
        "decision_id": answer.decision_id,
        "restoration": answer.restoration,
        "format": pb.FORMAT_OPENAI_CHAT,
        "body": reply(text_of(answer)),
    }
    known.update(fields)
    return ears.inspection.Restore(pb.RestoreRequest(**known), timeout=PATIENCE)


def opening(answer: pb.InspectResponse, **fields: object) -> pb.RestoreStreamRequest:
    """Return the message that opens a stream."""
    known: dict[str, Any] = {
        "tenant": "shop",
        "decision_id": answer.decision_id,
        "restoration": answer.restoration,
        "format": pb.FORMAT_OPENAI_CHAT,
    }
    known.update(fields)
    return pb.RestoreStreamRequest(open=pb.RestoreStreamRequest.Open(**known))


def chunk(octets: bytes) -> pb.RestoreStreamRequest:
    """Return the message that carries bytes of the reply."""
    return pb.RestoreStreamRequest(chunk=octets)


def streamed(ears: Ears, steps: Sequence[pb.RestoreStreamRequest]) -> bytes:
    """Restore a stream; no chunk of the answer is empty."""
    chunks = [step.chunk for step in ears.inspection.RestoreStream(iter(steps), timeout=PATIENCE)]
    assert b"" not in chunks
    return b"".join(chunks)


def test_whole_reply(ears: Ears, answer: pb.InspectResponse) -> None:
    """Every pseudonym gets its value back."""
    restored = whole(ears, answer)
    assert reply(LETTER) == restored.body
    assert 3 == restored.restored


def test_without_restoration_the_body_comes_back(ears: Ears, answer: pb.InspectResponse) -> None:
    """An empty restoration replaces nothing, whatever the body is."""
    restored = whole(ears, answer, restoration=b"", body=b"{ no JSON \xff")
    assert (b"{ no JSON \xff", 0) == (restored.body, restored.restored)


def test_text_and_events_agree(ears: Ears, answer: pb.InspectResponse) -> None:
    """A streamed reply says what the whole one says."""
    text = text_of(answer)
    assert LETTER == said(streamed(ears, [opening(answer), chunk(events([text[:40], text[40:]]))]))
    assert LETTER.encode() == whole(ears, answer, format=pb.FORMAT_TEXT, body=text.encode()).body


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, 2000), max_size=12), pieces=st.lists(st.integers(0, 200), max_size=8))
def test_any_chunking(served: Served, answer: pb.InspectResponse, cuts: list[int], pieces: list[int]) -> None:
    """However the bytes are cut, and however the model cut its words, the client reads the same."""
    stream = events(list(_cut(text_of(answer), pieces)))
    with hearing(served.addresses[0]) as ears:
        restored = streamed(ears, [opening(answer), *(chunk(part) for part in _cut(stream, cuts))])
    assert LETTER == said(restored)


def _cut(whole: AnyStr, places: list[int]) -> Iterator[AnyStr]:
    edges = [0, *sorted(place for place in places if place < len(whole)), len(whole)]
    for start, end in pairwise(edges):
        yield whole[start:end]


def test_stream_without_messages(ears: Ears) -> None:
    """A stream that says nothing ends well, and empty."""
    assert b"" == streamed(ears, [])


def test_stream_of_nothing(ears: Ears, answer: pb.InspectResponse) -> None:
    """A stream that is only opened ends well."""
    assert b"" == streamed(ears, [opening(answer)])


def test_stream_without_restoration(ears: Ears, answer: pb.InspectResponse) -> None:
    """Without a restoration the chunks pass as they came."""
    assert b"a\xffb" == streamed(ears, [opening(answer, restoration=b""), chunk(b"a\xff"), chunk(b"b")])


@pytest.mark.parametrize("first", [chunk(MAIL.encode()), chunk(b""), pb.RestoreStreamRequest()])
def test_no_open_first(ears: Ears, first: pb.RestoreStreamRequest) -> None:
    """The first message must be open."""
    assert Refused("INVALID_ARGUMENT", "BAD_REQUEST", "open", retry=False) == refused(lambda: streamed(ears, [first]))


def test_second_open(ears: Ears, answer: pb.InspectResponse) -> None:
    """Only the first message may be open."""
    steps = [opening(answer), chunk(b"data: "), opening(answer)]
    assert Refused("INVALID_ARGUMENT", "BAD_REQUEST", "open", retry=False) == refused(lambda: streamed(ears, steps))


def edited(octets: bytes) -> bytes:
    """Return a restoration with one bit changed."""
    return octets[:-20] + bytes([octets[-20] ^ 1]) + octets[-19:]


BROKEN = {
    "edited": ({"restoration": edited}, "RESTORATION_CORRUPT"),
    "truncated": ({"restoration": lambda octets: octets[:-1]}, "RESTORATION_CORRUPT"),
    "a-header-alone": ({"restoration": lambda octets: octets[:20]}, "RESTORATION_CORRUPT"),
    "something-else": ({"restoration": lambda _: MAIL.encode()}, "RESTORATION_CORRUPT"),
    "of-another-tenant": ({"tenant": "shop-next-door"}, "RESTORATION_TENANT"),
    "of-another-decision": ({"decision_id": STRANGE_ID}, "RESTORATION_DECISION"),
    "edited-for-another-tenant": ({"tenant": "shop-next-door", "restoration": edited}, "RESTORATION_CORRUPT"),
}


@pytest.mark.parametrize(("fields", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_restoration_that_does_not_hold(
    ears: Ears, answer: pb.InspectResponse, fields: dict[str, object], reason: str
) -> None:
    """It is refused with the reason, whole or streamed, and before any chunk."""
    fields = {name: value(answer.restoration) if callable(value) else value for name, value in fields.items()}
    expected = Refused("FAILED_PRECONDITION", reason, "restoration", retry=False)
    assert expected == refused(lambda: whole(ears, answer, **fields))
    chunks: list[bytes] = []

    def stream() -> None:
        steps = [opening(answer, **fields), chunk(events([text_of(answer)]))]
        chunks.extend(step.chunk for step in ears.inspection.RestoreStream(iter(steps), timeout=PATIENCE))

    assert expected == refused(stream)
    assert [] == chunks


def test_format_that_the_contract_does_not_know(ears: Ears, answer: pb.InspectResponse) -> None:
    """As for requests."""
    expected = Refused("INVALID_ARGUMENT", "BAD_REQUEST", "format", retry=False)
    for format_ in (pb.FORMAT_UNSPECIFIED, 99):
        assert expected == refused(partial(whole, ears, answer, format=format_))
        assert expected == refused(partial(streamed, ears, [opening(answer, format=format_)]))


@pytest.mark.parametrize("tenant", ["", MAIL])
def test_unknown_tenant(ears: Ears, answer: pb.InspectResponse, tenant: str) -> None:
    """As for requests."""
    expected = Refused("PERMISSION_DENIED", "UNKNOWN_TENANT", "tenant", retry=False)
    assert expected == refused(lambda: whole(ears, answer, tenant=tenant))
    assert expected == refused(lambda: streamed(ears, [opening(answer, tenant=tenant)]))


def test_body_over_the_limit(ears: Ears, answer: pb.InspectResponse) -> None:
    """A reply over limits.body_bytes is refused like a request."""
    body = (MAIL * (20_000_000 // len(MAIL))).encode()
    assert Refused("RESOURCE_EXHAUSTED", "BODY_TOO_LARGE", "body", retry=False) == refused(
        lambda: whole(ears, answer, format=pb.FORMAT_TEXT, body=body)
    )


def test_earlier_restorations_are_merged(ears: Ears, answer: pb.InspectResponse) -> None:
    """The next turn's restoration also undoes the pseudonyms of the turns before."""
    later = ears.inspection.Inspect(
        question(
            tenant="shop",
            target=CHINA,
            body=chat(text_of(answer), "And to Mr. Bartholomew Quist, please."),
            session_id="way-back",
            restorations=[answer.restoration],
        ),
        timeout=PATIENCE,
    )
    texts = [message["content"] for message in json.loads(later.body)["messages"]]
    assert text_of(answer) == texts[0]
    restored = whole(ears, later, body=reply(" ".join(texts)))
    assert all(value in restored.body.decode() for value in (NAME, MAIL, PHONE, "Bartholomew Quist"))


def test_earlier_restoration_that_does_not_hold(ears: Ears, answer: pb.InspectResponse) -> None:
    """A broken one is refused with the request, by the name of its field."""
    asked = question(tenant="shop", target=CHINA, body=chat(LETTER), restorations=[edited(answer.restoration)])
    assert Refused("FAILED_PRECONDITION", "RESTORATION_CORRUPT", "restorations", retry=False) == refused(
        lambda: ears.inspection.Inspect(asked, timeout=PATIENCE)
    )


def test_same_value_same_pseudonym_in_a_session(ears: Ears, answer: pb.InspectResponse) -> None:
    """Within a session the same value is the same word, in another it is another."""
    again, elsewhere = (
        ears.inspection.Inspect(
            question(tenant="shop", target=CHINA, body=chat(LETTER), session_id=session), timeout=PATIENCE
        )
        for session in ("way-back", "another")
    )
    assert text_of(answer) == text_of(again)
    assert text_of(answer) != text_of(elsewhere)


def test_synthetic_values_pass_the_second_look_and_come_back(ears: Ears) -> None:
    """Made-up values look like personal data and are none: they leave, and the reply speaks of the real ones again."""
    asked = question(tenant="theater", target=CHINA, body=chat(LETTER), session_id="play")
    told = ears.inspection.Inspect(asked, timeout=PATIENCE)
    said = text_of(told)

    assert "redact" == action(told)
    assert ["synthetic"] * 3 == [finding.operator for finding in told.findings]
    assert [] == [value for value in (*PLANTED, "<") if value in said]
    assert re.fullmatch(
        r"Please write to Mrs\. [A-Z][a-z]+ [A-Z][a-z]+ at [a-z]+\.[a-z]+\d\d@example\.(com|org|net) "
        r"that her parcel has come\. Her number is \+1 \d{3}-555-01\d\d\.",
        said,
    )
    assert reply(LETTER) == whole(ears, told, tenant="theater", body=reply(said)).body
