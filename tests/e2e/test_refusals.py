"""The error table of the contract, row by row, over the wire."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sidecar.v1 import inspection_pb2 as pb
from tests.e2e.asking import (
    CHINA,
    EU_HOST,
    HARMLESS,
    LETTER,
    MAIL,
    PLANTED,
    REQUEST_ID,
    UNKNOWN_MODEL,
    Refused,
    action,
    chat,
    codes,
    question,
    refused,
)
from tests.e2e.running import PATIENCE, Ears

SECRET = MAIL.encode()


def nested(depth: int) -> bytes:
    """Return a chat body with containers within containers, the outermost being the body itself."""
    deep = "[" * (depth - 1) + f'"{MAIL}"' + "]" * (depth - 1)
    return f'{{"messages": [{{"role": "user", "content": "{HARMLESS}"}}], "metadata": {deep}}}'.encode()


AMBIGUOUS = {
    "malformed": b'{"messages": [{"role": "user", "content": "' + SECRET + b'"}',
    "no-json-at-all": SECRET,
    "key-twice": b'{"messages": [], "messages": [{"role": "user", "content": "' + SECRET + b'"}]}',
    "secret-key-twice": b'{"messages": [{"role": "user", "' + SECRET + b'": 1, "' + SECRET + b'": 2}]}',
    "key-twice-by-escape": b'{"messages": [], "messa\\u0067es": [{"role": "user", "content": "' + SECRET + b'"}]}',
    "not-a-number": b'{"messages": [{"role": "user", "content": "' + SECRET + b'"}], "temperature": NaN}',
    "byte-order-mark": b"\xef\xbb\xbf" + chat(MAIL),
    "bytes-after-it": chat(MAIL) + b"\x00",
    "second-document": chat(MAIL) + chat(MAIL),
    "not-utf-8": b'{"messages": [{"role": "user", "content": "' + SECRET + b'\xff"}]}',
    "utf-16": chat(MAIL).decode().encode("utf-16"),
    "nested-129-deep": nested(129),
    "nested-100000-deep": nested(100_000),
    "empty": b"",
}
MISFITS = {
    "anthropic-as-openai": (pb.FORMAT_OPENAI_CHAT, {"system": MAIL, "prompt": MAIL}),
    "list-for-an-object": (pb.FORMAT_OPENAI_CHAT, [MAIL]),
    "string-for-an-object": (pb.FORMAT_ANTHROPIC_MESSAGES, MAIL),
    "messages-no-list": (pb.FORMAT_OPENAI_CHAT, {"messages": MAIL}),
    "message-no-object": (pb.FORMAT_OPENAI_CHAT, {"messages": [MAIL]}),
    "chat-as-responses": (pb.FORMAT_OPENAI_RESPONSES, {"messages": [{"content": MAIL}]}),
    "chat-as-embeddings": (pb.FORMAT_OPENAI_EMBEDDINGS, {"messages": [{"content": MAIL}]}),
    "chat-as-gemini": (pb.FORMAT_GEMINI_GENERATE_CONTENT, {"messages": [{"content": MAIL}]}),
    "prompt-as-cohere": (pb.FORMAT_COHERE_CHAT, {"prompt": MAIL}),
    "messages-missing": (pb.FORMAT_ANTHROPIC_MESSAGES, {"system": MAIL}),
}
FORMATS = tuple(sorted(set(pb.Format.values()) - {pb.FORMAT_UNSPECIFIED}))


def inspect(ears: Ears, **fields: object) -> pb.InspectResponse:
    """Ask, and return the answer."""
    return ears.inspection.Inspect(question(**fields), timeout=PATIENCE)


@pytest.fixture
def unchanged(ears: Ears) -> Iterator[None]:
    """Nothing is recorded in the test, and the process takes requests after it."""
    before = ears.status().journal_size
    yield
    assert before == ears.status().journal_size
    assert "allow" == action(inspect(ears))


@pytest.mark.parametrize("body", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_ambiguous_body(ears: Ears, unchanged: None, body: bytes) -> None:
    """What two readers could read as two documents is refused, and no part of it is quoted."""
    assert Refused("INVALID_ARGUMENT", "AMBIGUOUS_BODY", "body", retry=False) == refused(
        lambda: inspect(ears, tenant="shop", body=body)
    )


@pytest.mark.parametrize(("format_", "document"), MISFITS.values(), ids=MISFITS.keys())
def test_body_of_another_shape(ears: Ears, unchanged: None, format_: "pb.Format.ValueType", document: object) -> None:
    """A document that is not what the format says is refused."""
    assert Refused("INVALID_ARGUMENT", "BAD_REQUEST", "body", retry=False) == refused(
        lambda: inspect(ears, format=format_, body=json.dumps(document).encode())
    )


@pytest.mark.parametrize("format_", FORMATS)
def test_empty_body(ears: Ears, unchanged: None, format_: "pb.Format.ValueType") -> None:
    """An empty body is refused in every format, text too."""
    assert Refused("INVALID_ARGUMENT", "AMBIGUOUS_BODY", "body", retry=False) == refused(
        lambda: inspect(ears, format=format_, body=b"")
    )


@pytest.mark.parametrize("format_", [pb.FORMAT_UNSPECIFIED, 99])
def test_unknown_format(ears: Ears, unchanged: None, format_: "pb.Format.ValueType") -> None:
    """A format that the contract does not know, or none, is refused."""
    assert Refused("INVALID_ARGUMENT", "BAD_REQUEST", "format", retry=False) == refused(
        lambda: inspect(ears, format=format_)
    )


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("attributes", {"attributes": {MAIL: "support"}}),
        ("attributes.purpose", {"attributes": {"purpose": MAIL}}),
        ("attributes.purpose", {"attributes": {"purpose": ""}}),
        ("attributes.purpose", {"attributes": {"purpose": "support\n"}}),
        ("direction", {"direction": 7}),
        ("request_id", {"request_id": REQUEST_ID * 100}),
        ("subject", {"subject": "x" * 2000}),
        ("target.model", {"target": pb.Target(model=UNKNOWN_MODEL * 100, provider="ovhcloud")}),
        ("candidates.1.region", {"candidates": [EU_HOST, pb.Target(model="a", provider="b", region="c" * 2000)]}),
        ("candidates", {"candidates": [EU_HOST] * 1000}),
        ("restorations", {"restorations": [b"x"] * 1000}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_field_that_is_not_what_the_contract_says(
    ears: Ears, unchanged: None, field: str, fields: dict[str, Any]
) -> None:
    """The field is named, its value is not."""
    assert Refused("INVALID_ARGUMENT", "BAD_REQUEST", field, retry=False) == refused(lambda: inspect(ears, **fields))


@pytest.mark.parametrize("tenant", ["", "nobody-we-know", MAIL, "Plain", "plain "])
def test_unknown_tenant(ears: Ears, unchanged: None, tenant: str) -> None:
    """A tenant that is not in the file may ask nothing, and is not quoted."""
    assert Refused("PERMISSION_DENIED", "UNKNOWN_TENANT", "tenant", retry=False) == refused(
        lambda: inspect(ears, tenant=tenant)
    )


@pytest.mark.parametrize("format_", FORMATS)
def test_body_of_20_megabytes(ears: Ears, unchanged: None, format_: "pb.Format.ValueType") -> None:
    """A body over the limit gets an answer of ours, not of the transport."""
    text = (HARMLESS + MAIL) * (20_000_000 // len(HARMLESS + MAIL))
    body = text.encode() if format_ == pb.FORMAT_TEXT else chat(text)
    assert Refused("RESOURCE_EXHAUSTED", "BODY_TOO_LARGE", "body", retry=False) == refused(
        lambda: inspect(ears, format=format_, body=body)
    )


def test_more_than_the_transport_takes(ears: Ears, unchanged: None) -> None:
    """Beyond 32 MiB the transport refuses, and the process lives on."""
    told = refused(lambda: inspect(ears, format=pb.FORMAT_TEXT, body=SECRET * (40_000_000 // len(SECRET))))
    assert "RESOURCE_EXHAUSTED" == told.code


def test_128_deep_is_judged(ears: Ears) -> None:
    """Depth 128 is not too deep, and what lies there is found."""
    answer = inspect(ears, body=nested(128))
    assert ("allow", ["EMAIL_ADDRESS"]) == (action(answer), [finding.entity for finding in answer.findings])


def test_ten_thousand_messages(ears: Ears) -> None:
    """A long conversation is judged to its end."""
    answer = inspect(ears, body=chat(*[f"Message {number}." for number in range(9_999)], f"Write to {MAIL}."))
    assert ("allow", ["/messages/9999/content"]) == (action(answer), [finding.pointer for finding in answer.findings])


def test_unknown_target_is_judged(ears: Ears) -> None:
    """A model that nobody knows is no error: it is denied."""
    answer = inspect(ears, target=pb.Target(model=UNKNOWN_MODEL, provider="ovhcloud"))
    assert ("block", "identity.unidentified_target") == (action(answer), answer.refusal.code)


@pytest.mark.parametrize(
    "target", [None, pb.Target(), pb.Target(model="qwen3-32b"), pb.Target(provider="ovhcloud"), pb.Target(model="\x00")]
)
def test_target_that_says_too_little_is_judged(ears: Ears, target: pb.Target | None) -> None:
    """No target, or half of one, is an unidentified one."""
    answer = inspect(ears, target=target)
    assert ("block", ["identity.unidentified_target"]) == (action(answer), codes(answer))


@pytest.mark.parametrize("body", [b'{"messages": []}', b' {"messages":[{"role":"user","content":"Hi"}]}\n\t '])
def test_odd_but_clear_bodies_are_judged(ears: Ears, body: bytes) -> None:
    """A body without model, without messages, or with blanks around it is one document, and is forwarded as it is."""
    answer = inspect(ears, body=body)
    assert ("allow", body) == (action(answer), answer.body)


def test_block_is_an_answer(ears: Ears) -> None:
    """What is denied is answered with a refusal for the client, and nothing to forward."""
    answer = inspect(ears, tenant="ministry", target=CHINA, body=chat(LETTER))
    assert "block" == action(answer)
    assert (b"", b"", False) == (answer.body, answer.restoration, answer.HasField("target"))
    error = json.loads(answer.refusal.body)["error"]
    assert (403, answer.refusal.code, answer.decision_id) == (
        answer.refusal.http_status,
        error["code"],
        error["decision_id"],
    )
    shown = answer.SerializeToString().decode("utf-8", "replace")
    assert [] == [value for value in PLANTED if value in shown]


class TestReport:
    """What a report may say, and about what."""

    def test_of_a_decision(self, ears: Ears) -> None:
        """A report of one's own decision is recorded."""
        answer = inspect(ears)
        before = ears.status().journal_size
        ears.inspection.Report(
            pb.ReportRequest(tenant="plain", decision_id=answer.decision_id, forwarded=True, target=answer.target),
            timeout=PATIENCE,
        )
        assert before + 1 == ears.status().journal_size

    @pytest.mark.parametrize("decision_id", ["01890000-0000-7000-8000-000000000000", MAIL])
    def test_of_an_unknown_decision(self, ears: Ears, unchanged: None, decision_id: str) -> None:
        """There is nothing to report on."""
        report = pb.ReportRequest(tenant="plain", decision_id=decision_id)
        assert Refused("NOT_FOUND", "NOT_FOUND", "decision_id", retry=False) == refused(
            lambda: ears.inspection.Report(report, timeout=PATIENCE)
        )

    def test_of_another_tenants_decision(self, ears: Ears) -> None:
        """Whose it is does not show."""
        report = pb.ReportRequest(tenant="shop", decision_id=inspect(ears).decision_id)
        assert Refused("NOT_FOUND", "NOT_FOUND", "decision_id", retry=False) == refused(
            lambda: ears.inspection.Report(report, timeout=PATIENCE)
        )

    def test_of_an_unknown_tenant(self, ears: Ears, unchanged: None) -> None:
        """As for requests."""
        report = pb.ReportRequest(tenant=MAIL, decision_id="1")
        assert Refused("PERMISSION_DENIED", "UNKNOWN_TENANT", "tenant", retry=False) == refused(
            lambda: ears.inspection.Report(report, timeout=PATIENCE)
        )

    @pytest.mark.parametrize(
        ("field", "fields"),
        [
            ("decision_id", {"decision_id": ""}),
            ("http_status", {"http_status": -1}),
            ("input_tokens", {"input_tokens": -5}),
            ("output_tokens", {"output_tokens": -(2**62)}),
            ("target.provider", {"target": pb.Target(model="m", provider="p" * 5000)}),
        ],
    )
    def test_that_cannot_be(self, ears: Ears, unchanged: None, field: str, fields: dict[str, Any]) -> None:
        """Counts below zero are refused, by name."""
        report = pb.ReportRequest(**{"tenant": "plain", "decision_id": "1", **fields})
        assert Refused("INVALID_ARGUMENT", "BAD_REQUEST", field, retry=False) == refused(
            lambda: ears.inspection.Report(report, timeout=PATIENCE)
        )

    @pytest.mark.parametrize("tokens", [2**53, 2**63 - 1])
    def test_counts_beyond_json(self, ears: Ears, tokens: int) -> None:
        """A count that no canonical JSON holds does not spoil the journal: it is refused by name, or recorded."""
        report = pb.ReportRequest(tenant="plain", decision_id=inspect(ears).decision_id, input_tokens=tokens)
        told = refused(lambda: ears.inspection.Report(report, timeout=PATIENCE))
        assert Refused("INVALID_ARGUMENT", "BAD_REQUEST", "input_tokens", retry=False) == told
        assert "allow" == action(inspect(ears))
