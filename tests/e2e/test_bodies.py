"""Bodies of every format over the wire: what leaves is redacted in place, and files that are inlined are read."""

import json
from typing import Any

import pytest

from sidecar.v1 import inspection_pb2 as pb
from tests.e2e.asking import CHINA, LETTER, MAIL, NAME, PHONE, action, question
from tests.e2e.running import PATIENCE, Ears
from tests.payload.files import b64, docx, pdf

BODIES: dict["pb.Format.ValueType", Any] = {
    pb.FORMAT_OPENAI_CHAT: {"model": "m", "messages": [{"role": "user", "content": LETTER}]},
    pb.FORMAT_OPENAI_RESPONSES: {"model": "m", "input": [{"role": "user", "content": LETTER}]},
    pb.FORMAT_ANTHROPIC_MESSAGES: {"model": "m", "messages": [{"role": "user", "content": LETTER}]},
    pb.FORMAT_GEMINI_GENERATE_CONTENT: {"contents": [{"role": "user", "parts": [{"text": LETTER}]}]},
    pb.FORMAT_COHERE_CHAT: {"model": "m", "message": LETTER},
}


def _ask(ears: Ears, form: "pb.Format.ValueType", document: object) -> pb.InspectResponse:
    body = json.dumps(document).encode()
    return ears.inspection.Inspect(
        question(tenant="shop", target=CHINA, format=form, body=body, session_id="bodies"), timeout=PATIENCE
    )


@pytest.mark.parametrize("form", BODIES, ids=pb.Format.Name)
def test_every_format_is_redacted_in_place(ears: Ears, form: "pb.Format.ValueType") -> None:
    """A letter leaves with the same pseudonyms in each of them, alone and in a list of two."""
    document = BODIES[form]
    for given in (document, [document, document]):
        answer = _ask(ears, form, given)
        assert "redact" == action(answer)
        assert not any(value in answer.body.decode() for value in (NAME, MAIL, PHONE))
        assert json.dumps(given).replace(LETTER, _stood_in(ears)) == answer.body.decode()


def _stood_in(ears: Ears) -> str:
    """Return the letter as it leaves."""
    answer = _ask(ears, pb.FORMAT_TEXT, LETTER)
    text: str = json.loads(answer.body)
    return text


def _with_file(content: bytes | str, media_type: str) -> object:
    file = {"type": "file", "file": {"file_data": f"data:{media_type};base64,{b64(content)}"}}
    return {"model": "m", "messages": [{"role": "user", "content": [{"type": "text", "text": "Sum it up."}, file]}]}


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(pdf(LETTER), "application/pdf"), (docx(LETTER), "application/octet-stream")],
    ids=["pdf", "docx"],
)
def test_what_a_file_says_stops_it(ears: Ears, content: bytes, media_type: str) -> None:
    """Nobody can take it out there, so nothing leaves; the finding says in which string it is."""
    answer = _ask(ears, pb.FORMAT_OPENAI_CHAT, _with_file(content, media_type))
    assert ("block", b"") == (action(answer), answer.body)
    assert "contact" in {finding.data_class for finding in answer.findings}
    assert {"/messages/0/content/1/file/file_data"} == {finding.pointer for finding in answer.findings}
    assert "transfer.regime" in {reason.code for reason in answer.reasons}


def test_what_an_inlined_text_says_is_taken_out(ears: Ears) -> None:
    """It is written again with stand-ins."""
    answer = _ask(ears, pb.FORMAT_OPENAI_CHAT, _with_file(LETTER, "text/plain"))
    assert "redact" == action(answer)
    assert _with_file(_stood_in(ears), "text/plain") == json.loads(answer.body)


def test_a_file_that_cannot_be_opened_is_not_clean(ears: Ears) -> None:
    """A tenant whose data a regime protects does not send what nobody has looked at."""
    answer = _ask(ears, pb.FORMAT_OPENAI_CHAT, _with_file(pdf("harmless")[:-200], "application/pdf"))
    assert "block" == action(answer)
    assert "content.uninspected" in {reason.code for reason in answer.reasons}
