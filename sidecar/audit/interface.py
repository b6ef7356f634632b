"""What the stories may ask of the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sidecar.types.json import Document


@dataclass(frozen=True, slots=True)
class Entry:
    """A record before it has a place: the writer adds schema, journal, sequence, previous hash and time."""

    kind: str
    """``decision`` or ``report``."""
    decision_id: str
    tenant: str
    content: Document
    """JSON without text: what ``audit.record`` built."""
    documents: Mapping[str, Document]
    """Documents that ``content`` names by digest (tenant, cards, policy), each stored once."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a record stands, once it is durable."""

    journal_id: str
    sequence: int
    hash: str


class Journal(Protocol):
    """The durable log of records. One writer process."""

    @property
    def id(self) -> str:
        """Names this journal anywhere."""
        ...

    @property
    def size(self) -> int:
        """How many records are durable."""
        ...

    async def append(self, entry: Entry) -> Receipt:
        """Make a record durable.

        MUST NOT return before the bytes are on disk. Callers MUST NOT answer before it returns. A caller that is
        cancelled does not undo the record.

        Raises:
            JournalUnavailable: it cannot be written; nothing is recorded.
        """
        ...

    async def decided(self, tenant: str, decision_id: str) -> Document | None:
        """Return the content of a decision of this tenant, or None."""
        ...

    async def healthy(self) -> bool:
        """Whether the last commit was good."""
        ...
