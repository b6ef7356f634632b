"""A team's own folder over the shipped bundle: it adds and tightens, and cannot loosen."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sidecar.errors import PolicyFault
from sidecar.policy.bundle import Bundle, assemble
from sidecar.policy.checking import check, lint
from sidecar.policy.opa_binary import OpaBinary
from sidecar.policy.overlays import Layers, layered
from sidecar.policy.sources import shipped_policies
from sidecar.policy.template import make_overlay
from tests.policy.conftest import SMALL

Overlay = Callable[..., Path]
RULE = """# METADATA
# custom: {{directions: [request], hard_boundary: false}}
package {package}

deny contains "no" if input.target.id == "x"
"""
BAD = Path(__file__).parent.parent / "data" / "policy" / "overlays"


@pytest.fixture
def overlay(tmp_path: Path) -> Overlay:
    """Write a folder that lies over others."""

    def write(files: Mapping[str, str], name: str = "team") -> Path:
        folder = tmp_path / name
        for path, text in {"overlay.yaml": f"name: {name}\n", **files}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")
        return folder

    return write


def bundled(opa: OpaBinary, *overlays: Path) -> Bundle:
    """Assemble the small policies with overlays; ``x`` is the only target that is known, by the name ``alias``."""
    return assemble(
        SMALL,
        opa=opa,
        catalog_data={},
        shadow={},
        overlays=overlays,
        target_id={"alias@p": "x@p"}.get,
    )


def faults(opa: OpaBinary, *overlays: Path) -> tuple[str, ...]:
    """Return the faults for which the overlays are refused."""
    with pytest.raises(PolicyFault) as refused:
        bundled(opa, *overlays)
    return refused.value.faults or (str(refused.value),)


def waiver(**changes: str) -> str:
    """Return a file with one waiver."""
    row = {
        "rule": "trial.purpose",
        "tenant": "acme",
        "target": "alias@p",
        "reason": "pilot",
        "approver": "Jane Doe, CISO",
        "expires": "2027-01-31",
        **changes,
    }
    lines = [f"{key}: {value}" for key, value in row.items() if value]
    return "waivers:\n  - " + "\n    ".join(lines) + "\n"


def test_rules_and_data_are_added(opa: OpaBinary, overlay: Overlay) -> None:
    """What lies below stays, byte for byte; the overlay's files stand under its name."""
    folder = overlay(
        {
            "sidecar/rules/team/first/first.rego": RULE.format(package="sidecar.rules.team.first"),
            "sidecar/rules/identity/more/more.rego": RULE.format(package="sidecar.rules.identity.more"),
            "sidecar/lib/team.rego": "package sidecar.lib.team\n\nyes := true\n",
            "data/data.yaml": "team: {limit: 3}\n",
        }
    )
    below, both = assemble(SMALL, opa=opa, catalog_data={}, shadow={}), bundled(opa, folder)
    assert (*below.rules.codes[:1], "identity.more", "team.first", *below.rules.codes[1:]) != both.rules.codes
    assert {*below.rules.codes, "identity.more", "team.first"} == set(both.rules.codes)
    assert {name: below.files[name] for name in below.files if name.endswith(".rego")}.items() <= both.files.items()
    assert "team/sidecar/rules/team/first/first.rego" in both.files
    assert {"limit": 3} == json.loads(both.files["data.json"])["team"]
    assert below.revision != both.revision


def test_the_place_of_an_overlay_is_no_part_of_the_revision(opa: OpaBinary, overlay: Overlay, tmp_path: Path) -> None:
    """Mounted elsewhere, the same overlay is the same policy."""
    folder = overlay({"data/data.yaml": "team: {limit: 3}\n"})
    first = bundled(opa, folder)
    assert first == bundled(opa, folder.rename(tmp_path / "elsewhere"))


@pytest.mark.parametrize("name", sorted(path.stem for path in BAD.glob("*.rego")))
def test_what_an_overlay_may_not_touch(opa: OpaBinary, overlay: Overlay, name: str) -> None:
    """Each file below tests/data/policy/overlays is named for its fault, and is refused with its row."""
    text = (BAD / f"{name}.rego").read_text("utf-8")
    told = faults(opa, overlay({"sidecar/rules/team/first/first.rego": text}))
    row = next(row for row, line in enumerate(text.split("\n"), 1) if line.startswith("package"))
    assert all(fault.startswith(f"sidecar/rules/team/first/first.rego:{row}: the package ") for fault in told), told


@pytest.mark.parametrize("root", ["sidecar: {trial: {more: 1}}", "sidecar: {config: {shadow: {}}}", "test: {}"])
def test_data_below_ours_is_refused(opa: OpaBinary, overlay: Overlay, root: str) -> None:
    """No document of an overlay lies where shipped rules read: a mechanism or an adequate country would loosen."""
    name = root.partition(":")[0]
    told = faults(opa, overlay({"data/data.yaml": f"{root}\n"}))
    assert (f"data: {name} is not an overlay's to define; take a root of your own, such as team",) == told


def test_two_overlays(opa: OpaBinary, overlay: Overlay) -> None:
    """They do not overwrite each other, neither rules nor data, and differ by name."""
    rule = RULE.format(package="sidecar.rules.team.first")
    one = overlay({"sidecar/rules/team/first/first.rego": rule, "data/data.yaml": "team: {a: 1}"}, "one")
    two = overlay({"sidecar/rules/team/first/first.rego": rule, "data/data.yaml": "team: {a: 2}"}, "two")
    told = faults(opa, one, two)
    assert 2 == len(told)
    assert "data.team.a is defined elsewhere too" in told
    three = overlay({"overlay.yaml": "name: one\n"}, "three")
    assert ("overlay.yaml: two overlays are named one",) == faults(opa, one, three)


