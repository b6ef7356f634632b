"""``python -m benchmarks.detection``: measures, prints, and with ``--write`` keeps the results."""

import argparse
import asyncio
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from rich.console import Console
from rich.progress import Progress

from benchmarks import conversation, patterns
from benchmarks.detection import growth, processes, ratios, sampling
from benchmarks.detection.sides import detectors
from benchmarks.stock import MODEL, Stock

PAGE = Path(__file__).parents[1] / "DETECTION.md"
_PACKAGES = ("presidio-analyzer", "presidio-anonymizer", "spacy", "blis", "google-re2")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detection", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few short texts: only to see that it runs")
    parser.add_argument("--write", action="store_true", help=f"keep the results in benchmarks/{PAGE.name}")
    asked = parser.parse_args(arguments)
    page = asyncio.run(measure(quick=asked.quick))
    print(page)
    if asked.write:
        PAGE.write_text(page, "utf-8")


async def measure(*, quick: bool) -> str:
    """Measure everything, and return the page; progress goes to standard error."""
    before = os.getloadavg()[0]
    rounds = ratios.QUICK if quick else ratios.ROUNDS
    chats = (conversation.QUICK_CHATS, conversation.QUICK_TURNS) if quick else (conversation.CHATS, conversation.TURNS)
    stock, ours = Stock(), detectors()
    *_, ours_here = ours.values()
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("against stock", total=None)
        rows = ratios.measure(stock, ours, rounds, lambda said: progress.update(task, advance=1, description=said))
        sections = [ratios.section(rows)]
        progress.update(task, description="profile")
        sections.append(sampling.section(ours, quick=quick))
        progress.update(task, description="growth")
        sections.append(growth.section(ours_here, quick=quick))
        progress.update(task, description="conversation")
        sections.append(conversation.section(await conversation.measure(*chats)))
        progress.update(task, description="patterns")
        sections.append(patterns.section(patterns.QUICK if quick else patterns.ROUNDS))
        progress.update(task, description="processes")
        sections.append(await processes.section(quick=quick))
    head = _HEAD.format(
        when=datetime.now(UTC).date().isoformat(),
        cores=os.cpu_count(),
        before=before,
        after=os.getloadavg()[0],
        versions=", ".join((f"Python {python_version()}", *(f"{name} {version(name)}" for name in _PACKAGES))),
        processor=_processor(),
        model=Path(MODEL).parent.name if os.sep in MODEL else MODEL,
    )
    return "\n\n".join([head.strip(), *sections, _LEFT.strip()]) + "\n"


_HEAD = """\
# What detection costs, alone

Written by `make bench` with `--write`; the harness is `benchmarks/detection/`. [RESULTS.md](RESULTS.md) has the whole
of `Inspect` through gRPC.

{when}, {cores} cores ({processor}) shared with other work: one-minute load {before:.1f} before and {after:.1f} after.
{versions}; model {model} on both sides.

*Stock* is Presidio's `AnalyzerEngine` with its default recognizers, and `AnonymizerEngine`. *Ours* is all that a
request pays for detection: windows, names, every recognizer of every language, context, overlaps, and the gathering
of what was found; without workers and without memory of earlier texts. Both take turns on the same new text in one
process and one thread, and what counts is the processor's time. That they alternate costs us more than stock: each
finds its memory gone from the caches, and ours is done before they are warm again.
"""


_LEFT = """\
## What is left, and what was tried

- *Matrix products* are the largest part with floats, and the largest single function with 8 bits, where all
  that the interpreter does together takes about as much. They run at what the processor gives: packed once, the
  maximum taken in registers, 8 bits where it has VNNI, floats where a decision is near.
- *A word that was never met* costs 30 to 90 microseconds in spaCy's tokenizer, an e-mail address most: in light text
  six words in a thousand, and an eighth of the time for names. Leaving out the attributes of words that nobody reads
  saves a fifth of that for a plain word, which did not show in whole texts. One memory zone over many jobs instead of
  the lexicon was not tried: it would keep strings of prompts.
- *Short texts* pay for what every call touches, and find it out of the caches after stock has run: warm, 50 characters
  take half of what stands above. A smaller margin of the 8 bits gained nothing at 300 characters.
- *Heavy texts* pay for telephone numbers: 30 to 40 microseconds each, most in libphonenumber, after shapes and an
  automaton have said which regions could take them.
- *Patterns* are one pass of RE2 over both views; what it costs is the size of its automaton in memory, not its speed.
"""


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


if __name__ == "__main__":
    main()
