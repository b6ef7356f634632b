"""What was decided, and why."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Severity(StrEnum):
    """How much a reason weighs."""

    DENY = "deny"
    REDACT = "redact"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Reason:
    """One objection, or one thing to know. Empty ``data_class``: redaction does not cure it."""

    code: str
    severity: Severity
    data_class: str
    target: str
    message: str
    clause: str
    remedy: str
    basis: str


@dataclass(frozen=True, slots=True)
class Redaction:
    """All findings of one class, and the operator that takes them out."""

    data_class: str
    operator: str


@dataclass(frozen=True, slots=True)
class Obligation:
    """What the tenant owes when it proceeds."""

    code: str
    text: str
    clause: str
    basis: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A candidate that was not taken, with sorted codes."""

    target: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waived:
    """What a rule would have said, had nobody taken it on themselves."""

    code: str
    severity: Severity
    data_class: str
    target: str
    clause: str
    basis: str
    reason: str
    """The operator's own words, as in the waiver."""
    approver: str
    expires: str
    """The last day, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What every decision carries, whatever the action. All lists come sorted."""

    reasons: tuple[Reason, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    notices: tuple[Reason, ...] = ()
    shadow: tuple[Reason, ...] = ()
    waived: tuple[Waived, ...] = ()


@dataclass(frozen=True, slots=True)
class Allow:
    """The body goes to the requested target as it came."""

    target: str
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Redact:
    """The body goes to the requested target without some classes."""

    target: str
    redactions: tuple[Redaction, ...]
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Reroute:
    """The body goes to a candidate, perhaps without some classes."""

    target: str
    redactions: tuple[Redaction, ...]
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Block:
    """Nothing goes anywhere."""

    grounds: Grounds


Decision: TypeAlias = Allow | Redact | Reroute | Block
