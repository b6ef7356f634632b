"""Counts of one side on one set, and what follows from them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.accuracy.sets import Example, Label
from benchmarks.accuracy.sides import Found

# Labeled, but nobody's data by itself: neither a leak where it is missed nor too much where it is covered.
NEUTRAL = frozenset({"ORGANIZATION", "TITLE", "QUANTITY"})

# Entities that answer for a type of label, besides the one of the same name.
_ANSWERS: Mapping[str, frozenset[str]] = {
    "ADDRESS": frozenset({"STREET_ADDRESS", "LOCATION"}),
    "STREET_ADDRESS": frozenset({"LOCATION"}),
    "LOCATION": frozenset({"STREET_ADDRESS"}),
    "DATE_TIME": frozenset({"DATE_OF_BIRTH", "DATE"}),
    "DATE": frozenset({"DATE_OF_BIRTH", "DATE_TIME"}),
    "TIME": frozenset({"DATE_TIME"}),
    "DATE_OF_BIRTH": frozenset({"DATE_TIME"}),
    "AGE": frozenset({"DATE_TIME"}),
    "US_DRIVER_LICENSE": frozenset({"DRIVER_LICENSE"}),
    "DRIVER_LICENSE": frozenset({"US_DRIVER_LICENSE"}),
    "PASSPORT": frozenset({"US_PASSPORT"}),
    "BANK_ACCOUNT": frozenset({"US_BANK_NUMBER"}),
    "DOMAIN_NAME": frozenset({"URL"}),
}


@dataclass(slots=True)
class Tally:
    """Of one type of label."""

    labels: int = 0
    matched: int = 0
    """Labels that something of a fitting entity overlaps."""
    exact: int = 0
    """Labels with a finding of a fitting entity on the same letters."""
    found: int = 0
    right: int = 0
    """Findings of a fitting entity that overlap a label of the type."""

    @property
    def recall(self) -> float:
        """Share of labels that something fitting overlaps."""
        return self.matched / self.labels if self.labels else 1.0

    @property
    def strict_recall(self) -> float:
        """Share of labels that are found to the letter."""
        return self.exact / self.labels if self.labels else 1.0

    @property
    def precision(self) -> float:
        """Share of findings that overlap a label of the type."""
        return self.right / self.found if self.found else 1.0

    @property
    def f2(self) -> float:
        """Precision and recall in one, recall counted four times."""
        total = 4 * self.precision + self.recall
        return 5 * self.precision * self.recall / total if total else 0.0


@dataclass(slots=True)
class Score:
    """Of one side on one set."""

    by_type: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    labeled: int = 0
    """Letters of labels that are not neutral."""
    leaked: int = 0
    others: int = 0
    """Letters outside all labels."""
    covered: int = 0
    """Of them, those that a finding covers."""
    with_data: int = 0
    missed_whole: int = 0
    """Of the texts with labels, those in which one is not touched by any finding."""
    milliseconds: float = 0.0
    letters: int = 0

    @property
    def leak(self) -> float:
        """Share of labeled letters that no finding covers."""
        return self.leaked / self.labeled if self.labeled else 0.0

    @property
    def over(self) -> float:
        """Share of the other letters that a finding covers."""
        return self.covered / self.others if self.others else 0.0

    @property
    def all_types(self) -> Tally:
        """Return the tallies of all types in one."""
        total = Tally()
        for one in self.by_type.values():
            for name in Tally.__slots__:
                setattr(total, name, getattr(total, name) + getattr(one, name))
        return total

    def add(self, example: Example, found: Sequence[Found], milliseconds: float = 0.0) -> None:
        """Count one text."""
        text = example.text
        labels = [one for one in example.labels if one.type not in NEUTRAL]
        neutral = _places(text, (one for one in example.labels if one.type in NEUTRAL))
        personal, taken = _places(text, labels), _places(text, found)
        others = {place for place, letter in enumerate(text) if not letter.isspace()} - personal - neutral
        self.labeled += len(personal)
        self.leaked += len(personal - taken)
        self.others += len(others)
        self.covered += len(others & taken)
        self.with_data += bool(labels)
        self.missed_whole += any(not any(_meet(label, one) for one in found) for label in labels)
        self.milliseconds += milliseconds
        self.letters += len(text)
        self._count(labels, found)

    def _count(self, labels: Sequence[Label], found: Sequence[Found]) -> None:
        for label in labels:
            fitting = [one for one in found if _fits(one.entity, label.type)]
            tally = self.by_type[label.type]
            tally.labels += 1
            tally.matched += any(_meet(label, one) for one in fitting)
            tally.exact += any((label.start, label.end) == (one.start, one.end) for one in fitting)
        for one in found:
            met = [label.type for label in labels if _meet(label, one) and _fits(one.entity, label.type)]
            tally = self.by_type[met[0] if met else one.entity]
            tally.found += 1
            tally.right += bool(met)


def _fits(entity: str, label: str) -> bool:
    return entity == label or entity in _ANSWERS.get(label, ())


def _meet(one: Label | Found, other: Label | Found) -> bool:
    return one.start < other.end and other.start < one.end


def _places(text: str, spans: Iterable[Label | Found]) -> set[int]:
    return {place for one in spans for place in range(one.start, one.end) if not text[place].isspace()}
