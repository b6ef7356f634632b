"""What a record holds is enough to ask again."""

from dataclasses import replace
from datetime import date

import pytest

from sidecar import facts
from sidecar.catalog.load import load_catalog
from sidecar.config import Operator
from sidecar.errors import NotRecalled
from sidecar.recalling import Recollection, card_of
from sidecar.types.json import Document
from sidecar.types.targets import TargetName
from sidecar.types.tenants import Tenant, TransferMechanism

CATALOG = load_catalog()
TENANT = Tenant(
    id="acme",
    country="DE",
    sector="finance",
    regimes=("EU-GDPR",),
    transfer_mechanisms=(TransferMechanism("EU-GDPR", "scc", ("*",), ("US",), date(2027, 6, 30)),),
    origins={"CN": "self_hosted_or_hosted_outside"},
    operators={"contact": "mask"},
    rank_by="listed",
    bare_names="ignore",
)
DAY = date(2026, 11, 24)


def test_every_card_comes_back() -> None:
    """What is written down of a card is all of it, for every target that the catalog lists."""
    cards = [CATALOG.card(name) for name in CATALOG.listed()]
    assert len(cards) > 100
    assert cards == [card_of(facts.card_document(card)) for card in cards]


def record(**changes: object) -> Document:
    """Return the parts of a record that say what was asked."""
    half: Document = {
        "direction": "request",
        "date": DAY.isoformat(),
        "request": {
            "hosted_tools": [],
            "needs": {"context": 10, "tools": False, "modalities": ["text"], "state": False},
            "attributes": {},
        },
        "caller": {"subject": "", "roles": [], "gateway": ""},
        "content": {"classes": []},
    }
    known: Document = {
        "tenant": "acme",
        "requested_target": "deepseek/deepseek-v3.2@nebius",
        "candidates": ["b", "mark:1:5f2a", "a"],
        "operator": {"country": "", "monthly_revenue_usd": 5, "offers_models_to_third_parties": False},
        "request_half": half,
        "digests": {"tenant": "t", "policy": "p", "cards": {"deepseek/deepseek-v3.2@nebius": "r", "a": "a", "b": "b"}},
        "revisions": {"policy": "p", "catalog": "c", "detector": "d", "config": "x"},
    }
    return {**known, **changes}  # type: ignore[dict-item]


REQUESTED = CATALOG.card(TargetName("deepseek-v3.2", "nebius"))
A, B = (CATALOG.card(TargetName(model, "nebius")) for model in ("qwen3-32b", "qwen3-14b"))
DOCUMENTS: dict[str, Document] = {
    "t": dict(facts.tenant_document(TENANT)),
    "r": facts.card_document(REQUESTED),
    "a": facts.card_document(A),
    "b": facts.card_document(B),
}


def recollection(documents: dict[str, Document] | None = None, *, other: bool = False) -> Recollection:
    """Return what rebuilds the records above."""
    return Recollection(
        document=(DOCUMENTS if documents is None else documents).get,
        unknown=CATALOG,
        operator=Operator(),
        catalog=CATALOG if other else None,
    )


def test_what_was_asked() -> None:
    """Tenant, cards in their order, operator and day: the facts are those of the request."""
    told = recollection().recall(record())
    assert (REQUESTED, TENANT, Operator(monthly_revenue_usd=5, offers_models_to_third_parties=False)) == (
        told.requested,
        told.tenant,
        told.operator,
    )
    assert [B.id, "mark:1:5f2a", A.id] == [card.id for card in told.alternatives.cards]
    assert "model_unknown" == told.alternatives.cards[1].unidentified
    assert facts.tenant_document(TENANT) == facts.tenant_document(told.tenant)
    assert facts.target_document(REQUESTED, TENANT, DAY) == facts.target_document(told.requested, told.tenant, DAY)


def test_another_catalog() -> None:
    """Its card takes the place of the recorded one."""
    changed = {**DOCUMENTS, "r": facts.card_document(replace(REQUESTED, origin=("US",)))}
    assert ("US",) == recollection(changed).recall(record()).requested.origin
    assert REQUESTED == recollection(changed, other=True).recall(record()).requested


@pytest.mark.parametrize(
    "broken",
    [
        record(digests={}),
        record(digests={"tenant": "gone", "cards": {}}),
        record(request_half={}),
        record(revisions=None),
        record(operator="nobody"),
        record(digests={"tenant": "r", "cards": {}}),
    ],
)
def test_records_that_do_not_tell(broken: Document) -> None:
    """They are refused, rather than decided by half."""
    with pytest.raises(NotRecalled):
        recollection().recall(broken)


def test_an_older_record() -> None:
    """Without an order of candidates and an operator, those are taken by name, and from the settings."""
    older = {key: value for key, value in record().items() if key not in {"candidates", "operator"}}
    told = recollection().recall(older)
    assert [A.id, B.id] == [card.id for card in told.alternatives.cards]
    assert Operator() == told.operator
