"""The story of a request, with a policy that says what the test wants."""

import asyncio
import itertools
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from sidecar.actions.block import RefusalWriter
from sidecar.actions.operators import Operators
from sidecar.actions.pseudonyms import Pseudonyms
from sidecar.actions.redact import SpanRedactor
from sidecar.actions.seal import MapSealer
from sidecar.clock import Deadline
from sidecar.config import Actions, Limits, Operator
from sidecar.detection.interface import Offload
from sidecar.errors import (
    AmbiguousBody,
    BadRequest,
    BodyTooLarge,
    DetectionUnavailable,
    JournalUnavailable,
    NotFound,
    PolicyAnswerRefused,
    PolicyUnavailable,
    RestorationRefused,
    RetryMismatch,
    SidecarError,
    UnknownTenant,
)
from sidecar.identity.tenants import FileTenants
from sidecar.keys import Keyring, init_keys
from sidecar.payload.shipped import ShippedPayloads
from sidecar.pipeline import Pipeline
from sidecar.reading import Reader
from sidecar.snapshot import Snapshot, Snapshots
from sidecar.types.content import Format
from sidecar.types.decisions import Allow, Decision, Grounds, Redact, Redaction, Rejected, Reroute
from sidecar.types.requests import Action, Caller, InspectionRequest, Report
from sidecar.types.targets import TargetName
from sidecar.types.tenants import Tenant
from tests.stories.fakes import (
    FixedClock,
    InlineOffload,
    ListJournal,
    PolicySaying,
    SmallCatalog,
    WordDetector,
    action_of,
    allow,
    block,
    card,
    reason,
)

ONE = TargetName("acme/one", "host")
TWO = TargetName("acme/two", "home")
NAME, MAIL = "Ada Lovelace", "ada@example.org"
WORDS = {NAME: ("PERSON", "person_name"), MAIL: ("EMAIL_ADDRESS", "contact")}
CHAT = {"model": "one", "messages": [{"role": "user", "content": f"Write to {NAME} at {MAIL}, please."}]}


class House:
    """A pipeline, and the parts a test looks into."""

    def __init__(
        self,
        keys: Keyring,
        answers: list[Decision | SidecarError],
        *,
        detector: WordDetector | None = None,
        tenant: Tenant | None = None,
        body_bytes: int = 1 << 20,
        scope: str = "session",
        words: Mapping[str, tuple[str, str]] = WORDS,
        offload: Offload | None = None,
    ) -> None:
        self.clock = FixedClock()
        self.policy = PolicySaying(answers)
        self.detector = detector or WordDetector(words)
        self.journal = ListJournal()
        self.keys = keys
        self.snapshots = Snapshots(self.snapshot(tenant), later=lambda _: None)
        payloads = ShippedPayloads()
        numbers = itertools.count(1)
        self.pipeline = Pipeline(
            snapshots=self.snapshots,
            reader=Reader(payloads=payloads, offload=offload or InlineOffload()),
            refuser=RefusalWriter(payloads.refusal),
            journal=self.journal,
            counted=self.journal,
            clock=self.clock,
            new_id=lambda: f"decision-{next(numbers)}",
            actions=Actions(pseudonym_scope=scope),  # type: ignore[arg-type]
            limits=Limits(body_bytes=body_bytes),
        )

    def snapshot(self, tenant: Tenant | None = None, revision: str = "config-1") -> Snapshot:
        """Build a snapshot."""
        return Snapshot(
            tenants=FileTenants({"acme": tenant or Tenant("acme", "DE", "retail")}),
            catalog=SmallCatalog(card(), card("acme/two", "home")),
            policy=self.policy,
            detector=self.detector,
            keys=self.keys,
            redactor=SpanRedactor(Pseudonyms(self.keys), Operators()),
            sealer=MapSealer(keys=self.keys, clock=self.clock, hours=24),
            operator=Operator(),
            attributes=frozenset({"purpose"}),
            candidates=(),
            max_candidates=8,
            config_revision=revision,
            since=self.clock.now(),
        )

    async def inspect(self, **fields: object):  # type: ignore[no-untyped-def]  # noqa: ANN201 - the outcome
        """Ask about the chat, or what the fields say."""
        known: dict[str, object] = {
            "tenant": "acme",
            "target": ONE,
            "format": Format.OPENAI_CHAT,
            "body": json.dumps(CHAT).encode(),
        }
        request = InspectionRequest(**{**known, **fields})  # type: ignore[arg-type]
        return await self.pipeline.inspect(request, Caller(), Deadline(self.clock, None))


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    """Keys of the test's own."""
    folder = tmp_path_factory.mktemp("house") / "keys"
    init_keys(folder)
    return Keyring.open(folder)


