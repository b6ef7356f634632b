"""The English model, loaded without what nobody reads: its ``ner`` pipe alone, in our own pass where that fits."""

from collections.abc import Sequence
from typing import Protocol

import spacy
from spacy.language import Language

from sidecar.detection.models import spacy_name
from sidecar.detection.native.layers import Misfit
from sidecar.detection.native.ner import NativeNer, TextSpan, Unfit
from sidecar.detection.recognizers.scanner import Hit
from sidecar.detection.view import may_hold_names
from sidecar.errors import SettingsFault

UNUSED_PIPES = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter", "morphologizer")
BATCH = 32

# What the labels are to Presidio. Others, such as amounts, are nobody's data; dates are told by their shape.
_ENTITIES = {
    "PERSON": "PERSON",
    "PER": "PERSON",
    "GPE": "LOCATION",
    "LOC": "LOCATION",
    "FAC": "LOCATION",
    "NORP": "NRP",
    "ORG": "ORGANIZATION",
}
_SCORE = 0.85  # Presidio's for whatever a model says


class _Reader(Protocol):
    def names(self, texts: Sequence[str]) -> list[list[TextSpan]]:
        """Return what a pipeline finds in each text."""
        ...


class NamesEngine:
    """The model, loaded; never downloaded. Not for several threads at once."""

    def __init__(self, model: str, *, level: str | None = None) -> None:
        """Load the model. ``level`` names the instructions of our own pass; None are the best there are.

        Raises:
            SettingsFault: it is not installed, cannot be read, or has no ``ner`` pipe.
        """
        self._pipeline = _load(model)
        native = NativeNer.from_pipeline(self._pipeline, level=level)
        self.ner_engine = f"spacy:{native.reason}" if isinstance(native, Unfit) else "native"
        """``native``, or ``spacy`` and after a colon why its own pass runs."""
        self._reader = _reader(self._pipeline, native)

    @property
    def title(self) -> str:
        """What the model calls itself, with its version."""
        meta = self._pipeline.meta
        return f"{meta.get('lang')}_{meta.get('name')} {meta.get('version')}"

    def read(self, texts: Sequence[str]) -> list[list[Hit]]:
        """Return the names in every text; those without a capital letter have none and cost nothing."""
        hits: list[list[Hit]] = [[] for _ in texts]
        wanted = [index for index, text in enumerate(texts) if may_hold_names(text)]
        if wanted:
            found = self._reader.names([texts[index] for index in wanted])
            for index, names in zip(wanted, found, strict=True):
                hits[index] = [
                    Hit(start, end, _SCORE, _ENTITIES[label]) for start, end, label in names if label in _ENTITIES
                ]
        return hits

    def weights(self) -> bytes:
        """Return what the model has learned, for a digest."""
        return bytes(self._pipeline.get_pipe("ner").to_bytes(exclude=["vocab"]))  # type: ignore[attr-defined]


class _Documents:
    """Makes a document of each text, as spaCy does: for a tokenizer or a model that is not like spaCy's own."""

    def __init__(self, pipeline: Language, native: NativeNer | Unfit) -> None:
        self._pipeline = pipeline
        self._native = native

    def names(self, texts: Sequence[str]) -> list[list[TextSpan]]:
        with self._pipeline.memory_zone():
            if isinstance(self._native, Unfit):
                read = self._pipeline.pipe(texts, batch_size=BATCH)
                return [[(one.start_char, one.end_char, one.label_) for one in document.ents] for document in read]
            documents = [self._pipeline.tokenizer(text) for text in texts]
            return [
                [
                    (document[start].idx, document[end - 1].idx + len(document[end - 1]), label)
                    for start, end, label in spans
                ]
                for document, spans in zip(documents, self._native.spans_of(documents), strict=True)
            ]


def _reader(pipeline: Language, native: NativeNer | Unfit) -> _Reader:
    """Return what reads texts fastest; all give the same."""
    if not isinstance(native, Unfit):
        try:
            return native.reader(pipeline)
        except Misfit:
            pass  # the names are still read in our own pass, the tokens are made by spaCy's
    return _Documents(pipeline, native)


def _load(model: str) -> Language:
    name = spacy_name(model)
    try:
        pipeline = spacy.load(name, exclude=list(UNUSED_PIPES))
    except (OSError, ValueError, ImportError, KeyError, TypeError) as error:
        message = "detection.model cannot be loaded as a spaCy pipeline"
        raise SettingsFault(message, field="detection.model") from error
    if "ner" not in pipeline.pipe_names:
        message = "detection.model has no pipe that recognizes entities (ner)"
        raise SettingsFault(message, field="detection.model")
    return pipeline
