"""Allow lists, deny lists and thresholds, compiled: the operator's, and with them each tenant's."""

from collections import OrderedDict
from collections.abc import Sequence

import re2
from presidio_analyzer import EntityRecognizer

from sidecar.detection.classes import UNCLASSIFIED, Classes
from sidecar.detection.recognizers.words import WordScanner
from sidecar.detection.spans import Sighting, disjoint, inset
from sidecar.types.terms import Additions, Allowed, Denied, Terms

KEPT = 128  # tenants whose terms a worker keeps compiled

# An allow list without entities was not written with these in mind: a line too wide must not let a password go.
NAMED_ONLY = frozenset(
    {"credential", "national_id", "kr_rrn", "in_aadhaar", "card_pan", "card_sad", "financial_account"}
)


class AppliedTerms:
    """What decides which of the things that were seen are reported."""

    def __init__(self, terms: Terms, classes: Classes, base: "AppliedTerms | None" = None) -> None:
        """Compile terms; ``base`` are those that hold besides them."""
        self._classes = classes
        self._lowered = terms.threshold
        self.allow: tuple[_Allow, ...] = (*(base.allow if base else ()), *map(_Allow, terms.allow))
        own = [WordScanner(one, _class_of(one, classes)) for one in terms.deny]
        self.scanners: tuple[WordScanner, ...] = (*(base.scanners if base else ()), *own)
        self._lists = frozenset(scanner.name for scanner in self.scanners)

    def data_class(self, recognizer: EntityRecognizer, entity: str) -> str | None:
        """Return the class of what a recognizer saw; None where it is not reported."""
        return recognizer.data_class if isinstance(recognizer, WordScanner) else self._classes.of(entity)

    def counts(self, recognizer: EntityRecognizer, entity: str, score: float) -> bool:
        """Whether a score is enough: by the recognizer's own threshold, else by the setting; or by the tenant's."""
        own = recognizer.score_thresholds
        least = own.get(entity, own.get("default", self._classes.threshold(entity)))
        return score >= min(least, self._lowered.get(entity, self._lowered.get("default", 1.0)))

    def lets_be(self, sighting: Sighting, text: str) -> bool:
        """Whether an allow list holds this value."""
        if not self.allow:
            return False
        named = sighting.data_class in NAMED_ONLY or sighting.recognizer in self._lists
        value = text[sighting.start : sighting.end]
        return any(one.holds(value, sighting.entity, named=named) for one in self.allow)

    def disjoint(self, sightings: Sequence[Sighting], text: str) -> tuple[Sighting, ...]:
        """Return sightings that do not overlap.

        A word of a deny list gives way to what allow lists must name, such as a password, and to nothing else.
        """
        rank = self._classes.rank
        words = [one for one in sightings if one.recognizer in self._lists]
        if not words:
            return disjoint(sightings, rank, text)
        others = [one for one in sightings if one.recognizer not in self._lists]
        strong = [one for one in others if one.data_class in NAMED_ONLY]
        free = [one for one in disjoint([*strong, *words], rank, text) if one.recognizer in self._lists]
        return inset(disjoint(others, rank, text), free, text)


class TermsBook:
    """The operator's terms, and those of the tenants that were asked for last."""

    def __init__(self, terms: Terms, classes: Classes) -> None:
        self._classes = classes
        self.own = AppliedTerms(terms, classes)
        self._kept: OrderedDict[str, AppliedTerms] = OrderedDict()

    def of(self, additions: Additions | None) -> AppliedTerms:
        """Return the operator's terms with a tenant's additions."""
        if additions is None:
            return self.own
        applied = self._kept.get(additions.digest)
        if applied is None:
            applied = self._kept[additions.digest] = AppliedTerms(additions.terms(), self._classes, self.own)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(additions.digest)
        return applied


class _Allow:
    """One list, ready to be asked."""

    def __init__(self, allowed: Allowed) -> None:
        self._entities = frozenset(allowed.entities)
        self._texts = frozenset(() if allowed.patterns else allowed.texts)
        self._patterns = [re2.compile(text) for text in allowed.texts] if allowed.patterns else []

    def holds(self, value: str, entity: str, *, named: bool) -> bool:
        """Whether it lets a value be; ``named``: only where it names the entity."""
        if entity not in self._entities and (named or self._entities):
            return False
        return value in self._texts or any(pattern.fullmatch(value) for pattern in self._patterns)


def _class_of(denied: Denied, classes: Classes) -> str:
    return denied.data_class or classes.by_entity.get(denied.entity, UNCLASSIFIED)
