"""How a body of each format is read."""

from sidecar.errors import AmbiguousBody
from sidecar.payload.body import JsonBody, Reading, Traits
from sidecar.payload.grammars import GRAMMARS, Grammar
from sidecar.payload.interface import Body
from sidecar.payload.opening import opened
from sidecar.payload.reader import NotJson, read
from sidecar.payload.refusals import refusal
from sidecar.payload.text import TextBody
from sidecar.payload.walk import Walk
from sidecar.types.content import Direction, Format, Opened


class ShippedPayloads:
    """See :class:`sidecar.payload.interface.Payloads`. Holds nothing, so it pickles as its name."""

    def read(self, format: Format, direction: Direction, raw: bytes) -> Body:  # noqa: A002 - the contract's word
        """Read a body.

        Raises:
            AmbiguousBody: it is not one well-formed document.
            BadRequest: the document is not of the format.
            BodyTooLarge: it has more texts than a body of its size has any reason to.
        """
        if not raw:
            msg = "the body is empty"
            raise AmbiguousBody(msg, field="body")
        try:
            text = raw.decode()
        except UnicodeDecodeError as exc:
            msg = f"the body is not UTF-8, at byte {exc.start}"
            raise AmbiguousBody(msg, field="body") from None
        if format is Format.TEXT:
            return TextBody(raw)
        return _read_json(GRAMMARS[format, direction], raw, text)

    def opened(self, attachment: str) -> Opened | None:
        """Return what an inlined file says; None where it cannot be vouched for."""
        return opened(attachment)

    def refusal(self, format: Format, code: str, message: str, decision_id: str) -> bytes:  # noqa: A002 - as above
        """Return the error document that a client of this API expects on HTTP 403."""
        return refusal(format, code, message, decision_id)


def _read_json(grammar: Grammar, raw: bytes, text: str) -> JsonBody:
    try:
        tape = read(text)
    except NotJson as exc:
        at = len(text[: exc.at].encode())
        msg = f"the body is ambiguous: {exc}, at byte {at}"
        raise AmbiguousBody(msg, field="body") from None
    walk = Walk(text, tape)
    grammar.document(walk)
    reading = Reading(
        format=grammar.format,
        raw=raw,
        documents=tuple(walk.leaves.documents),
        leaves=tuple(walk.leaves.found),
        models=tuple(walk.models),
        traits=Traits(tuple(walk.uninspected), walk.needs, tuple(sorted(walk.hosted_tools)), walk.streaming),
        attachments=tuple(walk.attachments),
    )
    return JsonBody(reading)
