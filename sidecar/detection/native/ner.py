"""The compiled pass for a loaded pipeline, or why there is none."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.attrs import ENT_IOB, IS_SPACE, SENT_START  # type: ignore[import-not-found]  # it is compiled
from spacy.language import Language
from spacy.pipeline import EntityRecognizer, Tok2Vec
from spacy.tokens import Doc

from sidecar.detection.native.layers import Embedding, Encoder, Misfit, State, read_layers
from sidecar.detection.native.moves import Moves, read_moves
from sidecar.detection.native.words import Words

try:
    from sidecar.detection.native import _network
except ImportError:  # no compiler when the package was installed
    _COMPILED = False
else:
    _COMPILED = True

TokenSpan = tuple[int, int, str]
"""First token, the one after the last, label."""
TextSpan = tuple[int, int, str]
"""First code point, the one after the last, label."""

_FLAGS = (IS_SPACE, SENT_START, ENT_IOB)
_SLOTS = 3
_CALIBRATION = 2_000
"""Tokens, made up of random keys, on which 8-bit scores are compared with exact ones."""
_SAFETY = 4
"""How many times the largest error found there two scores must lie apart by, else they are computed exactly."""
_PROBE = (
    "On 3 May 2024 Jane Miller of Acme Corp. moved from Berlin to New York City for $2.5 million, she said. "
    "  \n\nTwo German engineers, Wei Zhang and José García, won the Nobel Prize at 9 a.m. on the Golden Gate Bridge."
)


@dataclass(frozen=True, slots=True)
class Unfit:
    """The compiled pass cannot stand in for this pipeline; spaCy's own must run."""

    reason: str


class NativeNer:
    """Finds the entities that a pipeline's ``ner`` pipe finds. Several threads may ask at once; forks share weights."""

    def __init__(self, network: "_network.Network", attributes: Sequence[int]) -> None:
        self._network = network
        self._attributes = [*attributes, *_FLAGS]
        self._calibrate()

    @classmethod
    def from_pipeline(cls, pipeline: Language, *, level: str | None = None) -> "NativeNer | Unfit":
        """Read the weights of a pipeline once; what is changed in it later does not count.

        Args:
            pipeline: loaded, with nothing enabled that could have a say in its entities besides ``ner``.
            level: the instructions to use, one of ``levels()``; the best there are, where it is None.
        """
        if not _COMPILED:
            return Unfit("the compiled extension is not there")
        try:
            recognizer, upstream = _recognizer(pipeline)
            model = upstream.model if upstream else None
            embedding, encoder, state = read_layers(recognizer.model, model, pipeline.vocab.vectors)
            names = [recognizer.moves.get_class_name(move) for move in range(recognizer.moves.n_moves)]
            network = _pack(embedding, encoder, state, read_moves(names), level)
        except Misfit as misfit:
            return Unfit(str(misfit))
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            return Unfit("its layers have shapes that the compiled pass does not take")
        native = cls(network, embedding.attributes)
        return native if native._agrees(pipeline) else Unfit("it answers otherwise than spaCy on a probe")

    @property
    def level(self) -> str:
        """The instructions in use."""
        return self._network.level

    def spans(self, document: Doc) -> list[TokenSpan]:
        """Return the entities of a document that came from the tokenizer, in order.

        Raises:
            ValueError: it has entities already.
        """
        return self.spans_of((document,))[0]

    def spans_of(self, documents: Sequence[Doc]) -> list[list[TokenSpan]]:
        """Return the entities of each document, in one pass over all: of short ones, many at a time cost less.

        Raises:
            ValueError: a document has entities already.
        """
        return self._network.spans([document.to_array(self._attributes) for document in documents])

    def reader(self, pipeline: Language) -> "TextReader":
        """Return a reader of texts, which takes tokens from the pipeline's tokenizer.

        Raises:
            Misfit: the tokenizer is not one that words can be taken from one by one.
        """
        return TextReader(self._network, Words(pipeline, self._attributes[: -len(_FLAGS)]))

    def _calibrate(self) -> None:
        """Let 8-bit scores decide where they lie so far apart that their error, as measured here, cannot matter."""
        tokens = np.random.default_rng(0).integers(
            0, np.iinfo(np.uint64).max, (_CALIBRATION, len(self._attributes)), np.uint64
        )
        tokens[:, -len(_FLAGS) :] = 0
        near, exact = (np.frombuffer(self._network.scores(tokens, only), np.float32) for only in (False, True))
        self._network.margin = _SAFETY * float(np.abs(near - exact).max())

    def _agrees(self, pipeline: Language) -> bool:
        with pipeline.memory_zone():
            expected = [(entity.start, entity.end, entity.label_) for entity in pipeline(_PROBE).ents]
            return expected == self.spans(pipeline.make_doc(_PROBE))


