"""Restores replies as their bytes come: plain text, JSON, and server-sent events.

In events a text comes in pieces (``delta``): each text is a stream of its own, named by choice, tool call and field.
What is held back of one goes on with its next piece, or in an event made for it just before it ends; no other waits.
"""

import json
import re
from dataclasses import dataclass
from typing import Protocol

from sidecar.actions.events import Event, Literal, Path, data_of, read_event
from sidecar.actions.nesting import Nesting
from sidecar.actions.substitution import Substitution, Values, as_octets
from sidecar.types.content import Format

_EVENT_END = re.compile(rb"\r?\n\r?\n")
_LONGEST_END = 4
_BLANKS = b" \t\r\n"
_EVENT_STARTS = (b"data:", b"event:", b"id:", b"retry:", b":")
_DONE = b"[DONE]"


class Pump(Protocol):
    """Bytes in, restored bytes out."""

    @property
    def restored(self) -> int:
        """How many pseudonyms were replaced so far."""
        ...

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """Return what may go on; ``last`` lets go of everything."""
        ...


def pump_for(format: Format, values: Values) -> Pump:  # noqa: A002 - the contract's word
    """Return what restores a reply of a format."""
    return OctetPump(values, Nesting(0)) if format is Format.TEXT else ReplyPump(values)


class OctetPump:
    """A text, or one JSON document, as it stands: only pseudonyms change."""

    def __init__(self, values: Values, nesting: Nesting) -> None:
        # Pseudonyms and JSON's own signs are ASCII, so octets do as characters, and no cut can fall within one.
        self._text = Substitution(values, nesting, write=as_octets)

    @property
    def restored(self) -> int:
        """How many pseudonyms were replaced so far."""
        return self._text.restored

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """Return what may go on."""
        return self._text.feed(chunk.decode("latin-1"), last=last).encode("latin-1")


class ReplyPump:
    """A reply that is a document or a stream of events: its first bytes tell."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._begun = b""
        self._pump: Pump | None = None

    @property
    def restored(self) -> int:
        """How many pseudonyms were replaced so far."""
        return self._pump.restored if self._pump else 0

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """Return what may go on."""
        if self._pump is None:
            self._begun += chunk
            chunk = self._begun
            start = chunk.lstrip(_BLANKS)
            if not last and any(sign.startswith(start) and sign != start for sign in _EVENT_STARTS):
                return b""
            events = start.startswith(_EVENT_STARTS)
            self._pump = EventPump(self._values) if events else OctetPump(self._values, Nesting())
        return self._pump.feed(chunk, last=last)


@dataclass(slots=True)
class _Channel:
    """One text of the stream, and the last event that carried a piece of it."""

    text: Substitution
    event: Event
    path: Path


class EventPump:
    """A stream of server-sent events."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._channels: dict[Path, _Channel] = {}
        self._holding: set[Path] = set()
        self._buffer = bytearray()
        self._searched = 0
        self._whole = 0

    @property
    def restored(self) -> int:
        """How many pseudonyms were replaced so far."""
        return self._whole + sum(channel.text.restored for channel in self._channels.values())

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """Return the events that are whole."""
        self._buffer += chunk
        out, start = [], 0
        while end := _EVENT_END.search(self._buffer, max(start, self._searched)):
            out.append(self._event(bytes(self._buffer[start : end.end()]), last=False))
            start = self._searched = end.end()
        del self._buffer[:start]
        self._searched = max(0, len(self._buffer) - _LONGEST_END)
        if last:
            out.append(self._event(bytes(self._buffer), last=True))
            self._buffer.clear()
            self._searched = 0
        return b"".join(out)

    def _event(self, raw: bytes, *, last: bool) -> bytes:
        if self._untouched(raw) and not (last and self._holding):
            return raw
        event = read_event(raw)
        if event is None:
            parts = data_of(raw)
            if last or (parts is not None and parts[1].strip() == _DONE):
                return self._let_go(set(self._holding)) + self._alone(raw)
            return self._alone(raw)
        ending = {name for name in self._channels if last or event.ends(name)}
        parts_out, place = [], 0
        for literal in event.literals():
            written = self._literal(event, literal, ending)
            if written is not None:
                parts_out += [event.text[place : literal.start], written]
                place = literal.end
        restored = "".join([*parts_out, event.text[place:]])
        return self._let_go(ending & self._holding) + event.head + restored.encode("utf-8", "replace") + event.tail

    def _untouched(self, raw: bytes) -> bool:
        """Whether no pseudonym can begin, go on or end here."""
        if self._holding or self._values.need_escaping:
            return False
        return b"<" not in raw and b"\\\\" not in raw and b"\\u" not in raw

    def _literal(self, event: Event, literal: Literal, ending: set[Path]) -> str | None:
        """Return what comes in the place of a string; None where it stays as it is written."""
        written = event.text[literal.start : literal.end]
        name = None if literal.is_key else event.channel(literal.path)
        if name is None:
            if "<" not in written and "\\" not in written:
                return None
            whole = Substitution(self._values, Nesting(), starts_with="[")
            restored = whole.feed(written, last=True)
            self._whole += whole.restored
            return restored if whole.restored else None
        channel = self._channels.get(name)
        if channel is None:
            channel = self._channels[name] = _Channel(Substitution(self._values, Nesting()), event, literal.path)
        channel.event, channel.path = event, literal.path
        piece = json.loads(written)
        restored = channel.text.feed(piece, last=name in ending or event.ends(name))
        if channel.text.held:
            self._holding.add(name)
        else:
            self._holding.discard(name)
        return None if restored == piece else _quoted(restored, plain=written.isascii())

    def _let_go(self, names: set[Path]) -> bytes:
        """Return events for what is held of texts that end without another piece."""
        out = []
        for name in sorted(names, key=repr):
            channel = self._channels[name]
            out.append(channel.event.carrier(channel.path, channel.text.feed("", last=True)))
        self._holding -= names
        return b"".join(out)

    def _alone(self, raw: bytes) -> bytes:
        """Restore an event that holds no JSON object, or not in one line, by itself."""
        start = max(0, raw.find(b"{"))
        pump = OctetPump(self._values, Nesting())
        restored = pump.feed(raw[start:], last=True)
        self._whole += pump.restored
        return raw[:start] + restored


def _quoted(text: str, *, plain: bool) -> str:
    """Write a string of JSON, in ASCII where it was so before or cannot be otherwise."""
    try:
        text.encode()
    except UnicodeEncodeError:
        plain = True
    return json.dumps(text, ensure_ascii=plain)
