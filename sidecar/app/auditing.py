"""What the audit team does: look, export, verify. None of it needs a running sidecar."""

from pathlib import Path
from typing import BinaryIO

from sidecar.audit.export.jsonl import Filter, export
from sidecar.audit.reader import JournalReader, Story
from sidecar.audit.verify import Consistent, Tampered, Verdict, Verified, verify
from sidecar.clock import Clock
from sidecar.config import Settings
from sidecar.errors import JournalFault
from sidecar.keys import Keyring
from sidecar.types.json import Document

__all__ = ["Consistent", "Filter", "Story", "Tampered", "Verdict", "Verified", "verify"]

OWN_JOURNAL = "command-line"  # of `inspect`, beside the serving one, which only one process may hold


def keys_folder(settings: Settings) -> Path:
    """Return where the keys are."""
    return settings.keys.path or settings.audit.path / "keys"


def tail(folder: Path, count: int) -> tuple[Document, ...]:
    """Return the last records, oldest first.

    Raises:
        JournalFault: there is no journal, or it cannot be read.
    """
    with JournalReader(folder) as journal:
        return journal.tail(count)


def find_story(settings: Settings, decision_id: str) -> Story | None:
    """Return a decision with its reports, from the serving journal or the command line's own."""
    for folder in (settings.audit.path, settings.audit.path / OWN_JOURNAL):
        try:
            with JournalReader(folder) as journal:
                story = journal.story(decision_id)
        except JournalFault:
            continue  # no journal there: the decision may be in the other one
        if story is not None and story.decision is not None:
            return story
    return None


def export_journal(settings: Settings, folder: Path, stream: BinaryIO, *, clock: Clock, only: Filter) -> Document:
    """Write a journal as JSON lines and a signed head, and return the head.

    Raises:
        JournalFault: there is no journal, or it cannot be read.
        KeysFault: there is no key to sign with.
    """
    keys = Keyring.open(keys_folder(settings))
    with JournalReader(folder) as journal:
        return export(journal, stream, key=keys.signing_key, clock=clock, only=only)
