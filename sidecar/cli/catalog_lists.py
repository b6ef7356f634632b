"""``sidecar catalog search | diff | import``: what a person does with lists, ours and others'."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from sidecar.app.cataloging import IMPORTED, Source, compare, find, import_into, proposal_name
from sidecar.cli.options import Config, Output, OutputOption
from sidecar.cli.screen import err, out, table
from sidecar.clock import SystemClock
from sidecar.config import load_settings

NOTHING = 1
_LONGEST_CELL = 120


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="All of them must stand in the row.")],
    config: Config = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Find models, providers, licenses and regimes by any name or word of theirs; exit 1 where there is none."""
    hits = find(load_settings(config), words)
    if output is Output.JSON:
        typer.echo(json.dumps([asdict(hit) for hit in hits], indent=2, ensure_ascii=False))
    elif hits:
        rows = [(hit.kind, hit.id, hit.name, _cell(hit.by)) for hit in hits]
        table("", ("kind", "id", "name", "found by"), [[_plain(cell) for cell in row] for row in rows])
    else:
        err.print("sidecar: no row holds all of these words", markup=False)
    if not hits:
        raise typer.Exit(NOTHING)


def diff(
    place: Annotated[
        Path, typer.Argument(metavar="FILE|FOLDER", help="An overlay, or another folder of catalog data.")
    ],
    output: OutputOption = Output.TEXT,
) -> None:
    """Say what an overlay, or another catalog, changes of the shipped one: rows, and fields of rows."""
    found = compare(place)
    if output is Output.JSON:
        typer.echo(json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False))
        return
    if found:
        rows = [(one.section, one.row, one.change, one.field, *_apart(one.before, one.after)) for one in found]
        table("", ("section", "row", "", "field", "shipped", "there"), [[_plain(cell) for cell in row] for row in rows])
    counts = ", ".join(f"{sum(one.change == word for one in found)} {word}" for word in ("added", "changed", "removed"))
    out.print(counts, markup=False)


def import_lists(
    source: Annotated[Source, typer.Argument(metavar="SOURCE", help="models.dev, openrouter, litellm or huggingface.")],
    lists: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Saved JSON; nothing is fetched.", dir_okay=False)
    ],
    folder: Annotated[
        Path | None,
        typer.Option("--output", metavar="FOLDER", help="Write overlay and proposal there; otherwise print them."),
    ] = None,
    day: Annotated[
        str | None,
        typer.Option("--as-of", metavar="YYYY-MM-DD", help="When the files were saved; today by default."),
    ] = None,
    config: Config = None,
) -> None:
    """Import prices, names, hosts and contexts as an overlay; propose the rest as a diff, which nothing applies."""
    imported = import_into(load_settings(config), source, lists, folder, clock=SystemClock(), day=_day(day))
    for doubt in imported.doubts:
        err.print(f"left out: {doubt}", markup=False)
    told = ", ".join(f"{count} {name}" for name, count in imported.counts.items())
    if folder is None:
        typer.echo(imported.overlay, nl=False)
        typer.echo(imported.proposal, nl=False)
        err.print(f"{source.value}: {told}; nothing was written", markup=False)
        return
    out.print(f"{source.value}: {told}", markup=False)
    if imported.overlay:
        out.print(f"overlay: {folder / IMPORTED}", markup=False)
    if imported.proposal:
        out.print(f"proposal, to be read: {folder / proposal_name(source)}", markup=False)


def _day(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        message = "must be a day, YYYY-MM-DD"
        raise typer.BadParameter(message, param_hint="--as-of") from None


def _apart(before: Any, after: Any) -> tuple[str, str]:  # noqa: ANN401 - fields of every kind
    """Return both sides; of two lists, only what the other one lacks."""
    if isinstance(before, list) and isinstance(after, list):
        before, after = [one for one in before if one not in after], [one for one in after if one not in before]
    return _shown(before), _shown(after)


def _shown(value: Any) -> str:  # noqa: ANN401 - fields of every kind
    return "" if value is None else _cell(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _cell(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
