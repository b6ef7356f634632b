"""The common part of our recognizers: RE2 proposes on the ASCII view, Python judges each proposal."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import re2
from presidio_analyzer import LocalRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from sidecar.detection.recognizers.work import Unbounded, Work
from sidecar.detection.view import to_ascii

_LETTERS_AND_DIGITS = frozenset(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset(b"0123456789")
_POINTS = frozenset(b".-")


class Hit(NamedTuple):
    """What a scanner saw."""

    start: int
    end: int
    score: float
    entity: str = ""
    """Empty for the scanner's only one."""
    bare: bool = False
    """Whether nothing around a name makes it somebody's."""


class ViewArtifacts(NlpArtifacts):
    """Presidio's carrier of what is known of a text besides its letters; ours also carries the ASCII view."""

    def __init__(self, ascii_view: bytes) -> None:
        super().__init__(entities=[], tokens=[], tokens_indices=[], lemmas=[], nlp_engine=None, language="en")  # type: ignore[arg-type]
        self.ascii_view = ascii_view


class Scanner(LocalRecognizer):
    """A recognizer whose cost is linear in the text."""

    announced_by: Sequence[str] = ()
    """Words of which one stands in every text that holds a value; empty where it does without."""

    def __init__(
        self,
        *,
        entities: Sequence[str],
        name: str,
        triggers: Sequence[str] | None,
        context: Sequence[str] = (),
        reads_text: bool = False,
    ) -> None:
        """Say what it is.

        ``triggers`` are patterns for RE2, one of which is found in every ASCII view that holds a value; None where
        none are known.

        ``reads_text``: it reads the text itself too, where that is not ASCII.
        """
        super().__init__(supported_entities=list(entities), name=name, context=list(context))
        self.triggers = triggers
        self.reads_text = reads_text

    def load(self) -> None:
        """Do nothing: everything was compiled when it was made."""

    @abstractmethod
    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through what this scanner sees. ``view`` is the ASCII view of ``text``, at the same offsets.

        Raises:
            Spent: ``work`` does not reach to the end.
        """

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Presidio's way in."""
        view = nlp_artifacts.ascii_view if isinstance(nlp_artifacts, ViewArtifacts) else to_ascii(text)
        metadata = {
            RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
        }
        return [
            RecognizerResult(
                hit.entity or self.supported_entities[0], hit.start, hit.end, hit.score, recognition_metadata=metadata
            )
            for hit in self.scan(view, text, Unbounded())
            if (hit.entity or self.supported_entities[0]) in entities
        ]


def compiled(pattern: str, *, ignore_case: bool = False) -> Any:  # noqa: ANN401 - re2 has no types
    """Compile a pattern for bytes with RE2.

    Raises:
        ValueError: RE2 does not take it.
    """
    options = re2.Options()
    options.case_sensitive = not ignore_case
    options.log_errors = False
    options.max_mem = 64 << 20
    try:
        return re2.compile(pattern.encode("ascii"), options)
    except re2.error as error:
        message = "RE2 does not take the pattern"
        raise ValueError(message) from error


def value_group(pattern: Any) -> int:  # noqa: ANN401 - as above
    """Return the group of a compiled pattern that is the finding: ``value`` where it has one, else the whole match."""
    groups = pattern.groupindex
    return int(groups.get(b"value", groups.get("value", 0)))


def stands_alone(view: bytes, start: int, end: int) -> bool:
    """Whether no letter or digit touches the span."""
    return not (start and view[start - 1] in _LETTERS_AND_DIGITS) and not (
        end < len(view) and view[end] in _LETTERS_AND_DIGITS
    )


def is_whole_number(view: bytes, start: int, end: int) -> bool:
    """Whether the span stands alone and is not a piece of a longer number, a decimal fraction or a UUID."""
    if not stands_alone(view, start, end):
        return False
    before = (
        start > 1
        and view[start - 1] in _POINTS
        and view[start - 2] in _LETTERS_AND_DIGITS
        and not _is_word_end(view, start - 1)
    )
    after = end + 1 < len(view) and view[end] in _POINTS and view[end + 1] in _DIGITS
    return not (before or after)


def _is_word_end(view: bytes, end: int) -> bool:
    """Whether a word without digits ends here: ``card-4111…`` is a card, ``9f3a-4111…`` a piece of something else."""
    start = end
    while start and end - start <= 32 and view[start - 1] in _LETTERS_AND_DIGITS:  # noqa: PLR2004 - longer than any word
        start -= 1
    return not any(byte in _DIGITS for byte in view[start:end])
