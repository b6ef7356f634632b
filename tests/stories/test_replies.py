"""Replies are inspected too, and what stands in for values goes both ways."""

import json
from typing import Any

import pytest

from sidecar.actions.interface import Scope
from sidecar.actions.pseudonyms import Pseudonyms
from sidecar.keys import Keyring
from sidecar.types.content import Direction, Format
from sidecar.types.decisions import Grounds, Redact, Redaction
from sidecar.types.requests import Action
from tests.stories.fakes import allow, reason
from tests.stories.test_pipeline import CHAT, MAIL, NAME, ONE, WORDS, House, keys

__all__ = ["keys"]  # the fixture


def pseudonym(keys: Keyring, tenant: str, value: str) -> str:
    """Return the pseudonym of a value of a tenant."""
    return Pseudonyms(keys).assign(Scope(tenant, "session", "s1"), [(value, "PERSON")])[value]


def reply(text: str) -> dict[str, object]:
    """Return the fields of a request that asks about a model's reply."""
    message = {"role": "assistant", "content": text}
    body = json.dumps({"id": "1", "choices": [{"index": 0, "message": message}]}).encode()
    return {"direction": Direction.RESPONSE, "in_reply_to": "decision-0", "body": body}


def seen(house: House) -> list[Any]:
    """Return the facts that policy was given."""
    return list(json.loads(json.dumps(house.policy.asked)))


def taking(data_class: str, operator: str) -> Redact:
    """Return a decision that takes a class out."""
    redaction = Redaction(data_class, operator)
    return Redact("acme/one@host", (redaction,), Grounds(reasons=(reason(data_class=data_class),)))


async def test_facts_of_a_reply(keys: Keyring) -> None:
    """Policy sees the direction, what the model itself wrote, the tenant's own pseudonyms, and those that are not."""
    own, other = pseudonym(keys, "acme", NAME), pseudonym(keys, "other", NAME)
    house = House(keys, [allow()])
    outcome = await house.inspect(**reply(f"{own} wrote to {MAIL}, {other} did not"))
    found = seen(house)[0]["content"]["found"]

    assert Action.ALLOW is outcome.action
    assert "response" == house.policy.asked[0]["direction"]
    assert {
        "contact": {"EMAIL_ADDRESS": 1},
        "foreign_pseudonym": {"FOREIGN_PSEUDONYM": 1},
        "pseudonymized": {"PSEUDONYM": 1},
    } == {name: told["entities"] for name, told in found.items()}
    assert [("/choices/0/message/content", "pseudonyms")] == [
        (finding.pointer, finding.recognizer)
        for finding in outcome.findings
        if finding.data_class == "foreign_pseudonym"
    ]


async def test_what_looks_like_one_in_a_request_is_the_users_text(keys: Keyring) -> None:
    """A person may write what another tenant was given: it is no finding on the way out."""
    house = House(keys, [allow()])
    body = json.dumps({"messages": [{"role": "user", "content": pseudonym(keys, "other", NAME)}]}).encode()
    outcome = await house.inspect(body=body)

    assert () == outcome.findings


async def test_a_word_in_brackets_is_no_foreign_pseudonym(keys: Keyring) -> None:
    """Templates hold such words; a code without a digit is a word."""
    outcome = await House(keys, [allow()]).inspect(**reply("set <YOUR_PARAMETERS> and <THE_RESTART_KEY_HERE>"))

    assert () == outcome.findings


async def test_a_foreign_pseudonym_is_taken_out_of_a_reply(keys: Keyring) -> None:
    """Where policy asks for it, the reply goes on without it, and with all else."""
    other = pseudonym(keys, "other", NAME)
    house = House(keys, [taking("foreign_pseudonym", "remove"), allow()])
    outcome = await house.inspect(**reply(f"Dear {other}, hello"))

    assert "Dear [removed: foreign_pseudonym], hello" == json.loads(outcome.body)["choices"][0]["message"]["content"]
    assert [["foreign_pseudonym"], []] == [asked["content"]["classes"] for asked in seen(house)]


async def test_what_a_pseudonym_of_another_hides_is_looked_at(keys: Keyring) -> None:
    """Nothing can be smuggled through a reply in the brackets of a pseudonym that is not ours."""
    house = House(keys, [allow()], words={**WORDS, "7KQ2M4XA9D": ("CREDENTIAL", "credential")})
    outcome = await house.inspect(**reply("<PERSON_7KQ2M4XA9D>"))

    assert {"credential", "foreign_pseudonym"} == {finding.data_class for finding in outcome.findings}


@pytest.mark.parametrize("operator", ["pseudonym", "synthetic"])
async def test_a_session_keeps_its_stand_ins(keys: Keyring, operator: str) -> None:
    """The next turn says the same of the same person, and what a tool gave back unrestored still means them."""
    first = await House(keys, [taking("person_name", operator), allow()]).inspect(session_id="s1")
    said = json.loads(first.body)["messages"][0]["content"]
    name = said.removeprefix("Write to ").partition(" at ")[0]
    house = House(keys, [taking("person_name", operator), allow()], words={**WORDS, name: ("PERSON", "person_name")})
    again = {"messages": [*CHAT["messages"], {"role": "user", "content": f"{name} again"}]}
    second = await house.inspect(session_id="s1", body=json.dumps(again).encode(), restorations=(first.restoration,))
    sealer = house.snapshots.current.sealer

    assert [said, f"{name} again"] == [message["content"] for message in json.loads(second.body)["messages"]]
    assert {name: NAME} == sealer.open("acme", second.decision_id, second.restoration)


async def test_text_is_answered_too(keys: Keyring) -> None:
    """Plain text has replies as well."""
    house = House(keys, [allow()])
    asked = reply("") | {"format": Format.TEXT, "body": f"{MAIL}".encode()}

    assert ["contact"] == [finding.data_class for finding in (await house.inspect(target=ONE, **asked)).findings]
