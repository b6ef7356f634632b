"""Which of the languages in Latin letters a text is written in, told by its small words.

A script does not tell German from French, and a model that guesses one language of a text misses the others in it.
Small words that only one language has tell each by itself: two different ones are enough, and one where the text is
hardly longer. What shows no other language reads as English.
"""

from collections import Counter
from collections.abc import Container
from importlib import resources
from typing import Final

import yaml

LATIN: Final = ("en", "de", "fr", "es", "it", "pt", "nl")
ENOUGH: Final = 2
SHORT: Final = 10  # words of a text in which one is enough

_LISTS: dict[str, str] = yaml.safe_load(
    resources.files("sidecar.detection").joinpath("data/latin.yaml").read_text(encoding="utf-8")
)["evidence"]
_LANGUAGE_OF: Final = {word: language for language, words in _LISTS.items() for word in words.split()}


def small_words() -> Container[str]:
    """Return the words by which languages are told."""
    return _LANGUAGE_OF


def latin_languages(text: str) -> frozenset[str]:
    """Return those of the languages in Latin letters that a text shows; ``en`` where it shows none."""
    words = set(text.lower().replace("’", "'").split())
    shown = Counter(language for word in words if (language := _LANGUAGE_OF.get(word)) is not None)
    others = len(shown) > ("en" in shown)
    enough = 1 if "en" not in shown and len(words) <= SHORT else ENOUGH
    found = {language for language, count in shown.items() if count >= enough}
    return frozenset(found) if found and others else frozenset({"en"})
