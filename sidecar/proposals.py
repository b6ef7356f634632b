"""What could be changed about a question so that it passes: a change of facts, and words for whoever would make it.

A proposal promises nothing. Whether it helps, policy is asked.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, cast

from sidecar import facts
from sidecar.candidates import shortlist
from sidecar.catalog.interface import Catalog
from sidecar.recalling import Recalled
from sidecar.types.content import Needs
from sidecar.types.json import Document, Json
from sidecar.types.targets import SELF_HOSTED, TargetName

Kind = Literal["redact", "leave_out", "target", "mechanism", "acceptance", "state", "tenant", "catalog"]
_WEIGHTS: dict[Kind, int] = {
    "redact": 1,
    "leave_out": 2,
    "target": 2,
    "mechanism": 3,
    "acceptance": 3,
    "state": 4,
    "tenant": 5,
    "catalog": 6,
}
TARGETS = 40  # other targets that are asked about
A_YEAR = timedelta(days=365)  # of a record that needs a last day


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A change of the facts."""

    kind: Kind
    words: tuple[str, ...]
    apply: Callable[[Document], Document]

    @property
    def weight(self) -> int:
        """What it asks of people, roughly; less comes first."""
        return _WEIGHTS[self.kind]


def together(*parts: Proposal) -> Proposal:
    """Return several changes as one."""

    def apply(question: Document) -> Document:
        for part in parts:
            question = part.apply(question)
        return question

    return parts[0] if len(parts) == 1 else Proposal(parts[0].kind, tuple(w for p in parts for w in p.words), apply)


def proposals(question: Document, regimes: Mapping[str, Document], bases: frozenset[str]) -> Iterator[Proposal]:
    """Yield what could be changed while the target stays; ``bases`` are what the reasons against it rest on."""
    tenant, target, content = (cast("dict[str, Any]", question[part]) for part in ("tenant", "target", "content"))
    for name in content["classes"]:
        if name not in content["fixed"]:
            yield Proposal("redact", (f"redact {name}",), _without_class(name))
    if content["uninspected"]:
        told = "leave out what cannot be inspected"
        yield Proposal("leave_out", (told,), _with("content", uninspected=[], complete=True))
    for name in target["license"]:
        if name not in tenant["accepted_licenses"]:
            accepted = sorted([*tenant["accepted_licenses"], name])
            yield Proposal(
                "acceptance", (f"accept {name} (accepted_licenses)",), _with("tenant", accepted_licenses=accepted)
            )
    yield from _mechanisms(question, regimes, bases)
    yield from _statements(tenant, question)
    yield from _own_limits(tenant, target)
    yield from _terms(target)


def alternatives(asked: Recalled, catalog: Catalog) -> Iterator[Proposal]:
    """Yield other targets: the candidates, then the same model elsewhere, also pinned to a region or at home."""
    seen = {asked.requested.id}
    model = asked.requested.model
    names = [
        *(TargetName(card.model, card.provider, card.region) for card in asked.alternatives.cards),
        *(TargetName(model, asked.requested.provider, region) for region in asked.requested.serving.regions),
        *(name for name in catalog.listed() if name.model == model),
        TargetName(model, SELF_HOSTED),
    ]
    for name in names:
        card = catalog.card(name)
        if card.id in seen or not card.identified or len(seen) > TARGETS:
            continue
        seen.add(card.id)
        document = facts.target_document(card, asked.tenant, asked.half.date)
        yield Proposal("target", (f"send it to {card.id}",), _set("target", document))


def other_models(asked: Recalled, catalog: Catalog) -> Iterator[Proposal]:
    """Yield other models that fit the request, in the order in which this tenant would have them."""
    request = cast("dict[str, Any]", asked.half.request)
    needs = Needs(**{**request["needs"], "modalities": tuple(request["needs"]["modalities"])})
    listed = ((name, catalog.card(name)) for name in catalog.listed())
    for card in shortlist(listed, asked.requested, needs, request["hosted_tools"], asked.tenant).cards[:TARGETS]:
        document = facts.target_document(card, asked.tenant, asked.half.date)
        yield Proposal("target", (f"send it to {card.id}",), _set("target", document))


