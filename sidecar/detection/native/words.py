"""What tokens a chunk of text is made of, by spaCy's tokenizer: it is asked once for each chunk, not at each text."""

from collections.abc import Sequence
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.attrs import (  # type: ignore[import-not-found]  # it is compiled
    IS_SPACE,
    LENGTH,
    LOWER,
    NORM,
    ORTH,
    PREFIX,
    SHAPE,
    SPACY,
    SUFFIX,
)
from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]  # as above

from sidecar.detection.native.layers import Misfit

_OF_THE_STRING = frozenset({ORTH, LOWER, NORM, PREFIX, SUFFIX, SHAPE})
"""Attributes that a token has wherever it stands."""
_TOLD = (IS_SPACE, LENGTH, SPACY)


class Words:
    """Asks the tokenizer. Between `forget` and `forget` it keeps what strings it met; for one thread at a time."""

    def __init__(self, pipeline: Language, attributes: Sequence[int]) -> None:
        """Look at the tokenizer's rules.

        spaCy cuts a text at blanks, then each chunk by itself. Only its last step, which looks for rules such as `:)`
        among finished tokens, sees beyond a blank: it changes nothing there, but what it finds across one hides what
        it would find beside it. So chunks whose border may lie within a rule have to be told as one: ``joins`` has the
        last letter before such a border and the first one after it.

        Raises:
            Misfit: the tokenizer is of another kind, or its tokens depend on more than their chunk.
        """
        tokenizer: Any = pipeline.tokenizer
        if type(tokenizer) is not Tokenizer or any(_has_blank(rule) for rule in tokenizer.rules):
            message = "the tokenizer is not spaCy's own, or has rules that reach over blanks"
            raise Misfit(message)
        if not _OF_THE_STRING.issuperset(attributes):
            message = "the model reads attributes that a token does not have by itself"
            raise Misfit(message)
        self._pipeline = pipeline
        self.attributes = tuple(attributes)
        self._zone = ExitStack()
        self.joins = _joins(pipeline, tokenizer)

    def __call__(self, chunk: str) -> npt.NDArray[np.uint64]:
        """Return a row for each token: the attributes, whether it is blank, its length, whether a blank follows."""
        vocabulary: Any = self._pipeline.vocab
        if not vocabulary.in_memory_zone:  # one within another would end both
            self._zone.enter_context(self._pipeline.memory_zone())
        rows: Any = self._pipeline.tokenizer(chunk).to_array([*self.attributes, *_TOLD])
        return rows  # type: ignore[no-any-return]  # spaCy's types know nothing of integers

    def forget(self) -> None:
        """Let strings go that are new since the last time."""
        self._zone.close()


def _has_blank(rule: str) -> bool:
    return not rule.isspace() and any(letter.isspace() for letter in rule)


def _joins(pipeline: Language, tokenizer: Tokenizer) -> npt.NDArray[np.uint64]:
    with pipeline.memory_zone():
        without_rules = Tokenizer(
            pipeline.vocab,
            prefix_search=tokenizer.prefix_search,
            suffix_search=tokenizer.suffix_search,
            infix_finditer=tokenizer.infix_finditer,
            token_match=tokenizer.token_match,
            url_match=tokenizer.url_match,
        )
        borders = {
            (ord(left.text[-1]), ord(right.text[0]))
            for rule in tokenizer.rules
            for left, right in pairwise(without_rules(rule))
        }
    return np.array(sorted(left << 32 | right for left, right in borders), dtype=np.uint64)
