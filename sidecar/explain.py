"""The story of an explanation: a decision rule by rule, the facts that made it, and what would make it pass.

Nothing here knows what a rule means. Each answer is found by asking policy the same question with one thing changed.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from sidecar import facts
from sidecar.catalog.interface import Catalog
from sidecar.clock import Clock, Deadline
from sidecar.errors import SidecarError
from sidecar.policy.interface import PolicyEngine
from sidecar.proposals import Proposal, alternatives, other_models, proposals, together
from sidecar.recalling import Recalled
from sidecar.types.decisions import Decision, Obligation, Reason, Severity, Waived
from sidecar.types.json import Document, Json

MOST_CHANGES = 4  # in one plan; who has to change more than that asks for something else
PLANS = 6  # told at most
PLACES = 3  # of them, other targets

# Nothing else is judged of a target that nobody knows, so this would seem to make every reason.
_IDENTITY = frozenset({"target.identified", "target.unidentified"})

_Key = tuple[str, str, str]
"""Code, class, basis: what one reason against one target is told by."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that made a reason: were it otherwise, the reason would not be there."""

    path: str
    value: Json


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing a rule says, and why."""

    reason: Reason
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of the requested target; nothing at all, mostly."""

    code: str
    spoken: tuple[Spoken, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    waived: tuple[Waived, ...] = ()

    @property
    def word(self) -> str:
        """The heaviest of what it says."""
        severities = [one.reason.severity for one in self.spoken]
        for severity in (Severity.DENY, Severity.REDACT):
            if severity in severities:
                return {Severity.DENY: "denies", Severity.REDACT: "asks for redaction"}[severity]
        if self.waived:
            return "waived"
        if self.obligations:
            return "obliges"
        return "notes" if self.spoken else "silent"


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes that together make it pass, as policy itself says."""

    changes: tuple[str, ...]
    then: tuple[str, ...]
    """Classes that would still be taken out on the way."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All of it."""

    target: str
    denied: bool
    verdicts: tuple[Verdict, ...]
    shadow: tuple[Reason, ...]
    plans: tuple[Plan, ...]
    """The smallest first; empty where nothing stands against the target, or no change that we know helps."""


class Explainer:
    """Asks one policy about variations of one question."""

    def __init__(
        self, *, policy: PolicyEngine, catalog: Catalog, clock: Clock, reads: Iterable[Sequence[str]] | None = None
    ) -> None:
        """``reads`` is what of the facts the bundle reads, where that is known: other facts need no asking."""
        self._policy = policy
        self._catalog = catalog
        self._regimes = catalog.regimes()
        self._deadline = Deadline(clock, None)
        self._reads = None if reads is None else [tuple(path) for path in reads]

    async def explain(self, asked: Recalled) -> Explanation:
        """Explain what stands against the requested target.

        Raises:
            PolicyUnavailable: OPA gave no answer.
            PolicyAnswerRefused: its answer cannot be accepted.
        """
        question = facts.build(
            asked.half, phase="request", tenant=asked.tenant, operator=asked.operator, target=asked.requested
        )
        decision = await self._policy.decide(question, self._deadline)
        made = await self._made_by(question, decision)
        denies = _denies(decision)
        return Explanation(
            target=asked.requested.id,
            denied=bool(denies),
            verdicts=tuple(_verdicts(self._policy.rules, decision, made)),
            shadow=decision.grounds.shadow,
            plans=await self.plans(asked, question, denies) if denies else (),
        )

    async def plans(self, asked: Recalled, question: Document, denies: frozenset[_Key]) -> tuple[Plan, ...]:
        """Find the smallest sets of changes after which nothing stands against it, and other targets that are open."""
        elsewhere = await self._cures(list(alternatives(asked, self._catalog)), question, denies, elsewhere=True)
        elsewhere = elsewhere or await self._cures(
            list(other_models(asked, self._catalog)), question, denies, elsewhere=True
        )
        moved = [await self._told(one, question) for one in list(elsewhere)[:PLACES]]
        return tuple(sorted([*await self._ways(question, denies), *moved], key=_weight)[:PLANS])

    async def unlock(self, question: Document) -> tuple[Plan, ...]:
        """Find the smallest sets of changes that open the target of a question; nothing where it is open.

        Raises:
            PolicyUnavailable: OPA gave no answer.
            PolicyAnswerRefused: its answer cannot be accepted.
        """
        denies = _denies(await self._policy.decide(question, self._deadline))
        return tuple(sorted(await self._ways(question, denies), key=_weight)) if denies else ()

    async def _ways(self, question: Document, denies: frozenset[_Key]) -> list[Plan]:
        ideas = list(proposals(question, self._regimes, frozenset(basis for _, _, basis in denies)))
        cures = await self._cures(ideas, question, denies)
        if denies - frozenset().union(*cures.values()):  # what takes two records to cure
            pairs = [together(*pair) for pair in combinations([one for one in ideas if one.kind == "mechanism"], 2)]
            cures |= await self._cures(pairs, question, denies)
        return await self._covering(cures, question, denies)

    async def _cures(
        self, ideas: Sequence[Proposal], question: Document, denies: frozenset[_Key], *, elsewhere: bool = False
    ) -> dict[Proposal, frozenset[_Key]]:
        """Return what each change takes away of what stands against the target; those that help, and harm nothing."""
        left = await asyncio.gather(*(self._left(one.apply(question)) for one in ideas))
        return {
            idea: denies - remaining
            for idea, remaining in zip(ideas, left, strict=True)
            if remaining is not None and (not remaining if elsewhere else remaining < denies)
        }

    async def _left(self, question: Document) -> frozenset[_Key] | None:
        try:
            return _denies(await self._policy.decide(question, self._deadline))
        except SidecarError:
            return None  # facts that policy cannot judge explain nothing

    async def _covering(
        self, cures: Mapping[Proposal, frozenset[_Key]], question: Document, denies: frozenset[_Key]
    ) -> list[Plan]:
        """Return the smallest sets of changes that policy lets pass, and those of one change more."""
        ideas = sorted(cures, key=lambda one: one.weight)
        found: dict[frozenset[Proposal], Plan] = {}
        for size in range(1, MOST_CHANGES + 1):
            if found and size > min(map(len, found)) + 1:
                break
            for chosen in combinations(ideas, size):
                covered = frozenset().union(*(cures[one] for one in chosen)) >= denies
                if len(found) >= PLANS or not covered or any(found_set <= set(chosen) for found_set in found):
                    continue
                combined = together(*chosen)
                if await self._left(combined.apply(question)) == frozenset():
                    found[frozenset(chosen)] = await self._told(combined, question)
        return list(found.values())

    async def _told(self, idea: Proposal, question: Document) -> Plan:
        after = await self._policy.decide(idea.apply(question), self._deadline)
        asks = {one.data_class for one in after.grounds.reasons if one.severity is Severity.REDACT}
        return Plan(idea.words, tuple(sorted(asks)))

    async def _made_by(self, question: Document, decision: Decision) -> dict[_Key, tuple[Fact, ...]]:
        """Find the facts without which a reason would not be there: change one, and ask."""
        keys = {_key(one) for one in decision.grounds.reasons}
        if not keys:
            return {}
        variations = [(fact, changed) for fact, changed in _variations(question) if self._is_read(fact.path)]
        answers = await asyncio.gather(*(self._reasons(changed) for _, changed in variations))
        made: dict[_Key, list[Fact]] = {key: [] for key in keys}
        for (fact, _), left in zip(variations, answers, strict=True):
            for key in sorted(keys - left) if left is not None else ():
                if fact not in made[key]:
                    made[key].append(fact)
        return {key: tuple(found) for key, found in made.items()}

    async def _reasons(self, question: Document) -> set[_Key] | None:
        try:
            decision = await self._policy.decide(question, self._deadline)
        except SidecarError:
            return None
        return {_key(one) for one in decision.grounds.reasons}

    def _is_read(self, path: str) -> bool:
        if path in _IDENTITY:
            return False
        names = tuple(path.split("."))
        return self._reads is None or any(names[: len(read)] == read[: len(names)] for read in self._reads)


def _verdicts(rules: Sequence[str], decision: Decision, made: Mapping[_Key, tuple[Fact, ...]]) -> Iterator[Verdict]:
    grounds = decision.grounds
    for code in rules:
        yield Verdict(
            code,
            tuple(
                Spoken(one, made.get(_key(one), ())) for one in (*grounds.reasons, *grounds.notices) if one.code == code
            ),
            tuple(one for one in grounds.obligations if one.code == code),
            tuple(one for one in grounds.waived if one.code == code),
        )


def _denies(decision: Decision) -> frozenset[_Key]:
    return frozenset(_key(one) for one in decision.grounds.reasons if one.severity is Severity.DENY)


def _key(reason: Reason) -> _Key:
    return reason.code, reason.data_class, reason.basis


def _weight(plan: Plan) -> tuple[int, int]:
    return len(plan.changes), len(plan.then)


def _variations(question: Document) -> Iterator[tuple[Fact, Document]]:
    """Yield each fact with the question as it would be without it, or with another in its place."""
    for part in ("tenant", "operator", "target", "content", "request"):
        for names, value in _leaves((part,), question[part]):
            for told, other in _others(value, question):
                yield Fact(".".join(names), told), replaced(question, names, other)


def _leaves(names: tuple[str, ...], value: Json) -> Iterator[tuple[tuple[str, ...], Json]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _leaves((*names, name), inner)
    else:
        yield names, value


def _others(value: Json, question: Document) -> Iterator[tuple[Json, Json]]:
    """Yield (what to tell, what to put there instead)."""
    match value:
        case bool():
            yield value, not value
        case None:
            yield None, 0
        case int() | float():
            yield value, 0
            yield value, 1_000_000_000_000
        case str():
            yield from ((value, other) for other in _words(value, question) if other != value)
        case [*items]:
            for position, item in enumerate(items):
                told = item.get("id", item) if isinstance(item, Mapping) else item
                yield told, [*items[:position], *items[position + 1 :]]
        case _:
            return


def _words(value: str, question: Document) -> Sequence[Json]:
    tenant = question["tenant"]
    home = tenant["country"] if isinstance(tenant, Mapping) else ""
    if len(value) == 2 and value.isupper():  # noqa: PLR2004 - a country
        return (home, "US", "DE", "CN")
    return ("yes", "no") if value in {"yes", "no", "unknown", "opt-out"} else ("",)


def replaced(document: Document, names: Sequence[str], value: Json) -> Document:
    """Return a document with another value at a place; nothing of the original is changed."""
    name, *rest = names
    inner = document.get(name)
    return {**document, name: replaced(dict(inner), rest, value) if rest and isinstance(inner, Mapping) else value}
