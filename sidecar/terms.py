"""Reads allow lists, deny lists and thresholds: the same shape in the settings and in the tenants file."""

from typing import Annotated, Any, Literal

import re2
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sidecar.types.terms import Allowed, Denied, Terms

MAX_WORD = 200  # code points: a phrase, not a document
Entity = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,63}$")]


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _telling(text: str) -> str:
    if not any(letter.isalnum() for letter in text):
        message = "must hold a letter or a digit"
        raise ValueError(message)
    return text


Word = Annotated[str, Field(max_length=MAX_WORD), AfterValidator(_telling)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_tuple), Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Threshold = Share | dict[str, Share]


class _Row(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True)


class AllowRow(_Row):
    """Values that are never findings. A plain text stands for `{texts: [TEXT]}`."""

    texts: Annotated[tuple[str, ...], BeforeValidator(_tuple), Field(min_length=1)]
    """The values, letter for letter."""
    match: Literal["exact", "regex"] = "exact"
    """`regex`: the texts are patterns for RE2, and the whole value must match. One that takes an empty value (`.*`) is
    refused."""
    entities: Annotated[tuple[Entity, ...], BeforeValidator(_tuple)] = ()
    """Only findings of these entities. Credentials, national identifiers, cards, accounts and words of deny lists are
    let be only where their entity stands here."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        return {"texts": (value,)} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _check_patterns(self) -> "AllowRow":
        if self.match == "regex":
            for text in self.texts:
                if _pattern(text).fullmatch("") is not None:
                    message = "a pattern matches nothing at all, and so would allow anything"
                    raise ValueError(message)
        elif not all(self.texts):
            message = "an empty text allows nothing"
            raise ValueError(message)
        return self

    def allowed(self) -> Allowed:
        """Return it as detection takes it."""
        return Allowed(self.texts, self.match == "regex", self.entities)


class DenyRow(_Row):
    """Words that are always findings, with a score of 1. A plain list stands for `{words: [...]}`."""

    words: Words
    """Words and phrases: whole ones in scripts with blanks between words, anywhere in the others (Chinese, Japanese,
    Korean, Thai). Accents and width do not count."""
    entity: Entity | None = None
    """By default the list's name in capitals."""
    data_class: str | None = Field(default=None, alias="class", pattern=r"^[a-z][a-z0-9_]{0,63}$")
    """By default that of the entity, else `unclassified`. Where the catalog does not know it, regimes treat it like
    `unclassified`."""
    case_sensitive: bool = False
    """Whether capitals count."""

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: object) -> object:
        return {"words": value} if isinstance(value, list | tuple) else value

    def denied(self, name: str) -> Denied:
        """Return it as detection takes it."""
        entity = self.entity or name.upper()
        return Denied(name, entity, self.data_class or "", self.words, self.case_sensitive)


ListName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
AllowRows = Annotated[tuple[AllowRow, ...], BeforeValidator(_tuple)]
DenyRows = dict[ListName, DenyRow]


class TermsRow(_Row):
    """What a tenant adds to detection."""

    allow: AllowRows = ()
    """Values that are never findings: texts, or records."""
    deny: DenyRows = {}
    """Lists of words that are always findings, by name: words, or records."""
    threshold: Threshold | None = None
    """Lowest score that counts, a number or by entity. The lower of this and the operator's holds."""

    def terms(self) -> Terms:
        """Return it as detection takes it."""
        return terms(self.allow, self.deny, self.threshold)


def terms(allow: tuple[AllowRow, ...], deny: dict[str, DenyRow], threshold: float | dict[str, float] | None) -> Terms:
    """Return the parts of a section as detection takes them."""
    by_entity = threshold if isinstance(threshold, dict) else {} if threshold is None else {"default": threshold}
    return Terms(
        allow=tuple(row.allowed() for row in allow),
        deny=tuple(row.denied(name) for name, row in sorted(deny.items())),
        threshold=by_entity,
    )


def _pattern(text: str) -> Any:  # noqa: ANN401 - re2 has no types
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except re2.error as error:
        message = "RE2 does not take a pattern"
        raise ValueError(message) from error
