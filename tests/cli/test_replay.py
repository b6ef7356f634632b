"""`sidecar policy replay` on the journal of a sidecar that serves: what would be let out is caught."""

import json
from pathlib import Path

from sidecar.policy.template import make_overlay
from tests.cli.conftest import Run
from tests.e2e.running import copy_of_policies

WAIVERS = """waivers:
  - {rule: transfer.regime, tenant: shop, target: "*", reason: x, approver: y, expires: 2999-01-01}
  - {rule: trust.training, tenant: shop, target: "*", reason: x, approver: y, expires: 2999-01-01}
"""


def test_the_same_policy(sidecar: Run, tmp_path: Path) -> None:
    """Decided again by what they were decided by, all records end the same: nothing that was asked is lost."""
    done = sidecar("policy", "replay", "--bundle", copy_of_policies(tmp_path), "--output", "json")
    told = json.loads(done.out)
    assert (0, 3, 0, False) == (done.code, told["records"], told["unreadable"], told["looser"])
    assert 3 == told["changes"]["same"]


def test_a_planted_loosening(sidecar: Run, tmp_path: Path) -> None:
    """Somebody dropped a condition deep in a rule: the block that becomes an allow is found, named, and fails."""
    policies = copy_of_policies(tmp_path)
    for rule in ("transfer/regime/regime", "trust/training/training", "origin/stance/stance"):
        path = policies / "sidecar" / "rules" / f"{rule}.rego"
        text = path.read_text()
        assert "deny contains" in text
        path.write_text(text.replace("} if {", '} if {\n\tinput.tenant.id == "nobody"'))
    done = sidecar("policy", "replay", "--bundle", policies, "--output", "json")
    told = json.loads(done.out)
    assert (3, True) == (done.code, told["looser"])
    assert {"block": "allow"} == {one["was"]: one["now"] for one in told["by_action"] if one["was"] == "block"}
    opened = [one for one in told["examples"] if one["change"] == "opened"]
    assert ["ministry"] == [one["tenant"] for one in opened]
    assert "origin.stance" in opened[0]["was"]["codes"]
    assert "3 records decided again" in sidecar("policy", "replay", "--bundle", policies).out


def test_overlays(sidecar: Run, tmp_path: Path) -> None:
    """A waiver loosens what it is for and nothing else; a rule more tightens, and passes."""
    make_overlay(tmp_path / "team", "team")
    (tmp_path / "team/waivers.yaml").write_text(WAIVERS)
    done = sidecar("policy", "replay", "--bundle", tmp_path / "team", "--output", "json")
    told = json.loads(done.out)
    assert (3, 1, 2) == (done.code, told["changes"]["loosened"], told["changes"]["same"])
    (tmp_path / "team/waivers.yaml").write_text("waivers: []\n")
    (tmp_path / "team/data/data.yaml").write_text("team: {reviewed_models: {plain: []}}\n")
    done = sidecar("policy", "replay", "--bundle", tmp_path / "team", "--output", "json")
    told = json.loads(done.out)
    assert (0, 1, 2) == (done.code, told["changes"]["tightened"], told["changes"]["same"])
    assert [{"code": "team.reviewed_models", "speaks": True, "records": 1}] == told["by_rule"]


def test_diff_without_records(sidecar: Run, tmp_path: Path) -> None:
    """The catalog, judged by two policies: a rule more closes, a waiver opens, which fails."""
    make_overlay(tmp_path / "team", "team")
    (tmp_path / "team/data/data.yaml").write_text("team: {reviewed_models: {plain: []}}\n")
    asked = ("policy", "diff", "--bundle", tmp_path / "team", "--output", "json", "--model", "deepseek-v4-pro")
    closing = sidecar(*asked, "--tenant", "plain")
    assert (0, "team.reviewed_models") == (closing.code, json.loads(closing.out)[0]["after"]["against"])
    (tmp_path / "team/waivers.yaml").write_text(
        'waivers: [{rule: origin.stance, tenant: ministry, target: "*", reason: x, approver: y, expires: 2999-01-01}]'
    )
    opening = sidecar(*asked, "--tenant", "ministry")
    assert (3, "block") == (opening.code, json.loads(opening.out)[0]["before"]["verdict"])


def test_what_has_no_candidate(sidecar: Run) -> None:
    """Without a candidate there is nothing to compare."""
    assert 2 == sidecar("policy", "replay").code


def test_a_planted_catalog(sidecar: Run, tmp_path: Path) -> None:
    """Somebody moved a provider to Germany in the catalog: what that would open is found, and fails."""
    overlay = tmp_path / "catalog.yaml"
    overlay.write_text("""providers:
  - id: deepseek
    hq_country: DE
    parent_jurisdiction: DE
    processing_regions: [DE]
    trains_on_inputs: 'no'
    source: planted
    retrieved: '2026-11-24'
""")
    done = sidecar("policy", "replay", "--catalog", overlay, "--output", "json")
    told = json.loads(done.out)
    assert (3, True, 1) == (done.code, told["looser"], told["changes"]["loosened"])
    assert ["shop"] == [one["tenant"] for one in told["examples"] if one["change"] == "loosened"]
