"""Assembles a bundle: modules, data and what is known of its rules, checked before anything is asked of it."""

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sidecar.errors import PolicyFault
from sidecar.policy.archive import lay_out
from sidecar.policy.complaints import complaints
from sidecar.policy.opa_binary import OpaBinary
from sidecar.policy.overlays import Layers, read_layers
from sidecar.policy.reads import FactPath, read_paths
from sidecar.policy.sources import merge, shipped_policies
from sidecar.policy.waivers import TargetId, Waiver, waiver_data, waiver_faults
from sidecar.types.json import Document, Json

ENTRYPOINT = ("data", "sidecar", "main", "decision")
RULES = "data.sidecar.rules"
RULE_PACKAGE = re.compile(r"data\.sidecar\.rules\.([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)")
DIRECTIONS = frozenset({"request", "response"})
EVERY = "*"  # every tenant, or every rule, in the shadow map
MAX_FAULTS = 1000  # OPA stops at ten otherwise
REVISION_DIGITS = 32  # 128 bits: nobody meets by chance, and it fits a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What METADATA and paths say of the rules."""

    codes: tuple[str, ...]
    hard: tuple[str, ...]
    """Those that cannot be put in shadow."""
    unwaivable: tuple[str, ...]
    """Those that no waiver lifts: the hard ones, and what says ``custom.waivable: false`` of itself."""
    directions: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Files that OPA loads, already checked; the same sources and data always give the same bytes and revision."""

    files: Mapping[str, bytes]
    revision: str
    rules: Rules
    shadow: Mapping[str, tuple[str, ...]]
    waivers: tuple[Waiver, ...]
    reads: frozenset[FactPath]
    """What of the facts its answers can depend on."""

    def write(self, folder: Path) -> None:
        """Write the bundle into a folder."""
        lay_out(self.files, folder)


def assemble(
    policies: Path,
    *,
    opa: OpaBinary,
    catalog_data: Document,
    shadow: Mapping[str, Sequence[str]],
    overlays: Sequence[Path] = (),
    target_id: TargetId | None = None,
    max_age_days: int | None = None,
    contract: Path | None = None,
) -> Bundle:
    """Put a bundle together and check it.

    ``overlays`` lie over ``policies``. ``target_id`` knows the targets that their waivers may name; without it any do.

    ``contract`` is the folder whose ``capabilities.json`` and ``schemas`` hold, by default the shipped one: a folder of
    policies cannot grant itself the clock or the network. ``max_age_days`` is for rules that mind how old facts are.

    Raises:
        PolicyFault: it does not compile, has no rules or no entrypoint, or its data or shadow map is wrong; with all
            faults.
    """
    sources = read_layers(Layers(policies, tuple(overlays)), opa=opa)
    document: Document = {**sources.document}
    watching = {who: tuple(sorted(set(shadow[who]))) for who in sorted(shadow)}
    config: Document = {
        "shadow": {**watching},
        "waivers": {**waiver_data(sources.waivers, target_id)},
        "max_age_days": max_age_days,
    }
    ours: Document = {"sidecar": {**catalog_data, "config": config}}
    twice = [f"{place} is the sidecar's to define" for place in merge(document, ours)]
    if twice:
        message = "the data of the policies is wrong"
        raise PolicyFault(message, faults=twice, field="policy.path")
    return finish(
        sources.modules,
        document,
        opa=opa,
        shadow=watching,
        waivers=sources.waivers,
        target_id=target_id,
        contract=contract,
    )


def finish(
    modules: Mapping[str, bytes],
    document: Document,
    *,
    opa: OpaBinary,
    shadow: Mapping[str, tuple[str, ...]],
    waivers: tuple[Waiver, ...],
    target_id: TargetId | None = None,
    contract: Path | None = None,
) -> Bundle:
    """Check modules and all of their data, and describe what they are.

    Raises:
        PolicyFault: they do not compile or lack what is asked of a bundle, or shadow map or waivers name what is not
            there.
    """
    with tempfile.TemporaryDirectory(prefix="sidecar-policy-") as name:
        folder = Path(name)
        lay_out({**modules, "data.json": canonical(document)}, folder)
        rules = _checked(folder, opa, contract or shipped_policies())
    _check_exceptions(shadow, waivers, rules, target_id)
    revision = file_digest({**modules, "data.json": canonical(document)})
    described: dict[str, Json] = {
        "revision": revision,
        "rules": rules.codes,
        "hard": rules.hard,
        "unwaivable": rules.unwaivable,
        "directions": dict(rules.directions),
    }
    list(merge(document, {"sidecar": {"bundle": described}}))  # the place is reserved, so nothing can be there twice
    return Bundle(
        files={**modules, "data.json": canonical(document), ".manifest": manifest(revision)},
        revision=revision,
        rules=rules,
        shadow=shadow,
        waivers=waivers,
        reads=read_paths(modules, opa=opa),
    )


def manifest(revision: str, **metadata: Json) -> bytes:
    """Return OPA's manifest of a bundle that holds everything."""
    return canonical({"revision": revision, "roots": [""], **({"metadata": metadata} if metadata else {})})


