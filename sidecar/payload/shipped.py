"""The formats that are built, and how a body of each is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sidecar.errors import AmbiguousBody, BadRequest
from sidecar.payload import anthropic_messages, openai_chat
from sidecar.payload.body import JsonBody, Reading, Traits
from sidecar.payload.interface import Body
from sidecar.payload.reader import NotJson, read
from sidecar.payload.refusals import refusal
from sidecar.payload.rules import Rule
from sidecar.payload.tape import OBJECT
from sidecar.payload.text import TextBody
from sidecar.payload.walk import Walk
from sidecar.types.content import Direction, Format


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a JSON body of a format is: the rule of its root, and members of which one must be there."""

    root: Rule
    required: Sequence[str]


_GRAMMARS: Final = {
    (Format.OPENAI_CHAT, Direction.REQUEST): Grammar(openai_chat.REQUEST, openai_chat.REQUIRED_OF_REQUEST),
    (Format.OPENAI_CHAT, Direction.RESPONSE): Grammar(openai_chat.RESPONSE, openai_chat.REQUIRED_OF_RESPONSE),
    (Format.ANTHROPIC_MESSAGES, Direction.REQUEST): Grammar(
        anthropic_messages.REQUEST, anthropic_messages.REQUIRED_OF_REQUEST
    ),
    (Format.ANTHROPIC_MESSAGES, Direction.RESPONSE): Grammar(
        anthropic_messages.RESPONSE, anthropic_messages.REQUIRED_OF_RESPONSE
    ),
}


class ShippedPayloads:
    """See :class:`sidecar.payload.interface.Payloads`. Holds nothing, so it pickles as its name."""

    @property
    def formats(self) -> Sequence[Format]:
        """The formats that are built."""
        return (Format.TEXT, Format.OPENAI_CHAT, Format.ANTHROPIC_MESSAGES)

    def read(self, format: Format, direction: Direction, raw: bytes) -> Body:  # noqa: A002 - the contract's word
        """Read a body.

        Raises:
            AmbiguousBody: it is not one well-formed document.
            BadRequest: the format is not built, or the document is not of that format.
            BodyTooLarge: it has more texts than a body of its size has any reason to.
        """
        if format not in self.formats:
            msg = f"format {format} is not built yet"
            raise BadRequest(msg, field="format")
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
        return _read_json(format, _GRAMMARS[format, direction], raw, text)

    def refusal(self, format: Format, code: str, message: str, decision_id: str) -> bytes:  # noqa: A002 - as above
        """Return the error document that a client of this API expects on HTTP 403."""
        return refusal(format, code, message, decision_id)


def _read_json(format: Format, grammar: Grammar, raw: bytes, text: str) -> JsonBody:  # noqa: A002 - as above
    try:
        tape = read(text)
    except NotJson as exc:
        at = len(text[: exc.at].encode())
        msg = f"the body is ambiguous: {exc}, at byte {at}"
        raise AmbiguousBody(msg, field="body") from None
    walk = Walk(text, tape)
    if tape.kinds[0] != OBJECT:
        walk.refuse("", "an object")
    if all(tape.member(0, name) is None for name in grammar.required):
        msg = f"body: /{' or /'.join(grammar.required)} is missing, so it is not {format}"
        raise BadRequest(msg, field="body")
    grammar.root(walk, 0, "")
    reading = Reading(
        format=format,
        raw=raw,
        documents=tuple(walk.leaves.documents),
        leaves=tuple(walk.leaves.found),
        model=walk.model,
        traits=Traits(tuple(walk.uninspected), walk.needs, tuple(sorted(walk.hosted_tools)), walk.streaming),
    )
    return JsonBody(reading)
