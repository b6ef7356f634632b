"""``sidecar audit``."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO, assert_never

import typer

from sidecar.app.auditing import (
    Consistent,
    Filter,
    Tampered,
    Verified,
    export_journal,
    keys_folder,
    verify,
)
from sidecar.app.auditing import tail as last_records
from sidecar.cli.options import Config, Output, OutputOption
from sidecar.cli.screen import colored, complain_of_usage, err, out, table
from sidecar.clock import SystemClock
from sidecar.config import load_settings

USAGE = 2
TAMPERED = 3
UNSIGNED = 4

app = typer.Typer(help="The audit log: look, export, verify.", no_args_is_help=True)

Journal = Annotated[Path | None, typer.Option("--journal", help="Its folder; audit.path by default.")]


@app.command()
def tail(
    config: Config = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many.")] = 20,
    journal: Journal = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Show the last records."""
    records = last_records(journal or load_settings(config).audit.path, count)
    if output is Output.JSON:
        for record in records:
            typer.echo(json.dumps(record, sort_keys=True))
        return
    rows = []
    for record in records:
        what = str(record.get("action", record["kind"]))
        codes = record.get("reasons") or []
        why = sorted({str(reason["code"]) for reason in codes}) if isinstance(codes, list) else []
        where = str(record.get("final_target") or record.get("requested_target") or record.get("target") or "")
        rows.append(
            (
                str(record["sequence"]),
                str(record["time"])[:19],
                str(record["tenant"]),
                colored(what),
                where,
                ", ".join(why),
            )
        )
    table("", ("#", "time (UTC)", "tenant", "action", "target", "why"), rows)


@app.command("export")
def export_log(
    output: Annotated[str, typer.Option("--output", metavar="FILE|-", help="Where to write it.")],
    config: Config = None,
    start: Annotated[datetime | None, typer.Option("--from", help="Records from this time on (UTC).")] = None,
    end: Annotated[datetime | None, typer.Option("--to", help="Records before this time (UTC).")] = None,
    tenant: Annotated[str, typer.Option("--tenant", help="Records of this tenant.")] = "",
    journal: Journal = None,
) -> None:
    """Write the log as JSON lines and a signed head. What a filter leaves out stays as hashes, so that it verifies."""
    settings = load_settings(config)
    folder = journal or settings.audit.path
    with _opened(output) as stream:
        only = Filter(start=start, end=end, tenant=tenant)
        head = export_journal(settings, folder, stream, clock=SystemClock(), only=only)
    public = keys_folder(settings) / "audit.ed25519.pub"
    err.print(
        f"exported {head['shown']} of {head['size']} records; verify with --public-key {public}",
        markup=False,
        soft_wrap=True,
    )


@app.command("verify")
def verify_export(
    file: Annotated[Path, typer.Argument(help="The export.")],
    public_key: Annotated[Path | None, typer.Option("--public-key", help="The signer's public key (PEM).")] = None,
    head: Annotated[
        Path | None, typer.Option("--head", help="An earlier head or export: nothing before it may be gone.")
    ] = None,
) -> None:
    """Check an export: exit 0 verified, 3 tampered, 4 consistent but without a key, 2 bad usage."""
    try:
        key = public_key.read_bytes() if public_key else None
        earlier = head.read_bytes() if head else None
        with file.open("rb") as stream:
            verdict = verify(stream, public_key=key, earlier=earlier)
    except OSError as error:
        complain_of_usage(f"cannot read {error.filename}: {error.strerror}")
        raise typer.Exit(USAGE) from None
    except ValueError as error:
        complain_of_usage(f"--public-key: {error}")
        raise typer.Exit(USAGE) from None
    match verdict:
        case Verified(size=size, journal_id=journal_id, time=time):
            out.print(f"verified: {size} records of journal {journal_id}, signed {time}", markup=False)
        case Consistent(size=size, journal_id=journal_id):
            out.print(f"consistent: {size} records of journal {journal_id}; give --public-key to verify", markup=False)
            raise typer.Exit(UNSIGNED)
        case Tampered(sequence=sequence, what=what):
            where = "" if sequence is None else f"record {sequence}: "
            out.print(f"tampered: {where}{what}", markup=False)
            raise typer.Exit(TAMPERED)
        case _:
            assert_never(verdict)


@contextmanager
def _opened(output: str) -> Iterator[BinaryIO]:
    if output == "-":
        yield sys.stdout.buffer
        return
    try:
        with Path(output).open("wb") as stream:
            yield stream
    except OSError as error:
        complain_of_usage(f"--output: {error.strerror}")
        raise typer.Exit(USAGE) from None
