"""What a person does to the catalog: search it, compare it, import somebody's list. None of it needs a sidecar."""

from collections.abc import Sequence
from pathlib import Path

from sidecar.catalog.differing import Difference, differences
from sidecar.catalog.imports.importing import IMPORTED, Imported, Source, import_list
from sidecar.catalog.load import checked, overlay_files, shipped_files
from sidecar.catalog.search import Hit, search
from sidecar.clock import Clock
from sidecar.config import Settings
from sidecar.errors import CatalogFault

__all__ = ["IMPORTED", "Difference", "Hit", "Imported", "Source", "compare", "find", "import_into", "proposal_name"]


def find(settings: Settings, words: Sequence[str]) -> list[Hit]:
    """Return the rows of the catalog, overlay included, in which every word stands.

    Raises:
        CatalogFault: the catalog is not valid.
    """
    overlay = settings.catalog.overlay
    _, rows = checked(shipped_files(), [] if overlay is None else overlay_files(overlay))
    return search(rows, words)


def compare(place: Path) -> list[Difference]:
    """Return what an overlay or another catalog changes of the shipped one.

    Raises:
        CatalogFault: it is not valid.
    """
    return differences(place)


def import_into(
    settings: Settings, source: Source, lists: Sequence[Path], output: Path | None, *, clock: Clock, day: str | None
) -> Imported:
    """Import lists, and write overlay and proposal into a folder where one is given: both or none.

    Raises:
        CatalogFault: a list or the catalog is wrong, or the folder cannot be written; nothing was changed.
    """
    day = day or clock.now().date().isoformat()
    imported = import_list(source, lists, day=day, overlay=settings.catalog.overlay, output=output)
    if output is not None:
        _write(output, {IMPORTED: imported.overlay, proposal_name(source): imported.proposal})
    return imported


def proposal_name(source: Source) -> str:
    """Return the file that a source's proposal stands in. It ends in ``.diff``: no catalog reads it."""
    return f"proposal-{source.value}.diff"


def _write(folder: Path, files: dict[str, str]) -> None:
    """Write what changed; a file that would be empty goes, so that nothing stale is believed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            path, fresh = folder / name, folder / f".{name}.new"
            if not text:
                path.unlink(missing_ok=True)
            elif not path.exists() or path.read_text("utf-8") != text:
                fresh.write_text(text, "utf-8")
                fresh.replace(path)
    except (OSError, UnicodeDecodeError) as exc:
        message = "the folder of --output cannot be written"
        raise CatalogFault(message, field="output") from exc
