"""Cuts Chinese text into the words and letters that the network knows, the most probable way."""

import math
import string
from collections.abc import Mapping, Sequence

from sidecar.detection.languages.tensors import Tensors

_UNKNOWN = "OOV"
_LATIN = frozenset(string.ascii_letters + string.digits)


class Vocabulary:
    """Numbers of words and letters, and how often a word was seen."""

    def __init__(self, tensors: Tensors) -> None:
        self._numbers = {word: int(number) for number, word in _pairs(tensors.words["word"])}
        self._unknown = self._numbers[_UNKNOWN]
        self._plain = dict(_pairs(tensors.words["q2b"]))  # full-width forms and some traditional letters
        counts = {word: int(count) for word, count in _pairs(tensors.words["small_seg"], " ")}
        total = math.log(sum(counts.values()))
        self._alone = -total  # a letter that was never seen as a word
        self._weights = {word: math.log(count) - total if count else self._alone for word, count in counts.items()}
        self._longest = _longest(counts)

    def tokens(self, text: str) -> tuple[list[int], list[int]]:
        """Return the numbers of what the text consists of, and the length of each."""
        numbers: list[int] = []
        lengths: list[int] = []
        for start, end in self._cut(text):
            word = text[start:end]
            number = self._numbers.get(self._plain.get(word, word)) if end - start == 1 else self._numbers.get(word)
            if number is not None:
                numbers.append(number)
                lengths.append(end - start)
            else:
                numbers += (self._numbers.get(self._plain.get(letter, letter), self._unknown) for letter in word)
                lengths += [1] * (end - start)
        return numbers, lengths

    def _cut(self, text: str) -> list[tuple[int, int]]:
        """Return the borders of the words whose product of probabilities is the greatest."""
        size = len(text)
        best = [0.0] * (size + 1)
        ends = [size] * (size + 1)
        weights, longest = self._weights, self._longest
        for start in range(size - 1, -1, -1):
            most = weights.get(text[start], self._alone) + best[start + 1]
            choice = start + 1
            for end in range(start + 2, min(size, start + longest.get(text[start], 1)) + 1):
                weight = weights.get(text[start:end])
                if weight is not None and weight + best[end] > most:
                    most, choice = weight + best[end], end
            best[start], ends[start] = most, choice
        words: list[tuple[int, int]] = []
        start = 0
        while start < size:
            end = ends[start]
            if end == start + 1 and text[start] in _LATIN:  # what is written in Latin letters and digits stays whole
                while end < size and ends[end] == end + 1 and text[end] in _LATIN:
                    end += 1
            words.append((start, end))
            start = end
        return words


def labels(tensors: Tensors) -> Sequence[str]:
    """Return the names of the network's labels, in their order; where a number has several, the first of them."""
    names: dict[int, str] = {}
    for number, name in _pairs(tensors.words["tag"]):
        names.setdefault(int(number), name)
    return [names[number] for number in sorted(names)]


def _pairs(table: str, between: str = "\t") -> list[tuple[str, str]]:
    """Return the lines of a table of two columns."""
    pairs = []
    for line in table.split("\n"):
        first, separator, second = line.partition(between)
        if separator and between not in second:
            pairs.append((first, second))
    return pairs


def _longest(words: Mapping[str, int]) -> dict[str, int]:
    """Return the length of the longest word by first letter."""
    longest: dict[str, int] = {}
    for word in words:
        longest[word[0]] = max(longest.get(word[0], 1), len(word))
    return longest
