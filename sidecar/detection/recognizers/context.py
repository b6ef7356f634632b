"""Context words without a lemmatizer: whole words, or letters of a script without blanks, close to a span."""

import re
from collections.abc import Callable, Sequence

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts

BEFORE, AFTER = 60, 30  # code points that are read around a span: about ten words and five
BEFORE_DENSE, AFTER_DENSE = 24, 8  # where a word takes two or three
_WITHOUT_BLANKS = 0x0900  # first code point of scripts whose words are looked for as they stand
BOOST = 0.35
_ENDING = "(?:s|no|nr|num|number|id|code)?(?![a-z0-9])"  # passportNumber, in small letters
LEAST = 0.4  # a finding that has a word beside it counts at least this much


def raised(score: float) -> float:
    """Return the score of a finding that has a word beside it."""
    return min(max(score + BOOST, LEAST), ContextAwareEnhancer.MAX_SCORE)


def spelled(word: str, escape: Callable[[str], str]) -> str:
    """Return the pattern of a word or phrase, as prose writes it and as keys of JSON do: `account_number`."""
    return "[ _-]?".join(map(escape, word.split(" ")))


class ContextWords:
    """Some words, ready to be looked for."""

    __slots__ = ("_bounded", "_free")

    def __init__(self, words: Sequence[str]) -> None:
        bounded = sorted({word.lower() for word in words if ord(word[0]) < _WITHOUT_BLANKS})
        free = sorted({word.lower() for word in words} - set(bounded))
        self._bounded = (
            re.compile(rf"(?<![a-z0-9])(?:{'|'.join(spelled(word, re.escape) for word in bounded)}){_ENDING}")
            if bounded
            else None
        )
        self._free = re.compile("|".join(map(re.escape, free))) if free else None

    def near(self, text: str, start: int, end: int) -> bool:
        """Whether one of the words stands around the span."""
        before = text[max(0, start - BEFORE) : start].lower()
        after = text[end : end + AFTER].lower()
        if self._bounded is not None and (self._bounded.search(before) or self._bounded.search(after)):
            return True
        return self._free is not None and bool(
            self._free.search(before[-BEFORE_DENSE:]) or self._free.search(after[:AFTER_DENSE])
        )


class WordContext(ContextAwareEnhancer):
    """Presidio's enhancer, reading letters instead of lemmas, and linear in the number of results."""

    def __init__(self) -> None:
        super().__init__(
            context_similarity_factor=BOOST,
            min_score_with_context_similarity=LEAST,
            context_prefix_count=10,
            context_suffix_count=5,
        )
        self._words: dict[str, ContextWords] = {}

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Raise the score of every result that has a word of its recognizer near."""
        del nlp_artifacts, context
        by_id = {recognizer.id: recognizer for recognizer in recognizers if recognizer.context}
        for result in raw_results:
            recognizer = by_id.get((result.recognition_metadata or {}).get(RecognizerResult.RECOGNIZER_IDENTIFIER_KEY))
            if recognizer is not None and self.words(recognizer).near(text, result.start, result.end):
                result.score = raised(result.score)
        return raw_results

    def words(self, recognizer: EntityRecognizer) -> ContextWords:
        """Return the words of a recognizer, compiled once."""
        words = self._words.get(recognizer.id)
        if words is None:
            words = self._words[recognizer.id] = ContextWords(recognizer.context)
        return words
