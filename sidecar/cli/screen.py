"""What people see: tables and complaints. Pipes and NO_COLOR are respected by Rich."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from sidecar.errors import SidecarError

PIPE_WIDTH = 200  # columns where the output is no terminal: wide enough that nothing is cut

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)
if not out.is_terminal:
    out = Console(highlight=False, width=PIPE_WIDTH, soft_wrap=True)

COLORS = {"allow": "green", "redact": "yellow", "reroute": "cyan", "block": "red"}


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table."""
    grid = Table(title=title or None, title_justify="left", header_style="bold", expand=False)
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*row)
    out.print(grid, soft_wrap=False)


def colored(action: str) -> str:
    """Return an action in its color."""
    return f"[{COLORS.get(action, 'white')}]{action}[/]"


def complain(error: SidecarError) -> None:
    """Say on standard error what is wrong, where, and what to do."""
    err.print(f"sidecar: {error}", markup=False)
    if error.advice:
        err.print(f"  {error.advice}", markup=False)


def complain_of_usage(message: str) -> None:
    """Say on standard error what is wrong with the arguments."""
    err.print(f"sidecar: {message}", markup=False)
