"""Writes docs/errors.md from the tree of errors and the codes that the wire gives them."""

import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from google.rpc import code_pb2

from docs.generator.tables import page, table
from sidecar import errors
from sidecar.wire.encode import DOMAIN, status_of

_INTRODUCTION = f"""\
A block is an answer, not an error. An error means that the request was not judged: **forward nothing**. (Only
where `Restore` fails may the model's reply go on as it came: it holds pseudonyms, never values.)

Every error of the wire is a `google.rpc.Status` with an `ErrorInfo` of domain `{DOMAIN}`, whose `reason` is
stable and made for programs. `ErrorInfo.metadata["field"]` names the field where there is one; a `BadRequest`
detail does so for what the caller must change, and a `RetryInfo` says after how long a retry may succeed. A
message never holds a value of the request."""

_WHAT_TO_DO = {
    "BAD_REQUEST": "Change the field that is named.",
    "AMBIGUOUS_BODY": "Send one well-formed document: no duplicate key, no byte-order mark, nothing behind its end.",
    "RETRY_MISMATCH": "Use a new `request_id` for other content.",
    "FORBIDDEN": "Ask as a caller who may.",
    "UNKNOWN_TENANT": "Name a tenant of the tenants file that this caller may speak for.",
    "NOT_FOUND": "Use the `decision_id` and the tenant of an answer that was given.",
    "TOO_MUCH": "Send less.",
    "BODY_TOO_LARGE": "Send a smaller body, or raise `limits.body_bytes` (up to 16 MiB).",
    "QUEUE_FULL": "Wait as long as `RetryInfo` says; add workers or sidecars if it happens often.",
    "NOT_READY": "Wait as long as `RetryInfo` says.",
    "POLICY_UNAVAILABLE": "Wait as long as `RetryInfo` says: the sidecar restarts its OPA. Watch `GetStatus`.",
    "DETECTION_UNAVAILABLE": "Wait as long as `RetryInfo` says: a new worker takes the place of the lost one.",
    "JOURNAL_UNAVAILABLE": (
        "Wait; look at the disk and at `audit.max_bytes`. Nothing leaves while nothing can be recorded."
    ),
    "DEADLINE_PASSED": "Give more time, or send less text.",
    "RESTORATION_CORRUPT": "Hand back the bytes of `restoration` as they were given.",
    "RESTORATION_EXPIRED": "Too late; raise `actions.restoration_hours` if replies come later than that.",
    "RESTORATION_TENANT": "Name the tenant that the restoration was made for.",
    "RESTORATION_DECISION": "Name the decision that the restoration was made for.",
    "POLICY_ERROR": "The block's code is `policy.error`. Mend the policies; `sidecar policy test` runs their tests.",
    "OPERATOR_FAULT": "Mend the file that is named; every fault in it is listed.",
    "SETTINGS_FAULT": "Mend the settings; [settings.md](settings.md) lists every key.",
    "TENANTS_FAULT": (
        "Mend the tenants file; [tenants.md](tenants.md) lists every field. `sidecar tenants check` reads it alone."
    ),
    "CATALOG_FAULT": "Mend the overlay. `sidecar catalog check` reads the catalog alone.",
    "POLICY_FAULT": "Mend the policies. `sidecar policy check` reads them alone.",
    "KEYS_FAULT": "Put the keys back from your backup, or make the first ones with `sidecar keys init`.",
    "JOURNAL_FAULT": "Look who else holds the journal, and at the folder's owner and mode (0700).",
    "NOT_RECALLED": "Nothing: `policy replay` counts such a record and leaves it out.",
    "INTERNAL": "A fault of the sidecar. Report it with its log line, which names the place and no text.",
}
_RESTORATIONS = {
    "RESTORATION_CORRUPT": "A restoration that was edited or cut, or whose key is gone.",
    "RESTORATION_EXPIRED": "A restoration that is older than `actions.restoration_hours`.",
    "RESTORATION_TENANT": "A restoration of another tenant.",
    "RESTORATION_DECISION": "A restoration of another decision.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One reason."""

    kind: type[errors.SidecarError]
    reason: str
    code: str
    retriable: str


def render() -> str:
    """Return the page."""
    rows = list(all_rows())
    columns = ("reason", "what happened", "what to do")
    wire = [row for row in rows if row.code]
    blocked = [row for row in rows if issubclass(row.kind, errors.PolicyAnswerRefused)]
    rest = [row for row in rows if issubclass(row.kind, errors.OperatorFault)]
    return page(
        "errors",
        "# Errors",
        _INTRODUCTION,
        "## On the wire",
        table(
            ("reason", "gRPC code", "retry", "what happened", "what to do"),
            ((f"`{row.reason}`", row.code, row.retriable, _told(row), _WHAT_TO_DO[row.reason]) for row in wire),
        ),
        "## A block of its own",
        "OPA answered, and its answer could not be taken. That is a decision: to block. It is recorded like any other.",
        table(columns, ((f"`{row.reason}`", _told(row), _WHAT_TO_DO[row.reason]) for row in blocked)),
        "## In the operator's hands",
        "These stop a start or a reload and end a command with exit code 2. They never reach a caller of the wire.",
        table(columns, ((f"`{row.reason}`", _told(row), _WHAT_TO_DO[row.reason]) for row in rest)),
        "## The tree",
        f"```\n{_tree()}\n```",
    )


def all_rows() -> Iterator[Row]:
    """Return every reason there is, in the order of the tree."""
    for kind in _descendants(errors.SidecarError):
        for reason in _RESTORATIONS if kind is errors.RestorationRefused else (kind.reason,):
            yield Row(kind, reason, _code(kind, reason), "yes" if kind.retry_after is not None else "no")
    yield Row(errors.SidecarError, errors.SidecarError.reason, "INTERNAL", "no")


def _descendants(kind: type[errors.SidecarError]) -> Iterator[type[errors.SidecarError]]:
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield child
            yield from _descendants(child)


def _code(kind: type[errors.SidecarError], reason: str) -> str:
    if issubclass(kind, errors.OperatorFault | errors.PolicyAnswerRefused):
        return ""
    error = errors.RestorationRefused(reason, "") if issubclass(kind, errors.RestorationRefused) else kind("")
    return str(code_pb2.Code.Name(status_of(error).code))


def _tree() -> str:
    drawn = (errors.__doc__ or "").partition("::\n\n")[2].partition("\n\n")[0]
    return textwrap.dedent(drawn)


def _told(row: Row) -> str:
    if row.kind is errors.SidecarError:
        return "Something that should not happen."
    return _RESTORATIONS.get(row.reason) or inspect.cleandoc(row.kind.__doc__ or "").replace("``", "`")
