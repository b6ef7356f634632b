"""The answer's strict reading."""

import copy
import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.errors import PolicyAnswerRefused
from sidecar.policy.decision import Question, parse_decision
from sidecar.policy.sources import shipped_policies
from sidecar.types.decisions import (
    Allow,
    Block,
    Decision,
    Grounds,
    Obligation,
    Reason,
    Redact,
    Redaction,
    Rejected,
    Reroute,
    Severity,
)
from sidecar.types.json import Document
from tests.policy.fakes import answer, facts, reason

QUESTION = Question(
    requested="requested@there",
    candidates=frozenset({"candidate@elsewhere", "other@elsewhere"}),
    fixed=frozenset({"credential"}),
    rules=("license.territory", "transfer.regime"),
    revision="r1",
)
DENIED = Reason(
    code="transfer.regime",
    severity=Severity.DENY,
    data_class="contact",
    target="requested@there",
    message="It may not.",
    clause="Art. 44",
    remedy="Do otherwise.",
    basis="EU-GDPR",
)
OBLIGATION = {"code": "license.territory", "text": "Built with it", "clause": "4", "basis": "MIT"}
FULL = {
    "rejected": [{"target": "other@elsewhere", "codes": ["license.territory", "transfer.regime"]}],
    "obligations": [OBLIGATION],
    "notices": [reason(severity="notice", code="license.territory")],
    "shadow": [reason()],
}
CONTACT = Redaction("contact", "pseudonym")
VALID = [
    (answer("allow"), Allow("requested@there", Grounds())),
    (answer("redact"), Redact("requested@there", (CONTACT,), Grounds(reasons=(DENIED,)))),
    (answer("reroute"), Reroute("candidate@elsewhere", (), Grounds(reasons=(DENIED,)))),
    (
        answer("reroute", redact=[{"class": "contact", "operator": "pseudonym"}]),
        Reroute("candidate@elsewhere", (CONTACT,), Grounds(reasons=(DENIED,))),
    ),
    (answer("block"), Block(Grounds(reasons=(DENIED,)))),
]


@pytest.mark.parametrize(("said", "decision"), VALID)
def test_valid_answers_become_decisions(said: Document, decision: Decision) -> None:
    """Every action is read into its own type, with nothing lost."""
    assert decision == parse_decision({"result": said}, QUESTION)


@pytest.mark.parametrize("said", [answer(action, **FULL) for action in ("allow", "redact", "reroute", "block")])
def test_the_published_schema_says_the_same(said: Document) -> None:
    """What we accept, `policies/schemas/decision.json` accepts too."""
    parse_decision({"result": said}, QUESTION)
    schema = json.loads((shipped_policies() / "schemas" / "decision.json").read_bytes())
    assert [] == [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(said)]


def test_grounds_are_kept_whole() -> None:
    """Rejected candidates, obligations, notices and shadow all arrive."""
    notice = Reason("license.territory", Severity.NOTICE, "contact", *_rest())
    grounds = Grounds(
        reasons=(DENIED,),
        rejected=(Rejected("other@elsewhere", ("license.territory", "transfer.regime")),),
        obligations=(Obligation("license.territory", "Built with it", "4", "MIT"),),
        notices=(notice,),
        shadow=(DENIED,),
    )
    assert Block(grounds) == parse_decision({"result": answer("block", **FULL)}, QUESTION)


def _rest() -> tuple[str, str, str, str, str]:
    return DENIED.target, DENIED.message, DENIED.clause, DENIED.remedy, DENIED.basis


