"""The moves of spaCy's transition system for entities, put in the order in which the compiled pass reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sidecar.detection.native.layers import Misfit

BEGIN: Final = 0
UNIT: Final = 1
OUT: Final = 2

_CLOSED = {"B": BEGIN, "U": UNIT}


@dataclass(frozen=True, slots=True)
class Moves:
    """Which move is tried in which state. Rows are those of the model's scores."""

    labels: tuple[str, ...]
    closed_rows: tuple[int, ...]
    closed: tuple[tuple[int, int], ...]
    """Kind and label of each move without an open entity, in the model's order, which decides even scores."""
    open_rows: tuple[int, ...]
    """Going on with an entity of each label, then ending it."""
    on_first: bytes
    """For each label, whether going on stands before ending."""
    total: int
    """How many the model scores."""


def read_moves(names: Sequence[str]) -> Moves:
    """Sort moves by the names that spaCy gives them: ``B-ORG``, ``O``.

    ``U-`` is for tokens that the caller has ruled out; no document that the compiled pass takes has any.

    Raises:
        Misfit: a label does not have all of its moves, or there are none.
    """
    rows = {name: row for row, name in enumerate(names) if name != "U-"}
    labels = tuple(sorted({name.partition("-")[2] for name in rows} - {""}))
    wanted = {f"{move}-{label}" for move in "BILU" for label in labels}
    if not labels or rows.keys() != wanted | {"O"}:
        message = "the moves are not BILUO for every label"
        raise Misfit(message)
    place = {label: index for index, label in enumerate(labels)}
    closed = [(row, *_closed(name, place)) for name, row in rows.items() if name[0] in "BUO"]
    going, ending = ([rows[f"{move}-{label}"] for label in labels] for move in "IL")
    return Moves(
        labels=labels,
        closed_rows=tuple(row for row, _, _ in closed),
        closed=tuple((kind, label) for _, kind, label in closed),
        open_rows=(*going, *ending),
        on_first=bytes(on < end for on, end in zip(going, ending, strict=True)),
        total=len(names),
    )


def _closed(name: str, place: dict[str, int]) -> tuple[int, int]:
    move, _, label = name.partition("-")
    return (_CLOSED[move], place[label]) if label else (OUT, 0)
