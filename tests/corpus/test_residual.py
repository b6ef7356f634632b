"""No ordinary chat is blocked by the second look, and what had to go is gone, for three tenants and all operators."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from sidecar.app.running import Sidecar
from sidecar.types.content import Format
from sidecar.types.requests import Action, Caller, ReportedFinding
from sidecar.types.targets import TargetName
from tests.corpus.chats import Planted, corpus
from tests.corpus.comparing import STAND_IN, differences, unfolded
from tests.corpus.house import AMERICA, CHINA, TENANTS, Result, ask, ask_all, reply, residual, said, summary, tell
from tests.corpus.values import NOT_ASSERTED, PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="module")

PSEUDONYM = re.compile(r"<[A-Z][A-Z_]*_[0-9A-Z]{10,}>")
LEAST_NAMES = 0.7  # of the English names; the model is a small one, and how well it reads is measured elsewhere
TARGETS: Mapping[str, TargetName] = {"eu-pseudonyms": CHINA, "eu-removal": CHINA, "us-mixed": AMERICA}
_judged: dict[str, Sequence[Result]] = {}


async def judged(sidecar: Sidecar, tenant: str) -> Sequence[Result]:
    """Return what became of the corpus; asked once for each tenant."""
    if tenant not in _judged:
        _judged[tenant] = await ask_all(sidecar, corpus(), tenant, TARGETS[tenant])
    return _judged[tenant]


def _goes(sidecar: Sidecar, tenant: str) -> frozenset[str]:
    """Return the classes that the tenant's regimes list, by the catalog."""
    regimes = sidecar.snapshot.catalog.regimes()
    listed: list[Any] = [regimes[name]["entity_classes"] for name in TENANTS[tenant]["regimes"]]
    return frozenset().union(*listed) | {"credential"}


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield key
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _still_there(result: Result, classes: frozenset[str]) -> list[Planted]:
    forwarded = "\n".join(_texts(json.loads(result.outcome.body)))
    return [
        one
        for one in result.chat.planted
        if one.kind not in NOT_ASSERTED and one.data_class in classes and one.value in forwarded
    ]


