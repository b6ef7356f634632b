"""The English model, loaded without what nobody reads: its ``ner`` pipe alone, in our own pass where that fits."""

from collections.abc import Iterable, Sequence
from typing import Any

import spacy
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine
from spacy.language import Language
from spacy.tokens import Doc, Span

from sidecar.detection.models import spacy_name
from sidecar.detection.native.ner import NativeNer, Unfit
from sidecar.detection.view import may_hold_names
from sidecar.errors import SettingsFault

UNUSED_PIPES = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter", "morphologizer")
BATCH = 32

# Presidio's own default lets labels through that it does not map; what stands in neither list would be raw.
_ENTITIES = {
    "PERSON": "PERSON",
    "PER": "PERSON",
    "GPE": "LOCATION",
    "LOC": "LOCATION",
    "FAC": "LOCATION",
    "NORP": "NRP",
    "DATE": "DATE_TIME",
    "TIME": "DATE_TIME",
    "ORG": "ORGANIZATION",
}
_IGNORED = (
    *("CARDINAL", "EVENT", "LANGUAGE", "LAW", "MISC", "MONEY", "ORDINAL", "PERCENT", "PRODUCT", "QUANTITY"),
    "WORK_OF_ART",
)


class NamesEngine(SpacyNlpEngine):
    """Presidio's spaCy engine with the ``ner`` pipe alone, no lemmas, and never a download."""

    def __init__(self, model: str) -> None:
        self.pipeline: Language
        super().__init__(
            models=[{"lang_code": "en", "model_name": model}],
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping=_ENTITIES, labels_to_ignore=_IGNORED
            ),
        )

    def load(self) -> None:
        """Load the model.

        Raises:
            SettingsFault: it is not installed, cannot be read, or has no ``ner`` pipe.
        """
        self.pipeline = _load(self.models[0]["model_name"])
        self.nlp = {"en": self.pipeline}  # type: ignore[assignment]  # Presidio's None means not yet
        self._native = NativeNer.from_pipeline(self.pipeline)

    @property
    def ner_engine(self) -> str:
        """``native``, or ``spacy`` and after a colon why its own pass runs."""
        return f"spacy:{self._native.reason}" if isinstance(self._native, Unfit) else "native"

    @property
    def meta(self) -> dict[str, Any]:
        """What the model says of itself."""
        return dict(self.pipeline.meta)

    def read(self, texts: Sequence[str]) -> list[NlpArtifacts]:
        """Return the entities of every text; those without a capital letter have none and cost nothing.

        The artifacts lean on the pipeline's memory: read them within ``pipeline.memory_zone()``.
        """
        wanted = [index for index, text in enumerate(texts) if may_hold_names(text)]
        artifacts = [_artifacts([], []) for _ in texts]
        documents = self._documents([texts[index] for index in wanted])
        for index, document in zip(wanted, documents, strict=True):
            scores = self._get_scores_for_entities(document)
            entities, scores = self._get_updated_entities(self._get_entities(document), scores)
            artifacts[index] = _artifacts(entities, scores)
        return artifacts

    def _documents(self, texts: Sequence[str]) -> Iterable[Doc]:
        """Return every text with its entities; both passes give the same."""
        if isinstance(self._native, Unfit):
            return self.pipeline.pipe(texts, batch_size=BATCH)
        documents = [self.pipeline.tokenizer(text) for text in texts]
        for document, spans in zip(documents, self._native.spans_of(documents), strict=True):
            document.set_ents([Span(document, start, end, label=label) for start, end, label in spans])
        return documents

    def weights(self) -> bytes:
        """Return what the model has learned, for a digest."""
        return bytes(self.pipeline.get_pipe("ner").to_bytes(exclude=["vocab"]))  # type: ignore[attr-defined]


def _artifacts(entities: list[Any], scores: list[float]) -> NlpArtifacts:
    return NlpArtifacts(entities, [], [], [], None, "en", scores)  # type: ignore[arg-type]  # nobody reads tokens


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
