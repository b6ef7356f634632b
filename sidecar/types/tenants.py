"""A customer, as the rules see it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from sidecar.types.targets import TargetName
from sidecar.types.terms import Additions

OriginStance = Literal["allow", "self_hosted_or_hosted_outside", "deny"]
Preference = Literal["redact", "reroute", "block"]


@dataclass(frozen=True, slots=True)
class TransferMechanism:
    """A record that some transfer is covered: by which means, to whom, where, until when."""

    regime: str
    mechanism: str
    providers: tuple[str, ...]
    """Canonical provider ids, or ``*``."""
    countries: tuple[str, ...]
    expires: date | None = None
    """The last day it holds."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """Only ``country`` and ``sector`` must be stated; the rest defaults to what binds nobody and promises nothing."""

    id: str
    country: str
    sector: str
    subdivisions: tuple[str, ...] = ()
    regimes: tuple[str, ...] = ()
    commercial: bool = True
    monthly_active_users: int | None = None
    monthly_revenue_usd: int | None = None
    user_countries: tuple[str, ...] = ()
    accepted_licenses: tuple[str, ...] = ()
    transfer_mechanisms: tuple[TransferMechanism, ...] = ()
    pseudonymized_transfers: tuple[str, ...] = ()
    origins: dict[str, OriginStance] = field(default_factory=dict)
    residency: tuple[str, ...] = ()
    self_hosted: tuple[str, ...] | None = None
    """Canonical model ids that run on the tenant's own hardware; ``None``: any open-weight model may."""
    strict: bool = False
    max_retention_days: int | None = None
    prefer: tuple[Preference, ...] = ("redact", "reroute", "block")
    rank_by: Literal["price", "context", "listed"] = "price"
    operators: dict[str, str] = field(default_factory=dict)
    candidates: tuple[TargetName, ...] = ()
    bare_names: Literal["count", "ignore", ""] = ""
    """Empty: count where ``strict``, else ignore."""
    detection: Additions | None = None
    """What it adds to detection; no part of the facts."""

    @property
    def counts_bare_names(self) -> bool:
        """Whether a bare name is a person's data for this tenant."""
        return self.bare_names == "count" or (self.bare_names == "" and self.strict)
