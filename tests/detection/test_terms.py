"""Allow lists, deny lists and thresholds: the operator's, a tenant's, and what neither may do."""

import asyncio
from dataclasses import replace

import pytest

from sidecar.clock import Deadline
from sidecar.detection.cache import ReadingCache
from sidecar.detection.classes import load_classes
from sidecar.detection.detector import LocalDetector, WindowDetector
from sidecar.detection.engine import Engine
from sidecar.detection.spans import Sighting, inset
from sidecar.detection.terms import KEPT, TermsBook
from sidecar.detection.thread import Thread
from sidecar.terms import TermsRow
from sidecar.types.terms import Additions, Terms
from tests.detection.fakes import CountingRunner, Reader, settings

MAIL, CARD, RRN, KEY = "jane.doe@example.com", "4111 1111 1111 1111", "900101-1234568", "password: hunter2!x"


def terms(**row: object) -> Terms:
    """Return terms as a file states them."""
    return TermsRow.model_validate(row).terms()


def operated(**row: object) -> Reader:
    """Return an engine with the operator's terms."""
    return Reader(replace(settings(), terms=terms(**row)))


@pytest.fixture(scope="module")
def lists() -> Reader:
    """An engine with some lists."""
    return operated(
        allow=[MAIL, CARD, RRN, "hunter2!x", "Bluebird", {"texts": [".+@acme[.]example"], "match": "regex"}],
        deny={
            "projects": {"words": ["Bluebird", "무궁화", "Jane Roe"]},
            "staff": {"words": ["Kim Q"], "entity": "PERSON"},
            "drugs": {"words": ["Zyxal"], "entity": "DRUG", "class": "health"},
        },
    )


def test_allowed_values_are_not_reported(lists: Reader) -> None:
    """A value that stands in the list letter for letter, or as a whole matches a pattern, is let be; no other is."""
    assert [] == lists.found(f"Write to {MAIL} or help@acme.example.")
    assert ["EMAIL_ADDRESS", "EMAIL_ADDRESS"] == [
        entity for entity, _ in lists.found("Not JANE.DOE@example.com nor help@acme.example.org.")
    ]


def test_what_must_be_named_is_not_hidden_unnamed(lists: Reader) -> None:
    """A list without entities hides no credential, national identifier, card or account, and no denied word."""
    assert [("CREDIT_CARD", CARD), ("KR_RRN", RRN), ("PASSWORD", "hunter2!x"), ("PROJECTS", "Bluebird")] == lists.found(
        f"{CARD}, {RRN}, {KEY} ; Bluebird"
    )


def test_named_entities_are_hidden() -> None:
    """Whoever names the entity means it; the list then holds for that one alone."""
    reader = operated(
        allow=[
            {"texts": [CARD], "entities": ["CREDIT_CARD"]},
            {"texts": [MAIL], "entities": ["PHONE_NUMBER"]},
            {"texts": ["Bluebird"], "entities": ["PROJECTS"]},
        ],
        deny={"projects": ["Bluebird"]},
    )
    assert [("EMAIL_ADDRESS", MAIL)] == reader.found(f"card {CARD}, {MAIL}, Bluebird")


def test_denied_words_have_an_entity_and_a_class(lists: Reader) -> None:
    """By default the list's name and ``unclassified``, else those that it states; the recognizer is the list."""
    seen = lists.sightings("BLUEBIRD, 무궁화를, kim q, zyxal")
    assert [
        ("PROJECTS", "unclassified", "Deny_projects", 1.0, False),
        ("PROJECTS", "unclassified", "Deny_projects", 1.0, False),
        ("PERSON", "person_name", "Deny_staff", 1.0, False),
        ("DRUG", "health", "Deny_drugs", 1.0, False),
    ] == [(one.entity, one.data_class, one.recognizer, one.score, one.bare) for one in seen]


def test_a_denied_word_within_something_else(lists: Reader) -> None:
    """It is reported for itself, and nothing around it is lost; within a credential it is part of that."""
    text = "bluebird.jane@example.com and jane.bluebird.doe@example.com; api_key = 'bluebird-x93kd0w2kd83kz'"
    assert ["bluebird", ".jane@example.com", "jane.", "bluebird", ".doe@example.com", "bluebird-x93kd0w2kd83kz"] == [
        words for _, words in lists.found(text)
    ]
    assert [("PROJECTS", "Jane Roe")] == lists.found("Please thank Jane Roe for it.")


def test_words_are_set_into_what_is_there() -> None:
    """Whatever a word covers is the word's; all that is left of a sighting stays, unless it is punctuation."""

    def sighting(start: int, end: int, entity: str) -> Sighting:
        return Sighting(start, end, entity, "x", 1.0, "X")

    assert (
        sighting(0, 2, "A"),
        sighting(2, 4, "W"),
        sighting(4, 6, "A"),
        sighting(6, 9, "W"),
        sighting(9, 10, "B"),
        sighting(13, 17, "W"),
    ) == inset(
        (sighting(0, 8, "A"), sighting(8, 10, "B"), sighting(12, 16, "C")),
        (sighting(2, 4, "W"), sighting(6, 9, "W"), sighting(13, 17, "W")),
        "aaaaaaaabb  .wwww",
    )


