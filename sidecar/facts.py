"""Builds the one document that policy sees: the request half and the snapshot in, facts out; pure.

The shape is described in ``docs/design/facts.md`` and, for machines, in ``policies/schemas``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Literal, cast

from sidecar.config import Operator
from sidecar.types.content import Complete, Direction, Finding, Format, Inspection, Needs, Uninspected
from sidecar.types.json import Document, Settled
from sidecar.types.targets import SELF_HOSTED, TENANT_PLACE, Card, HostingClause, LicenseTerms, Serving, Unidentified
from sidecar.types.tenants import Tenant

SCHEMA = "sidecar.facts/v1"
PERSON_NAME = "person_name"
BARE_NAME = "person_name_bare"
PSEUDONYMIZED = "pseudonymized"

# Classes that say nothing of a person, so that a name beside them stays as bare as it was.
_IMPERSONAL = frozenset({PERSON_NAME, "credential", "export_controlled", "important_data_cn", "gov_data", "anonymous"})

Phase = Literal["request", "residual"]
KEEP = 4096  # documents of tenants and of targets; a few kilobytes each


@dataclass(frozen=True, slots=True)
class RequestHalf:
    """All that policy sees of one request, apart from what the snapshot knows. Holds no text."""

    direction: Direction
    date: date
    request: Document
    caller: Document
    content: Document
    counters: Mapping[str, str] = field(default_factory=dict)
    """Tiers of thresholds over time, without those below."""

    def document(self) -> Document:
        """Return it as the record keeps it."""
        return {
            "direction": self.direction.value,
            "date": self.date.isoformat(),
            "request": self.request,
            "caller": self.caller,
            "content": self.content,
            "counters": dict(self.counters),
        }


def build(
    half: RequestHalf,
    *,
    phase: Phase,
    tenant: Tenant,
    operator: Operator,
    target: Card,
    candidates: Sequence[Card] = (),
) -> Document:
    """Return the facts."""
    return {
        "schema": SCHEMA,
        "phase": phase,
        **half.document(),
        "tenant": tenant_document(tenant),
        "operator": operator_document(operator),
        "target": target_document(target, tenant, half.date),
        "candidates": [target_document(card, tenant, half.date) for card in candidates],
    }


def operator_document(operator: Operator) -> Document:
    """Return ``operator``, as the record keeps it too."""
    return {
        "country": operator.country or "",
        "monthly_revenue_usd": operator.monthly_revenue_usd,
        "offers_models_to_third_parties": operator.offers_models_to_third_parties,
    }


def request_document(
    *,
    format: Format,  # noqa: A002 - the contract's word
    streaming: bool,
    size: int,
    hosted_tools: Sequence[str],
    needs: Needs,
    attributes: Mapping[str, str],
) -> Document:
    """Return ``request``."""
    return {
        "format": format.value,
        "streaming": streaming,
        "bytes": size,
        "tokens_estimate": needs.context,
        "hosted_tools": sorted(hosted_tools),
        "needs": {
            "context": needs.context,
            "tools": needs.tools,
            "modalities": sorted(needs.modalities),
            "state": needs.state,
        },
        "attributes": dict(sorted(attributes.items())),
    }


def content_document(
    findings: Sequence[Finding],
    inspection: Inspection,
    uninspected: Sequence[Uninspected],
    *,
    extra_classes: Iterable[str] = (),
) -> Document:
    """Return ``content``. ``extra_classes`` are there without a finding: what a redaction leaves behind."""
    found: Document = {}
    for name in sorted({finding.data_class for finding in findings}):
        of_class = [finding for finding in findings if finding.data_class == name]
        entities = Counter(finding.entity for finding in of_class)
        found[name] = {
            "count": len(of_class),
            "entities": dict(sorted(entities.items())),
            "score": round(max(finding.score for finding in of_class), 4),
        }
    return {
        "classes": sorted({*found, *extra_classes}),
        "fixed": sorted({finding.data_class for finding in findings if finding.fixed}),
        "found": found,
        "languages": sorted(inspection.languages),
        "unsupported_languages": sorted(inspection.unsupported_languages),
        "markings": sorted(inspection.markings),
        "uninspected": [{"kind": part.kind, "media_type": part.media_type, "bytes": part.size} for part in uninspected],
        "complete": isinstance(inspection, Complete),
    }


def settle_names(findings: Sequence[Finding], tenant: Tenant, *, among_personal: bool = False) -> tuple[Finding, ...]:
    """Give bare names their class: "Summarize Hamlet" is no transfer of personal data, unless the tenant counts it.

    A name is bare with no title, role or relation around it (the detector says so) and no other personal class in the
    body; ``among_personal`` says that the body as it came had one.
    """
    personal = among_personal or has_personal(findings)
    if personal or tenant.counts_bare_names:
        return tuple(findings)
    return tuple(
        replace(finding, data_class=BARE_NAME) if finding.data_class == PERSON_NAME and finding.bare else finding
        for finding in findings
    )


def has_personal(findings: Sequence[Finding]) -> bool:
    """Whether a class other than names says something of a person."""
    return any(finding.data_class not in _IMPERSONAL for finding in findings)


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A noun that equals nothing but itself: nouns never change, and comparing all of one costs more than this."""

    noun: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.noun is other.noun

    def __hash__(self) -> int:
        return id(self.noun)


