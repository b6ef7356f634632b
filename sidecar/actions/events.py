"""Reads one server-sent event: where its JSON is, which strings it holds, which of them are pieces of a longer text."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]', re.DOTALL)
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_DELTA = "delta"
# Strings of a delta that come whole.
_WHOLE = frozenset({"role", "id", "type", "name", "signature", "stop_reason", "stop_sequence", "finish_reason"})
_PLACES = ("index", "output_index", "content_index", "summary_index")


@dataclass(frozen=True, slots=True)
class Literal:
    """A string of the document, by its place in the document's text, quotes included."""

    path: Path
    start: int
    end: int
    is_key: bool


@dataclass(frozen=True, slots=True)
class Event:
    """An event that holds a JSON object, and the lines around it."""

    head: bytes
    """Lines before the JSON, ``data:`` included."""
    text: str
    tail: bytes
    """What ends the line, and all after it."""
    document: Mapping[str, Any]

    def literals(self) -> Iterator[Literal]:
        """Go through the strings of the document, in order."""
        return _literals(self.text)

    def channel(self, path: Path) -> Path | None:
        """Return what names the text that a string is a piece of; None where it is whole by itself."""
        if _DELTA not in path or path[-1] in _WHOLE:
            return None
        places = [self.document.get(name) for name in _PLACES]
        try:
            steps = tuple(_by_index(self.document, path))
        except (KeyError, IndexError, TypeError):  # a key stands there twice, and what is meant is the other one
            return None
        return (str(self.document.get("type", "")), *(at if isinstance(at, int) else -1 for at in places), *steps)

    def carrier(self, path: Path, piece: str) -> bytes:
        """Return an event like this one that carries nothing but a piece of the text at ``path``."""
        document = json.dumps(_pruned(self.document, path, piece, top=True), ensure_ascii=False, separators=(",", ":"))
        return self.head + document.encode("utf-8", "replace") + self.tail

    def ends(self, channel: Path) -> bool:
        """Whether this event says that a text has come to its end."""
        kind, place = channel[0], channel[1]
        match self.document.get("type"):
            case "content_block_stop":
                return kind == "content_block_delta" and place == self.document.get("index", -1)
            case "message_delta" | "message_stop" | "error":
                return True
        choices = self.document.get("choices")
        if not isinstance(choices, list):
            return "error" in self.document
        return any(
            isinstance(choice, dict)
            and choice.get("finish_reason") is not None
            and channel[1 + len(_PLACES) :][:2] == ("choices", choice.get("index", position))
            for position, choice in enumerate(choices)
        )


def data_of(raw: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Split an event into what is before its one line of data, the data, and the rest; None where there is not one."""
    found: tuple[int, int] | None = None
    for line in _LINE.finditer(raw):
        if line[0].startswith(b"data:"):
            if found is not None:
                return None
            start = line.start() + (6 if line[0].startswith(b"data: ") else 5)
            found = start, line.start() + len(line[0].rstrip(b"\r\n"))
    if found is None:
        return None
    return raw[: found[0]], raw[found[0] : found[1]], raw[found[1] :]


def read_event(raw: bytes) -> Event | None:
    """Return the event, or None where it holds no JSON object."""
    parts = data_of(raw)
    if parts is None:
        return None
    try:
        text = parts[1].decode()
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return Event(parts[0], text, parts[2], document) if isinstance(document, dict) else None


def _literals(text: str) -> Iterator[Literal]:
    path: list[Step] = []
    objects: list[bool] = []
    at_key = False
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "{":
                objects.append(True)
                path.append("")
                at_key = True
            case "[":
                objects.append(False)
                path.append(0)
                at_key = False
            case "}" | "]":
                objects.pop()
                path.pop()
                at_key = False
            case ",":
                at_key = objects[-1]
                last = path[-1]
                if isinstance(last, int):
                    path[-1] = last + 1
            case ":":
                at_key = False
            case literal:
                if at_key:
                    path[-1] = json.loads(literal) if "\\" in literal else literal[1:-1]
                yield Literal(tuple(path), token.start(), token.end(), at_key)


def _by_index(document: Mapping[str, Any], path: Path) -> Iterator[Step]:
    """Go along a path; elements of lists that say their index are named by it, not by where they stand."""
    node: Any = document
    for step in path:
        node = node[step]
        index = node.get("index") if isinstance(step, int) and isinstance(node, dict) else None
        yield index if isinstance(index, int) else step


def _pruned(node: Any, path: Sequence[Step], piece: str, *, top: bool = False) -> Any:  # noqa: ANN401 - any JSON
    if not path:
        return piece
    step = path[0]
    if isinstance(node, list):
        return [_pruned(node[int(step)], path[1:], piece)]
    kept: dict[str, Any] = {}
    for key, value in node.items():
        if key == step:
            kept[key] = _pruned(value, path[1:], piece)
        elif key == "finish_reason":
            kept[key] = None
        elif key in {"index", "type"} or (top and not isinstance(value, dict | list)):
            kept[key] = value
    return kept
