"""Gathers rows from files: the shipped ones, then an overlay that changes or adds to them."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from sidecar.catalog.additions import KEYS, laid, stated
from sidecar.catalog.reading import Unreadable, Value, read

ROWS = ("licenses", "developers", "models", "providers", "regimes", "measures")
MAPS = ("country_sets", "classes", "own_classes", "mechanisms", "fields_of_use")
NO_SINGLE_MODEL = "no_single_model"
_LONGEST_NAME = 80
_SUFFIXES = (".yaml", ".yml")


@dataclass(slots=True)
class Draft:
    """A row that was read and not yet looked at, and the file to blame for it."""

    fields: Mapping[str, Value]
    file: str


@dataclass(slots=True)
class Drafts:
    """Everything that was read. Faults pile up, so that all of them can be told at once."""

    rows: dict[str, dict[str, Draft]] = field(default_factory=lambda: {section: {} for section in ROWS})
    maps: dict[str, dict[str, Value]] = field(default_factory=lambda: {section: {} for section in MAPS})
    no_single_model: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def add(self, files: Iterable[tuple[str, Path]], *, overlay: bool) -> None:
        """Read files on top of what is there; within one call no row may be told twice."""
        told: set[tuple[str, str]] = set()
        for name, path in files:
            try:
                document = read(path.read_bytes())
            except OSError:
                self.faults.append(f"{name}: cannot be read")
            except Unreadable as exc:
                self.faults.append(f"{name}: {exc}")
            else:
                self._document(name, document, told, overlay=overlay)

    def revision(self) -> str:
        """Return the digest of all that was read, whatever the files and their order."""
        effective = {
            "rows": {
                section: {key: draft.fields for key, draft in rows.items()} for section, rows in self.rows.items()
            },
            "maps": self.maps,
            NO_SINGLE_MODEL: sorted(self.no_single_model),
        }
        canonical = json.dumps(effective, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()

    def _document(self, file: str, document: Value, told: set[tuple[str, str]], *, overlay: bool) -> None:
        if not isinstance(document, dict) or not document:
            self.faults.append(f"{file}: not a map of sections")
            return
        for section, content in document.items():
            if section in ROWS and isinstance(content, tuple):
                for position, row in enumerate(content):
                    self._row(file, section, position, row, told, overlay=overlay)
            elif section in KEYS and overlay and isinstance(content, tuple):
                for position, row in enumerate(content):
                    self._addition(file, section, position, row, told)
            else:
                self._words(file, section, content, told)

    def _words(self, file: str, section: str, content: Value, told: set[tuple[str, str]]) -> None:
        if section in MAPS and isinstance(content, dict):
            for key, value in content.items():
                self._once(file, section, key, told)
                self.maps[section][key] = value
        elif (
            section == NO_SINGLE_MODEL and isinstance(content, tuple) and all(isinstance(name, str) for name in content)
        ):
            self.no_single_model.update(str(name) for name in content)
        elif section in {*ROWS, *MAPS, NO_SINGLE_MODEL, *KEYS}:
            self.faults.append(f"{file}: {section}: has the wrong shape, or does not belong in this file")
        else:
            self.faults.append(f"{file}: {short(section)}: no such section")

    def _row(
        self, file: str, section: str, position: int, row: Value, told: set[tuple[str, str]], *, overlay: bool
    ) -> None:
        key = row.get("id") if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(key, str) or not key:
            self.faults.append(f"{file}: {section}[{position}]: id: a row needs one, and it must be a word")
            return
        self._once(file, section, key, told)
        before = self.rows[section].get(key)
        if overlay and before is not None:
            row = {**before.fields, **row}
        self.rows[section][key] = Draft(row, file)

    def _addition(self, file: str, section: str, position: int, row: Value, told: set[tuple[str, str]]) -> None:
        model = row.get("model") if isinstance(row, dict) else None
        draft = self.rows["models"].get(model) if isinstance(model, str) else None
        if not isinstance(row, dict) or draft is None:
            self.faults.append(
                f"{file}: {section}[{position}]: model: not in the catalog, or in a file that is read later"
            )
            return
        self._once(file, section, stated(section, row), told)
        self.rows["models"][str(model)] = Draft(laid(section, row, draft.fields), file)

    def _once(self, file: str, section: str, key: str, told: set[tuple[str, str]]) -> None:
        if (section, key) in told:
            self.faults.append(f"{file}: {section} {short(key)}: id: told twice")
        told.add((section, key))


def yaml_files(place: Path) -> list[tuple[str, Path]]:
    """Return the files of a folder at any depth, sorted, by the names that faults give them; or the one file.

    What begins with a dot is left out: a mounted ConfigMap keeps its files twice, the second time in such a folder.

    Raises:
        OSError: a folder cannot be read.
    """
    if not place.is_dir():
        return [(place.name, place)]
    found = []
    for folder, folders, names in os.walk(place, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(folder, name) for name in names if name.endswith(_SUFFIXES) and not name.startswith(".")]
    return [(path.relative_to(place).as_posix(), path) for path in sorted(found)]


def _refuse(exc: OSError) -> NoReturn:
    raise exc


def short(name: str) -> str:
    """Return what may stand in a fault: a file may hold anything where an id is due."""
    return name if len(name) <= _LONGEST_NAME and name.isprintable() else "(an unreadable name)"
