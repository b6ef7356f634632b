"""Everything that can go wrong, split by whose fault it is.

::

    SidecarError
    ├── BadRequest                the caller must change the request            INVALID_ARGUMENT
    │   ├── AmbiguousBody         the body is not one well-formed document
    │   └── RetryMismatch         a known request_id with other content
    ├── Forbidden                 this caller may not ask that                  PERMISSION_DENIED
    │   └── UnknownTenant
    ├── NotFound                  no such decision for this tenant              NOT_FOUND
    ├── TooMuch                   more than we take, or than we take now        RESOURCE_EXHAUSTED
    │   ├── BodyTooLarge
    │   └── QueueFull
    ├── NotReady                  a part gave no answer; nothing was decided    UNAVAILABLE
    │   ├── PolicyUnavailable
    │   ├── DetectionUnavailable
    │   └── JournalUnavailable
    ├── DeadlinePassed            the caller's own deadline                     DEADLINE_EXCEEDED
    ├── RestorationRefused        a sealed value map that does not hold         FAILED_PRECONDITION
    ├── PolicyAnswerRefused       OPA answered, but not with a decision         (a recorded block, policy.error)
    └── OperatorFault             the operator must change a file or a setting  (stops the start or the reload)
        ├── SettingsFault
        ├── TenantsFault
        ├── CatalogFault
        ├── PolicyFault
        ├── KeysFault
        └── JournalFault
            └── NotRecalled       a record does not tell what was asked

Only ``wire/encode.py`` knows gRPC's codes. ``str(error)`` is safe to show the caller: it names fields and never holds
a value of the request. ``advice`` is for the operator.
"""

from collections.abc import Sequence


class SidecarError(Exception):
    """The root. ``reason`` is stable, for machines; ``retry_after`` is seconds, or None where a retry is idle."""

    reason = "INTERNAL"
    retry_after: float | None = None

    def __init__(self, message: str, *, field: str = "", advice: str = "") -> None:
        super().__init__(message)
        self.field = field
        self.advice = advice


class BadRequest(SidecarError):
    """The caller must change the request; ``field`` names where."""

    reason = "BAD_REQUEST"


class AmbiguousBody(BadRequest):
    """Two readers could see two documents in this body, or none, so nobody may forward it."""

    reason = "AMBIGUOUS_BODY"


class RetryMismatch(BadRequest):
    """The request_id was used within ten minutes for something else."""

    reason = "RETRY_MISMATCH"


class Forbidden(SidecarError):
    """This caller may not ask that."""

    reason = "FORBIDDEN"


class UnknownTenant(Forbidden):
    """No such tenant, or not this caller's: the answer does not tell which."""

    reason = "UNKNOWN_TENANT"


class NotFound(SidecarError):
    """No such decision for this tenant."""

    reason = "NOT_FOUND"


class TooMuch(SidecarError):
    """More than the sidecar takes."""

    reason = "TOO_MUCH"


class BodyTooLarge(TooMuch):
    """The body is over ``limits.body_bytes``; a retry is idle."""

    reason = "BODY_TOO_LARGE"


class QueueFull(TooMuch):
    """``limits.queue`` requests already wait; nothing was looked at."""

    reason = "QUEUE_FULL"
    retry_after = 0.5


class NotReady(SidecarError):
    """A part gave no answer. Nothing was decided, nothing may be forwarded, a retry may succeed."""

    reason = "NOT_READY"
    retry_after = 1.0


class PolicyUnavailable(NotReady):
    """OPA gave no answer in time."""

    reason = "POLICY_UNAVAILABLE"


class DetectionUnavailable(NotReady):
    """A detection worker was lost while it held this request."""

    reason = "DETECTION_UNAVAILABLE"


class JournalUnavailable(NotReady):
    """The record could not be made durable."""

    reason = "JOURNAL_UNAVAILABLE"


class DeadlinePassed(SidecarError):
    """The caller's deadline came before the answer."""

    reason = "DEADLINE_PASSED"


class RestorationRefused(SidecarError):
    """A restoration that is expired, edited, truncated, or of another tenant or decision."""

    reason = "RESTORATION_CORRUPT"

    def __init__(self, reason: str, message: str, *, field: str = "restoration") -> None:
        super().__init__(message, field=field)
        self.reason = reason


class PolicyAnswerRefused(SidecarError):
    """OPA answered, but what it said is not an acceptable decision."""

    reason = "POLICY_ERROR"


class OperatorFault(SidecarError):
    """A file or a setting is wrong; ``faults`` lists all that is, not just the first."""

    reason = "OPERATOR_FAULT"

    def __init__(self, message: str, *, faults: Sequence[str] = (), field: str = "", advice: str = "") -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([message, *(f"  - {fault}" for fault in faults)]), field=field, advice=advice)


class SettingsFault(OperatorFault):
    """The settings file or an environment override is wrong."""

    reason = "SETTINGS_FAULT"


class TenantsFault(OperatorFault):
    """The tenants file is wrong."""

    reason = "TENANTS_FAULT"


class CatalogFault(OperatorFault):
    """The catalog, shipped or overlaid, is wrong."""

    reason = "CATALOG_FAULT"


class PolicyFault(OperatorFault):
    """The bundle does not compile, has no rules, or fails the checks."""

    reason = "POLICY_FAULT"


class KeysFault(OperatorFault):
    """A key is missing, too open, or not a key."""

    reason = "KEYS_FAULT"


class JournalFault(OperatorFault):
    """The journal cannot be opened: not ours, not a journal, or held by another process."""

    reason = "JOURNAL_FAULT"


class NotRecalled(JournalFault):
    """A record is of another release, or somebody edited it: what was asked then cannot be told."""

    reason = "NOT_RECALLED"
