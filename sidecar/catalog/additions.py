"""Lays one fact about a model on its row: a price, a host, a name, a context. Only overlays hold such sections.

To add one item to a row's list, all of it would have to be repeated, and would go stale with the next shipped catalog.
These rows add to whatever is there, and each carries its own source and day.
"""

from collections.abc import Callable, Mapping

from sidecar.catalog.reading import Value

Fields = Mapping[str, Value]

PRICES, HOSTS, NAMES, CONTEXTS = "prices", "hosts", "names", "contexts"
KEYS = {PRICES: ("provider",), HOSTS: ("provider",), NAMES: ("list", "name"), CONTEXTS: ()}
"""What tells two rows about one model apart, by section."""


def laid(section: str, row: Fields, fields: Fields) -> Fields:
    """Return a model's fields with the addition on them. What is wrong with it shows when the row is validated."""
    rest = {key: value for key, value in row.items() if key != "model"}
    return {**fields, **_LAYING[section](rest, fields)}


def stated(section: str, row: Fields) -> str:
    """Return what a row is about, to find two about the same."""
    return " ".join(str(row.get(key)) for key in ("model", *KEYS[section]))


def _price(rest: Fields, fields: Fields) -> Fields:
    others = [
        price
        for price in _list(fields, "prices")
        if isinstance(price, dict) and price.get("provider") != rest.get("provider")
    ]
    return {"prices": (*others, dict(rest))}


def _host(rest: Fields, fields: Fields) -> Fields:
    return {**_more(fields, "served_by", rest.get("provider")), **_told(rest, fields, "served_by", "provider")}


def _name(rest: Fields, fields: Fields) -> Fields:
    aliases = fields.get("aliases", {})
    known = aliases if isinstance(aliases, dict) else {}
    named = _more(known, str(rest.get("list")), rest.get("name"))
    others = {key: value for key, value in rest.items() if key != "list"}
    return {"aliases": {**known, **named}, **_told(others, fields, "aliases", "name")}


def _context(rest: Fields, fields: Fields) -> Fields:
    context = rest.get("context_window")
    others = {**{key: value for key, value in rest.items() if key != "context_window"}, "tokens": str(context)}
    return {"context_window": context, **_told(others, fields, "context_window", "tokens")}


_LAYING: Mapping[str, Callable[[Fields, Fields], Fields]] = {
    PRICES: _price,
    HOSTS: _host,
    NAMES: _name,
    CONTEXTS: _context,
}


def _list(fields: Fields, key: str) -> tuple[Value, ...]:
    known = fields.get(key, ())
    return known if isinstance(known, tuple) else ()


def _more(fields: Fields, key: str, item: Value) -> Fields:
    known = _list(fields, key)
    return {key: known if item in known else (*known, item)}


def _told(rest: Fields, fields: Fields, field: str, value: str) -> Fields:
    """Return the note that says where an addition comes from; a key that does not belong stays in it, to be refused."""
    others = {key: item for key, item in rest.items() if key != value}
    note: dict[str, Value] = {"field": field, "value": rest.get(value), **others}
    return {"imported": (*_list(fields, "imported"), note)}
