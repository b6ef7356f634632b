"""The network of LAC: two layers of gated recurrent units that read from both ends, and a chain of labels over them."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sidecar.detection.languages.tensors import Array, Tensors

BATCH = 64  # sequences that take their steps together
_LAYERS: Final = ("0", "1")


class Network:
    """Gives every label of every token its probability. Not for several threads at once."""

    def __init__(self, tensors: Tensors) -> None:
        self._embedding = tensors.numbers("embedding")
        self._layers = [_Layer(tensors, name) for name in _LAYERS]
        self._output, self._bias = tensors.numbers("output"), tensors.numbers("output_bias")
        self._start = np.exp(tensors.numbers("start"))
        self._end = np.exp(tensors.numbers("end"))
        self._moves = np.exp(tensors.numbers("moves"))

    def read(self, sequences: Sequence[Sequence[int]]) -> list[Array]:
        """Return, for every sequence of token numbers, the probabilities of the labels, one row for each token."""
        order = sorted(range(len(sequences)), key=lambda place: -len(sequences[place]))
        read = (
            answer
            for first in range(0, len(order), BATCH)
            for answer in self._batch([sequences[place] for place in order[first : first + BATCH]])
        )
        answers = dict(zip(order, read, strict=True))
        return [answers[place] for place in range(len(sequences))]

    def _batch(self, sequences: Sequence[Sequence[int]]) -> list[Array]:
        """Read sequences, the longest first."""
        lengths = np.array([len(one) for one in sequences])
        steps = int(lengths[0])
        tokens = np.zeros((steps, len(sequences)), np.int64)
        for place, one in enumerate(sequences):
            tokens[: len(one), place] = one
        present = np.arange(steps)[:, None] < lengths
        # Where a sequence is read from, seen from its other end; what lies behind it stays there.
        mirror = np.where(present, lengths - 1 - np.arange(steps)[:, None], np.arange(steps)[:, None])
        alive = present.sum(1)
        hidden = self._embedding[tokens]
        for layer in self._layers:
            hidden = layer.read(hidden, mirror, alive)
        return self._marginals(hidden @ self._output + self._bias, lengths, alive)

    def _marginals(self, emissions: Array, lengths: NDArray[np.int64], alive: NDArray[np.int64]) -> list[Array]:
        """Go through the chain from both ends; every step is scaled, so that nothing overflows."""
        weights = np.exp(emissions - emissions.max(-1, keepdims=True))
        forward = np.empty_like(weights)
        forward[0] = _scaled(self._start * weights[0])
        for step in range(1, len(weights)):
            count = alive[step]
            forward[step, :count] = _scaled((forward[step - 1, :count] @ self._moves) * weights[step, :count])
        backward = np.empty_like(weights)
        backward[lengths - 1, np.arange(len(lengths))] = self._end
        for step in range(len(weights) - 2, -1, -1):
            count = alive[step + 1]
            backward[step, :count] = _scaled((weights[step + 1, :count] * backward[step + 1, :count]) @ self._moves.T)
        return [_scaled(forward[:length, place] * backward[:length, place]) for place, length in enumerate(lengths)]


class _Layer:
    """One layer: units that read forward and units that read backward."""

    def __init__(self, tensors: Tensors, name: str) -> None:
        self._input, self._input_bias = tensors.numbers(f"input{name}"), tensors.numbers(f"input_bias{name}")
        self._gates, self._candidate = tensors.numbers(f"gates{name}"), tensors.numbers(f"candidate{name}")

    def read(self, values: Array, mirror: NDArray[np.int64], alive: NDArray[np.int64]) -> Array:
        """Return what both directions say of every token, side by side."""
        steps, count, _ = values.shape
        columns = np.arange(count)
        size = self._candidate.shape[-1]
        flat = values.reshape(steps * count, -1)
        own = np.empty((steps, 2, count, 3 * size), np.float32)  # both directions
        for side, (weights, bias) in enumerate(zip(self._input, self._input_bias, strict=True)):
            np.add((flat @ weights).reshape(steps, count, -1), bias, out=own[:, side])
        own[:, 1] = own[mirror, 1, columns]
        state = np.zeros((2, count, size), np.float32)
        out = np.zeros((steps, 2, count, size), np.float32)
        for step in range(steps):
            active = alive[step]
            before = state[:, :active]
            gates = own[step, :, :active, : 2 * size] + before @ self._gates
            gates = 1 / (1 + np.exp(-gates))
            update, reset = gates[..., :size], gates[..., size:]
            candidate = np.tanh(own[step, :, :active, 2 * size :] + (reset * before) @ self._candidate)
            state[:, :active] = before + update * (candidate - before)
            out[step, :, :active] = state[:, :active]
        out[:, 1] = out[mirror, 1, columns]
        return np.concatenate([out[:, 0], out[:, 1]], -1)


def _scaled(weights: Array) -> Array:
    scaled: Array = weights / weights.sum(-1, keepdims=True)
    return scaled