def tenant_document(tenant: Tenant) -> Settled:
    """Return ``tenant``, defaults filled in."""
    return _settled_tenant(_Same(tenant))


def target_document(card: Card, tenant: Tenant, today: date) -> Settled:
    """Return ``target`` as this tenant has it: self-hosted is the tenant's own place, and only what it says it runs."""
    return _settled_target(_Same(card), _Same(tenant), today)


@lru_cache(maxsize=KEEP)
def _settled_tenant(tenant: _Same) -> Settled:
    return Settled(_tenant_document(cast("Tenant", tenant.noun)))


@lru_cache(maxsize=KEEP)
def _settled_target(card: _Same, tenant: _Same, today: date) -> Settled:
    return Settled(_target_document(cast("Card", card.noun), cast("Tenant", tenant.noun), today))


def _tenant_document(tenant: Tenant) -> Document:
    return {
        "id": tenant.id,
        "country": tenant.country,
        "subdivisions": list(tenant.subdivisions),
        "sector": tenant.sector,
        "regimes": list(tenant.regimes),
        "commercial": tenant.commercial,
        "monthly_active_users": tenant.monthly_active_users,
        "monthly_revenue_usd": tenant.monthly_revenue_usd,
        "user_countries": list(tenant.user_countries),
        "accepted_licenses": list(tenant.accepted_licenses),
        "transfer_mechanisms": [
            {
                "regime": record.regime,
                "mechanism": record.mechanism,
                "providers": list(record.providers),
                "countries": list(record.countries),
                "expires": record.expires.isoformat() if record.expires else None,
            }
            for record in tenant.transfer_mechanisms
        ],
        "pseudonymized_transfers": list(tenant.pseudonymized_transfers),
        "origins": dict(tenant.origins),
        "residency": list(tenant.residency),
        "self_hosted": None if tenant.self_hosted is None else list(tenant.self_hosted),
        "strict": tenant.strict,
        "max_retention_days": tenant.max_retention_days,
        "prefer": list(tenant.prefer),
        "rank_by": tenant.rank_by,
        "operators": dict(tenant.operators),
        "bare_names": "count" if tenant.counts_bare_names else "ignore",
    }


def _target_document(card: Card, tenant: Tenant, today: date) -> Document:
    unidentified = card.unidentified or _missing_at_home(card, tenant)
    document = dict(_lasting_document(card))
    document["identified"] = unidentified == ""
    document["unidentified"] = unidentified
    document["serving"] = _serving(card.serving, tenant)
    document["age_days"] = max(0, (today - card.retrieved).days) if card.retrieved else None
    return document


