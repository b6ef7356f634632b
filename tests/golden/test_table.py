"""The golden table holds: for the oracle on every line, for the real policy on a share of it that changes by tenant.

The policy is asked about an eighth of the targets for each tenant, another eighth for the next; targets that differ
only in what no rule reads stand for each other. ``make goldens`` asks it about every line.
"""

from collections.abc import Mapping

import pytest

from sidecar.config import Operator
from sidecar.types.tenants import Tenant
from tests.golden import raw, table
from tests.golden.bench import TODAY, Bench, question
from tests.golden.oracle import STRENGTH, Question, Verdict, verdict

SHARES = 8
NAMES = sorted(path.stem for path in table.path("any").parent.glob("*.tsv"))


@pytest.fixture(scope="module")
def customers(bench: Bench) -> Mapping[str, Tenant]:
    """The archetypes."""
    return table.archetypes(bench)


def parts(name: str) -> dict[str, list[str]]:
    """Return the cells of a customer by target, written out."""
    head, *lines = table.path(name).read_text(encoding="utf-8").splitlines()
    assert ["target", *table.CONTENTS] == head.split("\t")
    found = {}
    for line in lines:
        target, *cells = line.split("\t")
        for position, cell in enumerate(cells):
            cells[position] = cells[position - 1] if cell == table.SAME else cell
        found[target] = cells
    return found


def letters(outcome: Verdict) -> str:
    """Return what the oracle says in the letters of the table, with the strength of an operator for its name."""
    if outcome.action == "block":
        return f"B {','.join(sorted({one.code for one in outcome.denies}))}"
    redact = [f"{name}:{strength}" for name, strength in sorted(outcome.redact.items())]
    return f"R {','.join(redact)}" if redact else "A"


def by_strength(cell: str) -> str:
    """Return a cell in the same letters."""
    action, _, rest = cell.partition(" ")
    named = [one.partition(":") for one in rest.split(",")]
    return f"R {','.join(f'{name}:{STRENGTH[operator]}' for name, _, operator in named)}" if action == "R" else cell


def test_every_customer_and_target_is_there(customers: Mapping[str, Tenant]) -> None:
    """No line is missing, none is left over, and they stand in order."""
    assert NAMES == sorted(customers)
    for name in NAMES:
        assert [raw.target(*line).id for line in raw.lines()] == list(parts(name))


@pytest.mark.parametrize("name", NAMES)
def test_oracle(customers: Mapping[str, Tenant], name: str) -> None:
    """Every line is what the readings of the design come to."""
    expected, found = {}, {}
    cells_by_target = parts(name)
    for line in raw.lines():
        target = raw.target(*line)
        for said, (title, content) in zip(cells_by_target[target.id], table.CONTENTS.items(), strict=True):
            asked = Question(customers[name], target, content, Operator(), TODAY)
            expected[target.id, title] = letters(verdict(asked))
            found[target.id, title] = by_strength(said)
    assert expected == found


@pytest.mark.parametrize("name", NAMES)
def test_policy(bench: Bench, customers: Mapping[str, Tenant], name: str) -> None:
    """The real policy says what stands in the table."""
    tenant, cells_by_target = customers[name], parts(name)
    distinct = {table.essence(card, tenant): card for card in table.cards(bench)}
    cards = list(distinct.values())[NAMES.index(name) % SHARES :: SHARES]
    asked = [question(tenant, card, content) for card in cards for content in table.CONTENTS.values()]
    said = [table.cell(decision) for decision in bench.decide(asked)]
    assert [cell for card in cards for cell in cells_by_target[card.id]] == said


def test_targets_of_one_essence_are_decided_alike(bench: Bench, customers: Mapping[str, Tenant]) -> None:
    """So one of them may stand for all."""
    cards = table.cards(bench)
    for name in NAMES:
        cells_by_target = parts(name)
        seen: dict[object, list[str]] = {}
        for card in cards:
            cells = cells_by_target[card.id]
            assert seen.setdefault(table.essence(card, customers[name]), cells) == cells