def test_terms_are_part_of_the_revision(reader: Reader) -> None:
    """Other lists are another detector, and the lists stand among the recognizers."""
    card = operated(deny={"projects": ["Bluebird"]}).engine.card
    assert card.revision != reader.engine.card.revision
    assert {"Deny_projects"} == set(card.recognizers) - set(reader.engine.card.recognizers)


def inspect(detector: WindowDetector, text: str, added: Additions | None, never: Deadline) -> list[tuple[str, str]]:
    """Return entity and words of what is found for a tenant."""
    seen = asyncio.run(detector.inspect([text], tenant="t", deadline=never, additions=added))
    return [(one.entity, text[one.start : one.end]) for one in seen.findings]


def test_additions_are_a_tenants_own(local: LocalDetector, never: Deadline) -> None:
    """What one tenant allows or denies is as before for another, in the same engine, one after the other."""
    text = f"Bluebird for {MAIL}"
    added = Additions.of(terms(allow=[MAIL], deny={"projects": ["bluebird"]}))
    plain = inspect(local, text, None, never)
    assert [("PROJECTS", "Bluebird")] == inspect(local, text, added, never)
    assert plain == inspect(local, text, None, never)
    assert ("EMAIL_ADDRESS", MAIL) in plain


def test_additions_come_to_the_operators(never: Deadline) -> None:
    """A tenant's lists do not take the place of the operator's."""
    thread = Thread(replace(settings(), terms=terms(allow=["a@example.com"], deny={"projects": ["Bluebird"]})))
    added = Additions.of(terms(allow=["b@example.com", "Bluebird"], deny={"sites": ["Area 9"]}))
    detector = LocalDetector(thread, ("en",))
    try:
        assert [("PROJECTS", "Bluebird"), ("SITES", "Area 9"), ("EMAIL_ADDRESS", "c@example.com")] == inspect(
            detector, "Bluebird, Area 9: a@example.com b@example.com c@example.com", added, never
        )
    finally:
        thread.close()


def test_thresholds_are_only_lowered(local: LocalDetector, never: Deadline) -> None:
    """The lower of the operator's and the tenant's threshold holds."""
    text = "passport C01234567"
    low, high = (Additions.of(terms(threshold=one)) for one in (0.01, {"default": 1.0, "EMAIL_ADDRESS": 1.0}))
    assert len(inspect(local, f"{text} {MAIL} 1234567", low, never)) > 1
    assert inspect(local, f"{text} {MAIL}", None, never) == inspect(local, f"{text} {MAIL}", high, never)


def test_other_additions_are_other_windows(local: LocalDetector, never: Deadline) -> None:
    """What was kept under one list is not given under another, and is found again when the list comes back."""
    runner = CountingRunner(local.offload)
    cache = ReadingCache(subkey=lambda tenant: tenant.encode().ljust(32))
    detector = WindowDetector(runner, ("en",), cache=cache)
    old, new = (Additions.of(terms(deny={"projects": [word]})) for word in ("bluebird", "redbird"))
    text = "bluebird redbird"
    found = [inspect(detector, text, added, never) for added in (old, new, old, None)]
    assert [[("PROJECTS", "bluebird")], [("PROJECTS", "redbird")], [("PROJECTS", "bluebird")], []] == found
    assert [text] * 3 == runner.seen


def test_compiled_terms_are_bounded() -> None:
    """A worker keeps the terms of so many tenants, those asked for last."""
    book = TermsBook(Terms(), load_classes())
    added = [Additions.of(terms(deny={"list": [f"word{number}"]})) for number in range(KEPT + 1)]
    first = book.of(added[0])
    assert first is book.of(added[0])
    for one in added[1:]:
        book.of(one)
    assert first is not book.of(added[0])


def test_additions_are_read_as_written() -> None:
    """What goes to a worker is what was stated, and the digest tells two apart."""
    stated = terms(
        allow=["é", {"texts": ["a+"], "match": "regex", "entities": ["X"]}], deny={"l": ["무"]}, threshold=0.2
    )
    assert stated == Additions.of(stated).terms()
    assert Additions.of(stated) == Additions.of(stated)
    assert Additions.of(stated).digest != Additions.of(terms(allow=["e"])).digest


def test_the_engine_says_nothing_of_additions(reader: Reader) -> None:
    """No list is among what is logged or compared of a tenant's additions."""
    assert "Bluebird" not in repr(Additions.of(terms(deny={"projects": ["Bluebird"]})))
    assert isinstance(reader.engine, Engine)
