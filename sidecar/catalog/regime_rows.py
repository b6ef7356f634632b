"""Regimes and national measures as their files hold them."""

from typing import Any, Literal

from pydantic import Field

from sidecar.catalog.words import Country, Day, Evidence, Identifier, Moment, Row, Sector, Sources, Text


class CuresRow(Row):
    """What a mechanism covers."""

    countries: Literal["any"] | tuple[Country, ...]
    not_classes: tuple[str, ...] = ()


class MechanismRow(Row):
    """A means that a tenant's record can name."""

    id: Identifier
    name: Text
    cures: CuresRow
    clause: Text
    automatic: bool = False
    routine: bool = True
    purposes: tuple[Text, ...] = ()
    since: Day | None = None
    region: str | None = None
    needs_expiry: bool = False


class ConditionalRow(Row):
    """A country that is permitted only where a mechanism is recorded."""

    mechanism: Identifier
    note: Text


class NeverRow(Row):
    """A class with fewer ways."""

    data_class: str = Field(alias="class")
    exceptions: tuple[Identifier, ...] = Field(alias="except")
    clause: Text


class LocalizationRow(Row):
    """Classes that must stay in some countries."""

    classes: tuple[str, ...] = Field(min_length=1)
    countries: tuple[Country, ...] = Field(min_length=1)
    clause: Text


class NeededRow(Row):
    """A duty besides the transfer basis."""

    id: Identifier
    name: Text
    clause: Text


class OutsideScopeRow(Row):
    """What is not the regime's data at all."""

    id: Identifier
    name: Text
    clause: Text
    by_redaction: bool
    note: str = ""


class TogetherRow(Row):
    """Classes that count only in combination."""

    kinds: int = Field(ge=2)
    """How many of the threshold's classes must be there."""
    not_only: tuple[str, ...]
    """Those that do not count with one another alone."""


class CountingRow(Row):
    """How volumes are counted over time, by the sidecar itself: for each counterparty."""

    window_months: int = Field(ge=1, le=12)
    combined: Literal["apart", "lowest"]
    """Whether what is combined counts against the lowest threshold of any type present."""


class ThresholdRow(Row):
    """A volume from which a tier applies."""

    id: Identifier
    classes: tuple[str, ...] = Field(min_length=1)
    unit: Text
    at_least: int | None = Field(default=None, alias="from", ge=0)
    above: int | None = Field(default=None, ge=0)
    below: int | None = Field(default=None, ge=0)
    mechanisms: tuple[Identifier, ...] = ()
    combination: str = ""
    together: TogetherRow | None = None


class TransferRule(Row):
    """What the regime says about data that goes elsewhere."""

    summary: str = Field(min_length=21, max_length=299, pattern=r"^[^\n]*$")
    trigger: Literal["border", "recipient"]
    default: Literal["deny_unless", "allow_unless", "deny_if", "conditional"]
    any_content: bool = False
    home_countries: tuple[Country, ...]
    sector_scope: tuple[Sector, ...]
    allow_countries: tuple[Country, ...] = ()
    allow_until: dict[str, Day] = Field(default_factory=dict)
    equivalence_recognized: tuple[Country, ...] = ()
    equivalence_since: Day | None = None
    equivalence_excludes_entities: tuple[str, ...] = ()
    conditional_countries: dict[str, ConditionalRow] = Field(default_factory=dict)
    deny_countries: tuple[Country, ...] = ()
    mechanisms: tuple[MechanismRow, ...]
    never: tuple[NeverRow, ...]
    localization: tuple[LocalizationRow, ...] = ()
    also_needed: tuple[NeededRow, ...] = ()
    outside_scope: tuple[OutsideScopeRow, ...] = ()
    thresholds: tuple[ThresholdRow, ...] = ()
    counting: CountingRow | None = None
    """None where nothing is counted, and every threshold counts as below."""
    threshold_window: str = ""
    threshold_per: str = ""
    threshold_combined: str = ""
    particulars: dict[str, Any] = Field(default_factory=dict)
    """Facts of this regime alone, for people."""


class ApplicationDate(Row):
    """When a part of an act begins to apply."""

    begins: Moment = Field(alias="from")
    what: Text
    clause: Text
    delayed_from: Moment | None = None
    binds: Literal["deployer", "provider", "nobody"] = "deployer"
    """Who uses AI in a service of its own; who places models on the market; or a date that is no duty."""
    sectors: tuple[Sector, ...] = ()
    """Empty is any."""


class RegimeRow(Row):
    """A law or standard that binds a tenant."""

    id: Identifier
    name: Text
    jurisdiction: Text
    scope: Text
    effective_from: Moment | None = None
    entity_classes: tuple[str, ...]
    transfer_rule: TransferRule
    clauses: tuple[Text, ...]
    application_dates: tuple[ApplicationDate, ...] = ()
    source: Sources
    retrieved: Day
    evidence: Evidence
    verified: bool
    unverified_fields: tuple[str, ...] = ()
    """Dotted paths below the row, a list element by its id or value, that were recalled and not read."""
    notes: str = ""


class MeasureTarget(Row):
    """Whom a measure is about."""

    developer: tuple[str, ...]
    """``*`` is any."""
    provider: tuple[Identifier, ...]
    """Empty is any."""
    applies_to: Text


class Binds(Row):
    """Whom a measure binds, and how hard."""

    sectors: Literal["any"] | tuple[Sector, ...]
    bodies: tuple[Text, ...]
    classes: tuple[str, ...]
    force: Literal["ban", "advice", "notice", "license", "pending", "none"]


class MeasureRow(Row):
    """A national act about certain models."""

    id: Identifier
    jurisdiction: Text
    target: MeasureTarget
    scope: Text
    binds: Binds
    date: Moment
    effect: Text
    status: Literal["in-force", "lifted", "pending", "reported"]
    source: Sources
    retrieved: Day
    evidence: Evidence
    verified: bool
    notes: str = ""


class FieldRow(Row):
    """Which purposes and sectors a forbidden field of use stands for."""

    purposes: tuple[Text, ...]
    sectors: tuple[Sector, ...]
    text: Text
