"""The words that more than one kind of row uses."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from sidecar.types.countries import EUROPEAN_UNION, ISO_COUNTRIES
from sidecar.types.targets import TENANT_PLACE, UNKNOWN_PLACE

NOT_A_COUNTRY = "not_a_country"


def _country(word: str) -> str:
    if word not in ISO_COUNTRIES:
        raise PydanticCustomError(NOT_A_COUNTRY, "not a country")
    return word


def _origin(word: str) -> str:
    return word if word == UNKNOWN_PLACE else _country(word)


def _area(word: str) -> str:
    return word if word == EUROPEAN_UNION else _country(word)


def _place(word: str) -> str:
    return word if word in {EUROPEAN_UNION, UNKNOWN_PLACE, TENANT_PLACE} else _country(word)


Text: TypeAlias = Annotated[str, Field(min_length=1)]
Identifier: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$", max_length=200)]
"""No ``@``: a target in text form is divided there."""
Day: TypeAlias = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Moment: TypeAlias = Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(\.\.[0-9]{4})?$")]
"""A day, or only a month or a year; a span of years where several acts stand in one row."""
Country: TypeAlias = Annotated[str, AfterValidator(_country)]
Origin: TypeAlias = Annotated[str, AfterValidator(_origin)]
"""A country, or ``ZZ`` where it is not known."""
Area: TypeAlias = Annotated[str, AfterValidator(_area)]
"""A country, or ``EU`` for all of its members."""
Place: TypeAlias = Annotated[str, AfterValidator(_place)]
"""A country, ``EU``, ``ZZ`` or ``TENANT``."""
Evidence: TypeAlias = Literal["primary", "secondary", "none"]
Tristate: TypeAlias = Literal["yes", "no", "unknown"]
Sector: TypeAlias = Literal[
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
Sources: TypeAlias = Text | Annotated[tuple[Text, ...], Field(min_length=1)]


class Row(BaseModel):
    """A row of a file: frozen, strict, without unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=True)
