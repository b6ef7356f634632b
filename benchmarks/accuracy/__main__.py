"""``python -m benchmarks.accuracy``: measures, prints, and with ``--write`` keeps the page."""

import argparse
import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.accuracy.page import Alarms, Result, render
from benchmarks.accuracy.scores import Score
from benchmarks.accuracy.sets import FOLDER_SETTING, LabeledSet, benign, labeled_sets
from benchmarks.accuracy.sides import Found, Side, Sidecar, Stock, timed
from sidecar.detection.detector import DEFAULT_MODEL

PAGE = Path("benchmarks/ACCURACY.md")
SAMPLE = 1_500  # texts of a set
STAND_IN = "[removed: {}]"  # what a redacted text holds; see actions
COLUMNS = ("stock", "sidecar", "sidecar, all")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument(
        "--sample", type=int, default=SAMPLE, help=f"at most so many texts of a set (default: {SAMPLE})"
    )
    parser.add_argument(
        "--sets", default="", help=f"only sets whose name holds this; a folder of more: {FOLDER_SETTING}"
    )
    parser.add_argument("--write", action="store_true", help=f"keep the page in {PAGE}")
    asked = parser.parse_args(arguments)
    page = measure(asked.sample, asked.sets)
    print(page)
    if asked.write:
        PAGE.write_text(page, encoding="utf-8")


def measure(sample: int, names: str = "") -> str:
    """Return the page; progress goes to standard error."""
    sets = [one for one in labeled_sets(sample) if names in one.name]
    harmless = benign()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    loop = asyncio.new_event_loop()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("loading", total=sum(len(one.examples) for one in sets) + len(harmless))
        sidecars = [Sidecar(COLUMNS[1], loop), Sidecar(COLUMNS[2], loop, everything=True)]
        sides: list[Side] = [Stock(), *sidecars]
        for side in sides:
            side.find(harmless[0])
        try:
            results = []
            for one in sets:
                progress.update(task, description=one.name)
                results.append(_measure(one, sides, lambda: progress.advance(task)))
            progress.update(task, description="benign")
            alarms = {side.name: _alarms(harmless, side) for side in sides}
            progress.advance(task, len(harmless))
        finally:
            for sidecar in sidecars:
                sidecar.close()
            loop.close()
    return render(results, alarms, day=datetime.now(UTC).date(), sample=sample, model=DEFAULT_MODEL)


def _measure(labeled: LabeledSet, sides: Sequence[Side], advance: Callable[[], None]) -> Result:
    """Let all sides read every text of a set, another one first each time."""
    result = Result(labeled.name, len(labeled.examples), {side.name: Score() for side in sides})
    for number, example in enumerate(labeled.examples):
        first = number % len(sides)
        for side in (*sides[first:], *sides[:first]):
            found, milliseconds = timed(side.find, example.text)
            result.scores[side.name].add(example, found, milliseconds)
            if side.name == COLUMNS[1]:
                result.again += _sees_more(example.text, found, side)
        advance()
    return result


def _sees_more(text: str, found: Sequence[Found], side: Side) -> bool:
    """Whether a look at the text without what was reported sees something else to report."""
    for one in reversed(found):
        text = text[: one.start] + STAND_IN.format(one.entity.lower()) + text[one.end :]
    return bool(found) and any(not one.bare for one in side.find(text))


def _alarms(texts: Sequence[str], side: Side) -> Alarms:
    alarms = Alarms(texts=len(texts))
    entities: Counter[str] = Counter()
    for text in texts:
        found = side.find(text)
        loud = [one for one in found if not one.bare]
        alarms.findings += len(loud)
        alarms.alarmed += bool(loud)
        alarms.bare += len(found) - len(loud)
        entities.update(one.entity for one in loud)
    alarms.by_entity = dict(entities)
    return alarms


if __name__ == "__main__":
    main()
