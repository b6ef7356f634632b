"""The corpus: hand-written scripts, their blanks filled by a seeded generator, as the bodies of two APIs.

A script is a list of turns. ``[[phone_us p]]`` in it is a value of a kind, the same wherever label and kind are;
``[[email a]]`` is the address of ``[[person a]]`` where the script has both. Each script becomes several chats, with
other values and another history each, as OpenAI chat and Anthropic messages bodies, content as a string and as parts.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sidecar.types.content import Format
from tests.corpus.values import HARMLESS, PEOPLE, PERSONAL, UNREAD, Person, email, person

FOLDER = Path("tests/data/corpus/chats")
EARLIER = Path("tests/data/corpus/earlier.yaml")
SEED = 20261124
VARIANTS = {"korean": 4, "chinese": 4}  # of every script in a file; of all others, three
LANGUAGES = {"korean": "ko", "chinese": "zh"}
LEAST, MOST = 1_000, 4_096  # bytes of a body
_BLANK = re.compile(r"\[\[(\w+)(?: (\w+))?\]\]")

Turn = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Planted:
    """A value that was put into a chat."""

    kind: str
    data_class: str
    value: str


@dataclass(frozen=True, slots=True)
class Chat:
    """One body, and what was put into it."""

    name: str
    format: Format
    body: bytes
    planted: tuple[Planted, ...]


class _Cast:
    """The values of one chat, each drawn when it is first asked for."""

    def __init__(self, rng: random.Random, people: Mapping[str, str]) -> None:
        self._rng = rng
        self._people = {label: person(rng, kind) for label, kind in people.items()}
        self._kinds = people
        self._values: dict[tuple[str, str], str] = {}
        self.planted: dict[str, Planted] = {}

    def fill(self, text: str) -> str:
        return _BLANK.sub(lambda blank: self._value(blank[1], blank[2] or ""), text)

    def _value(self, kind: str, label: str) -> str:
        someone = self._people.get(label)
        if kind in PEOPLE and someone is not None:
            return self._plant(kind, "person_name", someone.full)
        if kind in {"first", "last"} and someone is not None:
            return self._plant(self._kinds[label], "person_name", getattr(someone, kind))
        value = self._values.get((kind, label))
        if value is None:
            value = self._values[kind, label] = self._draw(kind, someone)
        if kind in PERSONAL:
            return self._plant(kind, PERSONAL[kind][0], value)
        if kind == "email":
            return self._plant(kind, "contact", value)
        return self._plant(kind, "", value) if kind in UNREAD else value

    def _draw(self, kind: str, someone: Person | None) -> str:
        if kind == "email":
            return email(self._rng, someone)
        draw = PERSONAL[kind][1] if kind in PERSONAL else {**HARMLESS, **UNREAD}[kind]
        return draw(self._rng)

    def _plant(self, kind: str, data_class: str, value: str) -> str:
        self.planted[value] = Planted(kind, data_class, value)
        return value


@cache
def corpus() -> tuple[Chat, ...]:
    """Return all chats, the same every time."""
    return tuple(_chats())


def scripts() -> Iterator[tuple[str, Sequence[Turn]]]:
    """Go through all scripts, by file and then as they stand there."""
    for path in sorted(FOLDER.glob("*.yaml")):
        for script in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield f"{path.stem}/{script['name']}", script["turns"]


def _chats() -> Iterator[Chat]:
    before = yaml.safe_load(EARLIER.read_text(encoding="utf-8"))
    for number, (name, turns) in enumerate(scripts()):
        group = name.partition("/")[0]
        for variant in range(VARIANTS.get(group, 3)):
            rng = random.Random(f"{SEED}/{name}/{variant}")
            cast = _Cast(rng, _people(turns))
            filled = [_filled(turn, cast.fill) for turn in turns]
            history = list(before[LANGUAGES.get(group, "en")])
            rng.shuffle(history)
            wanted = rng.choice((LEAST, LEAST, 2_000))
            format_, write = _WRITERS[(number + variant) % len(_WRITERS)]
            body = _written(write(filled, random.Random(variant)), variant)
            while len(body) < wanted and history:
                filled = _with_history(filled, history.pop())
                body = _written(write(filled, random.Random(variant)), variant)
            yield Chat(f"{name}-{variant}", format_, body, tuple(cast.planted.values()))


def _with_history(turns: Sequence[Turn], exchange: Sequence[Turn]) -> list[Turn]:
    """Return the turns with an exchange before them, behind the system prompt."""
    systems = 1 if turns[0].get("role") == "system" else 0
    return [*turns[:systems], *exchange, *turns[systems:]]


def _written(document: Mapping[str, Any], variant: int) -> bytes:
    return json.dumps(document, ensure_ascii=variant == 1, indent=1 if variant == 2 else None).encode()


def _people(turns: Sequence[Turn]) -> dict[str, str]:
    blanks = _BLANK.findall(json.dumps(turns, ensure_ascii=False))
    return {label: kind for kind, label in blanks if kind in PEOPLE}


def _filled(value: Any, fill: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return fill(value)
    if isinstance(value, Mapping):
        return {fill(key): _filled(one, fill) for key, one in value.items()}
    return [_filled(one, fill) for one in value] if isinstance(value, list) else value


def _openai(turns: Sequence[Turn], rng: random.Random, *, parts: bool) -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    call_id = ""
    for turn in turns:
        match turn:
            case {"call": name, "arguments": arguments}:
                call_id = f"call_{rng.randrange(16**12):012x}"
                called = {"name": name, "arguments": json.dumps(arguments, ensure_ascii=not parts)}
                call = {"id": call_id, "type": "function", "function": called}
                messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
            case {"result": result}:
                messages.append({"role": "tool", "tool_call_id": call_id, "content": _as_text(result)})
            case {"role": role, "text": text}:
                content = [{"type": "text", "text": text}] if parts and role != "assistant" else text
                messages.append({"role": role, "content": content})
    return {"model": "deepseek-chat", "messages": messages, "temperature": 0.2, "stream": bool(rng.randrange(2))}


def _anthropic(turns: Sequence[Turn], rng: random.Random, *, parts: bool) -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    system, call_id = "", ""
    for turn in turns:
        match turn:
            case {"call": name, "arguments": arguments}:
                call_id = f"toolu_{rng.randrange(16**12):012x}"
                use = {"type": "tool_use", "id": call_id, "name": name, "input": arguments}
                messages.append({"role": "assistant", "content": [use]})
            case {"result": result}:
                block = {"type": "tool_result", "tool_use_id": call_id, "content": _as_text(result)}
                messages.append({"role": "user", "content": [block]})
            case {"role": "system", "text": text}:
                system = text
            case {"role": role, "text": text}:
                messages.append({"role": role, "content": [{"type": "text", "text": text}] if parts else text})
    heading = [{"type": "text", "text": system}] if parts else system
    top = {"system": heading} if system else {}
    return {"model": "deepseek-chat", "max_tokens": 1024, **top, "messages": messages}


def _as_text(result: Any) -> str:  # noqa: ANN401 - any JSON
    return result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)


_WRITERS: tuple[tuple[Format, Callable[[Sequence[Turn], random.Random], dict[str, Any]]], ...] = (
    (Format.OPENAI_CHAT, lambda turns, rng: _openai(turns, rng, parts=False)),
    (Format.ANTHROPIC_MESSAGES, lambda turns, rng: _anthropic(turns, rng, parts=False)),
    (Format.OPENAI_CHAT, lambda turns, rng: _openai(turns, rng, parts=True)),
    (Format.ANTHROPIC_MESSAGES, lambda turns, rng: _anthropic(turns, rng, parts=True)),
)
