"""Where a request could go instead: which candidates fit, and which of them come first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sidecar.types.content import Needs
from sidecar.types.decisions import Rejected
from sidecar.types.targets import Card, TargetName
from sidecar.types.tenants import Tenant

TEXT = "text"
EMBEDDING = "embedding"


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Cards in the order they are to be preferred, the misfits, and by which words each was named."""

    cards: tuple[Card, ...]
    misfits: tuple[Rejected, ...]
    names: Mapping[str, TargetName]
    """The text by which the request, the tenants file or the settings named it, by canonical id."""


def shortlist(
    named: Iterable[tuple[TargetName, Card]], requested: Card, needs: Needs, hosted_tools: Sequence[str], tenant: Tenant
) -> Shortlist:
    """Drop the requested target and what stands twice, set the misfits aside, and rank the rest as the tenant wants."""
    names: dict[str, TargetName] = {}
    fitting: list[Card] = []
    misfits: list[Rejected] = []
    for name, card in named:
        if card.id == requested.id or card.id in names:
            continue
        names[card.id] = name
        codes = misfit(card, requested, needs, hosted_tools)
        if codes:
            misfits.append(Rejected(card.id, codes))
        else:
            fitting.append(card)
    return Shortlist(tuple(_ranked(fitting, tenant)), tuple(misfits), names)


def misfit(card: Card, requested: Card, needs: Needs, hosted_tools: Sequence[str]) -> tuple[str, ...]:
    """Return why a candidate cannot take the body, sorted; what is not known of it fits text without tools only."""
    if not card.identified:
        return ()  # policy says what is wrong with it
    plain = not needs.tools and set(needs.modalities) <= {TEXT} and not hosted_tools
    codes = set()
    if card.context is None:
        if not plain:
            codes.add("fit.context")
    elif card.context < needs.context:
        codes.add("fit.context")
    if needs.tools and card.tools is not True:
        codes.add("fit.tools")
    if hosted_tools and card.provider != requested.provider:
        codes.add("fit.tools")  # no source says who else runs the same tool
    if not (set(needs.modalities) - {TEXT, EMBEDDING}) <= set(card.modalities) or not _gives(card, needs):
        codes.add("fit.modality")
    if needs.state:
        codes.add("fit.state")
    return tuple(sorted(codes))


def _gives(card: Card, needs: Needs) -> bool:
    """Tell whether the target gives what is asked for: text, which all of unknown kind do, or vectors."""
    if EMBEDDING in needs.modalities:
        return EMBEDDING in card.outputs
    return not card.outputs or TEXT in card.outputs


def _ranked(cards: Sequence[Card], tenant: Tenant) -> list[Card]:
    """Sort stably: ties keep the listed order."""
    match tenant.rank_by:
        case "price":
            return sorted(cards, key=lambda card: (card.price is None, card.price.blended if card.price else 0.0))
        case "context":
            return sorted(cards, key=lambda card: (card.context is None, -(card.context or 0)))
        case "listed":
            return list(cards)
