"""What the stories may ask of the catalog."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from sidecar.types.json import Document
from sidecar.types.targets import Card, TargetName


class Catalog(Protocol):
    """Everything known, of one snapshot: immutable, without I/O."""

    @property
    def revision(self) -> str:
        """Digest of the shipped data and every overlay."""
        ...

    def card(self, name: TargetName) -> Card:
        """Return the card of a target in anybody's words.

        Never raises: what is not known, or fits several, is a card with ``identified`` false. It knows nothing of
        tenants; what depends on one (``self_hosted`` lists) is settled by ``facts``.
        """
        ...

    def parse(self, text: str) -> TargetName:
        """Split ``model@provider[@region]``; names may hold ``@``, so providers are recognized from the right.

        Raises:
            ValueError: there is no ``@`` that could divide it.
        """
        ...

    def model_id(self, name: str) -> str | None:
        """Return the canonical id of a model, or None where none or several fit."""
        ...

    def provider_id(self, name: str) -> str | None:
        """Return the canonical id of a provider, or None where none or several fit."""
        ...

    def listed(self) -> Iterator[TargetName]:
        """Go through every pair of canonical model and provider that a list names, sorted."""
        ...

    def regimes(self) -> Mapping[str, Document]:
        """Return the regimes by id, in the shape of ``docs/design/facts.md``."""
        ...

    def license_ids(self) -> frozenset[str]:
        """Return the ids of all licenses."""
        ...

    def policy_data(self) -> Document:
        """Return what the bundle gets as ``data.sidecar``.

        Its keys: regimes, measures, country_sets, classes, mechanisms, fields_of_use.
        """
        ...