def redact(*classes: str, target: str = "acme/one@host") -> Redact:
    """Return a decision that takes classes out."""
    return Redact(
        target,
        tuple(Redaction(name, "pseudonym") for name in classes),
        Grounds(reasons=tuple(reason(data_class=name) for name in classes)),
    )


async def test_allow_forwards_the_very_bytes(keys: Keyring) -> None:
    """An allowed body is the body that came, to the target that was asked for, and one record stands."""
    house = House(keys, [allow()])
    outcome = await house.inspect()
    assert (Action.ALLOW, json.dumps(CHAT).encode(), ONE) == (outcome.action, outcome.body, outcome.target)
    assert [action_of(entry) for entry in house.journal.entries] == ["allow"]


async def test_findings_point_into_the_body_as_it_was_sent(keys: Keyring) -> None:
    """A finding has the JSON pointer of its string and code points of it."""
    outcome = await House(keys, [allow()]).inspect()
    content = CHAT["messages"][0]["content"]  # type: ignore[index]
    assert [(finding.pointer, content[finding.start : finding.end]) for finding in outcome.findings] == [
        ("/messages/0/content", NAME),
        ("/messages/0/content", MAIL),
    ]


async def test_redact_takes_the_class_out_and_keeps_the_rest(keys: Keyring) -> None:
    """Only what the decision names is replaced; policy is asked again about what remains."""
    house = House(keys, [redact("contact"), allow()])
    outcome = await house.inspect()
    sent = json.loads(outcome.body)["messages"][0]["content"]
    assert outcome.action is Action.REDACT
    assert MAIL not in sent
    assert sent.startswith(f"Write to {NAME} at <EMAIL")
    assert sent.endswith(">, please.")
    assert [finding.operator for finding in outcome.findings] == ["", "pseudonym"]
    assert [question["phase"] for question in house.policy.asked] == ["request", "residual"]


async def test_residual_question_sees_pseudonymized_and_what_was_left(keys: Keyring) -> None:
    """After pseudonyms the content holds class pseudonymized and the class that was left, not the one that went."""
    house = House(keys, [redact("contact"), allow()])
    await house.inspect()
    content = house.policy.asked[1]["content"]
    assert content["classes"] == ["person_name", "pseudonymized"]  # type: ignore[index,call-overload]
    assert house.policy.asked[1]["candidates"] == []


async def test_residual_denial_blocks(keys: Keyring) -> None:
    """Anything but an allow of what remains is a block, with residual codes, and nothing leaves."""
    house = House(keys, [redact("contact"), block("transfer.regime")])
    outcome = await house.inspect()
    assert (outcome.action, outcome.body, outcome.target, outcome.restoration) == (Action.BLOCK, b"", None, b"")
    assert outcome.reasons[0].code == "residual.transfer.regime"
    assert outcome.refusal.code == "residual.transfer.regime"


async def test_residual_answer_that_cannot_be_accepted_is_policy_error(keys: Keyring) -> None:
    """An unacceptable answer to the second question is policy.error, recorded."""
    house = House(keys, [redact("contact"), PolicyAnswerRefused("no")])
    outcome = await house.inspect()
    assert (outcome.action, [one.code for one in outcome.reasons]) == (Action.BLOCK, ["policy.error"])
    assert [action_of(entry) for entry in house.journal.entries] == ["block"]


