# The compiled pass; src/module.c checks what it is given, native-ner.md says what the parts mean.
from collections.abc import Callable
from typing import Any, TypeAlias, final

import numpy.typing as npt

_Array: TypeAlias = npt.NDArray[Any]
_Affine: TypeAlias = tuple[_Array, _Array]
_Layer: TypeAlias = tuple[_Array, _Array, _Array, _Array]

@final
class Network:
    def __new__(
        cls,
        *,
        tables: tuple[tuple[int, _Array], ...],
        vectors: tuple[_Array, _Array, _Array] | None,
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
    @property
    def margin(self) -> float: ...
    @margin.setter
    def margin(self, value: float) -> None: ...
    def scores(self, document: _Array, exact: bool, /) -> bytes: ...
    def spans(self, documents: list[_Array], /) -> list[list[tuple[int, int, str]]]: ...

@final
class Reader:
    def __new__(
        cls, *, network: Network, tokenize: Callable[[str], _Array], joins: _Array, key: tuple[int, int]
    ) -> Reader: ...
    def rows(self, text: str, /) -> bytes: ...
    def names(self, texts: list[str], /) -> list[list[tuple[int, int, str]]]: ...

def levels() -> tuple[str, ...]: ...
