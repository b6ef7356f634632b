"""Asks several engines of one bundle, and each distinct question once."""

import asyncio
from collections.abc import Sequence
from itertools import cycle

from sidecar.clock import Deadline
from sidecar.policy.cache import PARSED_PATHS
from sidecar.policy.interface import PolicyEngine
from sidecar.policy.projection import Projection
from sidecar.policy.reads import FactPath
from sidecar.types.decisions import Decision
from sidecar.types.json import Document

AT_ONCE = 4  # questions that wait at one engine: enough to keep it busy


class SpreadEngine:
    """Several engines as one, for many questions that nobody waits for. It forgets nothing while it lives."""

    def __init__(self, engines: Sequence[PolicyEngine], *, reads: frozenset[FactPath]) -> None:
        """Take engines of one bundle; ``reads`` is what of the facts it reads."""
        self._engines = engines
        self._turns = cycle(engines)
        self._projection = Projection(reads | PARSED_PATHS)
        self._answers: dict[bytes, asyncio.Future[Decision]] = {}
        self._places = asyncio.Semaphore(AT_ONCE * len(engines))
        self.asked = 0
        """How many questions there were."""

    @property
    def distinct(self) -> int:
        """How many of them an engine had to answer."""
        return len(self._answers)

    @property
    def revision(self) -> str:
        """Digest of the bundle with its data."""
        return self._engines[0].revision

    @property
    def rules(self) -> Sequence[str]:
        """Codes of all rules, sorted."""
        return self._engines[0].rules

    @property
    def shadow_rules(self) -> Sequence[str]:
        """``code`` or ``tenant:code``."""
        return self._engines[0].shadow_rules

    @property
    def engine(self) -> str:
        """The first of them."""
        return self._engines[0].engine

    async def healthy(self) -> bool:
        """Whether the smoke decision comes out of all of them."""
        return all(await asyncio.gather(*(engine.healthy() for engine in self._engines)))

    async def decide(self, facts: Document, deadline: Deadline) -> Decision:
        """Return the decision on these facts.

        Raises:
            PolicyUnavailable: OPA gave no answer.
            PolicyAnswerRefused: an answer came and is not acceptable.
        """
        self.asked += 1
        key = self._projection.key(facts)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = asyncio.ensure_future(self._ask(facts, deadline))
        return await asyncio.shield(answer)

    async def _ask(self, facts: Document, deadline: Deadline) -> Decision:
        async with self._places:
            return await next(self._turns).decide(facts, deadline)
