"""Developers, models and providers as their files hold them."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from sidecar.catalog.words import Day, Evidence, Identifier, Moment, Origin, Place, Row, Sources, Text, Tristate

Alias: TypeAlias = Annotated[str, Field(min_length=1, max_length=300)]


class ListingRow(Row):
    """An entry on a government list."""

    list: Text
    since: Text
    entities: tuple[Text, ...]
    effect: Text
    source: Text
    reference: str = ""
    verified: bool


class DeveloperRow(Row):
    """Who trained a model."""

    id: Identifier
    name: Text
    hq_country: Origin
    parent: str | None = None
    legal_entities: tuple[Text, ...] = ()
    aliases: tuple[Text, ...] = ()
    ownership_notes: str | None = None
    subject_to_prc_law: bool
    listings: tuple[ListingRow, ...] = ()
    source: Sources
    retrieved: Day
    evidence: Evidence
    verified: bool
    notes: str = ""


class Modalities(Row):
    """What a model takes and gives."""

    input: tuple[Literal["text", "image", "audio", "video", "pdf"], ...] = ()
    output: tuple[Literal["text", "image", "audio", "video", "embedding", "rerank"], ...] = ()


class ModelAliases(Row):
    """A model's names, by who uses them."""

    openrouter: tuple[Alias, ...] = ()
    huggingface: tuple[Alias, ...] = ()
    litellm: tuple[Alias, ...] = ()
    vendor_api: tuple[Alias, ...] = ()
    models_dev: tuple[Alias, ...] = ()

    def all(self) -> tuple[str, ...]:
        """Return every name, whoever uses it."""
        return (*self.openrouter, *self.huggingface, *self.litellm, *self.vendor_api, *self.models_dev)


class PriceRow(Row):
    """USD per million tokens at one provider."""

    provider: Identifier
    input: float = Field(ge=0, allow_inf_nan=False)
    output: float = Field(ge=0, allow_inf_nan=False)
    source: str = ""
    as_of: Moment
    verified: bool = True
    """False for what was imported from a list and looked at by nobody."""


class ImportedRow(Row):
    """Where one value of a model's row comes from that was imported from a list and looked at by nobody."""

    field: Literal["served_by", "aliases", "context_window"]
    value: Text
    source: Text
    as_of: Day


class HostedTerms(Row):
    """How this very model is served by any outside party; the stricter of this and the provider holds."""

    trains_on_inputs: Literal["yes", "opt-out", "unknown"] | None = None
    retention_days: Annotated[int, Field(ge=0)] | Literal["unknown"] | None = None
    zero_data_retention: Literal["no"] | None = None
    text: Text


class StandsForRow(Row):
    """Which version answers to a name that moves."""

    model: Identifier
    as_of: Day


class ModelRow(Row):
    """One checkpoint or hosted model. It says nothing of where it runs."""

    id: Identifier
    name: Text
    family: str = ""
    developer: Identifier
    origin_countries: tuple[Origin, ...] = Field(min_length=1)
    open_weights: bool
    license: Identifier
    license_also: tuple[Identifier, ...] = ()
    """Licenses that follow from the base weights; all must hold."""
    license_by_provider: dict[str, str] = Field(default_factory=dict)
    """On the licensor's own API its contract counts instead."""
    license_evidence: Evidence
    license_verified: bool
    effective_excluded_territories: tuple[str, ...] = ()
    """A cross-check on what the licenses say for this very model."""
    base_model: Identifier | None = None
    base_model_in_catalog: bool = True
    release_date: Moment | None = None
    context_window: int | None = Field(default=None, gt=0)
    modalities: Modalities
    tool_calling: bool | None = None
    moving_alias: bool = False
    stands_for: StandsForRow | None = None
    """Of a moving alias, where it is known."""
    status: Literal["active", "vendor-retired"]
    retired_on: Day | None = None
    deprecation_dates: tuple[Day, ...] = ()
    aliases: ModelAliases = Field(default_factory=ModelAliases)
    served_by: tuple[Identifier, ...] = ()
    prices: tuple[PriceRow, ...] = ()
    hosted_terms: HostedTerms | None = None
    imported: tuple[ImportedRow, ...] = ()
    """What additions of an overlay told."""
    source: Sources
    verified: bool
    retrieved: Day
    notes: str = ""

    @property
    def multimodal(self) -> bool:
        """Whether it takes or gives more than text."""
        return bool({*self.modalities.input, *self.modalities.output} & {"image", "audio", "video", "pdf"})

    @property
    def hosts_read(self) -> frozenset[str]:
        """Return the hosts that a person saw on a list, or had there before any import."""
        return frozenset(self.served_by) - self.imports("served_by")

    def imports(self, field: str) -> frozenset[str]:
        """Return the values of a field that were imported."""
        return frozenset(item.value for item in self.imported if item.field == field)


class ProviderAliases(Row):
    """A provider's names, by who uses them."""

    models_dev: tuple[Alias, ...] = ()
    litellm: tuple[Alias, ...] = ()
    openrouter: tuple[Alias, ...] = ()

    def all(self) -> tuple[str, ...]:
        """Return every name, whoever uses it."""
        return (*self.models_dev, *self.litellm, *self.openrouter)


class ProviderRow(Row):
    """One legal and regional plane of an operator: the same vendor's endpoints may be several rows."""

    id: Identifier
    name: Text
    kind: Literal["vendor-api", "inference-host", "hyperscaler", "aggregator", "self-hosted"]
    legal_entity: str | None = None
    hq_country: Origin
    parent_jurisdiction: Origin
    developer: Identifier | None = None
    api_hosts: tuple[Alias, ...] = ()
    processing_regions: tuple[Place, ...] = Field(min_length=1)
    region_confidence: Literal[
        "known-regions", "hq-assumed", "global-default", "ambiguous", "unknown", "tenant-declared"
    ]
    region_pinning: str | None = None
    regions: dict[str, Place | tuple[Place, ...]] = Field(default_factory=dict)
    """What the provider's own name of a region pins inference to."""
    retention_days: Annotated[int, Field(ge=0)] | Literal["unknown"]
    retention_note: str | None = None
    trains_on_inputs: Literal["no", "yes", "opt-out", "unknown"]
    zero_data_retention: Literal[
        "unknown",
        "default",
        "no",
        "approval",
        "opt-in",
        "self-serve",
        "enterprise-only",
        "config",
        "on-request",
        "plan-gated",
    ]
    dpf_certified: Tristate | None = None
    certifications: tuple[Text, ...] = ()
    aliases: ProviderAliases = Field(default_factory=ProviderAliases)
    source: Sources
    retrieved: Day
    evidence: Evidence
    verified: bool
    unverified_fields: tuple[str, ...] = ()
    notes: str = ""

    def region(self, name: str) -> tuple[str, ...]:
        """Return the places that one of the provider's own region names pins inference to."""
        places = self.regions[name]
        return (places,) if isinstance(places, str) else places
