"""Synthetic values: of the same kind, nobody's, and undone like a pseudonym."""

import ipaddress
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.actions.interface import Rewriting, Scope
from sidecar.actions.operators import Operators
from sidecar.actions.pseudonyms import Pseudonyms
from sidecar.actions.redact import SpanRedactor
from sidecar.actions.restore import ValueRestorer
from sidecar.actions.synthesis import synthetic
from sidecar.types.content import Finding, Format, Segment
from sidecar.types.decisions import Redaction
from tests.actions.fakes import arriving, cut, keyring, spliced

SESSION = Scope("acme", "session", "s1")
SYNTHETIC = [Redaction("c", "synthetic")]
RESTORER = ValueRestorer()


def redacted(
    text: str, *found: tuple[str, str], earlier: dict[str, str] | None = None, scope: Scope = SESSION
) -> tuple[str, Rewriting]:
    """Return a text whose values, given with their entity, have become synthetic."""
    segment = Segment("", in_key=False, text=text)
    findings = [
        Finding(0, match.start(), match.end(), entity, "c", 0.9, "test")
        for value, entity in found
        for match in re.finditer(re.escape(value), text)
    ]
    redactor = SpanRedactor(Pseudonyms(keyring()), Operators())
    rewriting = redactor.rewrite([segment], findings, SYNTHETIC, scope=scope, earlier=earlier or {})
    return spliced(segment, rewriting.edits), rewriting


def whole(text: str, values: dict[str, str]) -> str:
    """Return a text with its values back."""
    return RESTORER.whole(Format.TEXT, text.encode(), values)[0].decode()


def luhn(number: str) -> int:
    """Return what is 0 for a card number."""
    digits = [int(digit) for digit in number if digit.isdigit()][::-1]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10


@given(st.binary(min_size=32, max_size=32))
def test_every_kind_is_drawn_from_what_is_nobodys(octets: bytes) -> None:
    """Each range is one that its registry keeps free, so that no real person, line, card, bank or host is meant."""
    forms = {
        ("EMAIL_ADDRESS", "x@acme.test"): r"[a-z]+\.[a-z]+\d\d@example\.(com|org|net)",
        ("PHONE_NUMBER", "030 901820"): r"\+1 [2-9]\d\d-555-01\d\d",
        ("PHONE_NUMBER", "+44 20 7123 4567"): r"\+44 20 7946 0\d{3}",
        ("PHONE_NUMBER", "+49 170 1234567"): r"\+49 30 23125 \d{3}",
        ("PHONE_NUMBER", "+61 2 1234 5678"): r"\+61 2 5550 \d{4}",
        ("PHONE_NUMBER", "+33 6 12 34 56 78"): r"\+33 1 99 00 \d{4}",
        ("PHONE_NUMBER", "+353 1 234 5678"): r"\+353 20 91\d{5}",
        ("MAC_ADDRESS", "a4:83:e7:00:11:22"): r"00:00:5E:00:53:[0-9A-F]{2}",
        ("US_SSN", "078-05-1120"): r"000-\d\d-\d{4}",
        ("PERSON", "Ada Lovelace"): r"[A-Z][a-z]+ [A-Z][a-z]+",
        ("PERSON", "Ada King Lovelace"): r"[A-Z][a-z]+ [A-Z]\. [A-Z][a-z]+",
        ("STREET_ADDRESS", "5 Elm St"): r"\d{1,3} [A-Z][a-z]+ [A-Z][a-z]+, Exampleville",
        ("CREDIT_CARD", "4111 1111 1111 1111"): r"9999 99\d\d \d{4} \d{4}",
        ("IBAN_CODE", "DE89370400440532013000"): r"XX\d{20}",
    }
    for (entity, value), form in forms.items():
        assert re.fullmatch(form, synthetic(entity, value, octets) or ""), entity
    account = synthetic("IBAN_CODE", "DE89370400440532013000", octets) or ""
    moved = account[4:] + account[:4]

    assert 1 == int("".join(str(int(sign, 36)) for sign in moved)) % 97
    assert 0 == luhn(synthetic("CREDIT_CARD", "4111111111111111", octets) or "")
    assert ipaddress.ip_address(synthetic("IP_ADDRESS", "2a00::1", octets) or "") in ipaddress.ip_network(
        "2001:db8::/32"
    )
    assert any(
        ipaddress.ip_address(synthetic("IP_ADDRESS", "8.8.8.8", octets) or "") in ipaddress.ip_network(network)
        for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
    )
    assert synthetic("DATE_OF_BIRTH", "12 May 1984", octets) is None


