"""What comes over the wire, and what goes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sidecar.types.content import Direction, Format
from sidecar.types.decisions import Obligation, Reason, Rejected, Waived
from sidecar.types.targets import TargetName


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: what the transport proved about the gateway. The skeleton proves nothing and trusts the socket."""

    gateway: str = ""
    roles: tuple[str, ...] = ()
    tenants: tuple[str, ...] | None = None
    """The tenants it may speak for; ``None``: any, because no identity is configured."""


@dataclass(frozen=True, slots=True)
class InspectionRequest:
    """One body, one tenant, one target."""

    tenant: str
    target: TargetName
    format: Format
    body: bytes
    request_id: str = ""
    subject: str = ""
    session_id: str = ""
    candidates: tuple[TargetName, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    direction: Direction = Direction.REQUEST
    restorations: tuple[bytes, ...] = ()
    in_reply_to: str = ""


class Action(StrEnum):
    """What the gateway must do."""

    ALLOW = "allow"
    REDACT = "redact"
    REROUTE = "reroute"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """A finding as the gateway sees it: by JSON pointer and code points of the decoded string."""

    entity: str
    data_class: str
    pointer: str
    start: int
    end: int
    score: float
    recognizer: str
    operator: str
    in_key: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the gateway's client gets on a block."""

    http_status: int
    code: str
    message: str
    retriable: bool
    body: bytes


@dataclass(frozen=True, slots=True)
class Revisions:
    """Digests of what a decision was made with."""

    policy: str
    catalog: str
    detector: str
    config: str


@dataclass(frozen=True, slots=True)
class Timings:
    """Microseconds on the wall clock."""

    parse_us: int = 0
    detect_us: int = 0
    policy_us: int = 0
    act_us: int = 0
    record_us: int = 0
    total_us: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole answer. ``body`` is empty and ``target`` None on a block, and only there."""

    decision_id: str
    action: Action
    complete: bool
    body: bytes
    target: TargetName | None
    findings: tuple[ReportedFinding, ...]
    reasons: tuple[Reason, ...]
    rejected: tuple[Rejected, ...]
    obligations: tuple[Obligation, ...]
    notices: tuple[Reason, ...]
    shadow: tuple[Reason, ...]
    waived: tuple[Waived, ...]
    restoration: bytes
    refusal: Refusal | None
    revisions: Revisions
    timings: Timings


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a decision."""

    tenant: str
    decision_id: str
    forwarded: bool
    target: TargetName | None
    http_status: int
    input_tokens: int
    output_tokens: int
