"""What is enforced right now."""

from dataclasses import dataclass
from datetime import datetime

from sidecar.types.requests import Revisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The operator's view of a running sidecar."""

    version: str
    revisions: Revisions
    since: datetime
    last_refused_reload: str
    rules: tuple[str, ...]
    shadow_rules: tuple[str, ...]
    recognizers: tuple[str, ...]
    languages: tuple[str, ...]
    ner_engine: str
    policy_engine: str
    journal_id: str
    journal_size: int
    troubles: tuple[str, ...]
    """Parts that are not well, in words; empty where all are."""
