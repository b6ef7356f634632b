"""Reads the tenants file: every fault of it told together, nothing in it taken on trust."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from sidecar.config import explain_fault
from sidecar.errors import TenantsFault, UnknownTenant
from sidecar.terms import TermsRow
from sidecar.types.countries import EUROPEAN_UNION, ISO_COUNTRIES
from sidecar.types.json import Document
from sidecar.types.requests import Caller
from sidecar.types.targets import TargetName
from sidecar.types.tenants import Tenant, TransferMechanism
from sidecar.types.terms import Additions


def _country(code: str) -> str:
    if code not in ISO_COUNTRIES:
        message = "must be a country of ISO 3166-1 alpha-2 (the United Kingdom is GB)"
        raise ValueError(message)
    return code


def _place(code: str) -> str:
    if code not in ISO_COUNTRIES and code != EUROPEAN_UNION:
        message = "must be a country of ISO 3166-1 alpha-2, or EU"
        raise ValueError(message)
    return code


Country = Annotated[str, AfterValidator(_country)]
Place = Annotated[str, AfterValidator(_place)]
Subdivision = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]
_TENANT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
Sector = Literal[
    "finance",
    "insurance",
    "health",
    "public",
    "defense",
    "education",
    "retail",
    "manufacturing",
    "technology",
    "telecom",
    "media",
    "legal",
    "other",
]
OperatorName = Literal["pseudonym", "synthetic", "hash", "mask", "generalize", "remove"]


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    message = "must be a day such as 2027-06-30"
    raise ValueError(message)


Day = Annotated[date, BeforeValidator(_day)]


class _Row(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _MechanismRow(_Row):
    regime: str
    mechanism: str
    providers: list[str] = Field(min_length=1)
    countries: list[Place] = Field(min_length=1)
    expires: Day | None = None


class _TenantRow(_Row):
    country: Country
    sector: Sector
    subdivisions: list[Subdivision] = []
    regimes: list[str] = []
    commercial: bool = True
    monthly_active_users: int | None = Field(default=None, ge=0)
    monthly_revenue_usd: int | None = Field(default=None, ge=0)
    user_countries: list[Country] = []
    accepted_licenses: list[str] = []
    transfer_mechanisms: list[_MechanismRow] = []
    pseudonymized_transfers: list[str] = []
    origins: dict[Country, Literal["allow", "self_hosted_or_hosted_outside", "deny"]] = {}
    residency: list[Place] = []
    self_hosted: list[str] | None = None
    strict: bool = False
    max_retention_days: int | None = Field(default=None, ge=0)
    prefer: list[Literal["redact", "reroute", "block"]] = Field(default=["redact", "reroute", "block"], min_length=1)
    rank_by: Literal["price", "context", "listed"] = "price"
    operators: dict[str, OperatorName] = {}
    candidates: list[str] = []
    bare_names: Literal["count", "ignore"] | None = None
    detection: TermsRow | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a tenants file may use, from the catalog it is read with."""

    regimes: Mapping[str, Document]
    license_ids: frozenset[str]
    classes: frozenset[str]
    provider_id: Callable[[str], str | None]
    model_id: Callable[[str], str | None]
    parse_target: Callable[[str], TargetName]


class FileTenants:
    """The tenants of one file."""

    def __init__(self, tenants: Mapping[str, Tenant]) -> None:
        self._tenants = dict(sorted(tenants.items()))
        document = json.dumps([asdict(tenant) for tenant in self], sort_keys=True, default=str)
        self._revision = hashlib.sha256(document.encode()).hexdigest()[:16]

    @property
    def revision(self) -> str:
        """Digest of all of them."""
        return self._revision

    def identify(self, name: str, caller: Caller) -> Tenant:
        """Return the tenant that ``caller`` may speak for.

        Raises:
            UnknownTenant: there is none of that name, or it is not this caller's; the answer is the same, so that
            nobody can probe.
        """
        tenant = self._tenants.get(name)
        if tenant is None or (caller.tenants is not None and name not in caller.tenants):
            message = "no such tenant for this caller"
            raise UnknownTenant(message, field="tenant")
        return tenant

    def __iter__(self) -> Iterator[Tenant]:
        """Go through all tenants, by id."""
        return iter(self._tenants.values())

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._tenants)


