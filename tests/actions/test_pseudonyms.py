import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.actions.interface import Scope
from sidecar.actions.pseudonyms import ALPHABET, Pseudonyms, encode, kind_word
from tests.actions.fakes import keyring

SESSION = Scope("acme", "session", "s1")


def one(value: str, entity: str = "PERSON", scope: Scope = SESSION, *ids: str) -> str:
    """Return the pseudonym of one value."""
    return Pseudonyms(keyring(*ids)).assign(scope, [(value, entity)])[value]


def test_reads_as_word_code_and_check() -> None:
    """A pseudonym is a word, eight characters and two that check them, none of which reads like another."""
    assert re.fullmatch(rf"<PERSON_[{ALPHABET}]{{10}}>", one("Ada Lovelace"))


def test_is_derived_from_the_value_alone() -> None:
    """The same value gets the same pseudonym on any replica, whatever else is in the request."""
    alone = one("Ada")
    among = Pseudonyms(keyring()).assign(SESSION, [("Bob", "PERSON"), ("Ada", "PERSON"), ("Eve", "PERSON")])

    assert alone == among["Ada"]
    assert len(set(among.values())) == 3


def test_differs_by_tenant_scope_and_key() -> None:
    """Neither another tenant, nor another session, nor a new key gives the same pseudonym."""
    scopes = [SESSION, Scope("acme", "session", "s2"), Scope("acme", "tenant", ""), Scope("acme", "request", "s1")]
    seen = [one("Ada", "PERSON", scope) for scope in scopes]
    seen += [one("Ada", "PERSON", Scope("other", "session", "s1")), one("Ada", "PERSON", SESSION, "k1", "k2")]

    assert len(set(seen)) == 6


@pytest.mark.parametrize(
    ("first", "second", "entity", "same"),
    [
        ("Ada@Example.com", "ada@example.COM", "EMAIL_ADDRESS", True),
        ("Ada", "ada", "PERSON", False),
        ("+49 170 1234567", "0170 1234567", "PHONE_NUMBER", False),
        ("stra\u00dfe@example.com", "strasse@example.com", "EMAIL_ADDRESS", False),
    ],
)
def test_same_value_in_another_spelling(first: str, second: str, entity: str, same: bool) -> None:  # noqa: FBT001
    """Only the case of an e-mail address does not matter."""
    assert (one(first, entity) == one(second, entity)) is same


def test_value_seen_as_two_entities_keeps_the_first_word() -> None:
    """A detector that changes its mind does not split a value in two."""
    given_ = Pseudonyms(keyring()).assign(SESSION, [("Paris", "LOCATION"), ("Paris", "PERSON")])

    assert [word.partition("_")[0] for word in given_.values()] == ["<LOCATION"]


@given(st.sets(st.text(min_size=1), min_size=2, max_size=60))
def test_values_that_meet_get_longer_ones(values: set[str]) -> None:
    """However short the codes, no two values of a request share a pseudonym, in whatever order they come."""
    crowded = Pseudonyms(keyring(), characters=1)
    pairs = [(value, "PERSON") for value in sorted({value.strip() or value for value in values})]
    forward, backward = crowded.assign(SESSION, pairs), crowded.assign(SESSION, pairs[::-1])

    assert forward == backward
    assert len(set(forward.values())) == len(pairs)


def test_both_of_two_that_meet_are_longer() -> None:
    """None of two values that meet keeps the short one, so that the order does not tell."""
    crowded = Pseudonyms(keyring(), characters=1)
    many = crowded.assign(SESSION, [(f"value {number}", "PERSON") for number in range(200)])

    assert {len(word) for word in many.values()} == {len("<PERSON_>") + 2 + 5}


def test_re_entry_is_known_in_any_scope_and_after_rotation() -> None:
    """What this tenant once wrote is recognized, in another session and under a newer key."""
    written = one("Ada", "PERSON", SESSION, "k1")
    text = f"Ask {written} now"
    rotated = Pseudonyms(keyring("k1", "k2"))

    assert list(rotated.find("acme", text)) == [(4, 4 + len(written), True)]
    assert list(Pseudonyms(keyring("k2")).find("acme", text)) == [(4, 4 + len(written), False)]


def test_pseudonym_of_another_tenant_is_a_look_alike() -> None:
    """The check is the tenant's own."""
    written = one("Ada")

    assert list(Pseudonyms(keyring()).find("other", written)) == [(0, len(written), False)]


@given(st.integers(min_value=0, max_value=16), st.sampled_from(ALPHABET))
def test_edited_pseudonym_is_a_look_alike(place: int, character: str) -> None:
    """No other word or code passes under a check that was seen: nothing can be smuggled in its brackets."""
    pseudonyms = Pseudonyms(keyring())
    written = one("Ada")
    inner = list(written[1:-1])
    inner[place % len(inner)] = character
    edited = f"<{''.join(inner)}>"

    assert edited == written or not any(holds for _, _, holds in pseudonyms.find("acme", edited))


@pytest.mark.parametrize(
    "text", ["a < b > c", "<PERSON_1>", "<person_7KQ2M4XA9D>", "<_7KQ2M4XA9D>", "<PERSON_7KQ2M4XA9U>", ""]
)
def test_other_brackets_are_no_look_alikes(text: str) -> None:
    """Only what has the very shape is looked at."""
    assert list(Pseudonyms(keyring()).find("acme", text)) == []


@pytest.mark.parametrize(
    ("entity", "word"),
    [
        ("PERSON", "PERSON"),
        ("EMAIL_ADDRESS", "EMAIL_ADDRESS"),
        ("KR_RRN", "KR_RRN"),
        ("Api-Key 2", "API_KEY"),
        ("\u4eba", "VALUE"),
        ("A" * 90, "A" * 40),
    ],
)
def test_word_of_an_entity(entity: str, word: str) -> None:
    """Recognizers of one's own may call their entities anything."""
    assert word == kind_word(entity)


def test_digest_is_no_pseudonym() -> None:
    """What a hash leaves cannot be taken for a pseudonym of the same value."""
    pseudonyms = Pseudonyms(keyring())
    digest = pseudonyms.digest(SESSION, "Ada", "PERSON")

    assert len(digest) == 16
    assert digest == pseudonyms.digest(SESSION, "Ada", "PERSON")
    assert one("Ada")[8:16] != digest[:8]


@pytest.mark.parametrize(
    ("octets", "text"), [(b"", ""), (b"\x00" * 5, "00000000"), (b"\xff" * 9, "ZZZZZZZZ"), (b"\x08\x42\xff", "111")]
)
def test_base32(octets: bytes, text: str) -> None:
    """Five bits a character, the most significant first, as many as are asked for."""
    assert text == encode(octets, len(text))


@given(st.binary(min_size=32, max_size=32), st.integers(0, 48))
def test_base32_digit_by_digit(octets: bytes, characters: int) -> None:
    """Each character is the five bits that stand at its place."""
    bits = "".join(f"{octet:08b}" for octet in octets)

    digits = [ALPHABET[int(bits[5 * at : 5 * at + 5], 2)] for at in range(characters)]

    assert "".join(digits) == encode(octets, characters)
