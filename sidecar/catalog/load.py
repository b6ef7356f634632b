"""Builds the catalog from its files, all or nothing, with all faults of all files told together."""

from importlib.resources import as_file, files
from pathlib import Path

from sidecar.catalog.checks import check
from sidecar.catalog.gather import Drafts, yaml_files
from sidecar.catalog.regime_checks import check_regimes
from sidecar.catalog.shipped import ShippedCatalog
from sidecar.catalog.validating import tables
from sidecar.errors import CatalogFault

_REVISION_DIGITS = 32  # 128 bits: nobody meets by chance, and it fits a line


def load_catalog(overlay: Path | None = None) -> ShippedCatalog:
    """Return the shipped catalog, changed by an overlay where there is one.

    An overlay is a YAML file or a folder of them, with the shipped files' schema. A row with a known id changes the
    fields that it states, a row with a new id adds to the catalog, and ``prices`` set the price of one model at one
    provider.

    Raises:
        CatalogFault: something is wrong; ``faults`` lists all that is.
    """
    drafts = Drafts()
    with as_file(files("sidecar.catalog") / "data") as shipped:
        drafts.add(yaml_files(shipped), overlay=False)
    if overlay is not None:
        _add_overlay(drafts, overlay)
    rows = tables(drafts)
    faults = [*drafts.faults, *check(drafts, rows), *check_regimes(drafts, rows)]
    if faults:
        msg = "the catalog is not valid"
        raise CatalogFault(
            msg, faults=faults, field="catalog", advice="Correct the files that the faults name; nothing was loaded."
        )
    return ShippedCatalog(rows, revision=drafts.revision()[:_REVISION_DIGITS])


def _add_overlay(drafts: Drafts, overlay: Path) -> None:
    try:
        found = yaml_files(overlay) if overlay.exists() else []
    except OSError as exc:
        msg = "catalog.overlay cannot be read"
        raise CatalogFault(msg, field="catalog.overlay", advice="Let the sidecar's user read it.") from exc
    if not found:
        msg = "catalog.overlay names no YAML file"
        raise CatalogFault(msg, field="catalog.overlay", advice="Name a YAML file, or a folder that holds some.")
    drafts.add(found, overlay=True)
