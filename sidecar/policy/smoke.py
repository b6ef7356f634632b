"""The smoke decision: a fixed question whose answer is known, asked before an OPA is trusted and whenever health is."""

from sidecar.errors import PolicyAnswerRefused
from sidecar.types.decisions import Block, Decision
from sidecar.types.json import Document

UNIDENTIFIED = "identity.unidentified_target"

# A made-up tenant asks for a model that nobody knows. Every field is there, as in real facts.
FACTS: Document = {
    "schema": "sidecar.facts/v1",
    "phase": "request",
    "direction": "request",
    "date": "2026-01-01",
    "request": {
        "format": "text",
        "streaming": False,
        "bytes": 5,
        "tokens_estimate": 2,
        "hosted_tools": [],
        "needs": {"context": 2, "tools": False, "modalities": ["text"], "state": False},
        "attributes": {},
    },
    "tenant": {
        "id": "sidecar-smoke",
        "country": "DE",
        "subdivisions": [],
        "sector": "other",
        "regimes": [],
        "commercial": True,
        "monthly_active_users": None,
        "monthly_revenue_usd": None,
        "user_countries": [],
        "accepted_licenses": [],
        "transfer_mechanisms": [],
        "pseudonymized_transfers": [],
        "origins": {},
        "residency": [],
        "self_hosted": None,
        "strict": False,
        "max_retention_days": None,
        "prefer": ["redact", "reroute", "block"],
        "rank_by": "price",
        "operators": {},
        "bare_names": "ignore",
    },
    "operator": {"country": "", "monthly_revenue_usd": None, "offers_models_to_third_parties": True},
    "caller": {"subject": "", "roles": [], "gateway": ""},
    "target": {
        "id": "unknown@unknown",
        "model": "unknown",
        "provider": "unknown",
        "region": "",
        "identified": False,
        "unidentified": "model_unknown",
        "listed": False,
        "status": "",
        "moving_alias": False,
        "region_ignored": False,
        "kind": "",
        "developers": [],
        "origin": [],
        "open_weights": False,
        "licensor_api": False,
        "license": [],
        "license_facts": [],
        "serving": {
            "regions": ["ZZ"],
            "parent_jurisdiction": "ZZ",
            "self_hosted": False,
            "trains_on_inputs": "unknown",
            "retention_days": None,
            "zero_data_retention": "",
            "dpf_certified": "",
        },
        "listings": [],
        "price": None,
        "context": None,
        "tools": None,
        "modalities": [],
        "unverified": [],
        "age_days": 0,
    },
    "candidates": [],
    "content": {
        "classes": [],
        "fixed": [],
        "found": {},
        "languages": ["en"],
        "unsupported_languages": [],
        "markings": [],
        "uninspected": [],
        "complete": True,
    },
    "counters": {},
}


def check_smoke(decision: Decision, rules: tuple[str, ...]) -> None:
    """Accept the answer to :data:`FACTS`: any where the rule is not loaded, else the block, or its shadow.

    Raises:
        PolicyAnswerRefused: the rule is loaded and did not object.
    """
    if UNIDENTIFIED not in rules or UNIDENTIFIED in {reason.code for reason in decision.grounds.shadow}:
        return
    if not isinstance(decision, Block) or UNIDENTIFIED not in {reason.code for reason in decision.grounds.reasons}:
        message = f"a target that nobody knows was not blocked by {UNIDENTIFIED}"
        raise PolicyAnswerRefused(message)
