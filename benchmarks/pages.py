"""Words and tables of the pages that results are kept on."""

from collections.abc import Sequence
from statistics import quantiles


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Return the median, and in brackets the quartiles."""
    if len(values) == 1:
        return f"{values[0]:.{digits}f}"
    first, middle, third = quantiles(values, n=4, method="inclusive")
    return f"{middle:.{digits}f} ({first:.{digits}f} to {third:.{digits}f})"


def in_milliseconds(value: float) -> str:
    """Return a number of milliseconds with as many digits as mean something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table, all of it right-aligned."""
    lines = [columns, ["---:"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
