"""Builds the catalog from its files, all or nothing, with all faults of all files told together."""

from collections.abc import Sequence
from pathlib import Path

from sidecar.catalog.checks import check
from sidecar.catalog.gather import Drafts, yaml_files
from sidecar.catalog.regime_checks import check_regimes
from sidecar.catalog.shipped import ShippedCatalog
from sidecar.catalog.tables import Tables
from sidecar.catalog.validating import tables
from sidecar.errors import CatalogFault

_REVISION_DIGITS = 32  # 128 bits: nobody meets by chance, and it fits a line
_SHIPPED = Path(__file__).parent / "data"
SHIPPED, OVERLAY = "shipped", "overlay"
Files = Sequence[tuple[str, Path]]


def load_catalog(overlay: Path | None = None, *, shipped: Path | None = None) -> ShippedCatalog:
    """Return the shipped catalog, changed by an overlay where there is one.

    ``shipped`` is a folder that stands in the place of the files that came with the package.

    An overlay is a YAML file or a folder of them, with the shipped files' schema. A row with a known id changes the
    fields that it states, one with a new id adds to the catalog; ``prices``, ``hosts``, ``names`` and ``contexts`` add
    one fact to a model.

    Raises:
        CatalogFault: something is wrong; ``faults`` lists all that is.
    """
    drafts, rows = checked(shipped_files(shipped), [] if overlay is None else overlay_files(overlay))
    return ShippedCatalog(rows, revision=drafts.revision()[:_REVISION_DIGITS])


def checked(shipped: Files, overlay: Files) -> tuple[Drafts, Tables]:
    """Return what files say, as it was read and as rows that go together.

    Raises:
        CatalogFault: something is wrong; ``faults`` lists all that is.
    """
    drafts = Drafts()
    drafts.add(shipped, overlay=False)
    if overlay:
        drafts.add(overlay, overlay=True)
    rows = tables(drafts)
    faults = [*drafts.faults, *check(drafts, rows), *check_regimes(drafts, rows)]
    if faults:
        msg = "the catalog is not valid"
        raise CatalogFault(
            msg, faults=faults, field="catalog", advice="Correct the files that the faults name; nothing was loaded."
        )
    return drafts, rows


def shipped_files(folder: Path | None = None) -> Files:
    """Return the files that came with the package, or those that stand in their place."""
    return yaml_files(folder or _SHIPPED)


def catalog_files(overlay: Path | None) -> dict[str, bytes]:
    """Return all files of a catalog, to be loaded from elsewhere as the folders ``shipped`` and ``overlay``.

    Raises:
        CatalogFault: the overlay cannot be read.
    """
    told = [] if overlay is None else overlay_files(overlay)
    named = [(SHIPPED, *file) for file in shipped_files()] + [(OVERLAY, *file) for file in told]
    try:
        return {f"{folder}/{name}": path.read_bytes() for folder, name, path in named}
    except OSError as exc:
        msg = "the catalog cannot be read"
        raise CatalogFault(msg, field="catalog.overlay") from exc


def overlay_files(overlay: Path, *, needed: bool = True) -> Files:
    """Return the files of an overlay.

    Raises:
        CatalogFault: they cannot be listed, or (where they are needed) there is none.
    """
    try:
        found = yaml_files(overlay) if overlay.exists() else []
    except OSError as exc:
        msg = "catalog.overlay cannot be read"
        raise CatalogFault(msg, field="catalog.overlay", advice="Let the sidecar's user read it.") from exc
    if not found and needed:
        msg = "catalog.overlay names no YAML file"
        raise CatalogFault(msg, field="catalog.overlay", advice="Name a YAML file, or a folder that holds some.")
    return found
