"""What detection is told beyond its recognizers: values to let be, words to find, how sure a finding must be."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Allowed:
    """Values that are not reported."""

    texts: tuple[str, ...]
    patterns: bool
    """Whether the texts are patterns that a whole value must match."""
    entities: tuple[str, ...]
    """Of which entities; empty for all but those that must be named."""


@dataclass(frozen=True, slots=True)
class Denied:
    """A named list of words that are always reported."""

    name: str
    entity: str
    data_class: str
    """Empty for the class that the entity has."""
    words: tuple[str, ...]
    case_sensitive: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """All of it, of the operator or of one tenant."""

    allow: tuple[Allowed, ...] = ()
    deny: tuple[Denied, ...] = ()
    threshold: Mapping[str, float] = field(default_factory=dict)
    """By entity; ``default`` for the rest."""


@dataclass(frozen=True, slots=True)
class Additions:
    """A tenant's terms as they go to workers: written once, read there once, and known by their digest."""

    digest: str
    document: bytes = field(repr=False)

    @classmethod
    def of(cls, terms: Terms) -> Self:
        """Write terms down."""
        document = json.dumps(asdict(terms), sort_keys=True).encode()
        return cls(hashlib.sha256(document).hexdigest(), document)

    def terms(self) -> Terms:
        """Read them again."""
        written = json.loads(self.document)
        return Terms(
            allow=tuple(
                Allowed(tuple(one["texts"]), one["patterns"], tuple(one["entities"])) for one in written["allow"]
            ),
            deny=tuple(Denied(**{**one, "words": tuple(one["words"])}) for one in written["deny"]),
            threshold=written["threshold"],
        )
