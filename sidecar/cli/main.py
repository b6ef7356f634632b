"""The command ``sidecar``: one file per verb, exit codes and errors in one place."""

import sys

import typer

from sidecar import logs
from sidecar.cli import (
    audit,
    catalog,
    doctor,
    explain,
    inspect,
    keys,
    matrix,
    policy,
    serve,
    tenants,
)
from sidecar.cli.screen import complain
from sidecar.errors import OperatorFault, SidecarError

USAGE = 2
COULD_NOT = 1

app = typer.Typer(
    name="sidecar",
    help="Judges what a prompt may reach: which customer's data, to which model, at which place, under which license.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve.serve)
app.command("inspect")(inspect.inspect)
app.command("explain")(explain.explain)
app.command("matrix")(matrix.matrix)
app.command("doctor")(doctor.doctor)
app.add_typer(audit.app, name="audit")
app.add_typer(catalog.app, name="catalog")
app.add_typer(policy.app, name="policy")
app.add_typer(tenants.app, name="tenants")
app.add_typer(keys.app, name="keys")


def main() -> None:
    """Run the command line. Operator's faults end with 2, what could not be judged with 1."""
    logs.configure(quiet=True)  # `serve` speaks up by itself
    try:
        app()
    except OperatorFault as fault:
        complain(fault)
        sys.exit(USAGE)
    except SidecarError as error:
        complain(error)
        sys.exit(COULD_NOT)


if __name__ == "__main__":
    main()
