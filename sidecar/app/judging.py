"""Asks policy about targets without a body: what the matrix, the golden table and the checks need."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from sidecar import facts
from sidecar.app.sources import open_catalog, open_engine, read_tenants
from sidecar.catalog.shipped import ShippedCatalog
from sidecar.clock import Clock, Deadline
from sidecar.config import Settings
from sidecar.identity.tenants import FileTenants
from sidecar.policy.interface import PolicyEngine
from sidecar.types.content import Complete, Direction, Finding, Format, Needs
from sidecar.types.decisions import Decision
from sidecar.types.targets import TargetName
from sidecar.types.tenants import Tenant

_NEEDS = Needs(context=1000, tools=False, modalities=("text",), state=False)


class Judge:
    """A catalog, tenants and a policy engine: decisions on made-up content."""

    def __init__(
        self, *, settings: Settings, catalog: ShippedCatalog, tenants: FileTenants, policy: PolicyEngine, clock: Clock
    ) -> None:
        self.catalog = catalog
        self.tenants = tenants
        self.policy = policy
        self._operator = settings.operator
        self._clock = clock

    async def judge(self, tenant: Tenant, target: TargetName, classes: Sequence[str], *, purpose: str = "") -> Decision:
        """Return what is decided on a request of this tenant to this target that holds these data classes."""
        found = [_finding(name) for name in classes]
        half = facts.RequestHalf(
            direction=Direction.REQUEST,
            date=self._clock.now().date(),
            request=facts.request_document(
                format=Format.OPENAI_CHAT,
                streaming=False,
                size=4000,
                hosted_tools=(),
                needs=_NEEDS,
                attributes={"purpose": purpose} if purpose else {},
            ),
            caller={"subject": "", "roles": [], "gateway": ""},
            content=facts.content_document(found, Complete(findings=()), []),
        )
        card = self.catalog.card(target)
        question = facts.build(half, phase="request", tenant=tenant, operator=self._operator, target=card)
        return await self.policy.decide(question, Deadline(self._clock, None))


@asynccontextmanager
async def judging(settings: Settings, *, clock: Clock, patient: bool = True) -> AsyncIterator[Judge]:
    """Open what judging needs, and close it again. ``patient``: a question may take longer than a request's.

    Raises:
        OperatorFault: a part cannot be built.
    """
    if patient:
        settings = settings.model_copy(update={"policy": settings.policy.model_copy(update={"timeout_ms": 10_000})})
    catalog = open_catalog(settings)
    tenants = read_tenants(settings, catalog)
    engine = await open_engine(settings, catalog)
    try:
        yield Judge(settings=settings, catalog=catalog, tenants=tenants, policy=engine, clock=clock)
    finally:
        await engine.aclose()


def _finding(data_class: str) -> Finding:
    made_up = Finding(segment=0, start=0, end=1, entity="", data_class="", score=1.0, recognizer="matrix")
    return replace(made_up, entity=data_class.upper(), data_class=data_class)
