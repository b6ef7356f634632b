"""Reads the file that earlier imports wrote."""

from pathlib import Path

from sidecar.catalog.additions import KEYS
from sidecar.catalog.imports.merging import Additions
from sidecar.catalog.reading import Unreadable, Value, read


def read_earlier(path: Path, faults: list[str]) -> Additions:
    """Return the rows of the file; none where there is no file."""
    additions = Additions()
    if not path.exists():
        return additions
    try:
        document = read(path.read_bytes())
    except OSError:
        faults.append(f"{path.name}: cannot be read")
        return additions
    except Unreadable as exc:
        faults.append(f"{path.name}: {exc}")
        return additions
    if not isinstance(document, dict):
        faults.append(f"{path.name}: not a map of sections")
        return additions
    for name, rows in document.items():
        if name not in KEYS or not isinstance(rows, tuple):
            faults.append(f"{path.name}: holds what no import wrote: such rows belong in another file")
            continue
        for position, row in enumerate(rows):
            _keep(additions, name, row, f"{path.name}: {name}[{position}]", faults)
    return additions


def _keep(additions: Additions, name: str, row: Value, place: str, faults: list[str]) -> None:
    needed = ("model", *KEYS[name], *_VALUES[name], "source", "as_of")
    fields = row if isinstance(row, dict) else {}
    lacking = [field for field in needed if not isinstance(fields.get(field), _KINDS.get(field, str))]
    if lacking:
        faults.append(f"{place}: {lacking[0]}: is missing, or not what an import wrote")
        return
    key = tuple(str(fields[field]) for field in (KEYS[name] if name == "names" else ("model", *KEYS[name])))
    additions.rows[name][key] = fields


_VALUES = {"prices": ("input", "output"), "hosts": (), "names": (), "contexts": ("context_window",)}
_KINDS: dict[str, type | tuple[type, ...]] = {"input": (int, float), "output": (int, float), "context_window": int}
