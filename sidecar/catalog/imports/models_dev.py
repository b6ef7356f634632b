"""Reads models.dev: ``api.json`` (what providers serve), ``models.json`` (models alone), ``catalog.json`` (both)."""

from collections.abc import Mapping

from sidecar.catalog.imports.foreign import Foreign
from sidecar.catalog.imports.interface import Entry, Harvest, Host
from sidecar.catalog.reading import Value


def read_models_dev(document: Foreign) -> Harvest:
    """Return what a document of models.dev says."""
    both = document.get("providers"), document.get("models")
    if all(isinstance(part.value, dict) for part in both):
        return _all(both[0]) + _all(both[1])
    return _all(document)


def _all(document: Foreign) -> Harvest:
    harvest = Harvest()
    for key, item in document.items():
        harvest += Harvest(entries=(_model(key, item),)) if item.get("models").missing else _provider(key, item)
    return harvest


def _provider(key: str, provider: Foreign) -> Harvest:
    name = provider.get("id").text() or key
    entries = [_model(model, item, name) for model, item in provider.get("models").items()]
    host = Host(name=name, title=provider.get("name").text() or name)
    return Harvest(entries=tuple(entries), hosts=(host,))


def _model(key: str, model: Foreign, provider: str = "") -> Entry:
    if not isinstance(model.value, dict):
        model.wrong("must be a map")
    else:
        model.get("name").text(needed=True)  # all have one, so that another list is not taken for this one
    name = model.get("id").text() or key
    full = f"{provider}/{name}" if provider else name
    return Entry(
        where=full,
        names=(name,),
        provider=provider,
        aliases=(("models_dev", full),),
        price=model.get("cost").price("input", "output"),
        context=model.get("limit").get("context").whole(),
        claims=_claims(model),
    )


def _claims(model: Foreign) -> Mapping[str, Value]:
    claims = {"open_weights": model.get("open_weights").switch(), "tool_calling": model.get("tool_call").switch()}
    return {field: claim for field, claim in claims.items() if claim is not None}
