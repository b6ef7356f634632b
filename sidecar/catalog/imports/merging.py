"""Decides what changes by itself: prices, hosts, names and contexts, as rows of an overlay."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sidecar.catalog.additions import CONTEXTS, HOSTS, NAMES, PRICES, Fields
from sidecar.catalog.imports.matching import Matched, Matches, Names, learned
from sidecar.catalog.reading import Value
from sidecar.catalog.tables import Tables
from sidecar.catalog.target_rows import ModelRow, PriceRow
from sidecar.catalog.writing import section
from sidecar.types.targets import SELF_HOSTED

_HEADER = """\
# Written by `sidecar catalog import`, and written anew by each: rows of your own belong in another file.
# Nobody looked at these: prices, hosts, names and contexts as other lists have them.
"""
_IN_SHARE = 3  # three parts input to one part output, as candidates are ranked
Key = tuple[str, ...]
_Offer = tuple[Decimal, str, tuple[Decimal, Decimal]]
"""Blended price, where it stands, and the price."""


@dataclass(slots=True)
class Additions:
    """Rows by section, and in each by what they are about."""

    rows: dict[str, dict[Key, Fields]] = field(
        default_factory=lambda: {section: {} for section in (PRICES, HOSTS, NAMES, CONTEXTS)}
    )

    def text(self) -> str:
        """Return the overlay's file, always in the same order; nothing where there is no row."""
        parts = [section(name, (rows[key] for key in sorted(rows))) for name, rows in self.rows.items() if rows]
        return "\n".join((_HEADER.rstrip("\n"), *parts)) if parts else ""


