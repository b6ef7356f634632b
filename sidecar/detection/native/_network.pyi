"""The compiled pass; ``src/module.c`` checks what it is given."""

from collections.abc import Buffer
from typing import final

_Affine = tuple[Buffer, Buffer]
"""Weights ``[outputs][pieces][inputs]`` and biases ``[outputs][pieces]``, of 32-bit floats."""
_Layer = tuple[Buffer, Buffer, Buffer, Buffer]
"""The same with pieces, then gain and shift of the normalization."""

@final
class Network:
    """An entity recognizer's weights, packed. Several threads may ask at once."""

    def __new__(
        cls,
        *,
        tables: tuple[tuple[int, Buffer], ...],
        vectors: tuple[Buffer, Buffer, Buffer] | None,
        embed: _Layer,
        layers: tuple[_Layer, ...],
        window: int,
        project: _Affine,
        closed: _Affine,
        slots: tuple[_Affine, _Affine, _Affine],
        scores: _Affine,
        open_scores: _Affine,
        moves: tuple[tuple[int, int], ...],
        on_first: bytes,
        labels: tuple[str, ...],
        level: str | None,
    ) -> Network: ...
    @property
    def level(self) -> str: ...
    def spans(self, documents: list[Buffer], /) -> list[list[tuple[int, int, str]]]: ...

def levels() -> tuple[str, ...]: ...
