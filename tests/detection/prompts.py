"""The project's prompts: hand-written templates filled with made-up values, spans known from the filling.

``python -m tests.detection.prompts`` writes ``tests/data/prompts/*.jsonl`` anew from ``tests/data/prompts/templates``.
In a template ``<<kind>>`` is a value, ``<<kind.2>>`` a second one of the kind, ``<<id:ENTITY>>`` a number of
``countries.yaml``, and ``<<kind|disguise>>`` a value written so as not to be seen.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.detection.disguises import DISGUISES
from tests.detection.people import Cast

FOLDER = Path("tests/data/prompts")
LANGUAGES = ("de", "en", "es", "fr", "ja", "ko", "zh")
VARIANTS = 3
_SEED = 20261124
_SLOT = re.compile(r"<<(?P<kind>[A-Za-z_]+(?::[A-Z_]+)?)(?:\.(?P<number>\d))?(?:\|(?P<disguise>\w+))?>>")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One line of a file."""

    id: str
    language: str
    kind: str
    text: str
    spans: tuple[tuple[int, int, str], ...]

    def line(self) -> str:
        """Return it as JSON."""
        spans = [{"start": start, "end": end, "type": entity} for start, end, entity in self.spans]
        row = {"id": self.id, "lang": self.language, "kind": self.kind, "text": self.text, "spans": spans}
        return json.dumps(row, ensure_ascii=False)


def prompts(language: str) -> Iterator[Prompt]:
    """Go through all prompts of a language."""
    for number, (kind, template) in enumerate(templates(language)):
        for variant in range(VARIANTS):
            rng = random.Random(f"{_SEED}/{language}/{number}/{variant}")
            text, spans = filled(template, Cast(language, rng))
            yield Prompt(f"{language}-{kind}-{number:02d}-{variant}", language, kind, text, spans)


def templates(language: str) -> Sequence[tuple[str, str]]:
    """Return kind and text of the templates of a language."""
    content = (FOLDER / "templates" / f"{language}.txt").read_text(encoding="utf-8")
    pieces = re.split(r"(?m)^=== (\w+)\n", content)[1:]
    return [(kind, text.rstrip("\n")) for kind, text in zip(pieces[::2], pieces[1::2], strict=True)]


def filled(template: str, cast: Cast) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """Return a template with values in its slots, and where they are."""
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    done = length = 0
    for slot in _SLOT.finditer(template):
        entity, value = cast.value(slot["kind"], int(slot["number"] or 1))
        value = DISGUISES[slot["disguise"]](value) if slot["disguise"] else value
        parts += [template[done : slot.start()], value]
        length += slot.start() - done
        spans.append((length, length + len(value), entity))
        length += len(value)
        done = slot.end()
    return "".join([*parts, template[done:]]), tuple(spans)


def written() -> Mapping[Path, str]:
    """Return what stands in each file."""
    return {
        FOLDER / f"{language}.jsonl": "".join(f"{prompt.line()}\n" for prompt in prompts(language))
        for language in LANGUAGES
    }


if __name__ == "__main__":
    for path, content in written().items():
        path.write_text(content, encoding="utf-8")
