"""Parts of a pipeline that do as they are told."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TypeVar, cast

from sidecar.audit.interface import Entry, Receipt
from sidecar.clock import Deadline
from sidecar.errors import JournalUnavailable, SidecarError
from sidecar.types.content import Complete, Finding, Inspection, Missing, Partial, Span
from sidecar.types.decisions import Allow, Block, Decision, Grounds, Reason, Severity
from sidecar.types.json import Document
from sidecar.types.targets import Card, LicenseTerms, Price, Serving, TargetName
from sidecar.types.terms import Additions

T = TypeVar("T")

MIT = LicenseTerms(
    id="MIT",
    name="MIT License",
    license_class="permissive",
    commercial_use="yes",
    territory=None,
    scale=(),
    hosting=None,
    duties=(),
    fields_of_use=(),
    output_training="none",
    verified=True,
    unverified=(),
)
SERVING = Serving(
    regions=("FI",),
    parent_jurisdiction="NL",
    self_hosted=False,
    trains_on_inputs="no",
    retention_days=0,
    zero_data_retention="default",
    dpf_certified="",
)


def card(
    model: str = "acme/one",
    provider: str = "host",
    *,
    serving: Serving = SERVING,
    price: Price | None = None,
    context: int | None = 100_000,
    tools: bool | None = True,
    modalities: tuple[str, ...] = ("text",),
    outputs: tuple[str, ...] = ("text",),
) -> Card:
    """Return a card of an identified target."""
    return Card(
        id=f"{model}@{provider}",
        model=model,
        provider=provider,
        region="",
        identified=True,
        unidentified="",
        listed=True,
        status="active",
        moving_alias=False,
        region_ignored=False,
        kind="inference-host",
        developers=("acme",),
        origin=("FR",),
        open_weights=True,
        licensor_api=False,
        licenses=(MIT,),
        serving=serving,
        listings=(),
        price=price,
        context=context,
        tools=tools,
        modalities=modalities,
        outputs=outputs,
        unverified=(),
        retrieved=date(2026, 11, 1),
    )


def unknown(words: str) -> Card:
    """Return the card of a target that nobody knows, which is named by the caller's words."""
    empty = card("", "")
    return replace(
        empty, id=words, identified=False, unidentified="model_unknown", licenses=(), developers=(), origin=()
    )


class FixedClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> datetime:
        """Return a day in November."""
        return datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        """Return the seconds it stands at."""
        return self.seconds


class SmallCatalog:
    """A catalog of the cards it was given; anything else is unknown."""

    revision = "catalog-1"

    def __init__(self, *cards: Card, regimes: Mapping[str, Document] | None = None) -> None:
        self._cards = {one.id: one for one in cards}
        self._regimes = regimes or {}

    def card(self, name: TargetName) -> Card:
        """Return the card, or that of an unknown target."""
        return self._cards.get(f"{name.model}@{name.provider}") or unknown(str(name))

    def parse(self, text: str) -> TargetName:
        """Split at the last sign."""
        model, _, provider = text.rpartition("@")
        return TargetName(model, provider)

    def model_id(self, name: str) -> str | None:
        """Return the name itself."""
        return name

    def provider_id(self, name: str) -> str | None:
        """Return the name itself."""
        return name

    def listed(self) -> Iterator[TargetName]:
        """Go through the cards."""
        return iter(TargetName(one.model, one.provider) for one in self._cards.values())

    def regimes(self) -> Mapping[str, Document]:
        """Return those it was given."""
        return self._regimes

    def license_ids(self) -> frozenset[str]:
        """Return MIT's."""
        return frozenset({"MIT"})

    def policy_data(self) -> Document:
        """Return none."""
        return {}


