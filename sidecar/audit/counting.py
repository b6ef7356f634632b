"""A journal that counts what its records let out, and goes on counting after a restart.

What is summed up lies beside the journal (``counts.json``), with the sequence up to which it holds. It can be deleted:
it is made again of the records.
"""

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sidecar.audit.counts import KEEP_DAYS, Counts, Mix, elsewhere, sent
from sidecar.audit.interface import Entry, Journal, Receipt
from sidecar.audit.reader import JournalReader
from sidecar.logs import logger
from sidecar.types.json import Document

FILE = "counts.json"
SAVE_EVERY = 5000  # records: what a start after a crash has to read again, some two seconds

Lookup = Callable[[str], Mapping[str, Any] | None]
"""Finds the content of a decision by its id."""


class CountingJournal:
    """A journal around a journal. Closing the inner one is its owner's."""

    def __init__(self, journal: Journal, folder: Path, *, today: date) -> None:
        """Take up what was counted before, and what was recorded since.

        Raises:
            JournalFault: the journal cannot be read.
        """
        self._journal = journal
        self._folder = folder
        self._ahead: dict[int, tuple[Entry, Mapping[str, Any] | None]] = {}
        self._counts, self._upto = _saved(folder, journal.id, journal.size)
        self._oldest = (today - timedelta(days=KEEP_DAYS)).isoformat()
        self._catch_up()
        self._saved = self._upto

    @property
    def id(self) -> str:
        """Names this journal anywhere."""
        return self._journal.id

    @property
    def size(self) -> int:
        """How many records are durable."""
        return self._journal.size

    def since(self, tenant: str, provider: str, first: date) -> Mapping[Mix, Mapping[str, int]]:
        """Return what went to a provider on that day and later, by mix and class."""
        return self._counts.since(tenant, provider, first)

    async def append(self, entry: Entry) -> Receipt:
        """Make a record durable, then count it; a caller who leaves undoes neither.

        Raises:
            JournalUnavailable: it cannot be written; nothing is recorded, nothing counted.
        """
        return await asyncio.shield(asyncio.ensure_future(self._append(entry)))

    async def decided(self, tenant: str, decision_id: str) -> Document | None:
        """Return the content of a decision of this tenant, or None."""
        return await self._journal.decided(tenant, decision_id)

    async def healthy(self) -> bool:
        """Whether the last commit was good."""
        return await self._journal.healthy()

    def save(self) -> None:
        """Write down what was counted. Where that fails, the next start counts again."""
        self._counts.forget(self._oldest)
        document = {"journal_id": self.id, "upto": self._upto, **self._counts.document()}
        path = self._folder / FILE
        fresh = path.with_suffix(".new")
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(document, file)
            fresh.replace(path)
        except OSError as exc:
            logger().warning("what was counted cannot be saved", error=type(exc).__name__)
        self._saved = self._upto

    async def _append(self, entry: Entry) -> Receipt:
        earlier = await self._earlier(entry)
        receipt = await self._journal.append(entry)
        self._ahead[receipt.sequence] = (entry, earlier)
        while (following := self._ahead.pop(self._upto + 1, None)) is not None:
            done, known = following
            count(self._counts, done.content, done.kind, done.tenant, done.decision_id, known)
            self._upto += 1
        if self._upto - self._saved >= SAVE_EVERY:
            self.save()
        return receipt

    async def _earlier(self, entry: Entry) -> Mapping[str, Any] | None:
        named = _named(entry.kind, entry.content, entry.decision_id)
        return await self._journal.decided(entry.tenant, named) if named else None

    def _catch_up(self) -> None:
        if self._upto == self._journal.size:
            return
        with JournalReader(self._folder) as reader:
            for row in reader.rows(after=self._upto, until=self._journal.size):
                record: dict[str, Any] = row.record()
                named = _named(record["kind"], record, record["decision_id"])
                story = reader.story(named) if named else None
                known: Mapping[str, Any] | None = story.decision if story else None
                if known and (known["tenant"] != record["tenant"] or known["sequence"] > row.sequence):
                    known = None  # as it was when the record was made
                if record["time"] >= self._oldest:
                    count(self._counts, record, record["kind"], record["tenant"], record["decision_id"], known)
                self._upto = row.sequence


def count(  # noqa: PLR0917 - all that a record says
    counts: Counts,
    content: Mapping[str, Any],
    kind: str,
    tenant: str,
    decision_id: str,
    earlier: Mapping[str, Any] | None,
) -> None:
    """Count one record. ``earlier`` is the decision that a report is about, or that this one was made again of."""
    if kind == "decision":
        if earlier is not None:
            _take_back(counts, earlier, tenant, content["retry_of"])
        if (one := sent(content, tenant)) is not None:
            counts.add(one)
    elif kind == "report" and earlier is not None:
        if not content["forwarded"]:
            _take_back(counts, earlier, tenant, decision_id)
            return
        if counts.unnote(decision_id) and (one := sent(earlier, tenant)) is not None:
            counts.add(one)  # it was sent after all
        if content["breach"]:
            for one in elsewhere(earlier, tenant, content["target"] or earlier["requested_target"]):
                if counts.note(f"{decision_id} {one.provider}", one.day):
                    counts.add(one)


def _take_back(counts: Counts, earlier: Mapping[str, Any], tenant: str, decision_id: str) -> None:
    one = sent(earlier, tenant)
    if one is not None and counts.note(decision_id, one.day):
        counts.add(one, times=-1)


def _named(kind: str, content: Mapping[str, Any], decision_id: str) -> str:
    """Return the decision that a record speaks of besides itself."""
    return decision_id if kind == "report" else str(content.get("retry_of") or "")


def _saved(folder: Path, journal_id: str, size: int) -> tuple[Counts, int]:
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        document = json.loads((folder / FILE).read_text("utf-8"))
        upto = int(document["upto"])
        if document["journal_id"] == journal_id and 0 <= upto <= size:
            return Counts.of(document), upto
    return Counts(), 0
