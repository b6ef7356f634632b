"""Overlaps are settled in the documented order, and no recognized letter is let go."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sidecar.detection.classes import load_classes
from sidecar.detection.spans import Sighting, beside, disjoint
from sidecar.types.content import Span

RANK = load_classes().rank
TEXT = "x" * 60


def sighting(start: int, end: int, data_class: str, score: float = 0.9, entity: str = "") -> Sighting:
    """Return a sighting of a class, its entity named like it."""
    return Sighting(start, end, entity or data_class.upper(), data_class, score, "Test")


def test_contained_loser_goes() -> None:
    """What lies within a stronger class is dropped."""
    strong, weak = sighting(5, 20, "credential"), sighting(8, 15, "contact")
    assert (strong,) == disjoint([weak, strong], RANK, TEXT)


def test_loser_keeps_its_longest_side() -> None:
    """A name that holds a number keeps the part beside it."""
    number, name = sighting(10, 20, "kr_rrn"), sighting(2, 22, "person_name")
    assert (sighting(2, 10, "person_name"), number) == disjoint([name, number], RANK, TEXT)


def test_rest_without_letters_goes() -> None:
    """Blanks and punctuation beside a winner are nobody's."""
    number, name = sighting(0, 4, "kr_rrn"), sighting(0, 6, "person_name")
    assert (number,) == disjoint([name, number], RANK, "1234, more")


def test_higher_score_then_longer() -> None:
    """Within a class the higher score keeps the place, then the longer span; the rest of the same entity joins it."""
    assert (sighting(0, 10, "contact", 0.9),) == disjoint(
        [sighting(0, 8, "contact", 0.9), sighting(2, 10, "contact", 0.5)], RANK, TEXT
    )


spans = st.builds(
    lambda start, length, data_class, score: sighting(start, start + length, data_class, score),
    st.integers(0, 40),
    st.integers(1, 15),
    st.sampled_from(sorted(RANK)),
    st.sampled_from([0.4, 0.6, 0.95]),
)


@given(st.lists(spans, max_size=12))
def test_disjoint_sorted_and_the_strongest_whole(sightings: list[Sighting]) -> None:
    """The result is sorted and disjoint, lies within what was seen, and the strongest sighting is whole in it."""
    kept = disjoint(sightings, RANK, TEXT)
    assert all(left.end <= right.start for left, right in pairwise(kept))
    seen = {place for one in sightings for place in range(one.start, one.end)}
    assert {place for one in kept for place in range(one.start, one.end)} <= seen
    if sightings:
        best = min(
            sightings, key=lambda one: (RANK[one.data_class], -one.score, one.start - one.end, one.start, one.entity)
        )
        assert any(
            one.start <= best.start and best.end <= one.end and one.data_class == best.data_class for one in kept
        )


def test_beside_hidden() -> None:
    """A hidden span takes what it covers; the longest other side stays."""
    assert sighting(6, 12, "contact") == beside(sighting(0, 12, "contact"), [Span(30, 40), Span(2, 6)])
    assert beside(sighting(3, 5, "contact"), [Span(2, 6)]) is None