@pytest.mark.parametrize("tenant", TENANTS)
async def test_no_chat_is_blocked_by_the_second_look(
    sidecar: Sidecar, tenant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """All are redacted and forwarded; the counts are printed."""
    results = await judged(sidecar, tenant)
    tell(capsys, summary(tenant, results))
    assert [] == residual(results)
    assert {Action.REDACT} == {result.outcome.action for result in results}


@pytest.mark.parametrize("tenant", TENANTS)
async def test_what_had_to_go_is_gone(sidecar: Sidecar, tenant: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No planted value of a class that its regimes list is left, but for names the small model does not see."""
    classes = _goes(sidecar, tenant)
    left = [
        (result.chat.name, one) for result in await judged(sidecar, tenant) for one in _still_there(result, classes)
    ]
    names = [one for _, one in left if one.kind in PEOPLE]
    all_names = [
        one for chat in corpus() for one in chat.planted if one.kind in PEOPLE and one.kind not in NOT_ASSERTED
    ]
    tell(capsys, f"{tenant}: {len(names)} of {len(all_names)} names were not seen")
    assert [] == [(name, one.kind) for name, one in left if one.kind not in PEOPLE]
    assert len(names) <= len(all_names) * (1 - LEAST_NAMES)


@pytest.mark.parametrize("tenant", TENANTS)
async def test_the_rest_is_as_it_was(sidecar: Sidecar, tenant: str) -> None:
    """The body parses, and is the original outside the replaced pieces: types, order, keys, arguments of tools."""
    changed = {
        result.chat.name: found
        for result in await judged(sidecar, tenant)
        if (found := list(differences(*_documents(result), years=tenant == "us-mixed")))
    }
    assert {} == changed


@pytest.mark.parametrize("tenant", TENANTS)
async def test_what_was_reported_was_replaced_to_the_letter(sidecar: Sidecar, tenant: str) -> None:
    """Where one round was enough, every string is the original with a stand-in at each reported place and no other."""
    for result in await judged(sidecar, tenant):
        if result.rounds > 1:
            continue
        original, redacted = _documents(result)
        places: dict[str, list[ReportedFinding]] = {}
        for one in result.outcome.findings:
            if one.operator:
                places.setdefault(one.pointer, []).append(one)
        assert not any(one.in_key for one in result.outcome.findings)
        for pointer, findings in places.items():
            before, after = _at(original, pointer), _at(redacted, pointer)
            assert re.fullmatch(_holes(before, findings), after, re.DOTALL), (result.chat.name, pointer)
            _put(redacted, pointer, before)
        assert original == redacted, result.chat.name


async def test_replies_get_their_values_back(sidecar: Sidecar) -> None:
    """A reply that repeats the whole body comes back as the original, but for credentials, which were removed."""
    for result in await judged(sidecar, "eu-pseudonyms"):
        restored = await _restored(sidecar, "eu-pseudonyms", result)
        # Within a string that is JSON itself a letter may come back as itself where an escape stood for it.
        original, restored = unfolded(json.loads(result.chat.body)), unfolded(restored)
        assert [] == list(differences(original, restored)), result.chat.name
        assert None is PSEUDONYM.search("\n".join(_texts(restored))), result.chat.name
        secrets = any(one.data_class == "credential" for one in result.outcome.findings)
        assert secrets or original == restored, result.chat.name


async def test_only_reversible_operators_can_be_undone(sidecar: Sidecar) -> None:
    """Under mixed operators the restoration holds what was to be synthetic or pseudonymized, and nothing else."""
    operators: dict[str, set[str]] = {}
    for result in await judged(sidecar, "us-mixed"):
        for one in result.outcome.findings:
            operators.setdefault(one.data_class, set()).add(one.operator)
        held = sidecar.snapshot.sealer.open("us-mixed", result.outcome.decision_id, result.outcome.restoration)
        numbers = {one.value.removeprefix("MRN ") for one in result.chat.planted if one.kind == "mrn"}
        assert numbers <= set(held.values()), result.chat.name
        hidden = {one.value for one in result.chat.planted if one.data_class in {"contact", "national_id", "card_pan"}}
        assert hidden.isdisjoint(held.values()), result.chat.name
    asked = TENANTS["us-mixed"]["operators"]
    assert {name: {operator} for name, operator in asked.items()} == {name: operators[name] for name in asked}
    assert {"remove"} == operators["credential"]
    assert {"pseudonym"} == operators["financial_account"]


async def test_a_value_has_one_pseudonym_in_a_session(sidecar: Sidecar) -> None:
    """Over all chats of a session and all its tools, the same value reads the same; in another session it does not."""
    by_session: dict[str, dict[tuple[str, str], set[str]]] = {}
    for result in await judged(sidecar, "eu-pseudonyms"):
        outcome = result.outcome
        held = sidecar.snapshot.sealer.open("eu-pseudonyms", outcome.decision_id, outcome.restoration)
        session = by_session.setdefault(result.chat.name.partition("/")[0], {})
        for pseudonym, value in held.items():
            session.setdefault((value, pseudonym.rpartition("_")[0]), set()).add(pseudonym)
    assert [] == [pair for session in by_session.values() for pair, names in session.items() if len(names) != 1]
    everywhere = Counter(name for session in by_session.values() for names in session.values() for name in names)
    assert {1} == set(everywhere.values())


@pytest.mark.parametrize("tenant", TENANTS)
async def test_a_retry_gives_the_same_bytes(sidecar: Sidecar, tenant: str) -> None:
    """Also where it took several rounds; decision and restoration's content too, and no second record."""
    results = await judged(sidecar, tenant)
    size = sidecar.status().journal_size
    for result in [*(one for one in results if one.rounds > 1), *results[::8]]:
        again = (await ask(sidecar, result.chat, tenant, TARGETS[tenant])).outcome
        first = result.outcome
        assert (first.decision_id, first.action, first.body) == (again.decision_id, again.action, again.body)
        before, after = (
            sidecar.snapshot.sealer.open(tenant, one.decision_id, one.restoration) for one in (first, again)
        )
        assert before == after
    assert size == sidecar.status().journal_size


async def test_stand_ins_are_the_only_new_words(sidecar: Sidecar) -> None:
    """Where pseudonyms are not allowed, every stand-in says what it stands for and nothing of the value."""
    for result in await judged(sidecar, "eu-removal"):
        held = sidecar.snapshot.sealer.open("eu-removal", result.outcome.decision_id, result.outcome.restoration)
        forwarded = "\n".join(_texts(json.loads(result.outcome.body)))
        assert {} == held
        assert None is PSEUDONYM.search(forwarded)
        assert any(mark.startswith("[removed: ") for mark in STAND_IN.findall(forwarded)), result.chat.name


async def _restored(sidecar: Sidecar, tenant: str, result: Result) -> Any:  # noqa: ANN401 - any JSON
    """Return the body, after a model repeated it and the values were put back."""
    outcome, chat = result.outcome, result.chat
    body, _ = await sidecar.restoring.whole(
        tenant=tenant,
        decision_id=outcome.decision_id,
        restoration=outcome.restoration,
        format=Format(chat.format),
        body=reply(chat, outcome.body.decode()),
        caller=Caller(),
    )
    return json.loads(said(chat, body))


def _documents(result: Result) -> tuple[Any, Any]:
    return json.loads(result.chat.body), json.loads(result.outcome.body)


def _holes(text: str, findings: Sequence[ReportedFinding]) -> str:
    """Return a pattern for the text with a stand-in, or a year, in the place of each finding."""
    pattern, done = "", 0
    for one in findings:
        value = text[one.start : one.end]
        start, end = one.start + len(value) - len(value.lstrip()), one.end - len(value) + len(value.rstrip())
        year = "|(?:19|20)[0-9]{2}" if one.operator == "generalize" else ""
        pattern += f"{re.escape(text[done:start])}(?:{STAND_IN.pattern}{year})"
        done = end
    return pattern + re.escape(text[done:])


def _at(document: Any, pointer: str) -> Any:  # noqa: ANN401 - any JSON
    for part in pointer.split("/")[1:]:
        document = document[int(part) if isinstance(document, list) else part.replace("~1", "/").replace("~0", "~")]
    return document


def _put(document: Any, pointer: str, value: str) -> None:  # noqa: ANN401 - any JSON
    parent, _, last = pointer.rpartition("/")
    holder = _at(document, parent)
    holder[int(last) if isinstance(holder, list) else last.replace("~1", "/").replace("~0", "~")] = value
