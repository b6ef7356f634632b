"""Licenses as their files hold them: prose kept beside the words that rules read."""

from typing import Literal

from pydantic import Field

from sidecar.catalog.words import Area, Day, Evidence, Identifier, Moment, Row, Sources, Text, Tristate


class TerritoryRow(Row):
    """Places where the license grants nothing."""

    excluded: tuple[Area, ...] = Field(min_length=1)
    tested_against: tuple[Literal["licensee_establishment", "use_location", "output_location"], ...] = Field(
        min_length=1
    )
    multimodal_only: bool
    """The clause reaches only models that take or give more than text."""
    end_users_exempt: bool
    text: Text
    clause: Text


class ScaleRow(Row):
    """A size from which the license changes what it grants."""

    measure: Literal["monthly_active_users", "daily_active_users", "monthly_revenue_usd", "yearly_revenue_usd"]
    limit: int = Field(ge=0)
    compare: Literal["above", "from"]
    effect: Literal["deny", "display", "notice"]
    text: Text
    clause: Text


class HostingRow(Row):
    """What the license asks of those who offer the model as a service."""

    floor_usd_year: int = Field(ge=0)
    effect: Literal["deny", "notice"]
    internal_use_exempt: bool
    relay_exempt: bool
    text: Text
    clause: Text


class DutyRow(Row):
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
        "other",
    ]
    when: Literal["always", "self_hosted", "scale"]
    text: Text
    clause: Text


class FieldOfUseRow(Row):
    """A use that the license forbids."""

    field: Identifier
    text: Text
    clause: Text


class OutputTrainingRow(Row):
    """Whether outputs may train other models."""

    effect: Literal["none", "attribution", "naming", "derivative", "prohibited", "unknown"]
    text: str
    clause: Text


class ContractRow(Row):
    """What an API contract says besides."""

    output_ownership: Literal["customer", "vendor", "unknown"]
    trains_on_inputs_default: Literal["no", "yes", "opt-out", "by-tier", "unknown"]
    supported_countries_only: Tristate
    territory_note: str = ""
    unpaid_tier_trains_outside: tuple[str, ...] = ()


class LicenseRow(Row):
    """One license or API contract."""

    id: Identifier
    name: Text
    license_class: Literal[
        "permissive",
        "weak-copyleft",
        "community-restricted",
        "open-rail",
        "research-noncommercial",
        "proprietary-api",
        "unknown",
    ] = Field(alias="class")
    commercial_use: Literal["yes", "no", "conditional"]
    spdx_listed: bool = False
    osi_approved: bool = False
    licensor: Text
    governing_law: str | None = None
    effective_from: Moment | None = None
    territory: TerritoryRow | None = None
    scale: tuple[ScaleRow, ...] = ()
    hosting: HostingRow | None = None
    duties: tuple[DutyRow, ...] = ()
    fields_of_use: tuple[FieldOfUseRow, ...] = ()
    output_training: OutputTrainingRow
    patent_termination: str | None = None
    api: ContractRow | None = None
    source: Sources
    retrieved: Day
    evidence: Evidence
    verified: bool
    unverified_fields: tuple[str, ...] = ()
    """Names of fields of this row, ``api.*`` included, that were recalled and not read."""
    notes: str = ""
