"""What is enforced right now."""

from dataclasses import dataclass
from datetime import datetime

from sidecar.types.bundles import BundleStatus
from sidecar.types.requests import Revisions


@dataclass(frozen=True, slots=True)
class CacheTally:
    """What a cache holds and did since the start."""

    hits: int
    misses: int
    entries: int
    bytes: int
    """An estimate."""
    evictions: int


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
    models: tuple[str, ...]
    ner_engine: str
    policy_engine: str
    journal_id: str
    journal_size: int
    detection_cache: CacheTally | None
    """Of what windows held; None where nothing is kept."""
    decision_cache: CacheTally | None
    """Of decisions, by this policy revision; None where nothing is kept."""
    troubles: tuple[str, ...]
    """Parts that are not well, in words; empty where all are."""
    policy_bundle: BundleStatus | None = None
    """Where policies come as a bundle."""
