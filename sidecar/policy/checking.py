"""Everything that a folder of policies must pass: compiler, formatter, bundle, the house lint."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sidecar.errors import PolicyFault
from sidecar.policy.bundle import assemble, canonical, check_command
from sidecar.policy.complaints import complaints
from sidecar.policy.opa_binary import OpaBinary, find_opa
from sidecar.policy.overlays import Layers
from sidecar.policy.reads import parsed
from sidecar.policy.sources import DOCUMENTS, MODULES, shipped_policies
from sidecar.policy.waivers import TargetId

LINT = "checks"  # policies over policies; never served
LINT_FAULTS = "{fault | some fault in data.checks.faults} | {fault | some fault in data.checks[_].faults}"
_HOUSE = ("checks", "checks.syntax")


def check(
    layers: Layers | None = None,
    *,
    opa: Path | None = None,
    contract: Path | None = None,
    target_id: TargetId | None = None,
) -> list[str]:
    """Return every fault of policies, tests included, by file; nothing where there is none.

    Of overlays, what lies below them is compiled with them and else left alone.

    Raises:
        PolicyFault: there is no OPA to check with, or no folder to check.
    """
    binary = find_opa(opa)
    contract = contract or shipped_policies()
    layers = layers or Layers(contract)
    faults = [*_compiler(layers, binary, contract), *_formatter(layers, binary)]
    if faults:
        return faults  # the rest would say the same again, less clearly
    try:
        assemble(
            layers.base,
            opa=binary,
            catalog_data={},
            shadow={},
            overlays=layers.overlays,
            target_id=target_id,
            contract=contract,
        )
    except PolicyFault as error:
        faults.extend(error.faults or [str(error)])
    return [*faults, *lint(layers, opa=opa, contract=contract)]


def lint(layers: Layers, *, opa: Path | None = None, contract: Path | None = None) -> list[str]:
    """Return what the house lint, and an overlay's own checks, have to say.

    Raises:
        PolicyFault: there is no OPA to ask, or no folder to look at.
    """
    binary, contract = find_opa(opa), contract or shipped_policies()
    return sorted({fault for folder in upper(layers) for fault in _lint(folder, layers, binary, contract)})


def upper(layers: Layers) -> tuple[Path, ...]:
    """Return the folders that are a team's own to mend: the overlays where there are any, else the whole bundle."""
    return layers.overlays or (layers.base,)


def folders_of(folder: Path) -> list[str]:
    """Return the folders that OPA loads, with tests; each is a root of its own."""
    return [str((folder / name).absolute()) for name in (MODULES, DOCUMENTS, LINT) if (folder / name).is_dir()]


def every_folder(layers: Layers) -> list[str]:
    """Return the folders that OPA loads of all layers.

    Raises:
        PolicyFault: the lowest is no folder of policies.
    """
    if not (layers.base / MODULES).is_dir():
        message = f"{layers.base} holds no policies: there is no folder {MODULES}/ in it"
        raise PolicyFault(message, field="policy.path")
    return [name for folder in (layers.base, *layers.overlays) for name in folders_of(folder)]


def roots(layers: Layers) -> tuple[Path, ...]:
    """Return the folders from which files are named."""
    return tuple(folder.absolute() for folder in (*layers.overlays, layers.base))


def _compiler(layers: Layers, opa: OpaBinary, contract: Path) -> list[str]:
    checked = opa.run(*check_command(contract), *every_folder(layers))
    return [] if checked.code == 0 else complaints(checked.stderr or checked.stdout, roots(layers))


def _formatter(layers: Layers, opa: OpaBinary) -> Iterator[str]:
    for name in _unformatted(layers, opa):
        yield f"{name}: not formatted; run `sidecar policy fmt`"


def reformat(layers: Layers, *, opa: Path | None = None, write: bool) -> list[str]:
    """Return the files that are not in OPA's one format, and unless ``write`` is false bring them into it.

    Raises:
        PolicyFault: there is no OPA to do it, or a file cannot be parsed.
    """
    binary = find_opa(opa)
    names = list(_unformatted(layers, binary))
    for folder in upper(layers) if write else ():
        done = binary.run("fmt", "--write", *folders_of(folder))
        if done.code != 0:
            message = "the policies cannot be formatted"
            raise PolicyFault(message, faults=complaints(done.stderr, roots(layers)), field="policy.path")
    return names


def _unformatted(layers: Layers, opa: OpaBinary) -> Iterator[str]:
    """Yield the files that are not in OPA's one format; those that cannot be parsed are the compiler's to tell."""
    for folder in upper(layers):
        names = [name for name in (MODULES, DOCUMENTS, LINT) if (folder / name).is_dir()]
        told = opa.run("fmt", "--list", *names, cwd=folder)
        if told.code == 0:
            yield from filter(None, told.stdout.decode().split("\n"))


def _lint(folder: Path, layers: Layers, opa: OpaBinary, contract: Path) -> list[str]:
    """Ask the house lint, itself a policy, about METADATA (``inspect``) and syntax (``modules``, by path)."""
    if not (folder / MODULES).is_dir():
        return []
    inspected = opa.run("inspect", "--annotations", "--format", "json", MODULES, cwd=folder)
    if inspected.code != 0:
        return complaints(inspected.stderr or inspected.stdout)
    names = [path.relative_to(folder).as_posix() for path in sorted((folder / MODULES).rglob("*.rego"))]

    def parse(name: str) -> Any:  # noqa: ANN401 - OPA's own document, read by Rego
        return json.loads(opa.run("parse", "--format", "json", name, cwd=folder).stdout)

    with ThreadPoolExecutor() as threads:
        modules = dict(zip(names, threads.map(parse, names), strict=True))
    overlay = folder in layers.overlays
    question = canonical({"inspect": json.loads(inspected.stdout), "modules": modules, "overlay": overlay})
    own, intruders = _own_checks(folder, opa) if overlay else ([], [])
    loaded = [argument for place in [(contract / LINT).absolute(), *own] for argument in ("--data", str(place))]
    asked = opa.run(
        "eval", "--format", "json", "--fail", *loaded, "--stdin-input", LINT_FAULTS, standard_input=question
    )
    if asked.code != 0:
        return [f"{LINT}: {fault}" for fault in complaints(asked.stderr or asked.stdout, roots(layers))]
    return [*intruders, *_lint_faults(asked.stdout)]


def _own_checks(folder: Path, opa: OpaBinary) -> tuple[Sequence[Path], Sequence[str]]:
    """Return an overlay's own checks that may be asked, and what is wrong with the others."""
    paths = [path for path in sorted((folder / LINT).rglob("*.rego")) if not path.name.endswith("_test.rego")]
    trees = parsed({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}, opa=opa)
    packages = [
        ".".join(str(part["value"]) for part in tree["package"]["path"][1:]) for _, tree in sorted(trees.items())
    ]
    strangers = [name for name in packages if name in _HOUSE or not name.startswith(f"{LINT}.")]
    if strangers:
        return [], [f"{LINT}: the package {name} is not an overlay's; use {LINT}.<name>" for name in strangers]
    return [path.absolute() for path in paths], []


def _lint_faults(output: bytes) -> Iterator[str]:
    for fault in json.loads(output)["result"][0]["expressions"][0]["value"]:
        yield str(fault)
