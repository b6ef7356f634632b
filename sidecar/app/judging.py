"""Asks policy about targets without a body: what the matrix, the golden table and the checks need."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from sidecar import facts
from sidecar.app.bundles import fetch
from sidecar.app.sources import open_catalog, open_engine, read_tenants
from sidecar.catalog.shipped import ShippedCatalog
from sidecar.clock import Clock, Deadline
from sidecar.config import Settings
from sidecar.identity.tenants import FileTenants
from sidecar.policy.engine import OpaEngine
from sidecar.types.content import Complete, Direction, Finding, Format, Needs
from sidecar.types.decisions import Decision
from sidecar.types.json import Document
from sidecar.types.targets import TargetName
from sidecar.types.tenants import Tenant

_NEEDS = Needs(context=1000, tools=False, modalities=("text",), state=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A made-up request: what it holds, and how it is asked."""

    classes: Sequence[str] = ()
    candidates: Sequence[TargetName] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    direction: Direction = Direction.REQUEST
    day: date | None = None
    """Today by default."""


class Judge:
    """A catalog, tenants and a policy engine: decisions on made-up content."""

    def __init__(
        self, *, settings: Settings, catalog: ShippedCatalog, tenants: FileTenants, policy: OpaEngine, clock: Clock
    ) -> None:
        self.catalog = catalog
        self.tenants = tenants
        self.policy = policy
        self.clock = clock
        self._operator = settings.operator

    async def judge(self, tenant: Tenant, target: TargetName, made: Made) -> Decision:
        """Return what is decided on such a request of this tenant to this target."""
        return await self.policy.decide(self.facts(tenant, target, made), Deadline(self.clock, None))

    def facts(self, tenant: Tenant, target: TargetName, made: Made) -> Document:
        """Return what policy is asked about such a request."""
        half = facts.RequestHalf(
            direction=made.direction,
            date=made.day or self.clock.now().date(),
            request=facts.request_document(
                format=Format.OPENAI_CHAT,
                streaming=False,
                size=4000,
                hosted_tools=(),
                needs=_NEEDS,
                attributes=made.attributes,
            ),
            caller={"subject": "", "roles": [], "gateway": ""},
            content=facts.content_document([_finding(name) for name in made.classes], Complete(findings=()), []),
        )
        return facts.build(
            half,
            phase="request",
            tenant=tenant,
            operator=self._operator,
            target=self.catalog.card(target),
            candidates=[self.catalog.card(name) for name in made.candidates],
        )


@asynccontextmanager
async def judging(
    settings: Settings, *, clock: Clock, patient: bool = True, tenants: FileTenants | None = None
) -> AsyncIterator[Judge]:
    """Open what judging needs, and close it again. ``patient``: a question may take longer than a request's.

    ``tenants`` stand in the place of the configured ones.

    Raises:
        OperatorFault: a part cannot be built.
    """
    if patient:
        settings = settings.model_copy(update={"policy": settings.policy.model_copy(update={"timeout_ms": 10_000})})
    offer = await fetch(settings) if settings.policy.bundle.source else None
    catalog = offer.catalog if offer else open_catalog(settings)
    if tenants is None:
        tenants = read_tenants(settings, catalog)
    engine = await open_engine(settings, catalog, offer)
    try:
        yield Judge(settings=settings, catalog=catalog, tenants=tenants, policy=engine, clock=clock)
    finally:
        await engine.aclose()


def _finding(data_class: str) -> Finding:
    made_up = Finding(segment=0, start=0, end=1, entity="", data_class="", score=1.0, recognizer="matrix")
    return replace(made_up, entity=data_class.upper(), data_class=data_class)
