"""Values split over messages are found, one part in each; strangers that meet at a border are left alone."""

import asyncio
from collections.abc import Sequence

import pytest

from sidecar.clock import Deadline, SystemClock
from sidecar.detection.detector import LocalDetector
from sidecar.types.content import Complete, Inspection, Span
from tests.detection.test_cache import Cached


def inspect(
    detector: LocalDetector,
    texts: Sequence[str],
    threads: Sequence[Sequence[int]] | None = None,
    hidden: dict[int, list[Span]] | None = None,
) -> Inspection:
    """Inspect texts that follow one another."""
    return asyncio.run(
        detector.inspect(
            texts,
            tenant="t",
            deadline=Deadline(SystemClock(), None),
            hidden=hidden,
            threads=[list(range(len(texts)))] if threads is None else threads,
        )
    )


def found(inspection: Inspection, texts: Sequence[str]) -> list[tuple[str, int, str]]:
    """Return entity, text and letters of all findings but names."""
    return [
        (one.entity, one.segment, texts[one.segment][one.start : one.end])
        for one in inspection.findings
        if one.entity != "PERSON"
    ]


SPLIT = {
    "card": ("CREDIT_CARD", ["my card is 4111 1111", "1111 1111"], ["4111 1111", "1111 1111"]),
    "card-in-pieces": ("CREDIT_CARD", ["4111", "1111", "1111", "1111 thanks"], ["4111", "1111", "1111", "1111"]),
    "card-glued": ("CREDIT_CARD", ["card: 41111111", "11111111 please"], ["41111111", "11111111"]),
    "card-in-korean": ("CREDIT_CARD", ["카드 4111-1111-", "1111-1111입니다"], ["4111-1111-", "1111-1111"]),
    "mail-at": ("EMAIL_ADDRESS", ["john.smith", "@acme.com"], ["john.smith", "@acme.com"]),
    "mail-domain": ("EMAIL_ADDRESS", ["it is john.smith@ac", "me.com, ok?"], ["john.smith@ac", "me.com"]),
    "phone": ("PHONE_NUMBER", ["call +49 30", "901820 please"], ["+49 30", "901820"]),
    "phone-told": ("PHONE_NUMBER", ["my phone is (212) 555", "0142"], ["(212) 555", "0142"]),
    "rrn": ("KR_RRN", ["제 번호는 900101-", "1234568"], ["900101-", "1234568"]),
    "ssn": ("US_SSN", ["SSN 219-09", "-9999"], ["219-09", "-9999"]),
    "resident-id": ("CN_RESIDENT_ID", ["身份证 11010519", "491231002X"], ["11010519", "491231002X"]),
    "iban": ("IBAN_CODE", ["DE89 3704 0044", "0532 0130 00"], ["DE89 3704 0044", "0532 0130 00"]),
}


@pytest.mark.parametrize(("entity", "texts", "parts"), SPLIT.values(), ids=SPLIT)
def test_split_values(local: LocalDetector, entity: str, texts: list[str], parts: list[str]) -> None:
    """Each part is a finding of its own, in its own text."""
    inspection = inspect(local, texts)
    assert isinstance(inspection, Complete)
    assert [(entity, index, part) for index, part in enumerate(parts)] == found(inspection, texts)


BENIGN = {
    "numbers": ["We have 4111", "1111 people came in 2024"],
    "years": ["It was in 1987", "1988 was better"],
    "amounts": ["I paid 120 45", "6789 was the total"],
    "room": ["Meet in room 200", "555-1234 is the part"],
    "mention": ["Thanks a lot!", "@acme looks good"],
    "mail-and-word": ["john.smith@acme.co", "maybe later"],
    "mail-and-mail": ["john.smith@acme.com", "me.too@acme.com"],
    "card-and-number": ["4111 1111 1111 1111", "12 pieces"],
    "two-cards": ["4111 1111 1111 1111", "5555 5555 5555 4444"],
    "address": ["I live at 12", "Baker Street is nice"],
    "order": ["order 12345678", "item 87654321"],
    "times": ["at 10:30", "11:45 works too"],
}


@pytest.mark.parametrize("texts", BENIGN.values(), ids=BENIGN)
def test_benign_neighbors(local: LocalDetector, texts: list[str]) -> None:
    """What each text holds alone is all that is found."""
    assert inspect(local, texts, threads=[]) == inspect(local, texts)


def test_only_threads_are_joined(local: LocalDetector) -> None:
    """Texts that do not follow one another are strangers; one in between is skipped where a thread skips it."""
    texts = ["my card is 4111 1111", "Go on.", "1111 1111"]
    assert [] == found(inspect(local, texts, threads=[]), texts)
    assert [] == found(inspect(local, texts, threads=[[0, 1, 2]]), texts)
    assert [("CREDIT_CARD", 0, "4111 1111"), ("CREDIT_CARD", 2, "1111 1111")] == found(
        inspect(local, texts, threads=[[0, 1, 2], [0, 2]]), texts
    )


def test_hidden_parts_are_not_joined(local: LocalDetector) -> None:
    """What is hidden in one text cannot complete the other."""
    texts = ["my card is 4111 1111", "1111 1111"]
    assert [] == found(inspect(local, texts, hidden={1: [Span(0, 9)]}), texts)


def test_joints_are_remembered(local: LocalDetector) -> None:
    """The borders of a history cost a lookup, like its messages."""
    cached = Cached(local)
    texts = ["my card is 4111 1111", "1111 1111", "and 5555 5555"]
    first = cached.inspect(texts)
    cached.news()
    assert (first, []) == (cached.inspect(texts), cached.news())


def test_joints_leave_languages_alone(local: LocalDetector) -> None:
    """Languages, markings and coverage are those of the texts."""
    texts = ["CONFIDENTIAL 12", "34 나라"]
    assert inspect(local, texts, threads=[]) == inspect(local, texts)
