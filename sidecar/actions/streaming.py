"""Restores replies as their bytes come: plain text, JSON, server-sent events, arrays and lines of JSON."""

import json
import re
from typing import Protocol

from sidecar.actions.events import Event, data_of, read_event
from sidecar.actions.matching import Values
from sidecar.actions.nesting import Nesting
from sidecar.actions.substitution import Substitution
from sidecar.actions.weaving import Weave
from sidecar.types.content import Format

_EVENT_END = re.compile(rb"\r?\n\r?\n")
_LONGEST_END = 4
_BLANKS = b" \t\r\n"
_EVENT_STARTS = (b"data:", b"event:", b"id:", b"retry:", b":")
_LINE_START = b'{"is_finished"'  # how each line of Cohere's first API begins
_DONE = b"[DONE]"
# What decides where an element of an array begins and ends; a string is skipped whole, once it is there whole.
_MARK = re.compile(rb'[{}\[\],]|"(?:[^"\\]++|\\.)*+("|\\?\Z)', re.DOTALL)


class Pump(Protocol):
    """Bytes in, restored bytes out."""

    @property
    def restored(self) -> int:
        """How many stand-ins were replaced so far."""
        ...

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """Return what may go on; ``last`` lets go of everything."""
        ...


def pump_for(format: Format, values: Values) -> Pump:  # noqa: A002 - the contract's word
    """Return what restores a reply of a format."""
    return OctetPump(values, Nesting(0)) if format is Format.TEXT else ReplyPump(format, values)


class OctetPump:
    """A text, or one JSON document, as it stands: only stand-ins change."""

    def __init__(self, values: Values, nesting: Nesting) -> None:
        # JSON's own signs are ASCII, so octets do as characters, and a cut within one does no harm.
        self._text = Substitution(values, nesting, octets=True)

    @property
    def restored(self) -> int:
        """How many stand-ins were replaced so far."""
        return self._text.restored

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """Return what may go on."""
        return self._text.feed(chunk.decode("latin-1"), last=last).encode("latin-1")


class ReplyPump:
    """A reply that is a document or a stream of events: its first bytes tell."""

    def __init__(self, format: Format, values: Values) -> None:  # noqa: A002 - as above
        self._format = format
        self._values = values
        self._begun = b""
        self._pump: Pump | None = None

    @property
    def restored(self) -> int:
        """How many stand-ins were replaced so far."""
        return self._pump.restored if self._pump else 0

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """Return what may go on."""
        if self._pump is None:
            self._begun += chunk
            chunk = self._begun
            start = chunk.lstrip(_BLANKS)
            signs = (*_EVENT_STARTS, *((_LINE_START,) if self._format is Format.COHERE_CHAT else ()))
            if not last and any(sign.startswith(start) and sign != start for sign in signs):
                return b""
            self._pump = self._reading(start)
        return self._pump.feed(chunk, last=last)

    def _reading(self, start: bytes) -> Pump:
        if start.startswith(_EVENT_STARTS):
            return EventPump(self._values)
        if self._format is Format.GEMINI_GENERATE_CONTENT and start.startswith(b"["):
            return ArrayPump(self._values)
        if self._format is Format.COHERE_CHAT and start.startswith(_LINE_START):
            return LinePump(self._values)
        return OctetPump(self._values, Nesting())


class EventPump:
    """A stream of server-sent events."""

    def __init__(self, values: Values) -> None:
        self._weave = Weave(values)
        self._buffer = bytearray()
        self._searched = 0

    @property
    def restored(self) -> int:
        """How many stand-ins were replaced so far."""
        return self._weave.restored

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """Return the events that are whole."""
        self._buffer += chunk
        out, start = [], 0
        while end := _EVENT_END.search(self._buffer, max(start, self._searched)):
            out.append(self._event(bytes(self._buffer[start : end.end()])))
            start = self._searched = end.end()
        del self._buffer[:start]
        self._searched = max(0, len(self._buffer) - _LONGEST_END)
        if last:
            out.append(self._last(bytes(self._buffer)))
            self._buffer.clear()
            self._searched = 0
        return b"".join(out)

    def _event(self, raw: bytes) -> bytes:
        if self._weave.passes(raw):
            return raw
        data = data_of(raw)
        event = read_event(data) if data else None
        if event is None:
            before = self._weave.let_go() if data and data.octets.strip() == _DONE else b""
            return before + _alone(self._weave, raw)
        before, text = self._weave.restore(event)
        return before + event.written(text)

    def _last(self, raw: bytes) -> bytes:
        data = data_of(raw)
        event = read_event(data) if data else None
        if event is None:
            return self._weave.let_go() + _alone(self._weave, raw)
        before, text = self._weave.restore(event, last=True)
        return before + event.written(text)


