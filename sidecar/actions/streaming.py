"""Restores replies as their bytes come: plain text, JSON, server-sent events, arrays and lines of JSON."""

import re
from collections.abc import Callable
from typing import Protocol

from sidecar.actions.events import Data, data_of, line_data, read_event
from sidecar.actions.matching import Values
from sidecar.actions.nesting import Nesting
from sidecar.actions.substitution import Substitution
from sidecar.actions.weaving import Weave
from sidecar.types.content import Format

_EVENT_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"\n")
_LONGEST_END = 4
_BLANKS = b" \t\r\n"
_EVENT_STARTS = (b"data:", b"event:", b"id:", b"retry:", b":")
_LINE_START = b'{"is_finished"'  # how each line of Cohere's first API begins
_DONE = b"[DONE]"
_MARK = re.compile(rb'[{}\[\]"]')  # what decides where an element of an array begins and ends
_WITHIN = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)  # up to the end of a string


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
            return EventPump(self._values, end=_LINE_END, read=line_data)
        return OctetPump(self._values, Nesting())


class EventPump:
    """A stream of events, one behind the other."""

    def __init__(
        self, values: Values, *, end: re.Pattern[bytes] = _EVENT_END, read: Callable[[bytes], Data | None] = data_of
    ) -> None:
        """Take what ends an event, and what finds the JSON in it: those of server-sent events, or others."""
        self._weave = Weave(values)
        self._end = end
        self._read = read
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
        while end := self._end.search(self._buffer, max(start, self._searched)):
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
        data = self._read(raw)
        event = read_event(data) if data else None
        if event is None:
            before = self._weave.let_go() if data and data.octets.strip() == _DONE else b""
            return before + _alone(self._weave, raw)
        before, text = self._weave.restore(event)
        return before + event.written(text)

    def _last(self, raw: bytes) -> bytes:
        data = self._read(raw)
        event = read_event(data) if data else None
        if event is None:
            return self._weave.let_go() + _alone(self._weave, raw)
        before, text = self._weave.restore(event, last=True)
        return before + event.written(text)


class ArrayPump:
    """A stream of JSON objects that are the elements of one array."""

    def __init__(self, values: Values) -> None:
        self._weave = Weave(values)
        self._buffer = bytearray()
        self._place = 0
        """Up to where the buffer was looked through."""
        self._taken = 0
        """Up to where it has left."""
        self._depth = 0
        self._in_string = False
        self._in_element = False

    @property
    def restored(self) -> int:
        """How many stand-ins were replaced so far."""
        return self._weave.restored

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """Return the elements that are whole."""
        self._buffer += chunk
        out = []
        while self._place < len(self._buffer):
            if self._in_string:
                self._place = _WITHIN.match(self._buffer, self._place).end()  # type: ignore[union-attr] # at least nothing
                if self._buffer[self._place : self._place + 1] != b'"':
                    break
                self._in_string = False
                self._place += 1
            elif mark := _MARK.search(self._buffer, self._place):
                self._place = mark.end()
                out.append(self._marked(mark[0]))
            else:
                self._place = len(self._buffer)
        if not self._in_element:
            out.append(self._cut(self._place))
        if last:
            out += [self._weave.let_go(), _alone(self._weave, self._cut(len(self._buffer)))]
        del self._buffer[: self._taken]
        self._place -= self._taken
        self._taken = 0
        return b"".join(out)

    def _marked(self, mark: bytes) -> bytes:
        """Go into a string, or one level up or down; return what is whole by that."""
        if mark == b'"':
            self._in_string = True
        elif mark in b"{[":
            self._depth += 1
            if self._depth == 2 and mark == b"{":  # noqa: PLR2004 - an element of the array
                self._in_element = True
                return self._cut(self._place - 1)
        else:
            self._depth -= 1
            if self._depth == 1 and self._in_element:
                self._in_element = False
                return self._restored(self._cut(self._place))
            if self._depth == 0:
                return self._cut(self._place - 1) + self._weave.let_go()
        return b""

    def _cut(self, end: int) -> bytes:
        """Take what is before a place, and has not left yet."""
        taken = bytes(self._buffer[self._taken : end])
        self._taken = end
        return taken

    def _restored(self, raw: bytes) -> bytes:
        if self._weave.passes(raw):
            return raw
        event = read_event(Data(b",\n", raw, b"", ()))
        if event is None:
            return _alone(self._weave, raw)
        before, text = self._weave.restore(event)
        # What was held comes as an element of its own: before this one, whose comma is already out.
        return before.removeprefix(b",\n") + (b",\n" if before else b"") + text.encode("utf-8", "replace")


def _alone(weave: Weave, raw: bytes) -> bytes:
    return weave.alone(raw.decode("latin-1")).encode("latin-1")
