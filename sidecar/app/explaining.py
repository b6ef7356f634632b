"""Explains a recorded decision: its facts are rebuilt, and policy is asked about variations of them."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sidecar.app.auditing import OWN_JOURNAL
from sidecar.app.replaying import documents_of
from sidecar.app.sources import open_catalog, open_engine
from sidecar.audit.reader import JournalReader, Story
from sidecar.clock import Clock
from sidecar.config import Settings
from sidecar.errors import JournalFault
from sidecar.explain import Explainer, Explanation, Fact, Plan, Verdict
from sidecar.policy.spread import SpreadEngine
from sidecar.recalling import Recalled, Recollection

if TYPE_CHECKING:
    from sidecar.types.json import Document

__all__ = ["Explained", "Explanation", "Fact", "Plan", "Verdict"]

PATIENCE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Explained:
    """A decision as it stands in the journal, and why."""

    story: Story
    record: dict[str, Any]
    explanation: Explanation


async def explain_decision(settings: Settings, decision_id: str, *, clock: Clock) -> Explained | None:
    """Explain a decision of the serving journal or the command line's own; None where neither holds it.

    Raises:
        OperatorFault: a part cannot be built, or the record does not tell what was asked.
        PolicyUnavailable: OPA gave no answer.
        PolicyAnswerRefused: its answer cannot be accepted.
    """
    settings = settings.model_copy(update={"policy": settings.policy.model_copy(update={"timeout_ms": PATIENCE_MS})})
    for folder in (settings.audit.path, settings.audit.path / OWN_JOURNAL):
        found = _find(settings, folder, decision_id)
        if found is not None:
            story, record, asked = found
            return Explained(story, record, await _explain(settings, asked, clock))
    return None


def _find(settings: Settings, folder: Path, decision_id: str) -> tuple[Story, dict[str, Any], Recalled] | None:
    try:
        journal = JournalReader(folder)
    except JournalFault:
        return None  # no journal there: the decision may be in the other one
    with journal:
        story = journal.story(decision_id)
        if story is None or story.decision is None:
            return None
        record: Document = story.decision
        catalog = open_catalog(settings)
        recollection = Recollection(document=documents_of(journal), unknown=catalog, operator=settings.operator)
        return story, dict(record), recollection.recall(record)


async def _explain(settings: Settings, asked: Recalled, clock: Clock) -> Explanation:
    catalog = open_catalog(settings)
    async with AsyncExitStack() as closing:
        engine = await open_engine(settings, catalog)
        closing.push_async_callback(engine.aclose)
        await engine.healthy()  # an OPA that somebody else runs tells its rules when it is first asked
        policy = SpreadEngine([engine], reads=engine.reads or frozenset([()]))
        return await Explainer(policy=policy, catalog=catalog, clock=clock, reads=engine.reads).explain(asked)
