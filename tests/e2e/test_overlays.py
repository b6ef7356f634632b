"""A team's overlay in a sidecar that serves: what it waives passes, and stands in the answer and in the record."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sidecar.audit.reader import JournalReader
from sidecar.policy.template import make_overlay
from tests.e2e.asking import CHINA, HARMLESS, LETTER, action, chat, codes, question
from tests.e2e.running import PATIENCE, hearing, serving, until

WAIVERS = """waivers:
  - {{rule: origin.stance, tenant: ministry, target: deepseek-v4-pro@deepseek, reason: trial,
     approver: "Jane Doe, CISO", expires: {expires}}}
"""


def test_a_waiver_from_request_to_record(tmp_path: Path) -> None:
    """The rule it names says nothing, others still do; a waiver that ended yesterday is none, after a reload."""
    overlay = tmp_path / "overlay"
    make_overlay(overlay, "team")
    today = date.today()  # noqa: DTZ011 - the day that the sidecar sees
    (overlay / "waivers.yaml").write_text(WAIVERS.format(expires=today + timedelta(days=1)))
    with serving(tmp_path, policy={"path": [str(overlay)]}) as served, hearing(served.addresses[0]) as ears:
        ears.until_it_serves()
        harmless = ears.inspection.Inspect(
            question(tenant="ministry", target=CHINA, body=chat(HARMLESS)), timeout=PATIENCE
        )
        letter = ears.inspection.Inspect(question(tenant="ministry", target=CHINA, body=chat(LETTER)), timeout=PATIENCE)
        assert "origin.stance" not in codes(harmless)
        assert ["origin.stance"] == [one.code for one in harmless.waived]
        assert ("trial", "Jane Doe, CISO") == (harmless.waived[0].reason, harmless.waived[0].approver)
        assert ("block", ["transfer.regime", "trust.training"]) == (action(letter), sorted(set(codes(letter))))
        before = ears.status().revisions.policy
        (overlay / "waivers.yaml").write_text(WAIVERS.format(expires=today - timedelta(days=1)))
        until(lambda: ears.status().revisions.policy != before, "a new revision")
        again = ears.inspection.Inspect(
            question(tenant="ministry", target=CHINA, body=chat(HARMLESS)), timeout=PATIENCE
        )
        assert ("block", []) == (action(again), list(again.waived))
        assert "origin.stance" in codes(again)
    with JournalReader(tmp_path / "audit") as journal:
        records: list[dict[str, Any]] = [dict(row.record()) for row in journal.rows()]
    waived = [
        [(one["code"], one["reason"], one["approver"], one["expires"]) for one in record["waived"]]
        for record in records
    ]
    told = [("origin.stance", "trial", "Jane Doe, CISO", str(today + timedelta(days=1)))]
    assert [told, told, []] == waived
