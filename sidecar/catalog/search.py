"""Finds rows by any word of theirs: a name on anybody's list, a country, a law."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sidecar.catalog.tables import Tables


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that all words fit."""

    kind: str
    id: str
    name: str
    by: str
    """What of the row fits best."""


def search(tables: Tables, words: Sequence[str]) -> list[Hit]:
    """Return the rows in which every word stands, the nearest first: a name, the begin of one, a part of one."""
    wanted = [word.casefold() for word in words if word.strip()]
    if not wanted:
        return []
    found = []
    for kind, key, name, texts in _rows(tables):
        told = [text for text in dict.fromkeys(texts) if text]
        together = "\n".join(told).casefold()
        if all(word in together for word in wanted):
            rank, by = min((_rank(text, wanted), position) for position, text in enumerate(told))
            found.append((rank, kind, key, Hit(kind, key, name, told[by])))
    return [hit for *_, hit in sorted(found, key=lambda one: one[:3])]


def _rank(text: str, wanted: Sequence[str]) -> tuple[int, int]:
    folded, phrase = text.casefold(), " ".join(wanted)
    nearness = 0 if folded == phrase else 1 if folded.startswith(phrase) else 2
    return (-sum(word in folded for word in wanted), nearness)


def _rows(tables: Tables) -> Iterator[tuple[str, str, str, Iterable[str]]]:
    for model in tables.models.values():
        developer = tables.developers[model.developer]
        texts = (model.id, model.name, *model.aliases.all(), model.family, developer.name, *developer.aliases)
        licenses = (model.license, *model.license_also)
        yield (
            "model",
            model.id,
            model.name,
            (*texts, *licenses, *(f"origin {place}" for place in model.origin_countries)),
        )
    for provider in tables.providers.values():
        texts = (provider.id, provider.name, *provider.aliases.all(), *provider.api_hosts, provider.legal_entity or "")
        places = (
            f"parent {provider.parent_jurisdiction}",
            *(f"region {place}" for place in provider.processing_regions),
        )
        yield "provider", provider.id, provider.name, (*texts, *provider.regions, provider.kind, *places)
    for row in tables.licenses.values():
        yield "license", row.id, row.name, (row.id, row.name, row.licensor, row.license_class)
    for regime in tables.regimes.values():
        yield (
            "regime",
            regime.id,
            regime.name,
            (regime.id, regime.name, regime.jurisdiction, *regime.clauses, regime.transfer_rule.summary),
        )
