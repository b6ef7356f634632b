"""``sidecar tenants``."""

import typer

from sidecar.app.sources import tenant_warnings
from sidecar.cli.options import Config
from sidecar.cli.screen import out
from sidecar.config import load_settings

app = typer.Typer(help="The customers.", no_args_is_help=True)


@app.callback()
def tenants() -> None:
    """Group the verbs: with a single one, Typer would drop its name."""


@app.command()
def check(config: Config = None) -> None:
    """Read the tenants file, tell all its faults, and warn of regimes that fit a tenant and are not listed."""
    count, doubts = tenant_warnings(load_settings(config))
    for doubt in doubts:
        out.print(f"warning: {doubt}", markup=False)
    out.print(f"{count} tenants, {len(doubts)} warnings", markup=False)
