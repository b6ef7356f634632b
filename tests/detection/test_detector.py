"""The detector in a thread: offsets, hidden spans, budgets, coverage."""

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sidecar.clock import Deadline, SystemClock
from sidecar.detection.detector import LocalDetector, WindowDetector, start_detector
from sidecar.detection.gathering import FINDINGS_BUDGET
from sidecar.detection.models import PREFERRED
from sidecar.detection.names import NamesEngine
from sidecar.detection.windows import CORE
from sidecar.errors import DeadlinePassed, SettingsFault
from sidecar.types.content import Complete, Finding, Inspection, Missing, Partial, Span
from tests.detection.fakes import CountingRunner

if TYPE_CHECKING:
    from sidecar.detection.interface import Detector, Offload

PLANTED = {
    "EMAIL_ADDRESS": "jane.doe@example.com",
    "CREDIT_CARD": "4111-1111-1111-1111",
    "KR_RRN": "900101-1234568",
    "API_KEY": "AKIAQ3EGRLKPWXYZ1234",
}
SURROUNDINGS = st.text(alphabet="가나다라 中文字符 ひらカナ бдж ，。：（）「」!? \n\t😀", max_size=40)


def inspect(detector: WindowDetector, texts: list[str], hidden: dict[int, list[Span]] | None = None) -> Inspection:
    """Inspect with a caller who waits."""
    return asyncio.run(detector.inspect(texts, tenant="t", deadline=Deadline(SystemClock(), None), hidden=hidden))


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(SURROUNDINGS, st.sampled_from(sorted(PLANTED))), min_size=1, max_size=5), SURROUNDINGS)
def test_planted_values_are_found_exactly(local: LocalDetector, parts: list[tuple[str, str]], tail: str) -> None:
    """Whatever letters that look unlike its own stand around, each planted value is found with its exact span."""
    text, expected = "", []
    for before, entity in parts:
        text += before + ("、" if not before else "")
        expected.append((entity, len(text), len(text) + len(PLANTED[entity])))
        text += PLANTED[entity]
    text += "、" + tail
    findings = inspect(local, [text]).findings
    assert expected == [(one.entity, one.start, one.end) for one in findings if one.entity in PLANTED]


def test_findings_of_a_long_text(local: LocalDetector) -> None:
    """Values in every window, on borders too, are found once and in order; nothing is missing."""
    line = "ref 77 中文 jane.doe@example.com and 4111 1111 1111 1111 가나다\n"
    text = line * 1_500
    inspection = inspect(local, [text, "900101-1234568"])
    assert isinstance(inspection, Complete)
    expected = [
        (0, entity, start * len(line) + line.index(value), start * len(line) + line.index(value) + len(value))
        for start in range(1_500)
        for entity, value in (("EMAIL_ADDRESS", "jane.doe@example.com"), ("CREDIT_CARD", "4111 1111 1111 1111"))
    ]
    assert [*expected, (1, "KR_RRN", 0, 14)] == [
        (one.segment, one.entity, one.start, one.end) for one in inspection.findings
    ]


def test_a_run_without_any_border(local: LocalDetector) -> None:
    """A value is found whole in a text without blanks, wherever the cut falls."""
    for place in range(CORE - 24, CORE + 4, 3):
        text = "中" * place + "jane.doe@example.com" + "中" * (2 * CORE)
        assert [(place, place + 20)] == [(one.start, one.end) for one in inspect(local, [text]).findings]


def test_hidden_spans_are_never_part_of_a_finding(local: LocalDetector) -> None:
    """What is hidden is read as a neutral word: not found itself, and not in the way of what stands beside it."""
    text = "Mail jane.doe@example.com or 4111111111111111 today"
    mail, card = Span(5, 25), Span(29, 45)
    assert ["EMAIL_ADDRESS", "CREDIT_CARD"] == [one.entity for one in inspect(local, [text]).findings]
    assert ["CREDIT_CARD"] == [one.entity for one in inspect(local, [text], {0: [mail]}).findings]
    assert () == inspect(local, [text], {0: [card, mail]}).findings
    assert 2 == len(inspect(local, ["x", text], {0: [Span(0, 1)]}).findings)


def test_whole_value(local: LocalDetector) -> None:
    """An inspection says everything: findings, languages, markings."""
    assert Complete(
        findings=(
            Finding(0, 16, 36, "EMAIL_ADDRESS", "contact", 0.95, "EmailRecognizer"),
            Finding(1, 0, 14, "KR_RRN", "kr_rrn", 0.95, "Identifier_KR_RRN"),
        ),
        languages=("en", "ko"),
        unsupported_languages=("ko",),
        markings=("confidential",),
    ) == inspect(local, ["CONFIDENTIAL - (jane.doe@example.com)", "900101-1234568 입니다"])


def test_interface(local: LocalDetector) -> None:
    """The detector is what the stories ask for, and so is what it runs functions in."""
    detector: Detector = local
    offload: Offload = local.offload
    assert ("en",) == detector.languages
    assert 3 == asyncio.run(offload(len, "abc", deadline=Deadline(SystemClock(), None)))


