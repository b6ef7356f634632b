"""Stops answering when nobody has confirmed for too long that this bundle is the one to serve."""

from collections.abc import Callable, Sequence

from sidecar.clock import Deadline
from sidecar.errors import PolicyUnavailable
from sidecar.policy.interface import PolicyEngine
from sidecar.types.decisions import Decision
from sidecar.types.json import Document


class FreshEngine:
    """A policy engine that answers only while its bundle is fresh."""

    def __init__(self, engine: PolicyEngine, *, is_fresh: Callable[[], bool]) -> None:
        self._engine = engine
        self._is_fresh = is_fresh

    @property
    def revision(self) -> str:
        """Digest of the bundle with its data."""
        return self._engine.revision

    @property
    def rules(self) -> Sequence[str]:
        """Codes of all rules, sorted."""
        return self._engine.rules

    @property
    def shadow_rules(self) -> Sequence[str]:
        """``code`` or ``tenant:code``."""
        return self._engine.shadow_rules

    @property
    def engine(self) -> str:
        """OPA's version, and ``managed`` or the address it was given."""
        return self._engine.engine

    async def decide(self, facts: Document, deadline: Deadline) -> Decision:
        """Ask; see ``PolicyEngine``.

        Raises:
            PolicyUnavailable: the bundle is stale.
        """
        if not self._is_fresh():
            message = "the policies are stale: their source has not confirmed them for longer than policy.max_age"
            raise PolicyUnavailable(message)
        return await self._engine.decide(facts, deadline)

    async def healthy(self) -> bool:
        """Whether the smoke decision comes out; that the bundle is fresh is another question."""
        return await self._engine.healthy()