async def test_new_findings_of_a_redacted_class_are_taken_out_too(keys: Keyring) -> None:
    """What only shows once something is gone is redacted the same way."""

    class Sly(WordDetector):
        """Sees the second address only when the first is gone."""

        async def inspect(self, texts, **more):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN202
            if any(MAIL in text for text in texts):
                self._words = {MAIL: ("EMAIL_ADDRESS", "contact")}
            else:
                self._words = {"late@example.org": ("EMAIL_ADDRESS", "contact")}
            return await super().inspect(texts, **more)

    house = House(keys, [redact("contact"), allow()], detector=Sly({}))
    outcome = await house.inspect(format=Format.TEXT, body=f"{MAIL} and late@example.org".encode())
    assert Action.REDACT is outcome.action
    assert b"example.org" not in outcome.body
    assert outcome.body.count(b"<EMAIL") == 2


async def test_reroute_names_the_model_as_the_candidate_was_named(keys: Keyring) -> None:
    """The body's model field gets the text by which the request named the candidate; the target is canonical."""
    house = House(keys, [Reroute("acme/two@home", (), Grounds(reasons=(reason(),)))])
    outcome = await house.inspect(candidates=(TWO,))
    assert (outcome.action, outcome.target) == (Action.REROUTE, TWO)
    assert json.loads(outcome.body) == {**CHAT, "model": "acme/two"}


async def test_reroute_to_a_target_nobody_named_is_policy_error(keys: Keyring) -> None:
    """A decision may only name targets that were asked about."""
    house = House(keys, [Reroute("acme/two@home", (), Grounds(reasons=(reason(),)))])
    outcome = await house.inspect()
    assert (outcome.action, [one.code for one in outcome.reasons]) == (Action.BLOCK, ["policy.error"])


async def test_block_says_no_in_the_clients_words(keys: Keyring) -> None:
    """A block has a refusal in the shape of the client's API, and never a value."""
    house = House(keys, [block("license.territory")])
    outcome = await house.inspect()
    assert (outcome.refusal.http_status, outcome.refusal.code) == (403, "license.territory")
    assert json.loads(outcome.refusal.body)["error"]["code"] == "license.territory"
    assert MAIL.encode() not in outcome.refusal.body


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (PolicyUnavailable("OPA gave no answer"), PolicyUnavailable),
    ],
)
async def test_no_answer_is_not_recorded_as_decided(
    keys: Keyring, error: SidecarError, kind: type[SidecarError]
) -> None:
    """Where policy gives no answer nothing is recorded, and nothing is returned."""
    house = House(keys, [error])
    with pytest.raises(kind):
        await house.inspect()
    assert house.journal.entries == []


async def test_lost_worker_is_an_error(keys: Keyring) -> None:
    """Without inspection there is no decision."""
    house = House(keys, [allow()])
    house.detector.error = DetectionUnavailable("a worker was lost")
    with pytest.raises(DetectionUnavailable):
        await house.inspect()
    assert (house.policy.asked, house.journal.entries) == ([], [])


async def test_no_record_no_answer(keys: Keyring) -> None:
    """A full journal is an error, although everything else was done."""
    house = House(keys, [allow()])
    house.journal.full = True
    with pytest.raises(JournalUnavailable):
        await house.inspect()


async def test_partial_inspection_is_a_fact(keys: Keyring) -> None:
    """What was not looked at reaches policy as content.complete false, and the gateway as partial coverage."""
    house = House(keys, [allow()], detector=WordDetector(WORDS, blind=True))
    outcome = await house.inspect()
    assert (outcome.complete, house.policy.asked[0]["content"]["complete"]) == (False, False)  # type: ignore[index,call-overload]


async def test_retry_is_performed_again_without_a_second_record(keys: Keyring) -> None:
    """The same request within ten minutes: the same decision and the same bytes, one record, no second question."""
    house = House(keys, [redact("contact"), allow()])
    first = await house.inspect(request_id="r-1", session_id="s")
    again = await house.inspect(request_id="r-1", session_id="s")
    assert (first.decision_id, first.body, first.action) == (again.decision_id, again.body, again.action)
    assert (len(house.journal.entries), len(house.policy.asked)) == (1, 2)
    assert again.restoration


