"""Trains the chain that reads Korean names, and measures it on sentences that were held out.

``python -m benchmarks.korean`` reads ``ko-klue-dev.jsonl`` (KLUE-NER 1.1, CC BY-SA 4.0) from the folder that
SIDECAR_EVAL_DATA names, trains on four fifths of it, and prints what the rest gives. ``--write`` then trains on all of
it and writes the file that ships, ``korean.crf``; its hash goes into ``sidecar/detection/languages/korean/tagger.py``.
"""

import argparse
import hashlib
import json
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pycrfsuite

from sidecar.detection.languages.korean.features import Features
from sidecar.detection.languages.korean.tagger import ENTITIES, FILE, FOLDER, Tagger

SET = "ko-klue-dev.jsonl"
SHIPPED = Path(str(FOLDER), FILE)
HELD_OUT = 1_000
SETTINGS = {"c1": 0.1, "c2": 0.05, "max_iterations": 60, "feature.minfreq": 2}

Row = dict[str, Any]


def labels(row: Row) -> list[str]:
    """Return the label of every letter."""
    names = ["O"] * len(row["text"])
    for span in row["spans"]:
        if span["type"] in ENTITIES:
            for place in range(span["start"], span["end"]):
                names[place] = f"{'B' if place == span['start'] else 'I'}-{span['type']}"
    return names


def train(rows: Sequence[Row], path: Path) -> None:
    """Write a chain that has learned from the rows."""
    features = Features()
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(SETTINGS)
    for row in rows:
        trainer.append(features.of(row["text"]), labels(row))
    trainer.train(str(path))


def measure(tagger: Tagger, rows: Sequence[Row]) -> None:
    """Print precision and recall; a name counts as found where some of it is found as such."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        seen = [(mark.entity, mark.start, mark.end) for mark in tagger.marks(row["text"], 0, len(row["text"]))]
        gold = [(span["type"], span["start"], span["end"]) for span in row["spans"] if span["type"] in ENTITIES]
        for kind, these, those in (("recall", gold, seen), ("precision", seen, gold)):
            for entity, start, end in these:
                hit = any(entity == other and start < last and first < end for other, first, last in those)
                counts[entity, kind] += hit
                counts[entity, f"{kind} of"] += 1
    for entity in ENTITIES:
        for kind in ("precision", "recall"):
            print(f"{entity} {kind}: {counts[entity, kind] / max(1, counts[entity, f'{kind} of']):.3f}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, measure, and where asked to, train on all and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.korean", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the file that ships")
    wanted = parser.parse_args(arguments)
    path = Path(os.environ.get("SIDECAR_EVAL_DATA", "none"), SET)
    if not path.is_file():
        sys.exit(f"SIDECAR_EVAL_DATA must name a folder that holds {SET}")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    random.Random(0).shuffle(rows)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder, "korean.crf")
        train(rows[:-HELD_OUT], trial)
        print(f"trained on {len(rows) - HELD_OUT} sentences; on the {HELD_OUT} held out:")
        measure(Tagger(trial.read_bytes()), rows[-HELD_OUT:])
    if wanted.write:
        train(rows, SHIPPED)
        print(f"{SHIPPED}: {hashlib.sha256(SHIPPED.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
