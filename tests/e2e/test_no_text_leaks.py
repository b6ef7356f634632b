"""After a run full of values, no byte that the sidecar wrote holds one of them."""

import signal
from functools import partial
from pathlib import Path
from typing import Any

from sidecar.v1 import inspection_pb2 as pb
from tests.audit.leaks import find_leaks
from tests.e2e.asking import (
    CARD,
    CHINA,
    EU_HOST,
    IBAN,
    LETTER,
    MAIL,
    NAME,
    PLANTED,
    REQUEST_ID,
    SESSION,
    SUBJECT,
    TOKEN,
    UNKNOWN_MODEL,
    chat,
    question,
    refused,
)
from tests.e2e.running import PATIENCE, Ears, hearing, run, serving, write_settings

EVERYTHING = f"{LETTER} Card {CARD}, account {IBAN}, token {TOKEN}."


def ask_everything(ears: Ears) -> None:
    """Send every planted value on every way a request can go."""
    unknown = pb.Target(model=UNKNOWN_MODEL, provider="ovhcloud")
    nowhere = pb.Target(model="qwen3-32b", provider=UNKNOWN_MODEL, region=SESSION)
    bodies = [
        (pb.FORMAT_OPENAI_CHAT, chat(EVERYTHING)),
        (pb.FORMAT_OPENAI_CHAT, chat("Hi.", user=MAIL, metadata={MAIL: NAME})),
        (pb.FORMAT_TEXT, EVERYTHING.encode()),
        (pb.FORMAT_ANTHROPIC_MESSAGES, chat(EVERYTHING)),
    ]
    for tenant in ("plain", "shop", "bank", "ministry"):
        for target in (CHINA, EU_HOST, unknown, nowhere):
            for number, (format_, body) in enumerate(bodies):
                asked = question(
                    tenant=tenant,
                    target=target,
                    candidates=[unknown, EU_HOST],
                    format=format_,
                    body=body,
                    subject=SUBJECT,
                    session_id=SESSION,
                    request_id=f"{REQUEST_ID}-{target.model}-{target.provider}-{number}",
                    attributes={"purpose": "support"},
                )
                answer = ears.inspection.Inspect(asked, timeout=PATIENCE)
                ears.inspection.Report(
                    pb.ReportRequest(tenant=tenant, decision_id=answer.decision_id, forwarded=True, target=unknown),
                    timeout=PATIENCE,
                )
    answer = ears.inspection.Inspect(question(tenant="shop", target=CHINA, body=chat(EVERYTHING)), timeout=PATIENCE)
    assert answer.restoration
    restore = pb.RestoreRequest(
        tenant="shop",
        decision_id=answer.decision_id,
        restoration=answer.restoration,
        format=pb.FORMAT_OPENAI_CHAT,
        body=answer.body,
    )
    ears.inspection.Restore(restore, timeout=PATIENCE)
    for fields in (
        {"body": EVERYTHING.encode()},
        {"body": chat(EVERYTHING) + b"}"},
        {"tenant": NAME},
        {"attributes": {NAME: MAIL}},
        {"attributes": {"purpose": MAIL}},
        {"restorations": [EVERYTHING.encode()]},
        {"format": pb.FORMAT_GEMINI_GENERATE_CONTENT, "body": chat(EVERYTHING)},
        {"request_id": f"{REQUEST_ID}-qwen3-32b-ovhcloud-0", "tenant": "shop", "body": chat(EVERYTHING)},
        {"in_reply_to": MAIL},
    ):
        refused(partial(ears.inspection.Inspect, question(**fields), timeout=PATIENCE))
    restore.restoration = EVERYTHING.encode()
    refused(lambda: ears.inspection.Restore(restore, timeout=PATIENCE))
    refused(lambda: ears.inspection.Report(pb.ReportRequest(tenant="shop", decision_id=MAIL), timeout=PATIENCE))
    garbage: Any = ears.channel.unary_unary("/sidecar.v1.InspectionService/Inspect")
    refused(lambda: garbage(b"\xff" + EVERYTHING.encode(), timeout=PATIENCE))
    unheard_of: Any = ears.channel.unary_unary(f"/sidecar.v1.InspectionService/{UNKNOWN_MODEL}")
    refused(lambda: unheard_of(EVERYTHING.encode(), timeout=PATIENCE), planted=())


def test_no_byte_of_what_was_sent_is_written(tmp_path: Path) -> None:
    """Journal, keys, temporary folders and the log are searched, while it runs, after it ended, and after an export."""
    with serving(tmp_path) as running, hearing(running.addresses[0]) as ears:
        ears.until_it_serves()
        ask_everything(ears)
        running.send(signal.SIGHUP)
        assert ears.status().journal_size > 2 * 64
        assert [] == find_leaks(tmp_path, PLANTED)
    for arguments in (
        ("inspect", "--tenant", "shop", "--target", "deepseek-v4-pro@deepseek", "--text", EVERYTHING),
        ("audit", "export", "--output", "export.jsonl"),
    ):
        done = run([*arguments, "--config", write_settings(tmp_path)], tmp_path)
        assert 0 == done.returncode, done.stderr
    assert [] == find_leaks(tmp_path, PLANTED)


def test_search_would_find_them(tmp_path: Path) -> None:
    """The search is no use if it finds nothing where there is something."""
    (tmp_path / "log").write_text(f"a line with {MAIL} in it")
    assert find_leaks(tmp_path, PLANTED)


def test_transport_errors_are_rpc_errors() -> None:
    """A sidecar that is not there is an error like any other: nothing may be forwarded."""
    with hearing("127.0.0.1:1") as ears:
        assert "UNAVAILABLE" == refused(lambda: ears.inspection.Inspect(question(), timeout=PATIENCE)).code