async def test_twins_in_flight_wait_for_the_first(keys: Keyring) -> None:
    """Ten at once give one decision and one record."""
    house = House(keys, [allow()])
    outcomes = await asyncio.gather(*(house.inspect(request_id="r-1") for _ in range(10)))
    assert ({"decision-1"}, 1) == ({one.decision_id for one in outcomes}, len(house.journal.entries))


async def test_same_id_other_content_is_refused(keys: Keyring) -> None:
    """Any difference under the same id is the caller's error, and the field is named."""
    house = House(keys, [allow()])
    await house.inspect(request_id="r-1")
    with pytest.raises(RetryMismatch) as caught:
        await house.inspect(request_id="r-1", attributes={"purpose": "support"})
    assert caught.value.field == "request_id"


async def test_ids_are_forgotten_after_ten_minutes(keys: Keyring) -> None:
    """Then the same id may name something else."""
    house = House(keys, [allow()])
    await house.inspect(request_id="r-1")
    house.clock.seconds += 601
    outcome = await house.inspect(request_id="r-1", attributes={"purpose": "support"})
    assert outcome.decision_id == "decision-2"


async def test_changed_snapshot_decides_anew_and_says_so(keys: Keyring) -> None:
    """After a reload a retry is a new decision, whose record names the first."""
    house = House(keys, [allow()])
    await house.inspect(request_id="r-1")
    house.snapshots.replace(house.snapshot(revision="config-2"), _nothing)
    outcome = await house.inspect(request_id="r-1")
    assert outcome.decision_id == "decision-2"
    assert [entry.content["retry_of"] for entry in house.journal.entries] == ["", "decision-1"]


async def test_failed_requests_leave_their_id_free(keys: Keyring) -> None:
    """What was not decided is not remembered."""
    house = House(keys, [PolicyUnavailable("no"), allow()])
    with pytest.raises(PolicyUnavailable):
        await house.inspect(request_id="r-1")
    outcome = await house.inspect(request_id="r-1", attributes={"purpose": "support"})
    assert Action.ALLOW is outcome.action


async def test_session_gives_the_same_pseudonym(keys: Keyring) -> None:
    """The same value in the same session has the same pseudonym, in another session another."""
    house = House(keys, [redact("contact"), allow(), redact("contact"), allow(), redact("contact"), allow()])
    one, two, other = [(await house.inspect(session_id=session)).body for session in ("s", "s", "t")]
    assert one == two
    assert one != other


async def test_bare_name_is_no_personal_data(keys: Keyring) -> None:
    """A name alone is class person_name_bare; beside an address it is person_name."""
    house = House(keys, [allow()], detector=WordDetector(WORDS, bare=True))
    await house.inspect(format=Format.TEXT, body=f"Summarize a book by {NAME}".encode())
    await house.inspect(format=Format.TEXT, body=f"Write to {NAME}, {MAIL}".encode())
    classes = [question["content"]["classes"] for question in house.policy.asked]  # type: ignore[index,call-overload]
    assert classes == [["person_name_bare"], ["contact", "person_name"]]


async def test_strict_tenants_count_bare_names(keys: Keyring) -> None:
    """For a strict tenant a name is a name."""
    house = House(
        keys, [allow()], detector=WordDetector(WORDS, bare=True), tenant=Tenant("acme", "DE", "retail", strict=True)
    )
    await house.inspect(format=Format.TEXT, body=f"Summarize a book by {NAME}".encode())
    assert house.policy.asked[0]["content"]["classes"] == ["person_name"]  # type: ignore[index,call-overload]


async def test_restorations_are_merged(keys: Keyring) -> None:
    """Earlier restorations of the session go into the new one, so that all pseudonyms can still be undone."""
    house = House(keys, [redact("contact"), allow(), allow()])
    first = await house.inspect(session_id="s")
    second = await house.inspect(
        session_id="s", restorations=(first.restoration,), format=Format.TEXT, body=b"And now?"
    )
    sealer = house.snapshots.current.sealer
    assert {MAIL} == set(sealer.open("acme", second.decision_id, second.restoration).values())