class TextReader:
    """Finds names in texts: as if the pipeline had made documents of them. For one thread at a time.

    It keeps what tokens words are made of, under hashes with a key that nobody knows: no text, and no more than some
    megabytes.
    """

    def __init__(self, network: "_network.Network", words: Words) -> None:
        """Start with no word known."""
        self._words = words
        key = (secrets.randbits(64), secrets.randbits(64))
        self._reader = _network.Reader(network=network, tokenize=words, joins=words.joins, key=key)

    def names(self, texts: Sequence[str]) -> list[list[TextSpan]]:
        """Return the names of each text, in order; many short ones at a time cost less.

        Raises:
            UnicodeEncodeError: a text has a lone surrogate.
        """
        try:
            return self._reader.names(list(texts))
        finally:
            self._words.forget()

    def tokens(self, text: str) -> npt.NDArray[np.uint64]:
        """Return a row for each token of a text: its attributes, then the flags that the compiled pass reads.

        Raises:
            UnicodeEncodeError: the text has a lone surrogate.
        """
        try:
            rows = np.frombuffer(self._reader.rows(text), dtype=np.uint64)
        finally:
            self._words.forget()
        return rows.reshape(-1, len(self._words.attributes) + len(_FLAGS))


def levels() -> tuple[str, ...]:
    """Name the sets of instructions that this processor has, the best one last; none without the extension."""
    return _network.levels() if _COMPILED else ()


def _recognizer(pipeline: Language) -> tuple[Any, Tok2Vec | None]:
    """Return the pipe, and the one that it listens to.

    Raises:
        Misfit: another pipe could have a say in the entities, or it does not decode greedily.
    """
    recognizer: Any = dict(pipeline.pipeline).get("ner")
    if type(recognizer) is not EntityRecognizer or recognizer.cfg["beam_width"] != 1:
        message = "there is no ner pipe that decodes greedily"
        raise Misfit(message)
    upstream = None
    for name, pipe in pipeline.pipeline:
        if pipe is recognizer:
            continue
        if type(pipe) is not Tok2Vec:
            message = f"the pipe {name} could have a say in the entities"
            raise Misfit(message)
        if recognizer.name in pipe.listening_components:
            upstream = pipe
    return recognizer, upstream


def _pack(embedding: Embedding, encoder: Encoder, state: State, moves: Moves, level: str | None) -> "_network.Network":
    weights, bias, pad = state.lower
    slots, hidden, pieces, inputs = weights.shape
    if slots != _SLOTS:
        message = "the parser looks at other tokens than the three of ner"
        raise Misfit(message)
    parts = weights.reshape(slots, hidden * pieces, 1, inputs)
    nothing = np.zeros((hidden * pieces, 1), dtype=np.float32)
    upper, upper_bias = state.upper[0][:, None, :], state.upper[1][:, None]
    if len(upper) != moves.total:
        message = "the model does not score the pipe's moves"
        raise Misfit(message)
    closed, opened = list(moves.closed_rows), list(moves.open_rows)
    return _network.Network(
        tables=embedding.tables,
        vectors=embedding.vectors,
        embed=embedding.mix,
        layers=encoder.layers,
        window=encoder.window,
        project=state.project,
        closed=(weights[0], pad[0, 1] + pad[0, 2] + bias),
        slots=((parts[0], nothing), (parts[1], bias.reshape(-1, 1)), (parts[2], nothing)),
        scores=(upper[closed], upper_bias[closed]),
        open_scores=(upper[opened], upper_bias[opened]),
        moves=moves.closed,
        on_first=moves.on_first,
        labels=moves.labels,
        level=level,
    )
