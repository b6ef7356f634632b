"""What the stories may ask of policy."""

from collections.abc import Sequence
from typing import Protocol

from sidecar.clock import Deadline
from sidecar.types.decisions import Decision
from sidecar.types.json import Document


class PolicyEngine(Protocol):
    """One bundle, ready to be asked."""

    @property
    def revision(self) -> str:
        """Digest of the bundle with its data."""
        ...

    @property
    def rules(self) -> Sequence[str]:
        """Codes of all rules, sorted."""
        ...

    @property
    def shadow_rules(self) -> Sequence[str]:
        """``code`` or ``tenant:code``."""
        ...

    @property
    def engine(self) -> str:
        """OPA's version, and ``managed`` or the address it was given."""
        ...

    async def decide(self, facts: Document, deadline: Deadline) -> Decision:
        """Ask for the decision on these facts.

        Raises:
            PolicyUnavailable: no HTTP 200 with whole JSON came within ``policy.timeout_ms`` or the deadline's rest.
            DeadlinePassed: the caller's deadline came first.
            PolicyAnswerRefused: it came and is not acceptable: undefined, an unknown field, a wrong ``ruled_by`` or
            ``revision``.
        """
        ...

    async def healthy(self) -> bool:
        """Whether the smoke decision comes out."""
        ...
