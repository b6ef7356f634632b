"""Markdown tables, and the line that says who wrote a page."""

from collections.abc import Iterable, Sequence

GENERATED = "<!-- Written by `make docs`; edit docs/generator/{module}.py or what it reads, not this page. -->"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; what would end a cell is escaped."""
    lines = [columns, ["---"] * len(columns), *([_cell(text) for text in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(module: str, *parts: str) -> str:
    """Return a page: its title, who wrote it, the rest; parts are paragraphs."""
    title, *rest = (part.strip() for part in parts)
    return "\n\n".join((title, GENERATED.format(module=module), *rest)) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
