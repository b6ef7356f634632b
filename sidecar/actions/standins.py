"""Assigns stand-ins to the values of one request: pseudonyms, and synthetic values that nothing else there equals."""

import re
from collections.abc import Iterable, Mapping, Sequence

from sidecar.actions.interface import Scope
from sidecar.actions.pseudonyms import Pseudonyms, normalize
from sidecar.actions.synthesis import synthetic
from sidecar.types.content import Segment

ATTEMPTS = 16  # drawn for one value before it gets a pseudonym instead

_WORD = re.compile(r"[0-9A-Za-z]+")


class Synthetics:
    """Synthetic values of one request, each by the value it stands for."""

    def __init__(
        self, pseudonyms: Pseudonyms, scope: Scope, segments: Sequence[Segment], earlier: Mapping[str, str]
    ) -> None:
        """Take the request's scope and texts. ``earlier`` are originals by stand-in of the session so far."""
        self._pseudonyms = pseudonyms
        self._scope = scope
        self._texts = _Texts(segments)
        self._earlier = earlier
        self._taken = dict(earlier)

    def assign(self, values: Iterable[tuple[str, str]]) -> Mapping[str, str]:
        """Return the synthetic value of each value for which there is one; values come with their entity, in order.

        It follows from the value alone, unless it would equal what the texts hold anyway or what stands for another
        value: then the next one is drawn. One of ``earlier`` that comes back stands for itself.
        """
        assigned: dict[str, str] = {}
        for value, entity in dict(values).items():
            one = value if value in self._earlier else self._drawn(value, entity)
            if one is not None:
                assigned[value] = one
                self._taken.setdefault(one, value)
        return assigned

    def _drawn(self, value: str, entity: str) -> str | None:
        same = normalize(value, entity)
        for attempt in range(ATTEMPTS):
            octets = self._pseudonyms.derive(self._scope, f"synthetic {attempt} {entity}", same)
            one = synthetic(entity, value, octets)
            if one is None:
                return None
            stands_for = self._taken.get(one)
            free = not self._texts.hold(one) if stands_for is None else normalize(stands_for, entity) == same
            if free:
                return one
        return None


class _Texts:
    """The texts of a request, to be asked whether they hold something."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._texts = [segment.text for segment in segments]
        self._words = {word for text in self._texts for word in _WORD.findall(text)}

    def hold(self, text: str) -> bool:
        """Whether one of the texts holds this one. All its words must be there before any is searched through."""
        return self._words.issuperset(_WORD.findall(text)) and any(text in one for one in self._texts)
