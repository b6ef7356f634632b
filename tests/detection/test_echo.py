"""What one place told holds for all places of a request."""

import pytest

from sidecar.clock import Deadline
from sidecar.detection.detector import LocalDetector
from sidecar.types.content import Finding, Span

pytestmark = pytest.mark.asyncio
SPAN = Span(0, 8)


async def _found(local: LocalDetector, never: Deadline, *texts: str) -> list[tuple[int, str, bool]]:
    inspection = await local.inspect(texts, tenant="t", deadline=never)
    return [(one.segment, _value(texts, one), one.bare) for one in inspection.findings]


def _value(texts: tuple[str, ...], one: Finding) -> str:
    return texts[one.segment][one.start : one.end]


async def test_a_surname_alone(local: LocalDetector, never: Deadline) -> None:
    """A name that was said in full is found by its parts, in capitals and with a possessive, in other texts too."""
    texts = ("My name is Anna Kowalska.", "re: kowalska claim, KOWALSKA's file; Kowalska-Bau is a firm. Ask Anna.")
    found = await _found(local, never, *texts)
    assert (0, "Anna Kowalska", False) in found
    assert [(1, "KOWALSKA", False), (1, "Kowalska", False), (1, "Anna", False)] == [one for one in found if one[0] == 1]


async def test_words_of_the_language_are_left(local: LocalDetector, never: Deadline) -> None:
    """A part that is a word too is found only within the whole name."""
    found = await _found(
        local, never, "Dear Mr. Mark Young, young people mark it. It is a young mark. Yours, Mark Young"
    )
    assert ["Mark Young", "Mark Young"] == [value for _, value, _ in found]


async def test_a_number_without_its_word(local: LocalDetector, never: Deadline) -> None:
    """A number that a word announced once is found where nothing announces it."""
    found = await _found(local, never, "Her MRN is 4471902.", "id;amount\n4471902;12\n94471902;13")
    assert [(0, "4471902", False), (1, "4471902", False)] == found


async def test_a_name_that_is_somebodys_once(local: LocalDetector, never: Deadline) -> None:
    """A bare mention of a name that another text ties to somebody is no longer bare."""
    texts = ("Our customer Peter Lindqvist called.", "What did Peter Lindqvist say in 2015?")
    assert [(0, "Peter Lindqvist", False), (1, "Peter Lindqvist", False)] == await _found(local, never, *texts)


async def test_bare_names_stay_bare(local: LocalDetector, never: Deadline) -> None:
    """Where nothing ties a name to anybody, all its mentions are bare."""
    found = await _found(local, never, "Compare Albert Einstein with Bohr.", "Einstein was born in Ulm.")
    assert {True} == {bare for _, value, bare in found if "Einstein" in value}
    assert 2 == len([value for _, value, _ in found if "Einstein" in value])


async def test_places_are_not_echoed(local: LocalDetector, never: Deadline) -> None:
    """Where somebody lives is theirs; the same city elsewhere is nobody's."""
    found = await _found(local, never, "I live in Chicago.", "Chicago has a lake.")
    assert [(0, "Chicago", False)] == found


async def test_hidden_spans_stay_hidden(local: LocalDetector, never: Deadline) -> None:
    """What was replaced already is not found again by what stands elsewhere."""
    texts = ("My name is Anna Kowalska.", "Kowalska")
    inspection = await local.inspect(texts, tenant="t", deadline=never, hidden={1: (SPAN,)})
    assert [0] == [one.segment for one in inspection.findings]
