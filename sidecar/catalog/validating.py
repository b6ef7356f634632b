"""Turns drafts into typed rows, or into faults that name file, row and field, never a value."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from sidecar.catalog.gather import Drafts
from sidecar.catalog.license_rows import LicenseRow
from sidecar.catalog.regime_rows import FieldRow, MeasureRow, RegimeRow
from sidecar.catalog.tables import Tables
from sidecar.catalog.target_rows import DeveloperRow, ModelRow, ProviderRow
from sidecar.catalog.words import NOT_A_COUNTRY, Country, Text

_RowT = TypeVar("_RowT", bound=BaseModel)
_COUNTRIES = TypeAdapter[tuple[str, ...]](tuple[Country, ...])
_TEXT = TypeAdapter[str](Text)
_FIELD = TypeAdapter(FieldRow)
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "no such field",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "string_too_long": "is too long",
    "string_pattern_mismatch": "is not in the form that is due",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "dict_type": "must be a map",
    "model_type": "must be a map",
    "too_short": "must not be empty",
    "greater_than": "is too small",
    "greater_than_equal": "is too small",
    NOT_A_COUNTRY: "must be a country code of ISO 3166-1, or a word for a place that is allowed here",
}


def tables(drafts: Drafts) -> Tables:
    """Return the rows that are valid by themselves; what is wrong with the others is added to the faults."""
    return Tables(
        licenses=_rows(drafts, "licenses", LicenseRow),
        developers=_rows(drafts, "developers", DeveloperRow),
        models=_rows(drafts, "models", ModelRow),
        providers=_rows(drafts, "providers", ProviderRow),
        regimes=_rows(drafts, "regimes", RegimeRow),
        measures=_rows(drafts, "measures", MeasureRow),
        fields_of_use=_map(drafts, "fields_of_use", _FIELD),
        country_sets=_map(drafts, "country_sets", _COUNTRIES),
        classes=_map(drafts, "classes", _TEXT),
        own_classes=_map(drafts, "own_classes", _TEXT),
        mechanisms=_map(drafts, "mechanisms", _TEXT),
        no_single_model=frozenset(drafts.no_single_model),
    )


def _rows(drafts: Drafts, section: str, row_type: type[_RowT]) -> dict[str, _RowT]:
    valid = {}
    for key, draft in drafts.rows[section].items():
        try:
            valid[key] = row_type.model_validate(draft.fields, by_alias=True, by_name=False)
        except ValidationError as exc:
            drafts.faults.extend(f"{draft.file}: {section} {key}: {fault}" for fault in _causes(exc))
    return valid


def _map(drafts: Drafts, section: str, adapter: TypeAdapter[Any]) -> Mapping[str, Any]:
    valid = {}
    for key, value in drafts.maps[section].items():
        try:
            valid[key] = adapter.validate_python(value, strict=True)
        except ValidationError as exc:
            drafts.faults.extend(f"{section} {key}: {fault}" for fault in _causes(exc))
    return valid


def _causes(exc: ValidationError) -> list[str]:
    """Return ``field: what is wrong`` for each error, in our own words: pydantic's may quote the input."""
    errors = exc.errors(include_url=False, include_input=False)
    deeper = {error["loc"][:-1] for error in errors if error["loc"]}
    return [
        f"{'.'.join(str(part) for part in error['loc']) or 'row'}: {_wrong(error)}"
        for error in errors
        if not (error["type"] == "too_short" and error["loc"] in deeper)  # its items were refused, so it seems empty
    ]


def _wrong(error: ErrorDetails) -> str:
    if error["type"] == "literal_error":
        return f"must be {error['ctx']['expected']}"
    return _WORDS.get(error["type"], "is not what is due here")