class WordDetector:
    """Finds given words wherever they stand, and gives them their entity and class."""

    revision = "detector-1"
    recognizers: Sequence[str] = ("words",)
    languages: Sequence[str] = ("en",)
    models: Sequence[str] = ("words 1",)
    ner_engine = "none"

    def __init__(self, words: Mapping[str, tuple[str, str]], *, bare: bool = False, blind: bool = False) -> None:
        self._words = words
        self._bare = bare
        self._blind = blind
        self.seen: list[str] = []
        self.error: SidecarError | None = None

    async def inspect(
        self,
        texts: Sequence[str],
        *,
        tenant: str,
        deadline: Deadline,
        hidden: Mapping[int, Sequence[Span]] | None = None,
        threads: Sequence[Sequence[int]] = (),
        additions: Additions | None = None,
    ) -> Inspection:
        """Look for the words, outside what is hidden."""
        if self.error is not None:
            raise self.error
        found = []
        for index, text in enumerate(texts):
            view = text
            for span in (hidden or {}).get(index, ()):
                view = view[: span.start] + "_" * (span.end - span.start) + view[span.end :]
            self.seen.append(view)
            for word, (entity, data_class) in self._words.items():
                start = view.find(word)
                while start >= 0:
                    end = start + len(word)
                    found.append(Finding(index, start, end, entity, data_class, 0.9, "words", bare=self._bare))
                    start = view.find(word, end)
        found.sort(key=lambda one: (one.segment, one.start))
        if self._blind:
            return Partial(tuple(found), (Missing(0, 0, 1, "words"),))
        return Complete(tuple(found), languages=("en",))

    async def healthy(self) -> bool:
        """Whether it was not told to fail."""
        return self.error is None


@dataclass
class PolicySaying:
    """A policy that gives the answers it was given, in order, the last for ever, and keeps the questions."""

    answers: list[Decision | SidecarError]
    revision: str = "policy-1"
    rules: Sequence[str] = ("a.rule",)
    shadow_rules: Sequence[str] = ()
    engine: str = "fake"
    asked: list[Document] = field(default_factory=list)

    async def decide(self, facts: Document, deadline: Deadline) -> Decision:
        """Return the next answer."""
        await asyncio.sleep(0)
        self.asked.append(facts)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, SidecarError):
            raise answer
        return answer

    async def healthy(self) -> bool:
        """It is."""
        return True


class ListJournal:
    """Keeps entries in a list."""

    id = "journal-1"

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.sent: dict[tuple[str, str], Mapping[tuple[str, ...], Mapping[str, int]]] = {}
        self.full = False

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.entries)

    async def append(self, entry: Entry) -> Receipt:
        """Keep it, unless full."""
        await asyncio.sleep(0)
        if self.full:
            message = "the record could not be made durable"
            raise JournalUnavailable(message)
        self.entries.append(entry)
        return Receipt(self.id, len(self.entries), "00")

    def since(self, tenant: str, provider: str, first: date) -> Mapping[tuple[str, ...], Mapping[str, int]]:
        """Return what a test put there."""
        return self.sent.get((tenant, provider), {})

    async def decided(self, tenant: str, decision_id: str) -> Document | None:
        """Return the content of a decision."""
        for entry in self.entries:
            if (entry.kind, entry.tenant, entry.decision_id) == ("decision", tenant, decision_id):
                return entry.content
        return None

    async def healthy(self) -> bool:
        """Whether it is not full."""
        return not self.full


class InlineOffload:
    """Runs at once, here."""

    async def __call__(self, function: Callable[..., T], *arguments: object, deadline: Deadline) -> T:
        """Call it."""
        return function(*arguments)


def reason(code: str = "a.rule", data_class: str = "", target: str = "acme/one@host") -> Reason:
    """Return a denying reason."""
    return Reason(code, Severity.DENY, data_class, target, "It may not.", "Art. 1", "Ask.", "LAW")


def allow(target: str = "acme/one@host") -> Allow:
    """Return a plain allow."""
    return Allow(target, Grounds())


def block(*codes: str) -> Block:
    """Return a block with these reasons."""
    return Block(Grounds(reasons=tuple(reason(code) for code in codes)))


def action_of(entry: Entry) -> str:
    """Return the action that an entry records."""
    return cast("str", entry.content["action"])
