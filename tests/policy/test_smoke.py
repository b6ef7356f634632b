"""The smoke decision's question and its answer."""

import json

import jsonschema_rs
import pytest

from sidecar.errors import PolicyAnswerRefused
from sidecar.policy.smoke import FACTS, UNIDENTIFIED, check_smoke
from sidecar.policy.sources import shipped_policies
from sidecar.types.decisions import Allow, Block, Grounds, Reason, Severity

OBJECTION = Reason(UNIDENTIFIED, Severity.DENY, "", "unknown@unknown", "", "", "", "")


def test_the_question_is_one_that_policy_may_be_asked() -> None:
    """It fits the schema of all facts."""
    schema = json.loads((shipped_policies() / "schemas" / "facts.json").read_bytes())
    assert [] == [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(FACTS)]


def test_the_block_must_come_where_the_rule_is_loaded() -> None:
    """An allow, or a block for another reason, is not it."""
    other = Block(Grounds(reasons=(Reason("a.b", Severity.DENY, "", "", "", "", "", ""),)))
    check_smoke(Block(Grounds(reasons=(OBJECTION,))), (UNIDENTIFIED,))
    for decision in (Allow("unknown@unknown", Grounds()), other):
        with pytest.raises(PolicyAnswerRefused):
            check_smoke(decision, (UNIDENTIFIED,))


def test_elsewhere_any_decision_will_do() -> None:
    """Without the rule, or with it in shadow, only the contract counts."""
    check_smoke(Allow("unknown@unknown", Grounds()), ("a.b",))
    check_smoke(Allow("unknown@unknown", Grounds(shadow=(OBJECTION,))), (UNIDENTIFIED,))
