"""Restores the texts of a stream of events, which come in pieces and by turns.

Each text is a stream of its own. What is held back of one goes on with its next piece, or in an event made for it just
before it ends; no other waits.
"""

import json
from dataclasses import dataclass

from sidecar.actions.channels import Channel, carrier, channel_of, ends
from sidecar.actions.events import Event, Literal, Path
from sidecar.actions.matching import Values
from sidecar.actions.nesting import Nesting
from sidecar.actions.substitution import Substitution


@dataclass(slots=True)
class _Text:
    """One text of the stream, and the last event that carried a piece of it."""

    pieces: Substitution
    event: Event
    path: Path


class Weave:
    """All texts of one stream."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._texts: dict[Channel, _Text] = {}
        self._holding: set[Channel] = set()
        self._whole = 0

    @property
    def restored(self) -> int:
        """How many stand-ins were replaced so far."""
        return self._whole + sum(text.pieces.restored for text in self._texts.values())

    def passes(self, raw: bytes) -> bool:
        """Whether no stand-in can begin, go on or end in an event, as it is written."""
        return not self._holding and not self._values.need_escaping and not self._values.suspicious.search(raw)

    def restore(self, event: Event, *, last: bool = False) -> tuple[bytes, str]:
        """Return events that come before this one, and the text of this one."""
        ending = {name for name in self._texts if last or ends(event.document, name)}
        parts, place = [], 0
        for literal in event.literals():
            written = self._literal(event, literal, ending)
            if written is not None:
                parts += [event.text[place : literal.start], written]
                place = literal.end
        return self._let_go(ending & self._holding), "".join([*parts, event.text[place:]])

    def let_go(self) -> bytes:
        """Return events for all that is held."""
        return self._let_go(set(self._holding))

    def alone(self, text: str) -> str:
        """Restore by itself what is no event with a JSON object: a text whose characters are octets."""
        start = max(0, text.find("{"))
        whole = Substitution(self._values, Nesting(), octets=True)
        restored = whole.feed(text[start:], last=True)
        self._whole += whole.restored
        return text[:start] + restored

    def _literal(self, event: Event, literal: Literal, ending: set[Channel]) -> str | None:
        """Return what comes in the place of a string; None where it stays as it is written."""
        written = event.text[literal.start : literal.end]
        name = None if literal.is_key else channel_of(event.document, literal.path)
        if name is None:
            return self._restored_whole(written) if self._values.in_whole(written) else None
        text = self._texts.get(name)
        if text is None:
            text = self._texts[name] = _Text(Substitution(self._values, Nesting()), event, literal.path)
        text.event, text.path = event, literal.path
        piece = json.loads(written)
        restored = text.pieces.feed(piece, last=name in ending or ends(event.document, name))
        if text.pieces.held:
            self._holding.add(name)
        else:
            self._holding.discard(name)
        return None if restored == piece else _quoted(restored, plain=written.isascii())

    def _restored_whole(self, written: str) -> str | None:
        whole = Substitution(self._values, Nesting(), starts_with="[")
        restored = whole.feed(written, last=True)
        self._whole += whole.restored
        return restored if whole.restored else None

    def _let_go(self, names: set[Channel]) -> bytes:
        """Return events for what is held of texts that end without another piece."""
        out = []
        for name in sorted(names, key=repr):
            text = self._texts[name]
            document = carrier(text.event.document, text.path, text.pieces.feed("", last=True))
            out.append(text.event.head + document.encode("utf-8", "replace") + text.event.tail)
        self._holding -= names
        return b"".join(out)


def _quoted(text: str, *, plain: bool) -> str:
    """Write a string of JSON, in ASCII where it was so before or cannot be otherwise."""
    try:
        text.encode()
    except UnicodeEncodeError:
        plain = True
    return json.dumps(text, ensure_ascii=plain)