class Merging:
    """Lays what a list says over the catalog, with what earlier imports said."""

    def __init__(self, *, shipped: Tables, base: Tables, names: Names, source: str, day: str) -> None:
        self._shipped = shipped
        self._base = base
        self._names = names
        self._source = source
        self._day = day

    def merge(self, before: Additions, matches: Matches) -> Additions:
        """Return what stays of earlier imports and what comes new. Doubts are added to the matches'."""
        after = Additions()
        self._keep(before, after)
        self._prices(after, matches.matched)
        for match in matches.matched:
            if match.provider:
                self._host(after, match, matches.doubts)
        self._teach(after, matches)
        self._contexts(after, matches.matched)
        return after

    def _keep(self, before: Additions, after: Additions) -> None:
        """Take over what is still an addition: the catalog, or the operator, may have said it since."""
        for key, row in before.rows[PRICES].items():
            known = _price(self._base, *key)
            overtaken = known is not None and known.as_of > str(row["as_of"])
            there = key[0] in self._base.models and key[1] in self._base.providers
            if there and not overtaken and not self._own_price(*key):
                after.rows[PRICES][key] = row
        for key, row in before.rows[HOSTS].items():
            if key[1] in self._base.providers and key[1] not in self._hosts(key[0], key[1]):
                after.rows[HOSTS][key] = row
        for key, row in before.rows[NAMES].items():
            if str(row["model"]) in self._base.models and self._names.free(key[1], str(row["model"])):
                after.rows[NAMES][key] = row
        for key, row in before.rows[CONTEXTS].items():
            if key[0] in self._base.models and self._base.models[key[0]].context_window is None:
                after.rows[CONTEXTS][key] = row

    def _prices(self, after: Additions, matched: list[Matched]) -> None:
        """Where a list has several prices for one pair, tiers perhaps, the dearest is taken."""
        best: dict[tuple[str, str], _Offer] = {}
        for match in matched:
            if match.entry.price is not None and match.provider:
                incoming, outgoing = match.entry.price
                offer = (_IN_SHARE * incoming + outgoing, match.entry.where, match.entry.price)
                key = (match.model, match.provider)
                best[key] = max(best.get(key, offer), offer)
        for key, (_, where, price) in best.items():
            numbers = float(price[0]), float(price[1])
            if self._own_price(*key) or not self._newer(after.rows[PRICES].get(key), _price(self._base, *key), numbers):
                continue
            after.rows[PRICES][key] = {
                "model": key[0],
                "provider": key[1],
                "input": numbers[0],
                "output": numbers[1],
                **self._told(where),
                "verified": False,
            }

    def _newer(self, imported: Fields | None, known: PriceRow | None, numbers: tuple[float, float]) -> bool:
        """Whether a price is another than the one that counts so far, and not older."""
        if imported is not None:
            return (imported["input"], imported["output"]) != numbers and str(imported["as_of"]) <= self._day
        return known is None or ((known.input, known.output) != numbers and known.as_of <= self._day)

    def _host(self, after: Additions, match: Matched, doubts: set[str]) -> None:
        key = (match.model, match.provider)
        if key in after.rows[HOSTS] or match.provider in self._hosts(*key):
            return
        if self._licensor(match):
            doubts.add(
                f"model {match.model}: at its licensor {match.provider} a contract may hold; add the host by hand"
            )
            return
        after.rows[HOSTS][key] = {"model": key[0], "provider": key[1], **self._told(match.entry.where)}

    def _licensor(self, match: Matched) -> bool:
        model = self._base.models[match.model]
        return model.open_weights and self._base.providers[match.provider].developer == model.developer

    def _teach(self, after: Additions, matches: Matches) -> None:
        meant: Mapping[Key, set[str]] = defaultdict(set)
        where: dict[Key, str] = {}
        lists: Mapping[str, set[str]] = defaultdict(set)
        for alias_list, name, match in learned(matches.matched):
            if (found := self._names.model(name)).id == match.model:
                continue
            if found.several or found.id is not None or not self._names.free(name, match.model):
                matches.doubts.add(f"name {name}: means something else in the catalog")
                continue
            meant[alias_list, name].add(match.model)
            lists[name.casefold()].add(match.model)
            where[alias_list, name] = min(match.entry.where, where.get((alias_list, name), match.entry.where))
        for row in after.rows[NAMES].values():
            lists[str(row["name"]).casefold()].add(str(row["model"]))
        for key, models in meant.items():
            if len(lists[key[1].casefold()]) > 1:
                matches.doubts.add(f"name {key[1]}: would mean several models")
            elif key not in after.rows[NAMES]:
                after.rows[NAMES][key] = {
                    "model": next(iter(models)),
                    "list": key[0],
                    "name": key[1],
                    **self._told(where[key]),
                }

    def _contexts(self, after: Additions, matched: list[Matched]) -> None:
        """Hosts serve a model with less than it can take: the smallest is taken, and only where none is known."""
        least: dict[str, tuple[int, str]] = {}
        for match in matched:
            if match.entry.context is not None and self._base.models[match.model].context_window is None:
                offer = (match.entry.context, match.entry.where)
                least[match.model] = min(least.get(match.model, offer), offer)
        for model, (tokens, where) in least.items():
            before = after.rows[CONTEXTS].get((model,))
            if before is None or (before["context_window"] != tokens and str(before["as_of"]) <= self._day):
                after.rows[CONTEXTS][model,] = {"model": model, "context_window": tokens, **self._told(where)}

    def _hosts(self, model: str, provider: str) -> frozenset[str]:
        row = self._base.models.get(model)
        return frozenset({provider}) if row is None or provider == SELF_HOSTED else frozenset(row.served_by)

    def _own_price(self, model: str, provider: str) -> bool:
        """Whether the operator's own overlay states it: that is no list's to change."""
        own = _price(self._base, model, provider)
        return own is not None and own.verified and own != _price(self._shipped, model, provider)

    def _told(self, where: str) -> Mapping[str, Value]:
        return {"source": f"{self._source} {where}", "as_of": self._day}


def _price(tables: Tables, model: str, provider: str) -> PriceRow | None:
    row: ModelRow | None = tables.models.get(model)
    return next((price for price in row.prices if price.provider == provider), None) if row is not None else None


def changes(before: Additions, after: Additions) -> Iterator[tuple[str, int]]:
    """Go through the sections with how many of their rows are new or changed."""
    for name, rows in after.rows.items():
        yield name, sum(before.rows[name].get(key) != row for key, row in rows.items())
