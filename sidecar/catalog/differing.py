"""Says what an overlay, or another folder of data, changes of the shipped catalog: row by row, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from sidecar.catalog.load import checked, overlay_files, shipped_files
from sidecar.catalog.tables import Tables

_WHOLE = ("licenses", "models", "providers", "regimes")  # folders that only a whole catalog has, all of them


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one row; of a row that came or went, all of it."""

    section: str
    row: str
    change: Literal["added", "changed", "removed"]
    field: str = ""
    before: Any = None
    after: Any = None


def differences(place: Path) -> list[Difference]:
    """Return what stands otherwise in a file or folder than in the shipped catalog.

    A folder with all of a catalog's folders is another catalog; anything else is an overlay.

    Raises:
        CatalogFault: the file or folder is no valid overlay or catalog.
    """
    _, shipped = checked(shipped_files(), [])
    told = overlay_files(place)
    if all((place / name).is_dir() for name in _WHOLE):
        _, other = checked(told, [])
    else:
        _, other = checked(shipped_files(), told)
    return list(between(shipped, other))


def between(old: Tables, new: Tables) -> Iterator[Difference]:
    """Go through the differences of two catalogs, sorted."""
    for section in (field.name for field in fields(Tables)):
        before, after = _rows(getattr(old, section)), _rows(getattr(new, section))
        for key in sorted({*before, *after}):
            if key not in before:
                yield Difference(section, key, "added", after=after[key])
            elif key not in after:
                yield Difference(section, key, "removed", before=before[key])
            else:
                yield from _fields(section, key, before[key], after[key])


def _fields(section: str, key: str, before: Any, after: Any) -> Iterator[Difference]:  # noqa: ANN401 - rows of every kind
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        if before != after:
            yield Difference(section, key, "changed", "", before, after)
        return
    for field in sorted({*before, *after}):
        if before.get(field) != after.get(field):
            yield Difference(section, key, "changed", field, before.get(field), after.get(field))


def _rows(rows: Mapping[str, object] | frozenset[str]) -> Mapping[str, Any]:
    if isinstance(rows, frozenset):
        return dict.fromkeys(rows)
    return {
        key: row.model_dump(mode="json", by_alias=True) if isinstance(row, BaseModel) else row
        for key, row in rows.items()
    }
