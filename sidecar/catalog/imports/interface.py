"""What a reader of somebody's list returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Protocol

from sidecar.catalog.imports.foreign import Foreign
from sidecar.catalog.reading import Value

AliasList = Literal["openrouter", "huggingface", "litellm", "vendor_api", "models_dev"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a list says of one model, at one provider where the list names one."""

    where: str
    """How the list names it, to say where a fact comes from."""
    names: tuple[str, ...]
    """The model's names, all for the same one. They are looked up whole, never by a part."""
    provider: str = ""
    """The provider's name on that list; empty where the list speaks of the model alone."""
    aliases: tuple[tuple[AliasList, str], ...] = ()
    """Names that the catalog may learn, once one of ``names`` is known."""
    price: tuple[Decimal, Decimal] | None = None
    """USD per million tokens in and out."""
    context: int | None = None
    claims: Mapping[str, Value] = field(default_factory=dict)
    """Fields of the model's row as this list has them. Only ever proposed."""
    license: str = ""
    """The license's name on that list. Only ever proposed."""
    weights: str = ""
    """The Hugging Face name of the weights. Only ever proposed."""
    base: str = ""
    """A name of the base model. Only ever proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """What a list says of a provider. Only ever proposed."""

    name: str
    title: str
    claims: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """All that was read."""

    entries: tuple[Entry, ...] = ()
    hosts: tuple[Host, ...] = ()

    def __add__(self, other: "Harvest") -> "Harvest":
        """Return both."""
        return Harvest(entries=self.entries + other.entries, hosts=self.hosts + other.hosts)


class ListReader(Protocol):
    """Reads one saved document of a list. Unknown keys are passed over; a known one of another shape is a fault."""

    def __call__(self, document: Foreign, /) -> Harvest:
        """Return what it says; what is wrong is added to the document's faults."""
        ...
