"""The catalog of one snapshot: names to cards, and what the bundle and the command line need of the rest."""

from collections.abc import Iterator, Mapping

from sidecar.catalog.bundle import policy_data, regime
from sidecar.catalog.cards import Cards, unidentified
from sidecar.catalog.license_rows import LicenseRow
from sidecar.catalog.names import ModelNames, ProviderNames
from sidecar.catalog.tables import Tables
from sidecar.catalog.target_rows import DeveloperRow, ModelRow, ProviderRow
from sidecar.catalog.terms import terms
from sidecar.types.json import Document
from sidecar.types.targets import Card, LicenseTerms, TargetName

_CARDS_KEPT = 4096  # some 20 MB; names come from callers, so there must be an end
_AT = "@"


class ShippedCatalog:
    """The shipped rows and an overlay's, checked, indexed and never changed. An implementation of ``Catalog``."""

    def __init__(self, tables: Tables, *, revision: str) -> None:
        self._tables = tables
        self._revision = revision
        self._model_names = ModelNames(tables)
        self._provider_names = ProviderNames(tables.providers.values())
        self._writer = Cards(tables)
        self._regimes = {key: regime(row) for key, row in sorted(tables.regimes.items())}
        self._cards: dict[TargetName, Card] = {}

    @property
    def revision(self) -> str:
        """Digest of the shipped data and every overlay."""
        return self._revision

    def card(self, name: TargetName) -> Card:
        """Return the card of a target in anybody's words; it never raises."""
        card = self._cards.get(name)
        if card is None:
            card = self._card(name)
            if card.identified:  # only names that the catalog knows are kept, so that nobody can fill the memory
                if len(self._cards) >= _CARDS_KEPT:
                    self._cards.clear()
                self._cards[name] = card
        return card

    def parse(self, text: str) -> TargetName:
        """Split ``model@provider[@region]``; names may hold ``@``, so providers are recognized from the right.

        Raises:
            ValueError: there is no ``@`` that could divide it.
        """
        splits = [split for split in (_split(text, 1), _split(text, 2)) if split is not None]
        if not splits:
            msg = "a target is model@provider or model@provider@region"
            raise ValueError(msg)
        for split in splits:
            if self._knows_provider(split.provider):
                return split
        for split in splits:
            if self._model_names.find(split.model).id is not None:
                return split
        return splits[-1]

    def model_id(self, name: str) -> str | None:
        """Return the canonical id of a model, or None where none or several fit."""
        return self._model_names.find(name).id

    def provider_id(self, name: str) -> str | None:
        """Return the canonical id of a provider, or None where none or several fit."""
        return self._provider_names.find(name).id

    def listed(self) -> Iterator[TargetName]:
        """Go through every pair of canonical model and provider that a list names, sorted."""
        for model in self.models():
            for provider in sorted(model.served_by):
                yield TargetName(model.id, provider)

    def regimes(self) -> Mapping[str, Document]:
        """Return the regimes by id, in the shape of ``docs/design/facts.md``."""
        return self._regimes

    def license_ids(self) -> frozenset[str]:
        """Return the ids of all licenses."""
        return frozenset(self._tables.licenses)

    def policy_data(self) -> Document:
        """Return what the bundle gets as ``data.sidecar``: a new document each time."""
        return policy_data(self._tables)

    def models(self) -> tuple[ModelRow, ...]:
        """Return every model's row, sorted by id."""
        return tuple(row for _, row in sorted(self._tables.models.items()))

    def providers(self) -> tuple[ProviderRow, ...]:
        """Return every provider's row, sorted by id."""
        return tuple(row for _, row in sorted(self._tables.providers.items()))

    def model(self, model_id: str) -> ModelRow | None:
        """Return the row of a canonical id."""
        return self._tables.models.get(model_id)

    def provider(self, provider_id: str) -> ProviderRow | None:
        """Return the row of a canonical id."""
        return self._tables.providers.get(provider_id)

    def developer(self, developer_id: str) -> DeveloperRow | None:
        """Return the row of an id."""
        return self._tables.developers.get(developer_id)

    def license(self, license_id: str) -> LicenseRow | None:
        """Return the row of an id."""
        return self._tables.licenses.get(license_id)

    def license_terms(self, license_id: str) -> LicenseTerms | None:
        """Return the widest reach of a license in the words that rules read: as if the model took more than text."""
        row = self._tables.licenses.get(license_id)
        return None if row is None else terms(row, multimodal=True, union=self._tables.country_sets["EU27"])

    def _card(self, name: TargetName) -> Card:
        provider = self._provider_names.find(name.provider)
        model = self._model_names.find(name.model, provider.id)
        if model.id is None and not model.several:
            return unidentified(name, "model_unknown")
        if provider.id is None and not provider.several:
            return unidentified(name, "provider_unknown")
        if model.id is None or provider.id is None:
            return unidentified(name, "ambiguous")
        return self._writer.write(name, self._tables.models[model.id], self._tables.providers[provider.id])

    def _knows_provider(self, name: str) -> bool:
        match = self._provider_names.find(name)
        return match.id is not None or match.several


def _split(text: str, divisions: int) -> TargetName | None:
    parts = text.rsplit(_AT, divisions)
    return TargetName(*parts) if len(parts) == divisions + 1 and all(parts) else None
