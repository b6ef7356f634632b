"""Which candidates fit, and which come first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar import facts
from sidecar.candidates import misfit, shortlist
from sidecar.clock import Deadline
from sidecar.config import Operator
from sidecar.deciding import Decider
from sidecar.identity.tenants import FileTenants
from sidecar.snapshot import Snapshot
from sidecar.types.content import Complete, Direction, Format, Needs
from sidecar.types.targets import Card, Price, TargetName
from sidecar.types.tenants import Tenant
from tests.stories.fakes import FixedClock, PolicySaying, SmallCatalog, WordDetector, allow, block, card, unknown

TENANT = Tenant("acme", "DE", "retail")
TEXT = Needs(context=1000, tools=False, modalities=("text",), state=False)
REQUESTED = card()


def named(*cards: Card) -> list[tuple[TargetName, Card]]:
    """Name each card by its own words."""
    return [(TargetName(one.model, one.provider), one) for one in cards]


@pytest.mark.parametrize(
    ("candidate", "needs", "hosted", "codes"),
    [
        (card("a"), TEXT, (), ()),
        (card("a", context=999), TEXT, (), ("fit.context",)),
        (card("a", context=None), TEXT, (), ()),
        (card("a", tools=None), TEXT, (), ()),
        (card("a", context=None), Needs(10, True, ("text",), False), (), ("fit.context",)),  # noqa: FBT003
        (card("a", tools=None), Needs(10, True, ("text",), False), (), ("fit.tools",)),  # noqa: FBT003
        (card("a"), Needs(10, False, ("text", "image"), False), (), ("fit.modality",)),  # noqa: FBT003
        (card("a", modalities=("text", "image")), Needs(10, False, ("text", "image"), False), (), ()),  # noqa: FBT003
        (card("a", modalities=()), Needs(10, False, ("image",), False), (), ("fit.modality",)),  # noqa: FBT003
        (card("a", outputs=("embedding",)), TEXT, (), ("fit.modality",)),
        (card("a", outputs=("embedding",)), Needs(10, False, ("text", "embedding"), False), (), ()),  # noqa: FBT003
        (card("a"), Needs(10, False, ("text", "embedding"), False), (), ("fit.modality",)),  # noqa: FBT003
        (card("a"), Needs(10, False, ("text",), True), (), ("fit.state",)),  # noqa: FBT003
        (card("a", "elsewhere"), TEXT, ("web_search",), ("fit.tools",)),
        (card("a", "host"), TEXT, ("web_search",), ()),
        (unknown("odd@place"), TEXT, (), ()),
    ],
)
def test_fit(candidate: Card, needs: Needs, hosted: tuple[str, ...], codes: tuple[str, ...]) -> None:
    """A candidate fits where it is known to take what the body needs; unknown fits text without tools only."""
    assert codes == misfit(candidate, REQUESTED, needs, hosted)


def test_requested_target_and_doubles_are_dropped() -> None:
    """The requested target is no candidate of its own, and none stands twice."""
    found = shortlist(named(REQUESTED, card("a"), card("a")), REQUESTED, TEXT, (), TENANT)
    assert [one.id for one in found.cards] == ["a@host"]


def test_price_comes_first_and_unknown_prices_last() -> None:
    """By blended price; what has none comes after all that have one; ties keep the listed order."""
    cards = [
        card("none"),
        card("dear", price=Price(4, 4)),
        card("tie1", price=Price(1, 1)),
        card("output", price=Price(0.5, 5)),
        card("tie2", price=Price(1, 1)),
    ]
    found = shortlist(named(*cards), REQUESTED, TEXT, (), TENANT)
    assert [one.model for one in found.cards] == ["tie1", "tie2", "output", "dear", "none"]


def test_context_puts_the_largest_first() -> None:
    """Unknown last."""
    cards = [card("none", context=None), card("small", context=2000), card("large", context=9000)]
    tenant = Tenant("acme", "DE", "retail", rank_by="context")
    assert [one.model for one in shortlist(named(*cards), REQUESTED, TEXT, (), tenant).cards] == [
        "large",
        "small",
        "none",
    ]


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(0, 10)), max_size=12))
def test_ranking_is_stable_and_loses_nothing(rows: list[tuple[str, float]]) -> None:
    """Every fitting candidate is there once, cheapest first."""
    cards = [card(name, price=Price(price, price)) for name, price in rows]
    found = shortlist(named(*cards), REQUESTED, TEXT, (), TENANT).cards
    assert sorted({name for name, _ in rows}) == sorted(one.model for one in found)
    prices = [one.price.blended for one in found if one.price]
    assert sorted(prices) == prices


async def test_candidates_denied_without_content_take_no_place() -> None:
    """Where there are more candidates than places, the hopeless ones are asked about once and set aside."""

    class Choosy(PolicySaying):
        """Denies bad targets; blocks the request itself."""

        async def decide(self, question, deadline):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            self.asked.append(question)
            bad = question["target"]["model"].startswith("bad")
            return block("origin.stance") if bad or question["candidates"] else allow(question["target"]["id"])

    policy = Choosy([allow()])
    cards = [card("bad1"), card("good1"), card("bad2"), card("good2"), card("good3")]
    found = shortlist(named(*cards), REQUESTED, TEXT, (), TENANT)
    snapshot = _snapshot(policy, SmallCatalog(*cards))
    decider = Decider()
    deadline = Deadline(FixedClock(), None)
    decisions = [
        await decider.decide(snapshot, TENANT, _half(), requested=REQUESTED, alternatives=found, deadline=deadline)
        for _ in range(2)
    ]
    assert [one.target for one in decisions[1].grounds.rejected] == ["bad1@host", "bad2@host"]
    main = [question for question in policy.asked if question["candidates"]]
    assert [[one["id"] for one in question["candidates"]] for question in main] == [["good1@host", "good2@host"]] * 2  # type: ignore[index,call-overload,union-attr]
    assert len(policy.asked) == 6  # four looks without content, kept; two questions


def _half() -> facts.RequestHalf:
    request = facts.request_document(
        format=Format.TEXT, streaming=False, size=1, hosted_tools=(), needs=TEXT, attributes={}
    )
    content = facts.content_document([], Complete(()), [])
    return facts.RequestHalf(Direction.REQUEST, FixedClock().now().date(), request, {}, content)


def _snapshot(policy: PolicySaying, catalog: SmallCatalog) -> Snapshot:
    return Snapshot(
        tenants=FileTenants({"acme": TENANT}),
        catalog=catalog,
        policy=policy,
        detector=WordDetector({}),
        keys=None,  # type: ignore[arg-type]
        redactor=None,  # type: ignore[arg-type]
        sealer=None,  # type: ignore[arg-type]
        operator=Operator(),
        attributes=frozenset(),
        candidates=(),
        max_candidates=2,
        config_revision="1",
        since=FixedClock().now(),
    )
