"""Knows which strings of an event are pieces of a longer text, which text that is, and which event ends it.

A piece stands in a ``delta`` (OpenAI, Anthropic, Cohere), in a part or an argument of a Gemini candidate, or in
``text`` (Cohere's first API). All other strings are whole: ids and names, citations, what repeats a text at its end.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sidecar.actions.events import Path, Step

_DELTA = "delta"
_CANDIDATES = "candidates"
# Members of a delta that come whole: what names or signs something, and what repeats a source.
_WHOLE_MEMBERS = frozenset(
    {"role", "id", "type", "name", "signature", "stop_reason", "stop_sequence", "finish_reason", "data"}
)
_WHOLE_PARTS = frozenset({"citation", "citations", "annotations"})
_PLACES = ("index", "output_index", "content_index", "summary_index")
# What ends one text: the event's type ends so, that of its pieces otherwise alike.
_ENDINGS = (("_stop", "_delta"), ("-end", "-delta"), (".done", ".delta"))
_END_OF_ALL = frozenset(
    {
        "message_delta",
        "message_stop",
        "message-end",
        "error",
        "response.completed",
        "response.failed",
        "response.incomplete",
    }
)
_FINISH = {"choices": "finish_reason", _CANDIDATES: "finishReason"}
_PARTIAL = ("functionCall", "partialArgs")  # Gemini streams the arguments of a call, each by its JSON path
_KEPT = frozenset({"index", "type", "thought", "jsonPath"})


@dataclass(frozen=True, slots=True)
class Channel:
    """The name of one text of a stream."""

    kind: str
    """The type of the events that carry its pieces."""
    places: tuple[int, ...]
    steps: Path


def channel_of(document: Mapping[str, Any], path: Path) -> Channel | None:
    """Return what names the text that a string is a piece of; None where it is whole by itself."""
    if not (_is_piece(document, path) and _leads_to_text(document, path)):
        return None
    if _DELTA in path:
        kind = str(document.get("type", ""))
        kind = f"{kind.removesuffix('-start')}-delta" if kind.endswith("-start") else kind
        return Channel(kind, _places(document), tuple(_by_index(document, path)))
    if path[0] == _CANDIDATES:
        candidate = document[_CANDIDATES][path[1]]
        return Channel("", (), (_CANDIDATES, _index(candidate, path[1]), *_within(candidate, path[2:])))
    return Channel("", (), path)


def _is_piece(document: Mapping[str, Any], path: Path) -> bool:
    if _DELTA in path:
        return path[-1] not in _WHOLE_MEMBERS and _WHOLE_PARTS.isdisjoint(path)
    if path[:1] == (_CANDIDATES,):
        of_call = path[5:7] == _PARTIAL and path[8:] == ("stringValue",)
        return path[2:4] == ("content", "parts") and (path[5:] == ("text",) or of_call)
    return path == ("text",) and document.get("event_type") == "text-generation"


def _within(candidate: Mapping[str, Any], path: Path) -> Path:
    """Return which text of a candidate this is: what it says, what it thinks, or an argument of a call."""
    part = candidate["content"]["parts"][path[2]]
    if path[-1] == "text":
        return ("thought" if part.get("thought") is True else "text",)
    return ("argument", str(part["functionCall"]["partialArgs"][path[5]].get("jsonPath")))


def _leads_to_text(document: Mapping[str, Any], path: Path) -> bool:
    """Whether a string is what a reader finds at its path: where a key stands twice, readers take the other one."""
    node: Any = document
    for step in path:
        known = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        if step not in known:
            return False
        node = node[step]
    return isinstance(node, str)


def ends(document: Mapping[str, Any], channel: Channel) -> bool:
    """Whether an event says that a text has come to its end."""
    kind = document.get("type")
    if isinstance(kind, str):
        if kind in _END_OF_ALL:
            return True
        for ending, piece in _ENDINGS:
            if kind.endswith(ending):
                return channel.kind == kind.removesuffix(ending) + piece and channel.places == _places(document)
    for name, finish in _FINISH.items():
        turns = document.get(name)
        if isinstance(turns, list):
            return any(
                isinstance(turn, dict)
                and turn.get(finish) is not None
                and channel.steps[:2] == (name, _index(turn, position))
                for position, turn in enumerate(turns)
            )
    return "error" in document or document.get("is_finished") is True


def carrier(document: Mapping[str, Any], path: Path, piece: str) -> str:
    """Return a document like this one that carries nothing but a piece of the text at ``path``."""
    return json.dumps(_pruned(document, path, piece, top=True), ensure_ascii=False, separators=(",", ":"))


def _places(document: Mapping[str, Any]) -> tuple[int, ...]:
    places = [document.get(name) for name in _PLACES]
    return tuple(place if isinstance(place, int) else -1 for place in places)


def _index(node: object, position: Step) -> Step:
    """Return how an element of a list is named: by the index that it says, else by where it stands."""
    index = node.get("index") if isinstance(node, dict) else None
    return index if isinstance(index, int) else position


def _by_index(document: Mapping[str, Any], path: Path) -> Iterator[Step]:
    node: Any = document
    for step in path:
        node = node[step]
        yield _index(node, step) if isinstance(step, int) else step


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
        elif key in _KEPT or (top and not isinstance(value, dict | list)):
            kept[key] = value
    return kept