def load_tenants(path: Path, vocabulary: Vocabulary) -> FileTenants:
    """Read the tenants file.

    Raises:
        TenantsFault: it cannot be read, or rows are wrong; all faults by tenant and field, none of the values.
    """
    return parse_tenants(_read(path), vocabulary, path.name)


def parse_tenants(rows: Mapping[str, object], vocabulary: Vocabulary, name_of_file: str) -> FileTenants:
    """Read tenants by id, in the form of the tenants file.

    Raises:
        TenantsFault: rows are wrong; all faults by tenant and field, none of the values.
    """
    faults: list[str] = []
    tenants: dict[str, Tenant] = {}
    for name, row in rows.items():
        try:
            parsed = _TenantRow.model_validate(row)
        except ValidationError as error:
            details = error.errors(include_input=False, include_url=False)
            faults.extend(f"tenants.{name}.{explain_fault(detail)}" for detail in details)
            continue
        tenant, found = _tenant(name, parsed, vocabulary)
        faults.extend(f"tenants.{name}.{fault}" for fault in found)
        tenants[name] = tenant
    if not rows:
        faults.append("tenants: is empty, so nobody could ask anything")
    if faults:
        message = f"the tenants file is wrong ({name_of_file})"
        raise TenantsFault(message, faults=faults, field="tenants.path")
    return FileTenants(tenants)


def warnings(tenant: Tenant, regimes: Mapping[str, Document], *, eea: Collection[str]) -> list[str]:
    """Return what a person should look at: regimes that fit and are not listed, records that cure nothing.

    ``eea`` are the countries in which laws of the European Union hold.
    """
    found = []
    for regime_id, regime in regimes.items():
        if regime_id in tenant.regimes:
            continue
        home = str(regime["jurisdiction"])
        here = home in (tenant.country, *tenant.subdivisions) or (home == "EU" and tenant.country in eea)
        scope: Any = regime["sector_scope"]
        if here and (not scope or tenant.sector in scope) and regime["entity_classes"]:
            found.append(
                f"{tenant.id}: {regime_id} ({regime['name']}) fits its country and sector and is not among its regimes"
            )
    for record in tenant.transfer_mechanisms:
        mechanism: Any = regimes.get(record.regime, {}).get("mechanisms", {})
        if record.mechanism in mechanism and not mechanism[record.mechanism]["routine"]:
            found.append(f"{tenant.id}: {record.regime} {record.mechanism} is for single cases and cures nothing here")
    return found