async def test_edited_restoration_is_refused(keys: Keyring) -> None:
    """A restoration that does not hold is an error that names the field."""
    house = House(keys, [allow()])
    with pytest.raises(RestorationRefused) as caught:
        await house.inspect(restorations=(b"not a restoration",))
    assert (caught.value.field, caught.value.reason) == ("restorations", "RESTORATION_CORRUPT")


async def test_reentries_are_pseudonymized_data_and_stay(keys: Keyring) -> None:
    """A pseudonym that comes back is no new finding of its old class, is hidden from detectors, and policy sees it."""
    house = House(keys, [redact("contact"), allow(), allow()])
    first = await house.inspect(session_id="s")
    pseudonym = json.loads(first.body)["messages"][0]["content"].split(" at ")[1].split(",")[0]
    again = await house.inspect(session_id="s", format=Format.TEXT, body=f"Who is {pseudonym}?".encode())
    assert (again.action, [finding.entity for finding in again.findings]) == (Action.ALLOW, ["PSEUDONYM"])
    assert pseudonym not in house.detector.seen[-1]


@pytest.mark.parametrize(
    ("fields", "kind", "field"),
    [
        ({"tenant": "nobody"}, UnknownTenant, "tenant"),
        ({"tenant": ""}, UnknownTenant, "tenant"),
        ({"attributes": {"mood": "good"}}, BadRequest, "attributes"),
        ({"attributes": {"purpose": "Not Allowed"}}, BadRequest, "attributes.purpose"),
        ({"body": b"{"}, AmbiguousBody, "body"),
        ({"body": b""}, AmbiguousBody, "body"),
        ({"format": Format.GEMINI_GENERATE_CONTENT}, BadRequest, "body"),
        ({"body": b"x" * ((1 << 20) + 1)}, BodyTooLarge, "body"),
    ],
)
async def test_bad_requests_name_their_field(
    keys: Keyring, fields: dict[str, object], kind: type[SidecarError], field: str
) -> None:
    """What is wrong is told by the field, never by the value, and nothing is recorded."""
    house = House(keys, [allow()])
    with pytest.raises(kind) as caught:
        await house.inspect(**fields)
    assert field == caught.value.field
    assert "nobody" not in str(caught.value)
    assert "Not Allowed" not in str(caught.value)
    assert house.journal.entries == []


async def test_unknown_target_is_judged(keys: Keyring) -> None:
    """An unknown model is policy's to judge; the record has a mark instead of the caller's words."""
    house = House(keys, [block("identity.unidentified_target")])
    outcome = await house.inspect(target=TargetName("my secret model", "nowhere"))
    recorded = house.journal.entries[0].content["requested_target"]
    assert Action.BLOCK is outcome.action
    assert str(recorded).startswith("mark:")
    assert False is house.policy.asked[0]["target"]["identified"]  # type: ignore[index,call-overload]


async def test_record_holds_no_text(keys: Keyring) -> None:
    """No value, subject, session, request id or unknown target stands in any record."""
    house = House(keys, [redact("contact", "person_name"), allow()])
    await house.inspect(
        subject="user-4711",
        session_id="session-0815",
        request_id="request-1234",
        candidates=(TargetName("odd", "place"),),
    )
    written = json.dumps([[entry.content, entry.documents] for entry in house.journal.entries])
    for text in (NAME, MAIL, "user-4711", "session-0815", "request-1234", "odd@place", "please"):
        assert text not in written