@pytest.mark.parametrize("text", ["", "name: My Team\n", "name: team\nmore: 1\n", "- team\n", "name: [\n"])
def test_a_mark_that_says_something_else(opa: OpaBinary, overlay: Overlay, text: str) -> None:
    """An overlay says its name and nothing else."""
    assert faults(opa, overlay({"overlay.yaml": text}))[0].startswith("overlay.yaml:")


def test_layers(overlay: Overlay, tmp_path: Path) -> None:
    """Overlays are told by their mark; below them lies the one whole bundle that is named, else the shipped one."""
    team = overlay({})
    assert Layers(shipped_policies(), (team,)) == layered([team])
    assert Layers(SMALL, (team,)) == layered([team, SMALL])
    with pytest.raises(PolicyFault, match="several folders are whole bundles"):
        layered([SMALL, tmp_path / "another"])


class TestWaivers:
    """Exceptions that somebody answers for."""

    def test_become_data(self, opa: OpaBinary, overlay: Overlay) -> None:
        """By tenant and rule, the target by its canonical id; part of the revision."""
        bundle = bundled(opa, overlay({"waivers.yaml": waiver()}))
        row = {"target": "x@p", "reason": "pilot", "approver": "Jane Doe, CISO", "expires": "2027-01-31"}
        document = json.loads(bundle.files["data.json"])
        assert {"acme": {"trial.purpose": [row]}} == document["sidecar"]["config"]["waivers"]
        assert bundle.revision != bundled(opa, overlay({"waivers.yaml": waiver(expires="2027-02-01")})).revision

    @pytest.mark.parametrize(
        ("changes", "row", "told"),
        [
            ({"rule": "trial.porpose"}, 2, "rule: there is no rule of this code; `sidecar policy status` lists them"),
            ({"rule": "identity.unidentified_target"}, 2, "rule: identity.unidentified_target cannot be waived"),
            ({"tenant": "'*'"}, 2, "tenant: a waiver is for one tenant"),
            ({"target": "y@p"}, 2, "target: the catalog knows no such model@provider; `*` stands for every target"),
            ({"expires": "soon"}, 7, "expires: must be a day such as 2027-01-31"),
            (
                {"approver": ""},
                2,
                "approver: missing; a waiver has rule, tenant, target, reason, approver, expires",
            ),
            ({"reason": '"two\\nlines"'}, 5, "reason: must be one line of text"),
            ({"until": "x"}, 8, "until: unknown; a waiver has rule, tenant, target, reason, approver, expires"),
        ],
    )
    def test_that_will_not_do(
        self, opa: OpaBinary, overlay: Overlay, changes: dict[str, str], row: int, told: str
    ) -> None:
        """Each is refused with its row."""
        assert (f"waivers.yaml:{row}: {told}",) == faults(opa, overlay({"waivers.yaml": waiver(**changes)}))

    @pytest.mark.parametrize("text", ["", "waivers: {}\n", "waivers: []\nmore: 1\n", "waivers: [\n"])
    def test_in_a_file_of_another_form(self, opa: OpaBinary, overlay: Overlay, text: str) -> None:
        """Nothing is read out of it."""
        assert faults(opa, overlay({"waivers.yaml": text}))[0].startswith("waivers.yaml:")

    def test_credentials_are_not_waived(self, opa: OpaBinary, overlay: Overlay) -> None:
        """Of the shipped rules, those that nobody may waive: who is asked for, and what must never leave."""
        bundle = assemble(shipped_policies(), opa=opa, catalog_data={}, shadow={})
        assert ("content.credential", "identity.unidentified_target") == bundle.rules.unwaivable


class TestChecks:
    """What `policy check` says of an overlay."""

    def test_the_template_passes(self, tmp_path: Path) -> None:
        """What `policy init` makes has no fault."""
        make_overlay(tmp_path / "acme", "acme-risk")
        assert [] == check(Layers(shipped_policies(), (tmp_path / "acme",)))

    def test_a_misspelled_fact(self, overlay: Overlay) -> None:
        """The schema knows what there is, and the message what was meant, and where."""
        rule = RULE.format(package="sidecar.rules.team.first").replace("input.target.id", "input.tennant.id")
        told = check(Layers(shipped_policies(), (overlay({"sidecar/rules/team/first/first.rego": rule}),)))
        assert ["sidecar/rules/team/first/first.rego:5: undefined ref: input.tennant.id; did you mean tenant?"] == told

    def test_a_forbidden_builtin(self, overlay: Overlay) -> None:
        """The clock is not there to be called."""
        rule = RULE.format(package="sidecar.rules.team.first").replace('input.target.id == "x"', "time.now_ns() > 0")
        told = check(Layers(shipped_policies(), (overlay({"sidecar/rules/team/first/first.rego": rule}),)))
        assert ["sidecar/rules/team/first/first.rego:5: undefined function time.now_ns"] == told

    def test_the_teams_own_lint(self, tmp_path: Path) -> None:
        """Its checks are asked beside ours, and cannot write in ours."""
        make_overlay(tmp_path / "acme", "acme")
        layers = Layers(shipped_policies(), (tmp_path / "acme",))
        rule = tmp_path / "acme/sidecar/rules/acme/reviewed_models/reviewed_models.rego"
        rule.write_text(rule.read_text().replace("#   owner: acme\n", ""))
        name = rule.relative_to(tmp_path / "acme")
        assert [f"{name}: METADATA of the package lacks custom.owner"] == lint(layers)
        own = tmp_path / "acme/checks/acme.rego"
        own.write_text("package checks\n\n_set_aside(_)\n")
        assert ["checks: the package checks is not an overlay's; use checks.<name>"] == lint(layers)
