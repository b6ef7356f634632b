"""Puts values back into replies, whole or as they stream."""

from collections.abc import AsyncIterator, Mapping

from sidecar.actions.matching import Values
from sidecar.actions.streaming import pump_for
from sidecar.types.content import Format

AT_ONCE = 16 * 1024  # bytes of a chunk that are restored before others get their turn: a few milliseconds


class ValueRestorer:
    """The ``Restorer``. Whole bodies take the way of streams, in one piece, so that both always agree."""

    def whole(self, format: Format, body: bytes, values: Mapping[str, str]) -> tuple[bytes, int]:  # noqa: A002 - contract
        """Return the restored body, JSON or SSE or text, and how many pseudonyms were replaced."""
        if not values:
            return body, 0
        pump = pump_for(format, Values(values))
        return pump.feed(body, last=True), pump.restored

    async def stream(
        self,
        format: Format,  # noqa: A002 - the contract's word
        chunks: AsyncIterator[bytes],
        values: Mapping[str, str],
    ) -> AsyncIterator[bytes]:
        """Restore as it streams; a chunk is held back only while its tail can still become a pseudonym."""
        pump = pump_for(format, Values(values))
        async for chunk in chunks:
            if not values:
                if chunk:
                    yield chunk
                continue
            for start in range(0, len(chunk), AT_ONCE):
                if restored := pump.feed(chunk[start : start + AT_ONCE]):
                    yield restored
        if rest := pump.feed(b"", last=True):
            yield rest
