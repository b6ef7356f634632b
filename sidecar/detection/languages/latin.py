"""Names that the English model sees in other languages in Latin letters, without what it takes for them.

It finds most names there and does not know the words around them: verbs behind them, greetings before them, nouns that
German writes with a capital.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from sidecar.detection.evidence import LATIN, small_words
from sidecar.detection.languages.words import Words
from sidecar.detection.recognizers.persons import is_bare
from sidecar.detection.recognizers.scanner import Hit

_WORDS = Words.load("latin")
_WORD = re.compile(r"\S+")
_EDGES: Final = " \t\r\n'\"“”‘’„«».,:;!?()[]*-–"
_PARTICLES = frozenset(_WORDS.lists["particles"])
_NO_NAME = re.compile(
    rf"(?i:{_WORDS.any('closings', 'titles', 'announcing_roles', 'name_labels', 'labels', 'roles', 'greetings')}\.?)"
)


def is_foreign(spoken: frozenset[str]) -> bool:
    """Whether a text shows a language in Latin letters besides English."""
    return any(language in spoken for language in LATIN[1:])


def foreign_names(text: str, names: Iterable[Hit], spoken: frozenset[str]) -> Iterator[Hit]:
    """Go through what the English model saw in a text that shows other languages, each name as far as it is one."""
    for hit in names:
        if hit.entity != "PERSON":
            yield hit
            continue
        name = _name(text, hit)
        if name is None:
            continue
        alone = " " not in text[name.start : name.end] and "-" not in text[name.start : name.end]
        if "en" in spoken or not alone or not is_bare(text, name.start, name.end):
            yield name


def _name(text: str, hit: Hit) -> Hit | None:
    """Return the longest run of capitalized words that are no small words; the last of several."""
    best: tuple[int, int] | None = None
    run: list[tuple[int, int]] = []
    for match in (*_WORD.finditer(text, hit.start, hit.end), None):
        if match is not None and (_is_part(match[0]) or (run and match[0] in _PARTICLES)):
            run.append(match.span())
            continue
        while run and text[slice(*run[-1])] in _PARTICLES:
            run.pop()
        if run and (best is None or run[-1][1] - run[0][0] >= best[1] - best[0]):
            best = run[0][0], run[-1][1]
        run = []
    return None if best is None else hit._replace(start=best[0], end=best[1])


def _is_part(word: str) -> bool:
    """Whether a word can be a part of a name."""
    word = word.strip(_EDGES)
    return word[:1].isupper() and word.lower() not in small_words() and _NO_NAME.fullmatch(word) is None
