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
        stock, sidecar = Stock(), Sidecar(loop)
        for side in (stock, sidecar):
            side.find(harmless[0])
        try:
            results = []
            for one in sets:
                progress.update(task, description=one.name)
                results.append(_measure(one, stock, sidecar, lambda: progress.advance(task)))
            progress.update(task, description="benign")
            alarms = _alarms(harmless, stock, sidecar)
            progress.advance(task, len(harmless))
        finally:
            sidecar.close()
            loop.close()
    return render(results, alarms, day=datetime.now(UTC).date(), sample=sample, model=DEFAULT_MODEL)


def _measure(labeled: LabeledSet, stock: Stock, sidecar: Sidecar, advance: Callable[[], None]) -> Result:
    """Let both sides read every text of a set, in turn."""
    result = Result(labeled.name, len(labeled.examples), {name: Score() for name in COLUMNS})
    for number, example in enumerate(labeled.examples):
        sides: list[Side] = [stock, sidecar] if number % 2 else [sidecar, stock]
        took = {side.name: timed(side.find, example.text) for side in sides}
        for name, (found, milliseconds) in took.items():
            result.scores[name].add(example, [one for one in found if one.reported], milliseconds)
        result.scores["sidecar, all"].add(example, took["sidecar"][0])
        result.again += _sees_more(example.text, took["sidecar"][0], sidecar)
        advance()
    return result


def _sees_more(text: str, found: Sequence[Found], sidecar: Sidecar) -> bool:
    """Whether a look at the text without what was reported sees something else to report."""
    reported = [one for one in found if one.reported]
    if not reported:
        return False
    for one in reversed(reported):
        text = text[: one.start] + STAND_IN.format(one.entity.lower()) + text[one.end :]
    return any(one.reported and not one.bare for one in sidecar.find(text))


def _alarms(texts: Sequence[str], stock: Stock, sidecar: Sidecar) -> dict[str, Alarms]:
    alarms = {}
    for name in COLUMNS:
        side = stock if name == stock.name else sidecar
        one = Alarms(texts=len(texts))
        entities: Counter[str] = Counter()
        for text in texts:
            found = [each for each in side.find(text) if each.reported or name == COLUMNS[-1]]
            loud = [each for each in found if not each.bare]
            one.findings += len(loud)
            one.alarmed += bool(loud)
            one.bare += len(found) - len(loud)
            entities.update(each.entity for each in loud)
        one.by_entity = dict(entities)
        alarms[name] = one
    return alarms


if __name__ == "__main__":
    main()
