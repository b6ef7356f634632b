"""What another policy makes of a record: which changes would let something out."""

from collections.abc import Mapping
from typing import Any

import pytest

from sidecar.replay import Change, Comparison, Difference, Ending, compare, recorded_ending

ASKED, OTHER, THIRD = "m@asked", "m@other", "m@third"


def record(action: str, target: str = "", redact: Mapping[str, str] | None = None, **more: object) -> dict[str, Any]:
    """Return the parts of a record that say how it ended."""
    said = {
        "action": action,
        "target": target,
        "redact": [{"class": name, "operator": operator} for name, operator in (redact or {}).items()],
    }
    known: dict[str, Any] = {
        "action": action,
        "final_target": target,
        "requested_target": ASKED,
        "decision": said,
        "reasons": [{"code": "transfer.regime"}],
        "rejected": [],
    }
    return {**known, **more}


def now(action: str, target: str = "", redact: Mapping[str, str] | None = None) -> Ending:
    """Return what a candidate makes of it."""
    return Ending(action, target, redact or {}, ())


BLOCKED = record("block")
RESIDUAL = record("block", decision=record("redact", ASKED, {"contact": "remove"})["decision"])
ERROR = record("block", decision=None)
REDACTED = record("redact", ASKED, {"contact": "mask", "dob": "remove"})
REROUTED = record(
    "reroute", OTHER, rejected=[{"target": THIRD, "codes": ["ranked"]}, {"target": "m@bad", "codes": ["origin.stance"]}]
)
ALLOWED = record("allow", ASKED)


@pytest.mark.parametrize(
    ("was", "is_now", "change"),
    [
        (BLOCKED, now("block"), Change.SAME),
        (BLOCKED, now("allow", ASKED), Change.OPENED),
        (BLOCKED, now("redact", ASKED, {"contact": "remove"}), Change.OPENED),
        (BLOCKED, now("reroute", OTHER), Change.OPENED),
        (ERROR, now("allow", ASKED), Change.OPENED),
        (ERROR, now("block"), Change.SAME),
        (RESIDUAL, now("redact", ASKED, {"contact": "remove"}), Change.SAME),
        (RESIDUAL, now("allow", ASKED), Change.OPENED),
        (RESIDUAL, now("redact", ASKED, {"contact": "mask"}), Change.OPENED),
        (RESIDUAL, now("block"), Change.SAME),
        (REDACTED, now("redact", ASKED, {"contact": "mask", "dob": "remove"}), Change.SAME),
        (REDACTED, now("redact", ASKED, {"contact": "mask"}), Change.LOOSENED),
        (REDACTED, now("redact", ASKED, {"contact": "hash", "dob": "remove"}), Change.LOOSENED),
        (REDACTED, now("allow", ASKED), Change.LOOSENED),
        (REDACTED, now("redact", ASKED, {"contact": "remove", "dob": "remove"}), Change.TIGHTENED),
        (REDACTED, now("redact", ASKED, {"contact": "mask", "dob": "remove", "health": "mask"}), Change.TIGHTENED),
        (REDACTED, now("block"), Change.TIGHTENED),
        (REDACTED, now("reroute", OTHER), Change.MOVED),
        (REROUTED, now("reroute", OTHER), Change.SAME),
        (REROUTED, now("reroute", THIRD), Change.MOVED),
        (REROUTED, now("reroute", "m@bad"), Change.LOOSENED),
        (REROUTED, now("allow", ASKED), Change.LOOSENED),
        (ALLOWED, now("allow", ASKED), Change.SAME),
        (ALLOWED, now("redact", ASKED, {"contact": "pseudonym"}), Change.TIGHTENED),
        (ALLOWED, now("block"), Change.TIGHTENED),
    ],
)
def test_changes(was: dict[str, Any], is_now: Ending, change: Change) -> None:
    """Whatever would reach somebody it did not reach, or reach it with more in it, is told as such."""
    assert change == compare(was, recorded_ending(was), is_now)


def test_counts() -> None:
    """By kind, tenant, model, rule and action; examples of each kind have an end."""
    found = Comparison()
    was, is_now = Ending("block", "", {}, ("a.b", "c.d")), Ending("allow", ASKED, {}, ("c.d", "e.f"))
    for number in range(7):
        found.add(Difference(Change.OPENED, str(number), "acme", "m", was, is_now))
    found.add(Difference(Change.SAME, "8", "acme", "m", was, was))
    assert found.looser
    assert (8, {Change.OPENED: 7, Change.SAME: 1}) == (found.records, dict(found.changes))
    assert {(Change.OPENED, "acme"): 7} == dict(found.by_tenant)
    assert {(Change.OPENED, "m"): 7} == dict(found.by_model)
    assert {("block", "allow"): 7} == dict(found.by_action)
    assert {("+", "e.f"): 7, ("-", "a.b"): 7} == dict(found.by_rule)
    assert ["0", "1", "2", "3", "4"] == [one.decision_id for one in found.examples[Change.OPENED]]


def test_stricter_is_not_looser() -> None:
    """Only what lets something out makes a replay fail."""
    found = Comparison()
    for change in (Change.SAME, Change.TIGHTENED, Change.MOVED, Change.UNDECIDED):
        found.add(Difference(change, "1", "acme", "m", now("allow", ASKED), now("block")))
    assert not found.looser
