"""Labeled texts: the project's own, and those of a folder that the environment names.

A set is a file of JSON lines, ``{"id", "lang", "text", "spans": [{"start", "end", "type"}]}``, in code points.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

FOLDER_SETTING = "SIDECAR_EVAL_DATA"
OWN = Path("tests/data/prompts")
BENIGN_PROMPTS = (Path("tests/data/corpus/benign"), OWN / "benign")
BENIGN_TEXTS = Path("tests/data/detection/benign.yaml")
NOT_MEASURED = "-train"  # what a model learns from says nothing about it


@dataclass(frozen=True, slots=True)
class Label:
    """What somebody says is there."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Example:
    """A text and all labels of it."""

    text: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class LabeledSet:
    """Examples under a name."""

    name: str
    language: str
    examples: tuple[Example, ...]


def labeled_sets(sample: int) -> Iterator[LabeledSet]:
    """Go through all sets, of each at most ``sample`` examples, evenly spread."""
    folders = [OWN, *(Path(folder) for folder in [os.environ.get(FOLDER_SETTING, "")] if folder)]
    for folder in folders:
        for path in sorted(folder.glob("*.jsonl")):
            if NOT_MEASURED not in path.stem:
                yield _read(path, sample)


def benign() -> Sequence[str]:
    """Return texts without anybody's data."""
    prompts = [
        text.strip()
        for folder in BENIGN_PROMPTS
        for path in sorted(folder.glob("*.txt"))
        for text in path.read_text(encoding="utf-8").split("\n=== \n")
    ]
    return [*prompts, *yaml.safe_load(BENIGN_TEXTS.read_text(encoding="utf-8"))]


def _read(path: Path, sample: int) -> LabeledSet:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    count = min(sample, len(rows))
    chosen = [rows[place * len(rows) // count] for place in range(count)]
    languages = sorted({row["lang"] for row in rows})
    return LabeledSet(path.stem, languages[0] if len(languages) == 1 else "mixed", tuple(map(_example, chosen)))


def _example(row: dict[str, object]) -> Example:
    spans = row["spans"]
    if not isinstance(spans, list):
        message = "spans is not a list"
        raise TypeError(message)
    labels = tuple(Label(span["start"], span["end"], span["type"]) for span in spans)
    return Example(str(row["text"]), labels)