async def test_misfits_stand_in_rejected(keys: Keyring) -> None:
    """A candidate that cannot take the body is not put to policy, and stands in rejected with why."""
    house = House(keys, [block("a.rule")])
    tools = {**CHAT, "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}]}
    small = card("acme/small", "host", tools=False)
    house.snapshots.current.catalog._cards[small.id] = small  # type: ignore[attr-defined]
    outcome = await house.inspect(candidates=(TargetName("acme/small", "host"),), body=json.dumps(tools).encode())
    assert (Rejected("acme/small@host", ("fit.tools",)),) == outcome.rejected
    assert house.policy.asked[0]["candidates"] == []


async def test_report_is_recorded_beside_its_decision(keys: Keyring) -> None:
    """A report names what became of a decision; another target is a breach."""
    house = House(keys, [allow()])
    outcome = await house.inspect()
    await house.pipeline.report(Report("acme", outcome.decision_id, True, ONE, 200, 10, 20), Caller())  # noqa: FBT003
    await house.pipeline.report(Report("acme", outcome.decision_id, True, TWO, 200, 10, 20), Caller())  # noqa: FBT003
    assert [entry.content["breach"] for entry in house.journal.entries[1:]] == ["", "target"]


async def test_report_of_an_unknown_decision_is_not_found(keys: Keyring) -> None:
    """Neither is one of another tenant."""
    house = House(keys, [allow()])
    with pytest.raises(NotFound):
        await house.pipeline.report(Report("acme", "decision-9", False, None, 0, 0, 0), Caller())  # noqa: FBT003


async def _nothing() -> None:
    """Retire nothing."""


class Shy(WordDetector):
    """Sees the name only when the address is gone: as a model does where what stands around a word changes."""

    async def inspect(self, texts, **more):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201
        """Look for one of the two."""
        there = any(MAIL in text for text in texts)
        self._words = {MAIL: WORDS[MAIL]} if there else {NAME: WORDS[NAME]}
        return await super().inspect(texts, **more)


async def test_a_class_that_only_shows_now_is_taken_out_where_policy_says_so(keys: Keyring) -> None:
    """Policy asks for it in the second phase, and allows what then remains; the reasons name both classes."""
    house = House(keys, [redact("contact"), redact("person_name"), allow()], detector=Shy({}))
    outcome = await house.inspect(format=Format.TEXT, body=f"{NAME}, {MAIL}".encode())
    assert (Action.REDACT, ["request", "residual", "residual"]) == (
        outcome.action,
        [question["phase"] for question in house.policy.asked],
    )
    assert NAME.encode() not in outcome.body
    assert MAIL.encode() not in outcome.body
    assert {"contact", "person_name"} == {one.data_class for one in outcome.reasons}


async def test_a_retry_takes_out_what_only_showed_later(keys: Keyring) -> None:
    """Without asking policy again, and to the same bytes."""
    house = House(keys, [redact("contact"), redact("person_name"), allow()], detector=Shy({}))
    first = await house.inspect(format=Format.TEXT, body=f"{NAME}, {MAIL}".encode(), request_id="r")
    again = await house.inspect(format=Format.TEXT, body=f"{NAME}, {MAIL}".encode(), request_id="r")
    assert (first.decision_id, first.body) == (again.decision_id, again.body)
    assert len(house.journal.entries) == 1


async def test_what_nothing_can_take_out_blocks(keys: Keyring) -> None:
    """A class that policy wants gone and that no finding is of: only policy knows why, and nothing leaves."""
    house = House(keys, [redact("contact"), redact("pseudonymized")])
    outcome = await house.inspect()
    assert (Action.BLOCK, b"") == (outcome.action, outcome.body)
    assert all(one.code.startswith("residual.") for one in outcome.reasons[:1])


async def test_policy_is_told_what_left_before(keys: Keyring) -> None:
    """As the tier that is reached with this request, for every host it could go to; and the record holds the same."""
    threshold: dict[str, Any] = {"id": "mail", "classes": ["contact"], "from": 10, "above": None, "together": None}
    regime: dict[str, Any] = {"counting": {"window_months": 12, "combined": "apart"}, "thresholds": [threshold]}
    tenant = Tenant("acme", "DE", "retail", regimes=("LAW",))
    house = House(keys, [Allow("acme/one@host", Grounds())], tenant=tenant)
    catalog = SmallCatalog(card(), card("acme/two", "home"), regimes={"LAW": regime})
    snapshot = replace(house.snapshots.current, catalog=catalog)
    house.snapshots.replace(snapshot, _nothing)
    house.journal.sent["acme", "host"] = {("contact",): {"contact": 9}}
    await house.inspect(candidates=(TWO,))
    half = house.journal.entries[-1].content["request_half"]
    assert {"LAW/mail@host": "reached"} == house.policy.asked[-1]["counters"]
    assert {"LAW/mail@host": "reached"} == half["counters"]  # type: ignore[index, call-overload]
