"""What a request may be sent to: a model at a provider in a region, and all that is known of it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

SELF_HOSTED = "self-hosted"  # the provider that is the tenant's own hardware
UNKNOWN_PLACE = "ZZ"
TENANT_PLACE = "TENANT"  # a region that stands for the tenant's own country

Tristate = Literal["yes", "no", "unknown"]
Unidentified = Literal[
    "",
    "model_unknown",
    "provider_unknown",
    "ambiguous",
    "developer_unidentified",
    "origin_unknown",
    "closed_weights_self_hosted",
    "not_self_hosted_by_tenant",
]


@dataclass(frozen=True, slots=True)
class TargetName:
    """A target in somebody's words: any alias of the model and the provider, a region or nothing."""

    model: str
    provider: str
    region: str = ""

    def __str__(self) -> str:
        return "@".join(part for part in (self.model, self.provider, self.region) if part)


@dataclass(frozen=True, slots=True)
class Territory:
    """Places where a license grants nothing, with the European Union written out."""

    excluded: tuple[str, ...]
    tested_against: tuple[str, ...]
    """``licensee_establishment``, ``use_location``, ``output_location``."""
    clause: str


@dataclass(frozen=True, slots=True)
class ScaleLimit:
    """A size from which a license changes what it grants."""

    measure: Literal["monthly_active_users", "daily_active_users", "monthly_revenue_usd", "yearly_revenue_usd"]
    limit: int
    compare: Literal["above", "from"]
    effect: Literal["deny", "display", "notice"]
    text: str
    """What the license says happens, in plain words."""
    clause: str


@dataclass(frozen=True, slots=True)
class HostingClause:
    """What a license asks of those who offer the model as a service (MaaS)."""

    floor_usd_year: int
    """Yearly group revenue above which it bites; 0 where there is no floor."""
    effect: Literal["deny", "notice"]
    internal_use_exempt: bool
    relay_exempt: bool
    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class LicenseDuty:
    """Something that is owed when the model is used."""

    kind: Literal[
        "display",
        "naming",
        "pass_through",
        "notice",
        "registration",
        "review",
        "competitor",
        "disclosure",
        "acceptable_use",
        "output_training",
        "other",
    ]
    when: Literal["always", "self_hosted", "scale"]
    """``scale``: only once a :class:`ScaleLimit` with effect ``display`` is reached or the size is unknown."""
    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class FieldOfUse:
    """A use that a license forbids: ``field`` is a word of the table in the data, or ``other`` for prose."""

    field: str
    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class LicenseTerms:
    """One license in the words that rules read. What does not apply to this very model is already left out."""

    id: str
    name: str
    license_class: Literal[
        "permissive",
        "weak-copyleft",
        "community-restricted",
        "open-rail",
        "research-noncommercial",
        "proprietary-api",
        "unknown",
    ]
    commercial_use: Literal["yes", "no", "conditional"]
    territory: Territory | None
    scale: tuple[ScaleLimit, ...]
    hosting: HostingClause | None
    duties: tuple[LicenseDuty, ...]
    fields_of_use: tuple[FieldOfUse, ...]
    output_training: Literal["none", "attribution", "naming", "derivative", "prohibited", "unknown"]
    verified: bool
    unverified: tuple[str, ...]
    """Names of fields above that are recalled, not read."""


@dataclass(frozen=True, slots=True)
class Listing:
    """An entry of a developer on a government list. A fact that rules may use, not a ban."""

    developer: str
    list: str
    since: str
    effect: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Serving:
    """Who runs the inference, and where."""

    regions: tuple[str, ...]
    """Countries (ISO 3166-1 alpha-2), ``EU``, ``ZZ`` for unknown, ``TENANT`` for the tenant's own."""
    parent_jurisdiction: str
    self_hosted: bool
    trains_on_inputs: Literal["no", "yes", "opt-out", "unknown"]
    retention_days: int | None
    """``None`` where unknown."""
    zero_data_retention: str
    dpf_certified: Tristate | Literal[""]
    """Of a US parent; empty elsewhere. A hint for people, never a permission."""


@dataclass(frozen=True, slots=True)
class Price:
    """USD per million tokens."""

    input: float
    output: float

    @property
    def blended(self) -> float:
        """Three parts input to one part output."""
        return (3 * self.input + self.output) / 4


@dataclass(frozen=True, slots=True)
class Card:
    """All we know of a target. ``identified`` false: do not trust another field."""

    id: str
    """Canonical ``model@provider`` or ``model@provider@region``; the caller's words where not identified."""
    model: str
    provider: str
    region: str
    """The region as it pins; empty where nothing is pinned."""
    identified: bool
    unidentified: Unidentified
    listed: bool
    status: str
    moving_alias: bool
    region_ignored: bool
    """A region was asked for that the provider does not know, so all of its regions count."""
    kind: str
    """vendor-api, inference-host, hyperscaler, aggregator, self-hosted; empty where not identified."""
    developers: tuple[str, ...]
    """The developer, then those of every base model."""
    origin: tuple[str, ...]
    open_weights: bool
    licensor_api: bool
    """The provider is the licensor itself."""
    licenses: tuple[LicenseTerms, ...]
    serving: Serving
    listings: tuple[Listing, ...]
    price: Price | None
    context: int | None
    tools: bool | None
    modalities: tuple[str, ...]
    """What it takes: text, image, audio, video, pdf; empty where unknown."""
    outputs: tuple[str, ...]
    """What it gives: text, embedding, rerank, …; empty where unknown."""
    unverified: tuple[str, ...]
    """Dotted paths of the target's facts that are recalled, such as ``serving.regions`` or ``license``."""
    retrieved: date | None
    """The oldest day on which a source of this card was read."""
    stands_for: str = ""
    """The version that answers to a moving alias, and when that was so; empty where nobody knows, or nothing moves."""