def _read(path: Path) -> dict[str, object]:
    try:
        document = yaml.load(path.read_bytes(), Loader=_UniqueKeyLoader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        message = f"the tenants file cannot be read: {error.strerror}"
        raise TenantsFault(message, field="tenants.path") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        message = "the tenants file is not YAML, or has a key twice" + (f", line {mark.line + 1}" if mark else "")
        raise TenantsFault(message, field="tenants.path") from None
    if not isinstance(document, dict) or set(document) != {"tenants"} or not isinstance(document["tenants"], dict):
        message = "the tenants file must be one map, tenants: {<id>: {...}}"
        raise TenantsFault(message, field="tenants.path")
    rows = document["tenants"]
    if not all(isinstance(name, str) for name in rows):
        message = "a tenant's id must be a string (quote it)"
        raise TenantsFault(message, field="tenants.path")
    return rows


class _UniqueKeyLoader(yaml.SafeLoader):
    """Refuses a key that stands twice: YAML would let the last one win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - theirs
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=deep)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, "a key stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _tenant(name: str, row: _TenantRow, vocabulary: Vocabulary) -> tuple[Tenant, list[str]]:
    faults = list(_unknown_words(name, row, vocabulary))
    mechanisms = []
    for position, record in enumerate(row.transfer_mechanisms):
        mechanism, found = _mechanism(record, vocabulary)
        faults.extend(f"transfer_mechanisms.{position}.{fault}" for fault in found)
        mechanisms.append(mechanism)
    hosted = None
    if row.self_hosted is not None:
        hosted = tuple(vocabulary.model_id(model) or "" for model in row.self_hosted)
        faults.extend(f"self_hosted.{position}: no such model" for position, model in enumerate(hosted) if not model)
    candidates = []
    for position, text in enumerate(row.candidates):
        try:
            candidates.append(vocabulary.parse_target(text))
        except ValueError:
            faults.append(f"candidates.{position}: must be model@provider or model@provider@region")
    return (
        Tenant(
            id=name,
            country=row.country,
            sector=row.sector,
            subdivisions=tuple(row.subdivisions),
            regimes=tuple(row.regimes),
            commercial=row.commercial,
            monthly_active_users=row.monthly_active_users,
            monthly_revenue_usd=row.monthly_revenue_usd,
            user_countries=tuple(row.user_countries),
            accepted_licenses=tuple(row.accepted_licenses),
            transfer_mechanisms=tuple(mechanisms),
            pseudonymized_transfers=tuple(row.pseudonymized_transfers),
            origins=dict(row.origins),
            residency=tuple(row.residency),
            self_hosted=hosted,
            strict=row.strict,
            max_retention_days=row.max_retention_days,
            prefer=tuple(row.prefer),
            rank_by=row.rank_by,
            operators=dict(row.operators),
            candidates=tuple(candidates),
            bare_names=row.bare_names or "",
            detection=Additions.of(row.detection.terms()) if row.detection else None,
        ),
        faults,
    )


def _unknown_words(name: str, row: _TenantRow, vocabulary: Vocabulary) -> Iterator[str]:
    if not _TENANT_ID.fullmatch(name):
        yield "id: must be 1 to 64 of A-Z a-z 0-9 _ . -, the first a letter or digit"
    known: tuple[tuple[str, Sequence[str], Collection[str], str], ...] = (
        ("regimes", row.regimes, vocabulary.regimes, "regime"),
        ("accepted_licenses", row.accepted_licenses, vocabulary.license_ids, "license"),
        ("pseudonymized_transfers", row.pseudonymized_transfers, vocabulary.regimes, "regime"),
    )
    for field, words, vocabulary_of, noun in known:
        for position, word in enumerate(words):
            if word not in vocabulary_of:
                yield f"{field}.{position}: no such {noun}"
    yield from (f"operators.{entity}: no such class" for entity in row.operators if entity not in vocabulary.classes)
    for title, listed in row.detection.deny.items() if row.detection else ():
        if listed.data_class and listed.data_class not in vocabulary.classes:
            yield f"detection.deny.{title}.class: no such class"
    if len(set(row.prefer)) != len(row.prefer):
        yield "prefer: a word stands twice"


def _mechanism(record: _MechanismRow, vocabulary: Vocabulary) -> tuple[TransferMechanism, list[str]]:
    faults = []
    regime = vocabulary.regimes.get(record.regime)
    if regime is None:
        faults.append("regime: no such regime")
    else:
        listed: Any = regime["mechanisms"]
        if record.mechanism not in listed:
            faults.append("mechanism: its regime does not list it")
        elif listed[record.mechanism]["needs_expiry"] and record.expires is None:
            faults.append("expires: this mechanism ends some day, say when")
        elif listed[record.mechanism]["automatic"]:
            faults.append("mechanism: it holds by itself, nothing is to be recorded")
    providers = tuple("*" if name == "*" else vocabulary.provider_id(name) or "" for name in record.providers)
    faults.extend(f"providers.{position}: no such provider" for position, name in enumerate(providers) if not name)
    return (
        TransferMechanism(record.regime, record.mechanism, providers, tuple(record.countries), record.expires),
        faults,
    )