def test_nothing_to_read(local: LocalDetector) -> None:
    """No texts, or empty ones, are complete and hold nothing."""
    assert Complete(()) == inspect(local, []) == inspect(local, ["", ""])


def test_names_beyond_the_budget_are_told(local: LocalDetector) -> None:
    """Beyond the budget for names the inspection is partial and says from where; patterns go on to the end."""
    budget = 2 * CORE
    text = "The price is due.\n" * (budget // 18 + 1_500) + "jane.doe@example.com"
    inspection = inspect(LocalDetector(local.offload, ("en",), names_budget=budget), [text])
    assert isinstance(inspection, Partial)
    (missing,) = inspection.missing
    assert Missing(0, missing.start, len(text), "SpacyRecognizer") == missing
    assert CORE // 2 <= missing.start <= budget
    assert ["EMAIL_ADDRESS"] == [one.entity for one in inspection.findings]


HOSTILE = {
    "brackets": "A" + "(" * 20_000,
    "dots": "A" + "a." * 10_000,
    "emoji": "A" + "😀" * 20_000,
    "www": "W" + "www." * 5_000,
    "almost-mail": "A" + "aaaaaaaa." * 2_200 + "@",
    "groups": "A" + "1234 " * 4_000,
    "colons": "A" + "1:" * 10_000,
    "ats": "A" + "a@" * 10_000,
    "keys": "A" + "sk-" + "my_" * 6_000,
    "passwords": "password " * 2_200,
    "ibans": "DE89 " * 4_000,
    "headers": "-----BEGIN RSA PRIVATE KEY-----" * 640,
    "one-word": "A" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_end(local: LocalDetector, text: str) -> None:
    """Texts that stall stock Presidio are read, and whatever was given up on is told."""
    inspection = inspect(local, [text])
    assert isinstance(inspection, Complete) or {one.detector for one in inspection.missing} <= {"PhoneRecognizer"}


def test_too_many_candidates_are_told(local: LocalDetector) -> None:
    """Digits that would ask libphonenumber without end make the inspection partial, and say from where."""
    text = "jane.doe@example.com, " + "00999301234, " * 900
    inspection = inspect(local, [text])
    assert isinstance(inspection, Partial)
    (missing,) = inspection.missing
    assert Missing(0, missing.start, len(text), "PhoneRecognizer") == missing
    assert len(text) // 4 < missing.start < len(text)
    assert ["EMAIL_ADDRESS"] == [one.entity for one in inspection.findings]


def test_too_many_findings_are_told(local: LocalDetector) -> None:
    """Beyond the findings that a request may have nothing more is read, and the range is told."""
    line = "jane.doe@example.com\n"
    text = line * (FINDINGS_BUDGET + 20_000)
    runner = CountingRunner(local.offload)
    inspection = inspect(WindowDetector(runner, ("en",), names_budget=0), [text])
    assert isinstance(inspection, Partial)
    missing = next(one for one in inspection.missing if one.detector == "findings")
    assert Missing(0, missing.start, len(text), "findings") == missing
    assert FINDINGS_BUDGET - 2 * CORE // len(line) < len(inspection.findings) <= FINDINGS_BUDGET
    assert sum(map(len, runner.seen)) < 2 * len(text)


def test_deadline(local: LocalDetector) -> None:
    """A caller who is too late is told so; the next one is served."""
    with pytest.raises(DeadlinePassed):
        asyncio.run(local.inspect(["x"], tenant="t", deadline=Deadline(SystemClock(), 0)))
    with pytest.raises(DeadlinePassed):
        asyncio.run(
            local.inspect(["Anna Smith met Bob Jones. " * 8_000], tenant="t", deadline=Deadline(SystemClock(), 0.05))
        )
    assert Complete((), ("en",)) == inspect(local, ["x"])


async def test_unknown_language_names_the_setting() -> None:
    """A language without a model stops the start."""
    with pytest.raises(SettingsFault) as caught:
        await start_detector(languages=("en", "xx"), workers=0)
    assert "detection.languages" == caught.value.field


async def test_without_names() -> None:
    """Without languages only patterns run, and every language is unsupported."""
    async with await start_detector(languages=(), workers=0) as detector:
        inspection = await detector.inspect(
            ["Please ask Oosterbeek about it: jane.doe@example.com"], tenant="t", deadline=Deadline(SystemClock(), None)
        )
    assert ("EMAIL_ADDRESS",) == tuple(one.entity for one in inspection.findings)
    assert (("en",), True) == (inspection.unsupported_languages, isinstance(inspection, Complete))


@pytest.mark.parametrize("model", PREFERRED)
def test_names_are_read_in_our_own_pass(model: str) -> None:
    """Where the package was installed with a compiler, as here, falling back to spaCy's own pass is a fault."""
    names = NamesEngine(model)
    assert "native" == names.ner_engine
