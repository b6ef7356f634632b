"""``sidecar inspect`` and ``sidecar explain``."""

import base64
import json
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import Parse

from sidecar.v1 import inspection_pb2 as pb
from tests.cli.conftest import Run, Together
from tests.e2e.asking import HARMLESS, LETTER, MAIL, NAME, PHONE, chat
from tests.e2e.running import Served

FRANCE, CHINA = "qwen3-32b@ovhcloud", "deepseek-v4-pro@deepseek"
PASSING = ("decision_id", "timings", "restoration", "body")


def lasting(document: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without what differs between two runs."""
    refusal = document.get("refusal") or {}
    return {name: value for name, value in document.items() if name not in {*PASSING, "refusal"}} | {
        "code": refusal.get("code")
    }


@pytest.mark.parametrize(
    ("tenant", "code", "action"),
    [("shop", 0, "ACTION_REDACT"), ("bank", 0, "ACTION_REROUTE"), ("ministry", 3, "ACTION_BLOCK")],
)
def test_with_and_without_a_server(served: Served, sidecar: Run, tenant: str, code: int, action: str) -> None:
    """Both give the same answer and the same exit code, as protobuf JSON with all fields by their proto names."""
    asked = ("inspect", "--tenant", tenant, "--target", CHINA, "--text", LETTER, "--output", "json")
    alone, asking = sidecar(*asked), sidecar(*asked, "--address", served.addresses[0])
    assert (code, code) == (alone.code, asking.code), alone.err + asking.err
    documents = [json.loads(done.out) for done in (alone, asking)]
    assert lasting(documents[0]) == lasting(documents[1])
    for document in documents:
        assert action == document["action"]
        unset = {"refusal"} if code == 0 else {"target"}
        assert {field.name for field in pb.InspectResponse.DESCRIPTOR.fields} - unset == set(document)
        answer = Parse(json.dumps(document), pb.InspectResponse())
        body = base64.b64decode(document["body"], validate=True)
        assert answer.body == body
        assert (LETTER.encode() == body) == (action == "ACTION_REROUTE")
        if action == "ACTION_REDACT":
            assert [] == [value for value in (NAME, MAIL, PHONE) if value.encode() in body]


def test_for_a_person(served: Served, sidecar: Run) -> None:
    """The text says what, where to, why, what was found, and what the client gets, in plain words where it is piped."""
    asked = ("--tenant", "ministry", "--target", CHINA, "--text", LETTER, "--address", served.addresses[0])
    done = sidecar("inspect", *asked)
    assert 3 == done.code
    assert done.out.startswith("block")
    assert "origin.stance" in done.out
    assert "The client gets:" in done.out
    assert "\x1b" not in done.out + done.err


def test_body_from_a_file_and_from_a_pipe(served: Served, sidecar: Run, tmp_path: Path) -> None:
    """A body is read as it is; openai.chat unless said otherwise."""
    body = chat(HARMLESS)
    (tmp_path / "body.json").write_bytes(body)
    asked = ("inspect", "--tenant", "plain", "--target", FRANCE, "--output", "json", "--address", served.addresses[0])
    for done in (sidecar(*asked, "--body", "body.json"), sidecar(*asked, "--body", "-", stdin=body)):
        assert body == base64.b64decode(json.loads(done.out)["body"])
    anthropic = ("--format", "anthropic.messages", "--body", "body.json")
    assert 0 == sidecar(*asked, *anthropic).code
    assert 1 == sidecar(*asked, "--format", "gemini.generate_content", "--body", "body.json").code


def test_candidates_and_attributes(served: Served, sidecar: Run) -> None:
    """Candidates that are named here stand in the place of the tenant's."""
    asked = ("inspect", "--tenant", "bank", "--target", CHINA, "--text", LETTER, "--attribute", "purpose=support")
    done = sidecar(*asked, "--candidate", "no-such@nobody", "--output", "json", "--address", served.addresses[0])
    answer = json.loads(done.out)
    assert (3, "ACTION_BLOCK") == (done.code, answer["action"])
    assert [{"target": "no-such@nobody", "codes": ["identity.unidentified_target"]}] == answer["rejected"]


def test_bad_usage(together: Together) -> None:
    """It ends with 2 and names the option."""
    cases = {
        "--body or --text": (),
        "--text": ("--text", "x", "--body", "y"),
        "--body cannot be read": ("--body", "no-such-file"),
        "--body": ("--body", "."),
        "--format": ("--text", "x", "--format", "word"),
        "--attribute": ("--text", "x", "--attribute", "purpose"),
        "--candidate": ("--text", "x", "--candidate", "no-provider"),
        "--target": ("--text", "x", "--target", "no-provider"),
        "settings": ("--text", "x", "--config", "no-such-file"),
        "--surprise": ("--text", "x", "--surprise"),
        "--output": ("--text", "x", "--output", "xml"),
    }
    asked = ("inspect", "--tenant", "plain", "--target", FRANCE)
    for named, done in zip(cases, together(*((*asked, *case) for case in cases.values())), strict=True):
        assert (2, "") == (done.code, done.out), done
        assert all(word in done.err for word in named.split(" or ")), done


def test_could_not_be_judged(served: Served, together: Together) -> None:
    """It ends with 1, names the field, and never the value."""
    cases = {
        "body": ("--tenant", "plain", "--format", "openai.chat", "--text", MAIL),
        "the body is empty": ("--tenant", "plain", "--text", ""),
        "tenant": ("--tenant", MAIL, "--text", "x"),
        "attributes": ("--tenant", "plain", "--text", "x", "--attribute", f"{MAIL}=x"),
    }
    asked = ("inspect", "--target", FRANCE, "--address", served.addresses[0])
    for named, done in zip(cases, together(*((*asked, *case) for case in cases.values())), strict=True):
        assert (1, "") == (done.code, done.out), done
        assert named in done.err, done
        assert MAIL not in done.err, done


def test_could_not_be_judged_without_a_server(sidecar: Run) -> None:
    """The same words and the same exit code."""
    done = sidecar("inspect", "--target", FRANCE, "--tenant", MAIL, "--text", "x")
    assert 1 == done.code
    assert "tenant" in done.err
    assert MAIL not in done.err


def test_two_at_once_take_turns(sidecar: Run) -> None:
    """Runs without a server share a journal, one after the other."""
    asked = ("inspect", "--tenant", "plain", "--target", FRANCE, "--text", HARMLESS)
    with ThreadPoolExecutor() as pool:
        ends = [done.code for done in pool.map(lambda _: sidecar(*asked), range(2))]
    assert [0, 0] == ends


def test_nobody_listens(sidecar: Run) -> None:
    """A server that is not there: could not be judged."""
    done = sidecar("inspect", "--tenant", "plain", "--target", FRANCE, "--text", "x", "--address", "127.0.0.1:1")
    assert (1, "") == (done.code, done.out)
    assert "UNAVAILABLE" in done.err


def blocked(sidecar: Run) -> str:
    """Return the id of the block that the server recorded."""
    records = [json.loads(line) for line in sidecar("audit", "tail", "--output", "json").out.splitlines()]
    return str(next(one["decision_id"] for one in records if one.get("action") == "block"))


class TestExplain:
    """Why, rule by rule."""

    def test_of_a_question(self, served: Served, sidecar: Run) -> None:
        """Each rule with its clause and what would make it pass."""
        asked = ("--tenant", "ministry", "--target", CHINA, "--text", LETTER, "--address", served.addresses[0])
        done = sidecar("explain", *asked)
        assert 0 == done.code
        assert all(word in done.out for word in ("block", "transfer.regime", "written in:", "would pass:", "contact"))

    def test_of_a_recorded_decision(self, served: Served, sidecar: Run) -> None:
        """A decision is found by its id, while the sidecar serves."""
        records = [json.loads(line) for line in sidecar("audit", "tail", "--output", "json").out.splitlines()]
        blocked = next(one for one in records if one.get("action") == "block")
        done = sidecar("explain", "--decision", blocked["decision_id"])
        assert 0 == done.code
        assert all(word in done.out for word in ("block", "ministry", "transfer.regime", "decided"))
        document = json.loads(sidecar("explain", "--decision", blocked["decision_id"], "--output", "json").out)
        assert blocked["decision_id"] == document["decision"]["decision_id"]

    def test_facts_and_ways_out(self, served: Served, sidecar: Run) -> None:
        """Facts are rebuilt from the record, and the policy is asked again, while the sidecar serves."""
        decision_id = blocked(sidecar)
        told = json.loads(sidecar("explain", "--decision", decision_id, "--output", "json").out)["explanation"]
        assert told["denied"]
        said = {rule["code"]: rule["says"] for rule in told["rules"]}
        assert ("denies", "denies", "silent") == (
            said["origin.stance"],
            said["transfer.regime"],
            said["license.territory"],
        )
        facts = [fact for rule in told["rules"] for reason in rule["reasons"] for fact in reason["facts"]]
        assert {"path": "tenant.origins.CN", "value": "deny"} in facts
        assert all(plan["changes"] for plan in told["would_pass"])
        text = sidecar("explain", "--decision", decision_id).out
        assert "because: tenant.origins.CN" in text
        assert "to pass, as the policy says when it is asked with these changes:" in text

    def test_picture(self, served: Served, sidecar: Run) -> None:
        """One whole SVG, that names the rules that spoke and takes nothing from elsewhere."""
        done = sidecar("explain", "--decision", blocked(sidecar), "--output", "svg")
        picture = ET.fromstring(done.out)  # noqa: S314 - we wrote it
        words = " ".join(text for text in picture.itertext())
        assert "{http://www.w3.org/2000/svg}svg" == picture.tag
        assert all(word in words for word in ("block", "origin.stance", "transfer.regime", "tenant ministry"))
        assert {"title", "rect", "path", "text"} == {part.tag.partition("}")[2] for part in picture}
        assert "href" not in done.out

    def test_of_a_decision_of_inspect(self, sidecar: Run) -> None:
        """What `inspect` decided without a server is found as well."""
        asked = ("inspect", "--tenant", "plain", "--target", FRANCE, "--text", HARMLESS, "--output", "json")
        decision_id = json.loads(sidecar(*asked).out)["decision_id"]
        done = sidecar("explain", "--decision", decision_id)
        assert (0, True) == (done.code, done.out.startswith("allow"))

    def test_bad_usage(self, together: Together) -> None:
        """It ends with 2."""
        cases = (("--decision", "no-such-decision"), (), ("--tenant", "plain"), ("--tenant", "plain", "--text", "x"))
        for done in together(*(("explain", *case) for case in cases)):
            assert (2, "") == (done.code, done.out), done
            assert done.err, done
