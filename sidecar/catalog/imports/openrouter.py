"""Reads OpenRouter's answers: ``/models``, ``/models/{id}/endpoints``, and its tables of providers."""

from collections.abc import Mapping

from sidecar.catalog.imports.foreign import Foreign
from sidecar.catalog.imports.interface import AliasList, Entry, Harvest, Host
from sidecar.catalog.reading import Value
from sidecar.types.countries import ISO_COUNTRIES

_ITSELF = "openrouter"
_PER_TOKEN = 1_000_000
_VARIANT = ":"  # of an id such as model:free: other hosts, limits and terms under the same weights
_MOVING = "~"  # of an id such as ~vendor/name-latest


def read_openrouter(document: Foreign) -> Harvest:
    """Return what an answer of OpenRouter says, whichever of them it is."""
    content = document.get("data")
    if isinstance(content.value, dict):
        return Harvest(entries=tuple(_endpoints(content)))
    harvest = Harvest()
    for item in content.each():
        harvest += _provider(item) if item.get("id").missing and not item.get("slug").missing else _model(item)
    return harvest


def _model(model: Foreign) -> Harvest:
    name, slug = model.get("id").text(needed=True), model.get("canonical_slug").text()
    if not name or _VARIANT in name or name.startswith(_MOVING):
        return Harvest()
    names = tuple(dict.fromkeys(filter(None, (name, slug))))
    learned: tuple[tuple[AliasList, str], ...] = tuple(("openrouter", item) for item in names)
    tools = "tools" in model.get("supported_parameters").words()
    entry = Entry(
        where=name,
        names=names,
        provider=_ITSELF,
        aliases=learned,
        price=model.get("pricing").price("prompt", "completion", scale=_PER_TOKEN),
        context=model.get("context_length").whole(),
        claims={"tool_calling": True} if tools else {},
        weights=model.get("hugging_face_id").text(),
    )
    return Harvest(entries=(entry,))


def _endpoints(content: Foreign) -> list[Entry]:
    name = content.get("id").text(needed=True)
    entries = []
    for endpoint in content.get("endpoints").each():
        tag = endpoint.get("tag").text(needed=True)
        if not name or not tag or _VARIANT in name:
            continue
        entries.append(
            Entry(
                where=f"{name} {tag}",
                names=(name,),
                provider=tag.partition("/")[0],  # what follows is the variant that runs there
                price=endpoint.get("pricing").price("prompt", "completion", scale=_PER_TOKEN),
                context=endpoint.get("context_length").whole(),
            )
        )
    return entries


def _provider(provider: Foreign) -> Harvest:
    slug = provider.get("slug").text(needed=True)
    title = provider.get("name").text() or provider.get("displayName").text() or slug
    return Harvest(hosts=(Host(name=slug, title=title, claims=_claims(provider)),) if slug else ())


def _claims(provider: Foreign) -> Mapping[str, Value]:
    claims: dict[str, Value] = {}
    headquarters = provider.get("headquarters").text().upper()
    if headquarters in ISO_COUNTRIES:
        claims["hq_country"] = headquarters
    places = tuple(sorted({place.upper() for place in provider.get("datacenters").words()}))
    if places and set(places) <= ISO_COUNTRIES:
        claims["processing_regions"] = places
    policy = provider.get("dataPolicy")
    training = policy.get("training").switch()
    if training is not None:
        claims["trains_on_inputs"] = "yes" if training else "no"
    kept, days = policy.get("retainsPrompts").switch(), policy.get("retentionDays").whole()
    if kept is not None:
        claims["retention_days"] = (days or "unknown") if kept else 0
    return claims
