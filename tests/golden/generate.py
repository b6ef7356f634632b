"""Writes the golden table anew, every line of it asked by itself: ``make goldens``, then review the difference."""

import sys
from collections.abc import Iterator

from sidecar.types.tenants import Tenant
from tests.golden import table
from tests.golden.bench import Bench, question


def part(bench: Bench, tenant: Tenant) -> Iterator[tuple[str, list[str]]]:
    """Yield target and cells of one customer, in the order of the table."""
    cards = table.cards(bench)
    asked = [question(tenant, card, content) for card in cards for content in table.CONTENTS.values()]
    cells = [table.cell(decision) for decision in bench.decide(asked)]
    width = len(table.CONTENTS)
    for position, card in enumerate(cards):
        yield card.id, cells[position * width : (position + 1) * width]


def main() -> None:
    """Write every part."""
    table.path("any").parent.mkdir(exist_ok=True)
    with Bench() as bench:
        customers = table.archetypes(bench)
        for old in table.path("any").parent.glob("*.tsv"):
            if old.stem not in customers:
                old.unlink()
        for name, tenant in customers.items():
            table.path(name).write_text(table.write(part(bench, tenant)), encoding="utf-8")
            sys.stderr.write(f"{name}\n")


if __name__ == "__main__":
    main()