def _missing_at_home(card: Card, tenant: Tenant) -> Unidentified:
    at_home = card.provider == SELF_HOSTED
    return (
        "not_self_hosted_by_tenant"
        if at_home and tenant.self_hosted is not None and card.model not in tenant.self_hosted
        else ""
    )


def _serving(serving: Serving, tenant: Tenant) -> Document:
    own = tenant.country
    return {
        **_terms_of_serving(serving),
        "regions": [own if region == TENANT_PLACE else region for region in serving.regions],
        "parent_jurisdiction": own if serving.self_hosted else serving.parent_jurisdiction,
    }


def _terms_of_serving(serving: Serving) -> Document:
    return {
        "parent_jurisdiction": serving.parent_jurisdiction,
        "self_hosted": serving.self_hosted,
        "trains_on_inputs": serving.trains_on_inputs,
        "retention_days": serving.retention_days,
        "zero_data_retention": serving.zero_data_retention,
        "dpf_certified": serving.dpf_certified,
    }


def card_document(card: Card) -> Document:
    """Return all of a card, as a record keeps it: before a tenant or a day has made it a target."""
    serving = card.serving
    return {
        **_lasting_document(card),
        "identified": card.identified,
        "unidentified": card.unidentified,
        "outputs": list(card.outputs),
        "retrieved": card.retrieved.isoformat() if card.retrieved else None,
        "serving": {**_terms_of_serving(serving), "regions": list(serving.regions)},
    }


@lru_cache(maxsize=KEEP)
def _lasting_document(card: Card) -> Document:
    """Return what no tenant and no day changes of a card. Callers copy it before they write."""
    return {
        "id": card.id,
        "model": card.model,
        "provider": card.provider,
        "region": card.region,
        "listed": card.listed,
        "status": card.status,
        "moving_alias": card.moving_alias,
        "stands_for": card.stands_for,
        "region_ignored": card.region_ignored,
        "kind": card.kind,
        "developers": list(card.developers),
        "origin": list(card.origin),
        "open_weights": card.open_weights,
        "licensor_api": card.licensor_api,
        "license": [terms.id for terms in card.licenses],
        "license_facts": [_license(terms) for terms in card.licenses],
        "listings": [
            {
                "developer": listing.developer,
                "list": listing.list,
                "since": listing.since,
                "effect": listing.effect,
                "verified": listing.verified,
            }
            for listing in card.listings
        ],
        "price": {"input": card.price.input, "output": card.price.output} if card.price else None,
        "context": card.context,
        "tools": card.tools,
        "modalities": list(card.modalities),
        "unverified": list(card.unverified),
    }


def _license(terms: LicenseTerms) -> Document:
    territory = terms.territory
    return {
        "id": terms.id,
        "name": terms.name,
        "class": terms.license_class,
        "commercial_use": terms.commercial_use,
        "territory": {
            "excluded": list(territory.excluded),
            "tested_against": list(territory.tested_against),
            "clause": territory.clause,
        }
        if territory
        else None,
        "scale": [
            {
                "measure": limit.measure,
                "limit": limit.limit,
                "compare": limit.compare,
                "effect": limit.effect,
                "text": limit.text,
                "clause": limit.clause,
            }
            for limit in terms.scale
        ],
        "hosting": _hosting(terms.hosting),
        "duties": [
            {"kind": duty.kind, "when": duty.when, "text": duty.text, "clause": duty.clause} for duty in terms.duties
        ],
        "fields_of_use": [{"field": use.field, "text": use.text, "clause": use.clause} for use in terms.fields_of_use],
        "output_training": terms.output_training,
        "verified": terms.verified,
        "unverified": list(terms.unverified),
    }


def _hosting(clause: HostingClause | None) -> Document | None:
    if clause is None:
        return None
    return {
        "floor_usd_year": clause.floor_usd_year,
        "effect": clause.effect,
        "internal_use_exempt": clause.internal_use_exempt,
        "relay_exempt": clause.relay_exempt,
        "text": clause.text,
        "clause": clause.clause,
    }
