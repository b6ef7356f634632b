"""Pins a target to places: what a region in a target's name means at its provider."""

from dataclasses import dataclass

from sidecar.catalog.target_rows import ProviderRow
from sidecar.types.targets import TENANT_PLACE, UNKNOWN_PLACE, TargetName

_PROFILE_END = "."  # of a Bedrock inference profile, the first part of a model id there


@dataclass(frozen=True, slots=True)
class Pinned:
    """The region as it pins (empty: nothing is pinned), and every place that may process."""

    region: str
    places: tuple[str, ...]
    ignored: bool
    by_own_name: bool = False
    """The provider's own name did it, so that its list of all regions does not matter."""


def pin(provider: ProviderRow, name: TargetName) -> Pinned:
    """Return where inference may run: the provider's own name of a region, or a code among its processing regions.

    Anything else pins nothing, and then all of its regions count. A region inside the model's name at that provider,
    such as ``global.`` of a Bedrock profile, is what the provider follows: the one beside it says where it is called.
    """
    inside = _inside(provider, name.model)
    if inside and (not name.region or name.region == inside or _reaches_further(provider, inside)):
        return Pinned(inside, provider.region(inside), ignored=False, by_own_name=True)
    if inside:
        return Pinned("", provider.processing_regions, ignored=True)  # two regions that contradict each other
    return _beside(provider, name.region)


def _beside(provider: ProviderRow, region: str) -> Pinned:
    everywhere = provider.processing_regions
    if not region:
        return Pinned("", everywhere, ignored=False)
    if region in provider.regions:
        return Pinned(region, provider.region(region), ignored=False, by_own_name=True)
    if region in everywhere and region not in {UNKNOWN_PLACE, TENANT_PLACE}:
        return Pinned(region, (region,), ignored=False)  # exactly: a provider's ``eu`` may reach further than ``EU``
    folded = [own for own in provider.regions if own.casefold() == region.casefold()]
    if len(folded) == 1:
        return Pinned(folded[0], provider.region(folded[0]), ignored=False, by_own_name=True)
    return Pinned("", everywhere, ignored=True)


def _inside(provider: ProviderRow, model: str) -> str:
    for prefix in provider.aliases.litellm:
        model = model.removeprefix(f"{prefix}/")
    first, slash, _ = model.partition("/")
    if slash and first in provider.regions:
        return first
    profile, dot, _ = model.partition(_PROFILE_END)
    return profile + dot if profile + dot in provider.regions and dot else ""


def _reaches_further(provider: ProviderRow, inside: str) -> bool:
    return inside.endswith(_PROFILE_END) or UNKNOWN_PLACE in provider.region(inside)
