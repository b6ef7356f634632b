"""``sidecar catalog``."""

import json
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from sidecar.app.sources import ShippedCatalog, open_catalog
from sidecar.cli.catalog_lists import diff, import_lists, search
from sidecar.cli.options import Config, Output, OutputOption
from sidecar.cli.screen import complain_of_usage, out, table
from sidecar.config import load_settings
from sidecar.types.targets import Card

USAGE = 2

app = typer.Typer(help="What is known of models, providers, licenses and regimes.", no_args_is_help=True)
app.command("search")(search)
app.command("diff")(diff)
app.command("import")(import_lists)


class Kind(StrEnum):
    """What to list."""

    MODELS = "models"
    PROVIDERS = "providers"
    LICENSES = "licenses"
    REGIMES = "regimes"
    TARGETS = "targets"


@app.command("list")
def list_rows(
    kind: Annotated[Kind, typer.Argument(help="What to list.")] = Kind.MODELS,
    config: Config = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """List models, providers, licenses, regimes, or every model at every provider that lists it."""
    catalog = _catalog(config)
    columns, rows = _rows(catalog, kind)
    if output is Output.JSON:
        typer.echo(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], indent=2))
        return
    table("", columns, rows)


@app.command()
def show(
    target: Annotated[str, typer.Argument(metavar="MODEL@PROVIDER[@REGION]", help="Any name the catalog knows.")],
    config: Config = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Show all that is known of a target: origin, serving, licenses and what they ask, price, sources' age."""
    catalog = _catalog(config)
    try:
        card = catalog.card(catalog.parse(target))
    except ValueError:
        complain_of_usage("give MODEL@PROVIDER or MODEL@PROVIDER@REGION")
        raise typer.Exit(USAGE) from None
    if output is Output.JSON:
        typer.echo(json.dumps(asdict(card), indent=2, default=str))
        return
    _show(card)
    if not card.identified:
        raise typer.Exit(USAGE)


@app.command()
def check(config: Config = None) -> None:
    """Read the catalog with its overlay and tell every fault."""
    catalog = _catalog(config)
    counts = ", ".join(f"{len(_rows(catalog, kind)[1])} {kind.value}" for kind in Kind)
    out.print(f"the catalog is well: {counts}; revision {catalog.revision}", markup=False)


def _catalog(config: Config) -> ShippedCatalog:
    return open_catalog(load_settings(config))


def _rows(catalog: ShippedCatalog, kind: Kind) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    match kind:
        case Kind.MODELS:
            return ("id", "origin", "license", "status"), [
                (row.id, " ".join(row.origin_countries), ", ".join((row.license, *row.license_also)), row.status)
                for row in catalog.models()
            ]
        case Kind.PROVIDERS:
            return ("id", "kind", "regions", "parent", "trains on inputs"), [
                (row.id, row.kind, " ".join(row.processing_regions), row.parent_jurisdiction, row.trains_on_inputs)
                for row in catalog.providers()
            ]
        case Kind.LICENSES:
            return ("id", "name", "class", "commercial use"), [
                (terms.id, terms.name, terms.license_class, terms.commercial_use)
                for terms in map(catalog.license_terms, sorted(catalog.license_ids()))
                if terms is not None
            ]
        case Kind.REGIMES:
            return ("id", "name", "jurisdiction", "summary"), [
                (id_, str(row["name"]), str(row["jurisdiction"]), str(row["summary"]))
                for id_, row in catalog.regimes().items()
            ]
        case Kind.TARGETS:
            return ("model", "provider"), [(name.model, name.provider) for name in catalog.listed()]


def _show(card: Card) -> None:
    if not card.identified:
        out.print(f"{card.id}: not identified ({card.unidentified.replace('_', ' ')})", markup=False)
        return
    serving = card.serving
    price = f"{card.price.input} in, {card.price.output} out (USD per million tokens)" if card.price else "unknown"
    retention = "unknown" if serving.retention_days is None else f"{serving.retention_days} days"
    rows = [
        ("target", card.id),
        ("origin", f"{' '.join(card.origin)} (developers: {', '.join(card.developers)})"),
        ("served in", f"{' '.join(serving.regions)}, parent jurisdiction {serving.parent_jurisdiction}"),
        ("trains on inputs", serving.trains_on_inputs),
        ("retention", retention),
        ("price", price),
        ("context", f"{card.context or 'unknown'} tokens"),
        ("listed", "yes" if card.listed else "no list names this pair"),
        ("recalled, not read", ", ".join(card.unverified) or "nothing"),
    ]
    for terms in card.licenses:
        rows.append(
            ("license", f"{terms.id}: {terms.name} ({terms.license_class}, commercial use {terms.commercial_use})")
        )
        if terms.territory:
            rows.append(("  excludes", f"{' '.join(terms.territory.excluded)} ({terms.territory.clause})"))
        rows.extend(
            ("  scale", f"{limit.effect} {limit.compare} {limit.limit} {limit.measure}: {limit.text}")
            for limit in terms.scale
        )
        if terms.hosting:
            rows.append(("  hosting", terms.hosting.text))
        rows.extend(("  owed", f"{duty.text} ({duty.when})") for duty in terms.duties)
    rows.extend(
        ("listing", f"{listing.developer} on {listing.list} since {listing.since}") for listing in card.listings
    )
    table("", ("", ""), [(name, value.replace("[", r"\[")) for name, value in rows])