def test_follows_from_the_value_alone() -> None:
    """The same value gets the same stand-in beside others, in another spelling of an address, and in no other scope."""
    alone, _ = redacted("Ada Byron", ("Ada Byron", "PERSON"))
    among, _ = redacted("Eve Doe, Ada Byron", ("Eve Doe", "PERSON"), ("Ada Byron", "PERSON"))
    mails, _ = redacted("a@b.com A@B.com", ("a@b.com", "EMAIL_ADDRESS"), ("A@B.com", "EMAIL_ADDRESS"))
    elsewhere, _ = redacted("Ada Byron", ("Ada Byron", "PERSON"), scope=Scope("acme", "session", "s2"))

    assert among.endswith(f", {alone}")
    assert 1 == len(set(mails.split()))
    assert alone != elsewhere


def test_comes_back_exactly_and_as_a_word() -> None:
    """What the model says of the stand-in is said of the value; what only contains it is left."""
    text, rewriting = redacted("Call Ada Byron", ("Ada Byron", "PERSON"))
    name = text.removeprefix("Call ")

    assert "Ada Byron's, Ada Byron." == whole(f"{name}'s, {name}.", dict(rewriting.values))
    assert f"{name}s {name.upper()} x{name}" == whole(f"{name}s {name.upper()} x{name}", dict(rewriting.values))


def test_a_kind_without_a_range_gets_a_pseudonym() -> None:
    """Nothing is invented that could be somebody's."""
    text, rewriting = redacted("born 12 May 1984", ("12 May 1984", "DATE_OF_BIRTH"))

    assert re.fullmatch(r"born <DATE_OF_BIRTH_\w{10}>", text)
    assert "born 12 May 1984" == whole(text, dict(rewriting.values))


def test_what_the_text_holds_anyway_is_not_drawn() -> None:
    """A name that stands there by itself would come back as another's: the next one is drawn."""
    first, _ = redacted("Ada Byron", ("Ada Byron", "PERSON"))
    text = f"Ada Byron met {first}"
    second, rewriting = redacted(text, ("Ada Byron", "PERSON"))

    assert second.endswith(f" met {first}")
    assert second != f"{first} met {first}"
    assert text == whole(second, dict(rewriting.values))


def test_many_values_of_a_small_range_never_share_one() -> None:
    """Two values that would meet are told apart, with pseudonyms where the range is used up."""
    values = [f"02:00:00:00:{number // 256:02x}:{number % 256:02x}" for number in range(300)]
    text, rewriting = redacted(" ".join(values), *((value, "MAC_ADDRESS") for value in values))

    assert 300 == len(set(text.split())) == len(rewriting.values)
    assert " ".join(values) == whole(text, dict(rewriting.values))
    assert {True, False} == {word.startswith("<MAC_ADDRESS_") for word in text.split()}


def test_one_that_comes_back_stands_for_itself() -> None:
    """A stand-in of an earlier turn is not given one of its own, and still means the first value."""
    first, before = redacted("Ada Byron", ("Ada Byron", "PERSON"))
    again, after = redacted(
        f"{first} and Ada Byron", (first, "PERSON"), ("Ada Byron", "PERSON"), earlier=dict(before.values)
    )

    assert f"{first} and {first}" == again
    assert {first: "Ada Byron"} == after.values


@given(
    st.lists(
        st.sampled_from(
            [("Ada Byron", "PERSON"), ("a@b.com", "EMAIL_ADDRESS"), ("8.8.8.8", "IP_ADDRESS"), ("x", ""), ("é", "")]
        ),
        max_size=10,
    ),
    st.sampled_from([" ", ", ", "\n", "/", "\u4eba"]),
    st.lists(st.integers(0, 400), max_size=10),
)
async def test_restore_undoes_redact(words: list[tuple[str, str]], between: str, places: list[int]) -> None:
    """``restore(redact(t)) == t``, whole and in pieces."""
    text = between.join(word for word, _ in words)
    after, rewriting = redacted(text, *{pair for pair in words if pair[1]})
    chunks = cut(after.encode(), places)
    pieces = [piece async for piece in RESTORER.stream(Format.TEXT, arriving(chunks), rewriting.values)]

    assert text == whole(after, dict(rewriting.values))
    assert text.encode() == b"".join(pieces)


@pytest.mark.parametrize("ascii_only", [True, False])
def test_comes_back_in_json(ascii_only: bool) -> None:  # noqa: FBT001
    """Also right behind an escape, and escaped as deep as it is put."""
    values = {"Maria Keller": 'Ada "A" Byron'}
    body = json.dumps({"a": json.dumps({"b": "to\nMaria Keller"}), "c": "请Maria Keller"}, ensure_ascii=ascii_only)
    got = json.loads(RESTORER.whole(Format.OPENAI_CHAT, body.encode(), values)[0])

    assert {"b": 'to\nAda "A" Byron'} == json.loads(got["a"])
    assert '请Ada "A" Byron' == got["c"]
