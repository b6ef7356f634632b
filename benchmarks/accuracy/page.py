"""The results as a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from benchmarks.accuracy.scores import Score, Tally

FEWEST = 3  # labels of a type, below which its line says nothing
KB = 1024


@dataclass(slots=True)
class Result:
    """Of one set."""

    name: str
    texts: int
    scores: dict[str, Score] = field(default_factory=dict)
    """By column: stock, what the sidecar reports, all it sees."""
    again: int = 0
    """Texts in which a second look, after all was taken out, sees more."""


@dataclass(slots=True)
class Alarms:
    """Of one side on benign texts."""

    texts: int = 0
    findings: int = 0
    alarmed: int = 0
    """Texts with a finding, bare names apart."""
    bare: int = 0
    by_entity: dict[str, int] = field(default_factory=dict)


def render(results: Sequence[Result], alarms: Mapping[str, Alarms], *, day: date, sample: int, model: str) -> str:
    """Return the page."""
    parts = [_head(day, sample, model), _summary(results), _benign(alarms)]
    parts += [_by_type(result) for result in results]
    return "\n\n".join(parts) + "\n"


def _head(day: date, sample: int, model: str) -> str:
    return f"""# What is found, and what is not

Written by `make accuracy` on {day}; the harness is `benchmarks/accuracy/`. English model of both sides: {model}.
Of a set, at most {sample:,} texts.

- *stock*: Presidio's `AnalyzerEngine` as it comes, at threshold 0; every text is English to it.
- *sidecar*: what the detector reports with the shipped classes. A city, a date or a nationality that nothing ties to
  a person is seen and not reported; `detection.classes` turns it on.
- *sidecar, all*: with everything on. Where a set labels every place, this column is the one to compare with stock.

*Leak* is the share of labeled letters that no finding covers; *over* the share of all other letters that one covers;
neither counts blanks, organizations or titles. *Missed whole* are texts in which something labeled is not touched at
all. Precision and recall ask for a fitting entity that overlaps; *strict* for the same letters. *Again* are texts in
which a second look, after everything was taken out, sees more: what could become a residual block. Cost is processor
time on a shared machine; the ratio is worth more than the number.

What bounds it, in English: about half of what leaks on synthetic sentences are towns and countries that nothing ties to
a person, links, years and nationalities, none of which is anybody's data by itself; then street fragments without any
word that tells ("Brisas 6802"), and one-word surnames that neither the model nor the lists know. On the sentences of
en-uner-ewt every place is labeled, so that only the last column says how well places are seen. English names are read
in the text as it is written: in a decoded view (escapes, entities, base64, look-alikes) only what has a shape, an
introduction or a place in the lists of names is seen."""


def _summary(results: Sequence[Result]) -> str:
    rows = [
        (
            *(result.name, f"{result.texts:,}", side, _percent(score.leak), _percent(score.over)),
            _percent(score.missed_whole / score.with_data if score.with_data else 0.0),
            *(_share(score.all_types.precision), _share(score.all_types.recall)),
            *(_share(score.all_types.strict_recall), _share(score.all_types.f2)),
            f"{score.milliseconds / score.letters * KB:.2f}" if score.milliseconds else "",
            f"{result.again}" if side == "sidecar" else "",
        )
        for result in results
        for side, score in result.scores.items()
    ]
    columns = ("set", "texts", "side", "leak", "over", "missed whole", "precision", "recall", "strict", "F2")
    return "## Sets\n\n" + _table((*columns, "ms per KB", "again"), rows)


def _benign(alarms: Mapping[str, Alarms]) -> str:
    rows = [
        (
            *(side, f"{one.texts}", f"{one.findings}", f"{one.alarmed}", f"{one.bare}"),
            ", ".join(f"{name} {count}" for name, count in sorted(one.by_entity.items(), key=lambda pair: -pair[1])),
        )
        for side, one in alarms.items()
    ]
    return "## False alarms on texts without anybody's data\n\n" + _table(
        ("side", "texts", "findings", "texts with one", "bare names", "entities"), rows
    )


def _by_type(result: Result) -> str:
    types: dict[str, int] = {}
    for score in result.scores.values():
        for name, tally in score.by_type.items():
            types[name] = max(types.get(name, 0), tally.labels)
    rows = [
        (name, f"{labels}", *(cell for score in result.scores.values() for cell in _cells(score.by_type.get(name))))
        for name, labels in sorted(types.items(), key=lambda pair: -pair[1])
        if labels >= FEWEST
    ]
    heads = [f"{side}: {what}" for side in result.scores for what in ("P", "R", "strict R", "F2")]
    return f"## {result.name}, by type\n\n" + _table(("type", "labels", *heads), rows)


def _cells(tally: Tally | None) -> Sequence[str]:
    if tally is None:
        return ("",) * 4
    return (_share(tally.precision), _share(tally.recall), _share(tally.strict_recall), _share(tally.f2))


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _share(value: float) -> str:
    return f"{value:.2f}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---:"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
