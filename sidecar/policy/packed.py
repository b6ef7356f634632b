"""A bundle as one signed archive: what OPA loads, and beside it the catalog that the sidecar judges targets by.

OPA itself can load and verify it. The sidecar believes nothing in it but modules and data: it checks and describes
them anew, with the capabilities and schemas that came with the sidecar, and takes the archive only where the result is
the same.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sidecar.errors import PolicyFault
from sidecar.policy.archive import pack, unpack
from sidecar.policy.bundle import Bundle, canonical, file_digest, finish, manifest
from sidecar.policy.opa_binary import OpaBinary
from sidecar.policy.signing import SIGNATURES, sign, verify
from sidecar.policy.sources import shipped_policies
from sidecar.policy.waivers import Waiver
from sidecar.types.json import Document, Json

CATALOG = "catalog/"
MANIFEST, DATA, CAPABILITIES = ".manifest", "data.json", "capabilities.json"
UNSIGNED = ""
_OWN = frozenset({MANIFEST, DATA, CAPABILITIES, SIGNATURES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """An archive that was opened, and whose signature holds where one was asked for."""

    modules: Mapping[str, bytes]
    document: bytes
    """All data, in its one form."""
    catalog: Mapping[str, bytes]
    """The catalog's files, by their names there."""
    revision: str
    sequence: int
    """Grows with each build; an archive never takes the place of one with a higher number."""
    digest: str
    """Of all files but the signature: equal for two archives that say the same, whoever signed them when."""
    signer: str
    """Id of the key that signed it; empty where no key was asked for."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Metadata(_Strict):
    sequence: Annotated[int, Field(ge=0, lt=2**53)]


class _Manifest(_Strict):
    revision: str
    roots: tuple[Literal[""]]
    metadata: _Metadata


class _Row(_Strict):
    target: str
    reason: str
    approver: str
    expires: date


class _Config(BaseModel):
    shadow: dict[str, tuple[str, ...]]
    waivers: dict[str, dict[str, tuple[_Row, ...]]]


def build(bundle: Bundle, *, catalog: Mapping[str, bytes], sequence: int, key: Path | None, opa: OpaBinary) -> bytes:
    """Return a bundle as an archive, signed where there is a key; the same bundle and sequence give the same files.

    Raises:
        PolicyFault: the key will not do.
    """
    files = {
        **bundle.files,
        MANIFEST: manifest(bundle.revision, sequence=sequence),
        CAPABILITIES: (shipped_policies() / CAPABILITIES).read_bytes(),
        **{CATALOG + name: content for name, content in catalog.items()},
    }
    if key is not None:
        files[SIGNATURES] = sign(files, key, opa=opa)
    return pack(files)


def open_packed(content: bytes, *, key: Path | None, opa: OpaBinary) -> Packed:
    """Open an archive; where there is a key, it must have signed all of it.

    Raises:
        PolicyFault: it is not whole, not signed by that key, or not laid out as :func:`build` does.
    """
    files = unpack(content)
    signer = UNSIGNED if key is None else verify(files, key, opa=opa)
    strange = [name for name in files if name not in _OWN and not _has_place(name)]
    if strange or not {MANIFEST, DATA}.issubset(files):
        _refuse("is not laid out as `sidecar policy build` does it")
    try:
        said = _Manifest.model_validate_json(files[MANIFEST])
    except ValidationError:
        _refuse("has a manifest that is not as `sidecar policy build` writes it")
    return Packed(
        modules={name: files[name] for name in files if name.endswith(".rego")},
        document=files[DATA],
        catalog={name.removeprefix(CATALOG): files[name] for name in files if name.startswith(CATALOG)},
        revision=said.revision,
        sequence=said.metadata.sequence,
        digest=file_digest({name: files[name] for name in files if name != SIGNATURES}),
        signer=signer,
    )


def accept(packed: Packed, *, catalog_data: Document, opa: OpaBinary) -> Bundle:
    """Return the bundle of an archive, checked anew.

    Raises:
        PolicyFault: it does not pass what every bundle passes, its revision is not its content's, or its data are not
            those of its catalog.
    """
    document = _parsed(packed.document)
    sidecar = document.get("sidecar")
    config = sidecar.get("config") if isinstance(sidecar, dict) else None
    try:
        exceptions = _Config.model_validate_json(json.dumps(config))
    except ValidationError:
        _refuse("lacks the sidecar's settings, or has wrong ones")
    if not isinstance(sidecar, dict) or sidecar.pop("bundle", None) is None:
        _refuse("does not describe itself")
    if not _holds(sidecar, catalog_data):
        _refuse("has data that are not those of the catalog in it")
    bundle = finish(packed.modules, document, opa=opa, shadow=exceptions.shadow, waivers=tuple(_waivers(exceptions)))
    if bundle.revision != packed.revision or bundle.files[DATA] != packed.document:
        _refuse("has a revision or a description that is not its content's")
    return bundle


def _has_place(name: str) -> bool:
    return name.endswith(".rego") or (name.startswith(CATALOG) and name.endswith(".yaml"))


def _parsed(content: bytes) -> Document:
    try:
        document = json.loads(content)
        same = canonical(document) == content  # no key twice, no number in two forms
    except (ValueError, RecursionError):
        document, same = None, False
    if not same or not isinstance(document, dict):
        _refuse("has data that are not a map of JSON in its canonical form")
    return document


def _waivers(config: _Config) -> list[Waiver]:
    return [
        Waiver(rule=rule, tenant=tenant, place=f"{DATA}: waivers", **row.model_dump())
        for tenant, rules in config.waivers.items()
        for rule, rows in rules.items()
        for row in rows
    ]


def _holds(whole: Json, part: Json) -> bool:
    """Whether a document holds all of another, map by map."""
    if isinstance(part, Mapping):
        return isinstance(whole, Mapping) and all(
            key in whole and _holds(whole[key], value) for key, value in part.items()
        )
    return canonical(whole) == canonical(part)


def _refuse(what: str) -> NoReturn:
    message = f"the bundle {what}"
    raise PolicyFault(message, field="policy.bundle")
