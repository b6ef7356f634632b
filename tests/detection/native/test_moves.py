"""Moves are sorted by the state they are tried in."""

import pytest

from sidecar.detection.native.layers import Misfit
from sidecar.detection.native.moves import BEGIN, OUT, UNIT, Moves, read_moves

NAMES = ("B-ORG", "B-A-B", "L-ORG", "I-ORG", "I-A-B", "L-A-B", "U-ORG", "U-A-B", "U-", "O")


def test_order() -> None:
    """Closed moves keep the model's order, open ones go by label; the blocked move is never tried."""
    expected = Moves(
        labels=("A-B", "ORG"),
        closed_rows=(0, 1, 6, 7, 9),
        closed=((BEGIN, 1), (BEGIN, 0), (UNIT, 1), (UNIT, 0), (OUT, 0)),
        open_rows=(4, 3, 5, 2),
        on_first=bytes((True, False)),
        total=10,
    )
    assert expected == read_moves(NAMES)


@pytest.mark.parametrize("names", [(), ("O",), NAMES[1:], (*NAMES, "X-ORG"), NAMES[:-1], (*NAMES, "B-ZIP")])
def test_incomplete_moves_are_refused(names: tuple[str, ...]) -> None:
    """A label without one of its moves, an unknown move and no label at all are refused."""
    with pytest.raises(Misfit):
        read_moves(names)
