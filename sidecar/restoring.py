"""The story of the way back: a sealed value map and a reply in, the reply with its values out."""

from collections.abc import AsyncIterator

from sidecar.actions.interface import Restorer
from sidecar.aside import aside
from sidecar.config import Limits
from sidecar.errors import BodyTooLarge
from sidecar.snapshot import Snapshots
from sidecar.types.content import Format
from sidecar.types.requests import Caller


class Restoring:
    """Restores replies. A restoration that does not hold is refused before the first byte."""

    def __init__(self, *, snapshots: Snapshots, restorer: Restorer, limits: Limits) -> None:
        self._snapshots = snapshots
        self._restorer = restorer
        self._limits = limits

    async def whole(
        self,
        *,
        tenant: str,
        decision_id: str,
        restoration: bytes,
        format: Format,  # noqa: A002 - the contract's word
        body: bytes,
        caller: Caller,
    ) -> tuple[bytes, int]:
        """Return the restored body and how many pseudonyms were replaced.

        Raises:
            RestorationRefused: the restoration is expired, edited, truncated, of another tenant or decision.
            BodyTooLarge: the reply is over ``limits.body_bytes``.
        """
        if len(body) > self._limits.body_bytes:
            message = f"body is over limits.body_bytes ({self._limits.body_bytes})"
            raise BodyTooLarge(message, field="body")
        with self._snapshots.lease() as snapshot:
            snapshot.tenants.identify(tenant, caller)
            values = snapshot.sealer.open(tenant, decision_id, restoration)
        return await aside(len(body), self._restorer.whole, format, body, values) if values else (body, 0)

    def stream(
        self,
        *,
        tenant: str,
        decision_id: str,
        restoration: bytes,
        format: Format,  # noqa: A002 - the contract's word
        chunks: AsyncIterator[bytes],
        caller: Caller,
    ) -> AsyncIterator[bytes]:
        """Return the restored chunks; the restoration is opened now, before any chunk is read.

        Raises:
            RestorationRefused: as for :meth:`whole`.
        """
        with self._snapshots.lease() as snapshot:
            snapshot.tenants.identify(tenant, caller)
            values = snapshot.sealer.open(tenant, decision_id, restoration)
        return self._restorer.stream(format, chunks, values)