class LinePump:
    """A stream of JSON objects, one a line."""

    def __init__(self, values: Values) -> None:
        self._weave = Weave(values)
        self._buffer = b""

    @property
    def restored(self) -> int:
        """How many stand-ins were replaced so far."""
        return self._weave.restored

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """Return the lines that are whole."""
        *lines, self._buffer = (self._buffer + chunk).split(b"\n")
        out = [self._line(line, b"\n") for line in lines]
        if last:
            out.append(self._line(self._buffer, b"") if self._buffer else b"")
            out.append(self._weave.let_go())
            self._buffer = b""
        return b"".join(out)

    def _line(self, line: bytes, end: bytes) -> bytes:
        event = _object(b"", line, b"\n")
        if event is None:
            return _alone(self._weave, line) + end
        before, text = self._weave.restore(event)
        return before + text.encode("utf-8", "replace") + end


class ArrayPump:
    """A stream of JSON objects that are the elements of one array."""

    def __init__(self, values: Values) -> None:
        self._weave = Weave(values)
        self._buffer = b""
        self._place = 0
        """Up to where the buffer was looked through."""
        self._depth = 0
        self._element = -1
        """Where an element begins in the buffer; negative between elements."""

    @property
    def restored(self) -> int:
        """How many stand-ins were replaced so far."""
        return self._weave.restored

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """Return the elements that are whole."""
        self._buffer += chunk
        out = []
        while mark := _MARK.search(self._buffer, self._place):
            if mark[0][:1] == b'"':
                if mark[1] != b'"':
                    self._place = mark.start()
                    break
                self._place = mark.end()
                continue
            self._place = mark.end()
            out.append(self._marked(mark[0], mark.start()))
        else:
            self._place = len(self._buffer)
        if self._element < 0:
            out.append(self._cut(self._place))
        if last:
            out += [self._weave.let_go(), _alone(self._weave, self._buffer)]
            self._buffer = b""
        return b"".join(out)

    def _marked(self, mark: bytes, at: int) -> bytes:
        """Go one level up or down; return what is whole by that."""
        if mark in b"{[":
            self._depth += 1
            if self._depth == 2 and mark == b"{":  # noqa: PLR2004 - an element of the array
                before = self._cut(at)
                self._element = 0
                return before
        elif mark in b"}]":
            self._depth -= 1
            if self._depth == 1 and self._element == 0:
                self._element = -1
                return self._restored(self._cut(self._place))
            if self._depth == 0:
                return self._cut(at) + self._weave.let_go()
        return b""

    def _cut(self, end: int) -> bytes:
        """Take what is before a place out of the buffer."""
        taken, self._buffer = self._buffer[:end], self._buffer[end:]
        self._place -= end
        return taken

    def _restored(self, raw: bytes) -> bytes:
        event = _object(b",\n", raw, b"")
        if event is None:
            return _alone(self._weave, raw)
        before, text = self._weave.restore(event)
        # What was held comes as an element of its own: before this one, whose comma is already out.
        return before.removeprefix(b",\n") + (b",\n" if before else b"") + text.encode("utf-8", "replace")


def _object(head: bytes, octets: bytes, tail: bytes) -> Event | None:
    try:
        text = octets.decode()
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return Event(head, text, tail, document) if isinstance(document, dict) else None


def _alone(weave: Weave, raw: bytes) -> bytes:
    return weave.alone(raw.decode("latin-1")).encode("latin-1")