def check_command(contract: Path) -> list[str]:
    """Return the arguments of the check that every bundle passes."""
    command = ["check", "--strict", "--format", "json", "--max-errors", str(MAX_FAULTS)]
    command += ["--capabilities", str((contract / "capabilities.json").absolute())]
    schemas = contract / "schemas"
    return [*command, "--schema", str(schemas.absolute())] if schemas.is_dir() else command


def canonical(document: Json) -> bytes:
    """Write a document in its one form: sorted keys, no blanks."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def _checked(folder: Path, opa: OpaBinary, contract: Path) -> Rules:
    checked = opa.run(*check_command(contract), "--bundle", ".", cwd=folder)
    if checked.code != 0:
        message = "the policies do not compile"
        raise PolicyFault(message, faults=complaints(checked.stderr or checked.stdout), field="policy.path")
    inspected = opa.run("inspect", "--annotations", "--format", "json", ".", cwd=folder)
    if inspected.code != 0:
        message = "OPA cannot read the policies' METADATA"
        raise PolicyFault(message, faults=complaints(inspected.stderr or inspected.stdout), field="policy.path")
    faults: list[str] = []
    rules = _describe(json.loads(inspected.stdout), faults)
    if faults:
        message = "the policies lack what the sidecar asks of a bundle"
        raise PolicyFault(message, faults=faults, field="policy.path")
    return rules


def _describe(inspected: Mapping[str, Any], faults: list[str]) -> Rules:
    packages = {name: files for name, files in inspected["namespaces"].items() if f"{name}.".startswith(f"{RULES}.")}
    codes = []
    for name, files in sorted(packages.items()):
        if found := RULE_PACKAGE.fullmatch(name):
            codes.append(found[1])
        else:
            faults.append(
                f"{', '.join(files)}: a rule's package is {RULES.removeprefix('data.')}.<area>.<rule>, in lower case"
            )
    if not packages:
        faults.append("there is no rule under sidecar/rules")
    notes = {
        tuple(part["value"] for part in note["path"]): note["annotations"]
        for note in inspected.get("annotations") or []
    }
    if not notes.get(ENTRYPOINT, {}).get("entrypoint"):
        faults.append("sidecar.main.decision is missing, or its METADATA does not say `entrypoint: true`")
    hard, unwaivable, directions = [], [], {}
    for code in codes:
        custom = notes.get(("data", "sidecar", "rules", *code.split(".")), {}).get("custom", {})
        words = {word: custom.get(word, default) for word, default in (("hard_boundary", False), ("waivable", True))}
        faults.extend(
            f"{code}: METADATA custom.{word} is true or false"
            for word, said in words.items()
            if not isinstance(said, bool)
        )
        hard += [code] if words["hard_boundary"] is True else []
        unwaivable += [code] if words["hard_boundary"] is True or words["waivable"] is False else []
        stated = custom.get("directions", ["request"])
        if not isinstance(stated, list) or not stated or not DIRECTIONS.issuperset(map(str, stated)):
            faults.append(f"{code}: METADATA custom.directions is a list of request, response or both")
            continue
        directions[code] = tuple(sorted(stated))
    return Rules(codes=tuple(codes), hard=tuple(hard), unwaivable=tuple(unwaivable), directions=directions)


def _check_exceptions(
    shadow: Mapping[str, Sequence[str]], waivers: Sequence[Waiver], rules: Rules, target_id: TargetId | None
) -> None:
    unfit = list(_shadow_faults(shadow, rules))
    if unfit:
        message = "policy.shadow is wrong"
        raise PolicyFault(message, faults=unfit, field="policy.shadow")
    unfit = list(waiver_faults(waivers, codes=rules.codes, unwaivable=rules.unwaivable, target_id=target_id))
    if unfit:
        message = "waivers are wrong"
        raise PolicyFault(message, faults=unfit, field="policy.path")


def _shadow_faults(shadow: Mapping[str, Sequence[str]], rules: Rules) -> Iterator[str]:
    for who, codes in sorted(shadow.items()):
        for code in sorted(set(codes) - {EVERY}):
            if code not in rules.codes:
                yield f"policy.shadow.{who}: there is no rule {code}"
            elif code in rules.hard:
                yield f"policy.shadow.{who}: {code} is a hard boundary and cannot be put in shadow"


def file_digest(files: Mapping[str, bytes]) -> str:
    """Digest names and contents, each with its length, so that no two sets of files read alike."""
    digest = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()[:REVISION_DIGITS]
