"""Reads LiteLLM's ``model_prices_and_context_window.json``: a map from its name for a model to what it costs there."""

import re
from collections.abc import Mapping
from decimal import Decimal

from sidecar.catalog.imports.foreign import Foreign
from sidecar.catalog.imports.interface import Entry, Harvest
from sidecar.catalog.reading import Value

_SAMPLE = "sample_spec"  # explains the fields
_MODES = {"chat", "completion", "responses", "embedding", "rerank"}
_ONE_WAY = {"embedding", "rerank"}  # nothing comes out that would cost
_PER_TOKEN = 1_000_000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_litellm(document: Foreign) -> Harvest:
    """Return what the map says of models that take text."""
    entries = [_entry(key, item) for key, item in document.items() if key != _SAMPLE]
    return Harvest(entries=tuple(entry for entry in entries if entry is not None))


def _entry(key: str, item: Foreign) -> Entry | None:
    if not isinstance(item.value, dict):
        item.wrong("must be a map")
        return None
    provider, mode = item.get("litellm_provider").text(needed=True), item.get("mode").text()
    if not provider or mode not in _MODES:
        return None
    context = item.get("max_input_tokens").whole()
    return Entry(
        where=key,
        names=tuple(dict.fromkeys((key, key.removeprefix(f"{provider}/")))),
        provider=provider,
        aliases=(("litellm", key),),
        price=_price(item, mode),
        context=context if context is not None else item.get("max_tokens").whole(),
        claims=_claims(item),
    )


def _price(item: Foreign, mode: str) -> tuple[Decimal, Decimal] | None:
    if mode in _ONE_WAY and item.get("output_cost_per_token").missing:
        incoming = item.get("input_cost_per_token").number()
        return (incoming * _PER_TOKEN, Decimal(0)) if incoming else None
    return item.price("input_cost_per_token", "output_cost_per_token", scale=_PER_TOKEN)


def _claims(item: Foreign) -> Mapping[str, Value]:
    claims: dict[str, Value] = {}
    tools, until = item.get("supports_function_calling").switch(), item.get("deprecation_date").text()
    if tools is not None:
        claims["tool_calling"] = tools
    if _DAY.fullmatch(until):
        claims["deprecation_dates"] = (until,)
    return claims
