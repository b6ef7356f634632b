"""Puts a license in the words that rules read, without what does not reach the model at hand."""

from sidecar.catalog.license_rows import LicenseRow, OutputTrainingRow, TerritoryRow
from sidecar.types.countries import EUROPEAN_UNION
from sidecar.types.targets import FieldOfUse, HostingClause, LicenseDuty, LicenseTerms, ScaleLimit, Territory

_FREE_OUTPUTS = {"none", "unknown"}
_TERMS = frozenset({"commercial_use", "territory", "scale", "hosting", "duties", "fields_of_use", "output_training"})


def terms(row: LicenseRow, *, multimodal: bool, union: tuple[str, ...]) -> LicenseTerms:
    """Return the terms of a license for a model; ``union`` is the European Union written out."""
    return LicenseTerms(
        id=row.id,
        name=row.name,
        license_class=row.license_class,
        commercial_use=row.commercial_use,
        territory=_territory(row.territory, multimodal=multimodal, union=union),
        scale=tuple(
            ScaleLimit(
                measure=limit.measure,
                limit=limit.limit,
                compare=limit.compare,
                effect=limit.effect,
                text=limit.text,
                clause=limit.clause,
            )
            for limit in row.scale
        ),
        hosting=_hosting(row),
        duties=(
            *(LicenseDuty(kind=duty.kind, when=duty.when, text=duty.text, clause=duty.clause) for duty in row.duties),
            *_output_duty(row.output_training),
        ),
        fields_of_use=tuple(FieldOfUse(field=use.field, text=use.text, clause=use.clause) for use in row.fields_of_use),
        output_training=row.output_training.effect,
        verified=row.verified,
        unverified=tuple(sorted(_TERMS.intersection(row.unverified_fields))),
    )


def _territory(row: TerritoryRow | None, *, multimodal: bool, union: tuple[str, ...]) -> Territory | None:
    if row is None or (row.multimodal_only and not multimodal):
        return None
    places = {member for place in row.excluded for member in (union if place == EUROPEAN_UNION else (place,))}
    return Territory(excluded=tuple(sorted(places)), tested_against=row.tested_against, clause=row.clause)


def _hosting(row: LicenseRow) -> HostingClause | None:
    clause = row.hosting
    if clause is None:
        return None
    return HostingClause(
        floor_usd_year=clause.floor_usd_year,
        effect=clause.effect,
        internal_use_exempt=clause.internal_use_exempt,
        relay_exempt=clause.relay_exempt,
        text=clause.text,
        clause=clause.clause,
    )


def _output_duty(row: OutputTrainingRow) -> tuple[LicenseDuty, ...]:
    if row.effect in _FREE_OUTPUTS:
        return ()
    return (LicenseDuty(kind="output_training", when="always", text=row.text, clause=row.clause),)
