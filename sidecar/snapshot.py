"""Everything a request is judged with: built whole, never changed, replaced whole."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sidecar.actions.interface import Redactor, Sealer
from sidecar.catalog.interface import Catalog
from sidecar.config import Operator
from sidecar.detection.interface import Detector
from sidecar.identity.interface import Tenants
from sidecar.keys import Keyring
from sidecar.policy.interface import PolicyEngine
from sidecar.types.requests import Revisions
from sidecar.types.targets import TargetName


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshot:
    """A request takes one at its start and uses nothing else."""

    tenants: Tenants
    catalog: Catalog
    policy: PolicyEngine
    detector: Detector
    keys: Keyring
    redactor: Redactor
    sealer: Sealer
    operator: Operator
    attributes: frozenset[str]
    """Keys that the gateway may send."""
    candidates: Sequence[TargetName]
    """For tenants and requests that name none."""
    max_candidates: int
    config_revision: str
    """Digest of settings and tenants."""
    since: datetime

    @property
    def revisions(self) -> Revisions:
        """Digests of what decisions are made with; a remote OPA's bundle has none until it was reached."""
        return Revisions(
            policy=self.policy.revision,
            catalog=self.catalog.revision,
            detector=self.detector.revision,
            config=self.config_revision,
        )


@dataclass(slots=True)
class _Tenure:
    """How many requests still use a snapshot, and what to do when the last has ended."""

    snapshot: Snapshot
    users: int = 0
    retire: Callable[[], Awaitable[None]] | None = None


class Snapshots:
    """The current snapshot, and the older ones that requests in flight still hold."""

    def __init__(self, first: Snapshot, *, later: Callable[[Callable[[], Awaitable[None]]], None]) -> None:
        """Start with a snapshot; ``later`` runs what closes an old one, when its last request has ended."""
        self._tenure = _Tenure(first)
        self._later = later

    @property
    def current(self) -> Snapshot:
        """The one that new requests take."""
        return self._tenure.snapshot

    @contextmanager
    def lease(self) -> Iterator[Snapshot]:
        """Hold the current snapshot for the time of one request."""
        tenure = self._tenure
        tenure.users += 1
        try:
            yield tenure.snapshot
        finally:
            tenure.users -= 1
            self._close_if_idle(tenure)

    def replace(self, snapshot: Snapshot, retire: Callable[[], Awaitable[None]]) -> None:
        """Let new requests take ``snapshot``; ``retire`` runs once nobody holds the one before."""
        before, self._tenure = self._tenure, _Tenure(snapshot)
        before.retire = retire
        self._close_if_idle(before)

    def _close_if_idle(self, tenure: _Tenure) -> None:
        if tenure.users == 0 and tenure.retire is not None:
            retire, tenure.retire = tenure.retire, None
            self._later(retire)
