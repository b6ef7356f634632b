"""One pass over a text says which recognizers are worth asking.

All patterns stand in one RE2 set, all words without which a recognizer is silent in another. Where the answer is not
sure, a recognizer is asked: the set only ever spares work.
"""

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import re2
from presidio_analyzer import EntityRecognizer

from sidecar.detection.recognizers.context import spelled

_MEMORY = 64 << 20  # of the set's automaton, which grows as it meets new text
_ANYTHING = rb"(?s)."


@runtime_checkable
class Triggered(Protocol):
    """A recognizer that knows what it cannot do without."""

    @property
    def triggers(self) -> Sequence[str] | None:
        """Patterns for RE2, one of which is found in every ASCII view that holds a value; None where none are known."""
        ...

    @property
    def reads_text(self) -> bool:
        """Whether it reads the text too, where that is not ASCII, and is then always asked."""
        ...

    @property
    def announced_by(self) -> Sequence[str]:
        """Words of which one stands in every text that holds a value; empty where it does without."""
        ...


class Prefilter:
    """All recognizers of one engine, in order."""

    def __init__(self, recognizers: Sequence[EntityRecognizer]) -> None:
        self._recognizers = tuple(recognizers)
        patterns: list[tuple[bytes, int]] = []
        words: list[tuple[bytes, int]] = []
        self._always: set[int] = set()
        self._on_other_scripts: set[int] = set()
        self._announced: set[int] = set()
        for place, one in enumerate(self._recognizers):
            if not isinstance(one, Triggered) or one.triggers is None:
                self._always.add(place)
                continue
            patterns += [(pattern.encode("ascii"), place) for pattern in one.triggers]
            if one.reads_text:
                self._on_other_scripts.add(place)
            if one.announced_by:
                self._announced.add(place)
                words.append(("|".join(spelled(word, re2.escape) for word in sorted(one.announced_by)).encode(), place))
        self._patterns = _Set(patterns)
        self._words = _Set(words)

    def choose(self, view: bytes, text: str) -> list[EntityRecognizer]:
        """Return the recognizers that may find something, in order. ``view`` is the ASCII view of ``text``."""
        chosen = self._patterns.found(view) | self._always
        if not text.isascii():
            chosen |= self._on_other_scripts
        if chosen & self._announced:
            chosen -= self._announced - self._words.found(text.lower().encode("utf-8", "replace"))
        return [self._recognizers[place] for place in sorted(chosen)]


class _Set:
    """Patterns, each with a number that its being found stands for."""

    def __init__(self, patterns: Sequence[tuple[bytes, int]]) -> None:
        options = re2.Options()
        options.max_mem = _MEMORY
        options.log_errors = False
        self._set: Any = re2.Set.SearchSet(options)
        self._numbers = [number for _, number in patterns]
        for pattern, _ in patterns:
            self._set.Add(pattern)
        self._set.Add(_ANYTHING)
        self._set.Compile()

    def found(self, text: bytes) -> set[int]:
        """Return the numbers of what is found.

        A set that runs out of memory gives no answer, which looks like an answer of none. Its last member is found in
        every text: where it is not among the answers, everything counts as found.
        """
        found = self._set.Match(text) or ()
        if len(self._numbers) not in found:
            return set(self._numbers) if text else set()
        return {self._numbers[index] for index in found if index < len(self._numbers)}