def _mechanisms(question: Document, regimes: Mapping[str, Document], bases: frozenset[str]) -> Iterator[Proposal]:
    """Yield records that a tenant could make of a transfer, one for each way that a regime knows."""
    target = cast("dict[str, Any]", question["target"])
    places = sorted({*target["serving"]["regions"], target["serving"]["parent_jurisdiction"]} - {"ZZ"})
    day = (date.fromisoformat(str(question["date"])) + A_YEAR).isoformat()
    for regime, rows in regimes.items():
        mechanisms = cast("Mapping[str, Mapping[str, Any]]", rows.get("mechanisms", {}))
        for name, row in mechanisms.items() if regime in bases else ():
            if row["automatic"] or not row["routine"]:
                continue
            record: Document = {
                "regime": regime,
                "mechanism": name,
                "providers": [target["provider"]],
                "countries": places,
                "expires": day if row["needs_expiry"] else None,
            }
            words = f"record {name} for {regime}, {target['provider']}, {', '.join(places)}: {row['name']}"
            purpose = next(iter(row["purposes"]), "")
            if purpose:
                words += f"; and send purpose={purpose}"
            yield Proposal("mechanism", (words,), _recorded(record, purpose))


def _statements(tenant: Mapping[str, Any], question: Document) -> Iterator[Proposal]:
    """Yield figures that nobody stated: unknown counts as too much."""
    for name in ("monthly_active_users", "monthly_revenue_usd"):
        if tenant[name] is None:
            yield Proposal(
                "state", (f"state the tenant's {name}, if it is small enough",), _with("tenant", **{name: 0})
            )
    operator = cast("dict[str, Any]", question["operator"])
    if operator["monthly_revenue_usd"] is None:
        told = "state operator.monthly_revenue_usd, if it is small enough"
        yield Proposal("state", (told,), _with("operator", monthly_revenue_usd=0))


def _own_limits(tenant: Mapping[str, Any], target: Mapping[str, Any]) -> Iterator[Proposal]:
    """Yield what the tenant has asked for itself, and could take back."""
    for country, stance in tenant["origins"].items():
        if stance != "allow":
            allowed = {**tenant["origins"], country: "allow"}
            yield Proposal("tenant", (f"allow the origin {country} (origins)",), _with("tenant", origins=allowed))
    if tenant["residency"]:
        wider = sorted({*tenant["residency"], *target["serving"]["regions"]})
        added = sorted(set(wider) - set(tenant["residency"]))
        yield Proposal("tenant", (f"allow {', '.join(added)} (residency)",), _with("tenant", residency=wider))
    if tenant["max_retention_days"] is not None:
        yield Proposal("tenant", ("take back max_retention_days",), _with("tenant", max_retention_days=None))
    if tenant["strict"]:
        yield Proposal("tenant", ("take back strict",), _with("tenant", strict=False))


def _terms(target: Mapping[str, Any]) -> Iterator[Proposal]:
    """Yield what could be agreed with the provider, or read anew, and entered in the catalog's overlay."""
    serving = target["serving"]
    if serving["trains_on_inputs"] != "no":
        told = (
            f"agree with {target['provider']} that it does not train on inputs, and enter that in the catalog's overlay"
        )
        yield Proposal("catalog", (told,), _with("target", serving={**serving, "trains_on_inputs": "no"}))
    if serving["retention_days"] != 0:
        told = f"agree with {target['provider']} that it keeps nothing, and enter that in the catalog's overlay"
        yield Proposal("catalog", (told,), _with("target", serving={**serving, "retention_days": 0}))
    if target["age_days"]:
        told = "read the sources of the target's card again, and enter the day in the catalog's overlay"
        yield Proposal("catalog", (told,), _with("target", age_days=0))


def _set(part: str, value: Json) -> Callable[[Document], Document]:
    return lambda question: {**question, part: value}


def _with(part: str, **fields: Json) -> Callable[[Document], Document]:
    return lambda question: {**question, part: {**cast("Document", question[part]), **fields}}


def _without_class(name: str) -> Callable[[Document], Document]:
    def apply(question: Document) -> Document:
        content = cast("dict[str, Any]", question["content"])
        found = {key: value for key, value in content["found"].items() if key != name}
        left = [one for one in content["classes"] if one != name]
        return {**question, "content": {**content, "classes": left, "found": found}}

    return apply


def _recorded(record: Document, purpose: str) -> Callable[[Document], Document]:
    def apply(question: Document) -> Document:
        tenant = cast("dict[str, Any]", question["tenant"])
        changed = {**question, "tenant": {**tenant, "transfer_mechanisms": [*tenant["transfer_mechanisms"], record]}}
        if not purpose:
            return changed
        request = cast("dict[str, Any]", question["request"])
        return {**changed, "request": {**request, "attributes": {**request["attributes"], "purpose": purpose}}}

    return apply
