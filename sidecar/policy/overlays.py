"""Puts a team's own folders over a whole bundle. They add rules, data and waivers; what stands below they cannot touch.

A rule only ever adds reasons, so whatever an overlay holds can tighten and never loosen, as long as no module reaches
into a package that is there already, and no document lies where rules read. Both are refused here, by structure. What
is to be loosened is said in ``waivers.yaml``, and told in every record that it changes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sidecar.errors import PolicyFault
from sidecar.policy.marked import read_marked
from sidecar.policy.opa_binary import OpaBinary
from sidecar.policy.reads import parsed
from sidecar.policy.sources import MODULES, Sources, merge, read_sources, shipped_policies
from sidecar.policy.waivers import FILE, Waiver, read_waivers

if TYPE_CHECKING:
    from sidecar.types.json import Document

MARK = "overlay.yaml"  # a folder that holds it lies over another
OWN_PACKAGES = re.compile(r"sidecar\.(rules\.[a-z][a-z0-9_]*|lib)\.[a-z][a-z0-9_]*")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_TAKEN = frozenset({MODULES, "test", "checks"})  # roots of data that are not a team's


@dataclass(frozen=True, slots=True)
class Layers:
    """A whole bundle's folder, and those that lie over it."""

    base: Path
    overlays: tuple[Path, ...] = ()


def layered(paths: Sequence[Path]) -> Layers:
    """Tell whole bundles from overlays; the shipped bundle lies below where no other is named.

    Raises:
        PolicyFault: several are whole.
    """
    overlays = tuple(path for path in paths if (path / MARK).is_file())
    whole = [path for path in paths if path not in overlays]
    if len(whole) > 1:
        message = f"several folders are whole bundles; one that lies over another holds {MARK}"
        raise PolicyFault(message, faults=[str(path) for path in whole], field="policy.path")
    return Layers(whole[0] if whole else shipped_policies(), overlays)


def read_layers(layers: Layers, *, opa: OpaBinary) -> Sources:
    """Read all folders as one.

    Raises:
        PolicyFault: one cannot be read, or an overlay reaches into what is not its own; all faults are named.
    """
    sources = read_sources(layers.base)
    faults: list[str] = []
    names: set[str] = set()
    for folder in layers.overlays:
        name = overlay_name(folder)
        if name in names:
            faults.append(f"{MARK}: two overlays are named {name}")
        names.add(name)
        sources = _laid_over(sources, folder, name, opa, faults)
    if faults:
        message = "the overlays of the policies are wrong"
        raise PolicyFault(
            message, faults=faults, field="policy.path", advice="docs/policies.md says what an overlay may do"
        )
    return sources


def overlay_name(folder: Path) -> str:
    """Return the name that an overlay gives itself.

    Raises:
        PolicyFault: it gives none.
    """
    said = read_marked(folder / MARK, MARK)
    match said.value:
        case {"name": str(name), **rest} if not rest and _NAME.fullmatch(name):
            return name
        case _:
            message = f"{said.at(())}: must be `name:` and a word such as my-team, and nothing else"
            raise PolicyFault(message, field="policy.path")


def _laid_over(below: Sources, folder: Path, name: str, opa: OpaBinary, faults: list[str]) -> Sources:
    own = read_sources(folder, whole=False)
    taken = {".".join(_package(module)) for module in parsed(below.modules, opa=opa).values()}
    faults.extend(_module_faults(own.modules, taken, opa))
    faults.extend(
        f"data: {root} is not an overlay's to define; take a root of your own, such as {name.replace('-', '_')}"
        for root in sorted(_TAKEN & own.document.keys())
    )
    document: Document = {}
    for part in (below.document, own.document):
        faults.extend(f"{place} is defined elsewhere too" for place in merge(document, part))
    waivers: list[Waiver] = list(read_waivers(folder / FILE, FILE, faults))
    modules = {f"{name}/{path}": text for path, text in own.modules.items()}
    return replace(
        below,
        modules={**below.modules, **modules},
        document=document,
        waivers=(*below.waivers, *waivers),
    )


def _module_faults(modules: Mapping[str, bytes], taken: set[str], opa: OpaBinary) -> Iterator[str]:
    for path, module in parsed(modules, opa=opa).items():
        package = ".".join(_package(module))
        place = f"{path}:{_row_of_package(modules[path])}"
        if package in taken:
            yield f"{place}: the package {package} is there already; take a name of your own, or write a waiver"
        elif not OWN_PACKAGES.fullmatch(package):
            own = "sidecar.rules.<area>.<rule> or sidecar.lib.<name>"
            yield f"{place}: the package {package} is not an overlay's to write in; take {own}"


def _package(module: Mapping[str, Any]) -> list[str]:
    return [str(part["value"]) for part in module["package"]["path"][1:]]


def _row_of_package(text: bytes) -> int:
    rows = text.decode("utf-8", "replace").split("\n")
    return next((row for row, line in enumerate(rows, 1) if line.startswith("package")), 1)
