"""What the gateway's client gets on a block: codes and remedies, never a value."""

from collections.abc import Callable, Sequence

from sidecar.types.content import Format
from sidecar.types.decisions import Reason, Severity
from sidecar.types.requests import Refusal

FORBIDDEN = 403
SHOWN = 5  # reasons that are told in full
UNNAMED = "policy.block"
RETRIABLE = frozenset({"policy.error"})  # the engine's fault, not the request's


class RefusalWriter:
    """The ``Refuser``."""

    def __init__(self, body: Callable[[Format, str, str, str], bytes]) -> None:
        """Take what writes the error document of a format: code, message and decision id are given to it."""
        self._body = body

    def refusal(self, format: Format, reasons: Sequence[Reason], decision_id: str) -> Refusal:  # noqa: A002 - contract
        """Return the refusal. Decisions are pure: the same request is refused again, unless the engine was at fault."""
        denied = [reason for reason in reasons if reason.severity is Severity.DENY] or list(reasons)
        code = denied[0].code if denied else UNNAMED
        message = _message(denied)
        return Refusal(
            http_status=FORBIDDEN,
            code=code,
            message=message,
            retriable=code in RETRIABLE,
            body=self._body(format, code, message, decision_id),
        )


def _message(reasons: Sequence[Reason]) -> str:
    told = list(dict.fromkeys(_told(reason) for reason in reasons))
    lines = ["This request was not sent to the model.", *told[:SHOWN]]
    if len(told) > SHOWN:
        lines.append(f"{len(told) - SHOWN} more reasons stand in the record.")
    return "\n".join(lines)


def _told(reason: Reason) -> str:
    clause = f" ({reason.clause})" if reason.clause else ""
    remedy = f" Remedy: {_sentence(reason.remedy)}" if reason.remedy else ""
    return f"{reason.code}{clause}: {_sentence(reason.message)}{remedy}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
