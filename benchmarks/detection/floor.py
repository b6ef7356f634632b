"""The floor: the matrix products that the model needs for a text's tokens, and nothing else."""

from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.stock import Stock

_ROWS = 128  # at a time, as in the compiled pass


class Floor:
    """Products of the shapes of the model's layers, over rows of noise."""

    def __init__(self, stock: Stock) -> None:
        pipeline: Any = stock.analyzer.nlp_engine.nlp["en"]  # type: ignore[attr-defined]  # Presidio's spaCy engine
        self._pipeline = pipeline
        model = pipeline.get_pipe("ner").model
        maxouts = [node.get_param("W") for node in model.get_ref("tok2vec").walk() if node.name == "maxout"]
        # The first one mixes what a word is made of, which is remembered; each other one is a layer of windows.
        shapes = [(weights.shape[0] * weights.shape[1], weights.shape[2]) for weights in maxouts[1:]]
        lower, upper = model.get_ref("lower"), model.get_ref("upper")
        hidden, pieces, inputs = lower.get_dim("nO"), lower.get_dim("nP"), lower.get_dim("nI")
        shapes += [(inputs, maxouts[0].shape[0]), (hidden * pieces, inputs), (upper.get_dim("nO"), hidden)]
        drawn = np.random.default_rng(0)
        self._layers = [
            (np.zeros((_ROWS, columns), np.float32), drawn.random((columns, rows), np.float32))
            for rows, columns in shapes
        ]
        self._outputs = [np.empty((_ROWS, weights.shape[1]), np.float32) for _, weights in self._layers]

    def tokens(self, text: str) -> int:
        """Return how many tokens a text has."""
        with self._pipeline.memory_zone():
            return len(self._pipeline.make_doc(text))

    def multiply(self, tokens: int) -> None:
        """Do the products for as many tokens."""
        for start in range(0, tokens, _ROWS):
            rows = min(_ROWS, tokens - start)
            for (inputs, weights), outputs in zip(self._layers, self._outputs, strict=True):
                _product(inputs[:rows], weights, outputs[:rows])


def _product(inputs: npt.NDArray[np.float32], weights: npt.NDArray[np.float32], out: npt.NDArray[np.float32]) -> None:
    np.matmul(inputs, weights, out=out)
