"""Reads a policy folder: its Rego modules and its data documents, without its tests."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import cast

import yaml

import sidecar
from sidecar.errors import PolicyFault
from sidecar.policy.waivers import Waiver
from sidecar.types.json import Document, Json

MODULES = "sidecar"  # main, rules and lib: what is served
DOCUMENTS = "data"  # YAML or JSON; the folder a file lies in is its place under `data`, as OPA's own loader has it
TEST_SUFFIX = "_test.rego"
TEST_FOLDER = "testdata"
# What the sidecar itself writes, or what modules define: a document there would be believed instead.
# An empty map says nothing, so it may stand there for `opa test` to find.
RESERVED = (
    ("sidecar", "bundle"),
    ("sidecar", "config", "shadow"),
    ("sidecar", "config", "waivers"),
    ("sidecar", "main"),
    ("sidecar", "rules"),
)


@dataclass(frozen=True, slots=True)
class Sources:
    """Modules by their path in the folder, and all data documents as one."""

    modules: Mapping[str, bytes]
    document: Document
    waivers: tuple[Waiver, ...] = ()
    """Of the overlays."""


def shipped_policies() -> Path:
    """Return the policies that came with the package: packed into the wheel, or those of the checkout.

    Raises:
        PolicyFault: neither is there.
    """
    package = Path(sidecar.__file__).resolve().parent
    for folder in (package / "_policies", package.parent / "policies"):
        if (folder / MODULES).is_dir():
            return folder
    message = "the shipped policies are missing"
    raise PolicyFault(message, field="policy.path", advice="install the package again, or set policy.path")


def read_sources(folder: Path, *, whole: bool = True) -> Sources:
    """Read a policy folder; an overlay's need not be ``whole``: it may hold data alone.

    Raises:
        PolicyFault: it is no policy folder, or files cannot be read, parsed or put together; all of them are named.
    """
    faults: list[str] = []
    modules: dict[str, bytes] = {}
    document: Document = {}
    try:
        if whole and not (folder / MODULES).is_dir():
            message = f"{folder} holds no policies: there is no folder {MODULES}/ in it"
            raise PolicyFault(message, field="policy.path")
        for path in _files(folder / MODULES, {".rego"}):
            if not path.name.endswith(TEST_SUFFIX):
                modules[path.relative_to(folder).as_posix()] = path.read_bytes()
        for path in _files(folder / DOCUMENTS, {".json", ".yaml", ".yml"}):
            name = path.relative_to(folder).as_posix()
            place = PurePosixPath(name).parent.parts[1:]
            _add(document, place, _parse(path, name, faults), name, faults)
    except OSError as error:
        message = f"the policies cannot be read: {error.strerror}"
        raise PolicyFault(message, field="policy.path") from error
    faults.extend(
        f"data.{'.'.join(place)} is not for a document to define" for place in RESERVED if _at(document, place)
    )
    if faults:
        message = "the data of the policies is wrong"
        raise PolicyFault(message, faults=faults, field="policy.path")
    return Sources(modules, document)


def merge(base: Document, addition: Mapping[str, Json], place: str = "data") -> Iterator[str]:
    """Put one document into another, map by map; yield each place that both of them define."""
    for key, value in addition.items():
        if key not in base:
            base[key] = _copy(value)
        elif isinstance(inner := base[key], dict) and isinstance(value, Mapping):
            yield from merge(cast("Document", inner), value, f"{place}.{key}")
        else:
            yield f"{place}.{key}"


def _files(folder: Path, suffixes: set[str]) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix in suffixes and path.is_file())
    return sorted(path for path in found if not {part for part in path.parts if part == TEST_FOLDER or part[0] == "."})


def _parse(path: Path, name: str, faults: list[str]) -> object:
    try:
        text = path.read_text("utf-8")
        return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark is not None else getattr(error, "lineno", None)
        faults.append(f"{name}{f':{row}' if row else ''}: cannot be parsed")
        return {}


def _add(document: Document, place: tuple[str, ...], value: object, name: str, faults: list[str]) -> None:
    if not isinstance(value, dict) or not _is_json(value):
        faults.append(
            f"{name}: must be a map of JSON values, with strings for keys (quote words such as `no` and days)"
        )
        return
    for part in reversed(place):
        value = {part: value}
    faults.extend(f"{name}: {twice} is defined elsewhere too" for twice in merge(document, value))


def _is_json(value: object) -> bool:
    match value:
        case None | bool() | int() | str():
            return True
        case float():
            return value - value == 0  # neither infinite nor NaN
        case list():
            return all(_is_json(inner) for inner in value)
        case dict():
            return all(isinstance(key, str) and _is_json(inner) for key, inner in value.items())
        case _:
            return False


def _at(document: Json, place: tuple[str, ...]) -> Json:
    for part in place:
        document = document.get(part) if isinstance(document, Mapping) else None
    return document


def _copy(value: Json) -> Json:
    """Copy the maps, so that merging into the result never reaches into the document it came from."""
    return {key: _copy(inner) for key, inner in value.items()} if isinstance(value, Mapping) else value
