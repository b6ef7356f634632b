"""Imports a list: read it, find what it speaks of, add what changes daily, propose the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from sidecar.catalog.imports.claims import proposed
from sidecar.catalog.imports.earlier import read_earlier
from sidecar.catalog.imports.foreign import open_foreign
from sidecar.catalog.imports.huggingface import read_huggingface
from sidecar.catalog.imports.interface import AliasList, Harvest, ListReader
from sidecar.catalog.imports.litellm import read_litellm
from sidecar.catalog.imports.matching import Matches, Names
from sidecar.catalog.imports.merging import Additions, Merging, changes
from sidecar.catalog.imports.models_dev import read_models_dev
from sidecar.catalog.imports.openrouter import read_openrouter
from sidecar.catalog.imports.proposing import propose
from sidecar.catalog.imports.stubs import Stub, model_stubs, provider_stubs
from sidecar.catalog.load import checked, overlay_files, shipped_files
from sidecar.catalog.tables import Tables
from sidecar.errors import CatalogFault

IMPORTED = "imported.yaml"


class Source(StrEnum):
    """Whose list it is."""

    MODELS_DEV = "models.dev"
    OPENROUTER = "openrouter"
    LITELLM = "litellm"
    HUGGINGFACE = "huggingface"


READERS: Mapping[Source, tuple[ListReader, AliasList]] = {
    Source.MODELS_DEV: (read_models_dev, "models_dev"),
    Source.OPENROUTER: (read_openrouter, "openrouter"),
    Source.LITELLM: (read_litellm, "litellm"),
    Source.HUGGINGFACE: (read_huggingface, "huggingface"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import makes of a list."""

    overlay: str
    """The file ``imported.yaml``, with what earlier imports told; empty where there is nothing to add."""
    proposal: str
    """The diff; empty where nothing is proposed."""
    counts: Mapping[str, int]
    doubts: tuple[str, ...]
    """What was left out, and why."""


def import_list(
    source: Source, lists: Sequence[Path], *, day: str, overlay: Path | None = None, output: Path | None = None
) -> Imported:
    """Return what saved lists bring. Nothing is written.

    The catalog is the shipped one with ``overlay`` and with what else stands in ``output``, the folder that an earlier
    import wrote to.

    Raises:
        CatalogFault: a list or the catalog is wrong; all faults are told.
    """
    harvest = _harvest(source, lists)
    own = _own_files(overlay, output)
    _, shipped = checked(shipped_files(), [])
    _, base = checked(shipped_files(), own) if own else ({}, shipped)
    before = _earlier(output)
    names = Names(base)
    matches = names.match(harvest)
    merging = Merging(shipped=shipped, base=base, names=names, source=source.value, day=day)
    after = merging.merge(before, matches)
    _check(own, after.text())
    proposal, left = propose(
        {name: path.read_text("utf-8") for name, path in (*shipped_files(), *own)},
        proposed(base, names, matches),
        _stubs(base, matches, source, day),
        source=source.value,
        day=day,
    )
    counts = {
        "entries": len(harvest.entries),
        "known": len(matches.matched),
        "unknown models": len({entry.names[-1] for entry, _ in matches.unknown_models}),
        "unknown providers": len(matches.unknown_hosts),
        **dict(changes(before, after)),
    }
    doubts = (*sorted(matches.doubts), *left)
    return Imported(overlay=after.text(), proposal=proposal.text(), counts=counts, doubts=doubts)


def _harvest(source: Source, lists: Sequence[Path]) -> Harvest:
    reader, _ = READERS[source]
    faults: list[str] = []
    harvest = Harvest()
    for path in lists:
        document = open_foreign(path, faults)
        if document is None:
            continue
        found = reader(document)
        if not found.entries and not found.hosts and not faults:
            faults.append(f"{document.place}: holds nothing that {source} would list")
        harvest += found
    if faults:
        message = f"what {source} lists cannot be imported"
        raise CatalogFault(message, faults=faults, field="import", advice="Nothing was written. Save the lists anew.")
    return harvest


def _own_files(overlay: Path | None, output: Path | None) -> list[tuple[str, Path]]:
    """Return the operator's own files: those of the overlay, and what stands beside the file of earlier imports."""
    found = {path.resolve(): (name, path) for name, path in (overlay_files(overlay) if overlay else [])}
    if output is not None and output.is_dir():
        found |= {path.resolve(): (name, path) for name, path in overlay_files(output, needed=False)}
        found.pop((output / IMPORTED).resolve(), None)
    return sorted((f"overlay/{name}", path) for name, path in found.values())


def _earlier(output: Path | None) -> Additions:
    faults: list[str] = []
    before = read_earlier(output / IMPORTED, faults) if output is not None else Additions()
    if faults:
        message = "what earlier imports wrote cannot be read"
        raise CatalogFault(
            message, faults=faults, field=IMPORTED, advice="Correct the file, or remove it and import anew."
        )
    return before


def _check(own: Sequence[tuple[str, Path]], overlay: str) -> None:
    """Load the catalog as it will be, so that no import leaves an overlay behind that stops the next start."""
    if not overlay:
        return
    with TemporaryDirectory(prefix="sidecar-import-") as folder:
        path = Path(folder) / IMPORTED
        path.write_text(overlay, "utf-8")
        checked(shipped_files(), [*own, (f"overlay/{IMPORTED}", path)])


def _stubs(base: Tables, matches: Matches, source: Source, day: str) -> Mapping[str, Sequence[Stub]]:
    aliases = READERS[source][1]
    return {
        "models": model_stubs(base, matches, source=source.value, day=day),
        "providers": provider_stubs(base, matches, source=source.value, day=day, aliases=aliases),
    }