REFUSED = {
    "unknown action": answer("permit"),
    "action in capitals": answer("allow", action="ALLOW"),
    "unknown field": answer("allow", advice="forward it"),
    "other revision": answer("allow", revision="r2"),
    "a rule too few": answer("allow", ruled_by=["transfer.regime"]),
    "a rule too many": answer("allow", ruled_by=["license.territory", "transfer.never", "transfer.regime"]),
    "rules not sorted": answer("allow", ruled_by=["transfer.regime", "license.territory"]),
    "no rules": answer("allow", ruled_by=[]),
    "allow elsewhere": answer("allow", target="candidate@elsewhere"),
    "allow with redactions": answer("allow", redact=[{"class": "contact", "operator": "mask"}]),
    "allow against a denial": answer("allow", reasons=[reason()]),
    "allow without a target": {key: value for key, value in answer("allow").items() if key != "target"},
    "target is null": answer("block", target=None),
    "block with a target": answer("block", target="requested@there"),
    "block without a reason": answer("block", reasons=[]),
    "block with redactions": answer("block", redact=[{"class": "contact", "operator": "mask"}]),
    "block for another target": answer("block", reasons=[reason(), reason(target="other@elsewhere")]),
    "redact nothing": answer("redact", redact=[]),
    "redact elsewhere": answer("redact", target="candidate@elsewhere"),
    "redact what does not cure": answer("redact", redact=[{"class": "health", "operator": "mask"}]),
    "redact against a final denial": answer("redact", reasons=[reason(**{"class": ""})]),
    "redact a fixed class": answer(
        "redact", redact=[{"class": "credential", "operator": "remove"}], reasons=[reason(**{"class": "credential"})]
    ),
    "redact twice": answer("redact", redact=[{"class": "contact", "operator": name} for name in ("mask", "remove")]),
    "unknown operator": answer("redact", redact=[{"class": "contact", "operator": "encrypt"}]),
    "empty class": answer("redact", redact=[{"class": "", "operator": "mask"}]),
    "reroute to the requested one": answer("reroute", target="requested@there"),
    "reroute to nobody asked for": answer("reroute", target="third@elsewhere"),
    "reroute without a denial": answer("reroute", reasons=[reason(severity="redact")]),
    "unknown severity": answer("block", reasons=[reason(severity="warn")]),
    "notice as a reason": answer("block", reasons=[reason(), reason(severity="notice")]),
    "denial as a notice": answer("allow", notices=[reason()]),
    "reason of no rule": answer("block", reasons=[reason(code="transfer.none")]),
    "obligation of no rule": answer("allow", obligations=[{**OBLIGATION, "code": "license.none"}]),
    "reason for nobody": answer("block", reasons=[reason(target="third@elsewhere")]),
    "reason with data_class": answer("block", reasons=[{**reason(), "data_class": "contact"}]),
    "rejected who was no candidate": answer(
        "block", rejected=[{"target": "third@elsewhere", "codes": ["transfer.regime"]}]
    ),
    "rejected by no rule": answer("block", rejected=[{"target": "other@elsewhere", "codes": ["transfer.none"]}]),
    "rejected in disorder": answer(
        "block", rejected=[{"target": "other@elsewhere", "codes": ["transfer.regime", "license.territory"]}]
    ),
    "rejected for nothing": answer("block", rejected=[{"target": "other@elsewhere", "codes": []}]),
    "a list": [answer("allow")],
    "null": None,
    "true": True,
    "empty": {},
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_answers_are_refused(name: str) -> None:
    """What does not fit the contract, the question or itself is no decision."""
    with pytest.raises(PolicyAnswerRefused):
        parse_decision({"result": REFUSED[name]}, QUESTION)


@pytest.mark.parametrize("body", [{}, {"decision_id": "1"}, [], None, "allow", {"Result": answer("allow")}])
def test_undefined_is_not_an_answer(body: object) -> None:
    """HTTP 200 without a result is what OPA says to a misspelled path."""
    with pytest.raises(PolicyAnswerRefused, match="undefined"):
        parse_decision(body, QUESTION)


def test_messages_hold_no_values() -> None:
    """A refusal names fields and never repeats what stood in them."""
    said = answer("hunter2-action", **{"hunter2-field": "hunter2", "revision": 7, "ruled_by": ["hunter2"]})
    with pytest.raises(PolicyAnswerRefused) as refused:
        parse_decision({"result": said}, QUESTION)
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_the_question_is_read_from_the_facts() -> None:
    """Requested target, candidates and fixed classes come from what was sent."""
    asked: dict[str, Any] = facts()
    asked["candidates"] = [{"id": "a@b"}, {"id": "c@d"}]
    asked["content"]["fixed"] = ["credential"]
    assert Question(
        requested="unknown@unknown",
        candidates=frozenset({"a@b", "c@d"}),
        fixed=frozenset({"credential"}),
        rules=("x.y",),
        revision="r",
    ) == Question.of(asked, rules=("x.y",), revision="r")


JUNK = [None, True, 0, -1.5, "", "block", [], ["block"], {}, {"class": "contact"}]


def _places(value: object, place: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(deep for key, part in inner for deep in _places(part, (*place, key)))]


@given(st.data())
def test_every_mutation_of_a_valid_answer_is_refused(choose: st.DataObject) -> None:
    """A key dropped, a key added, a value of another type: anywhere in the answer, none of them is a decision."""
    actions = [answer("allow", **FULL), answer("redact", **FULL), answer("reroute", **FULL), answer("block", **FULL)]
    whole: dict[str, Any] = {"result": choose.draw(st.sampled_from(copy.deepcopy(actions)))}
    place = choose.draw(st.sampled_from(_places(whole)[1:]))
    holder: Any = whole
    for part in place[:-1]:
        holder = holder[part]
    value = holder[place[-1]]
    how = choose.draw(st.sampled_from(["drop", "add", "replace"]))
    if how == "drop" and isinstance(place[-1], str):
        del holder[place[-1]]
    elif how == "add" and isinstance(value, dict):
        value[choose.draw(st.sampled_from(["Action", "data_class", "", "x"]))] = choose.draw(st.sampled_from(JUNK))
    else:
        holder[place[-1]] = choose.draw(st.sampled_from([junk for junk in JUNK if type(junk) is not type(value)]))
    with pytest.raises(PolicyAnswerRefused):
        parse_decision(whole, QUESTION)
