"""What a bundle is made of, and what is refused before OPA ever serves it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sidecar.errors import PolicyFault
from sidecar.policy.bundle import Bundle, Rules, assemble
from sidecar.policy.opa_binary import OpaBinary
from tests.policy.conftest import SMALL, Spoil

Bundled = Callable[..., Bundle]
MAIN = "sidecar/main/main.rego"
PURPOSE = "sidecar/rules/trial/purpose/purpose.rego"
UNIDENTIFIED = "sidecar/rules/identity/unidentified_target/unidentified_target.rego"


def faults(bundled: Bundled, *args: object, **kwargs: object) -> tuple[str, ...]:
    """Return the faults for which a bundle is refused."""
    with pytest.raises(PolicyFault) as refused:
        bundled(*args, **kwargs)
    return refused.value.faults


def test_a_bundle_holds_modules_and_data_without_tests(bundled: Bundled) -> None:
    """Tests and test data stay behind; catalog, shadow and what is known of the rules are data."""
    bundle = bundled(shadow={"acme": ["trial.purpose"]})
    assert {MAIN, UNIDENTIFIED, PURPOSE, "data.json", ".manifest"} == set(bundle.files)
    assert {
        "sidecar": {
            "bundle": {
                "revision": bundle.revision,
                "rules": ["identity.unidentified_target", "trial.purpose"],
                "hard": ["identity.unidentified_target"],
                "unwaivable": ["identity.unidentified_target"],
                "directions": {"identity.unidentified_target": ["request"], "trial.purpose": ["request", "response"]},
            },
            "config": {"shadow": {"acme": ["trial.purpose"]}, "waivers": {}, "max_age_days": None},
            "regimes": {},
            "trial": {"rows": 3000},
        }
    } == json.loads(bundle.files["data.json"])
    assert {"revision": bundle.revision, "roots": [""]} == json.loads(bundle.files[".manifest"])


def test_what_is_known_of_the_rules(bundled: Bundled) -> None:
    """Codes are paths; the rest is METADATA, with a request as the default direction."""
    assert (
        Rules(
            codes=("identity.unidentified_target", "trial.purpose"),
            hard=("identity.unidentified_target",),
            unwaivable=("identity.unidentified_target",),
            directions={"identity.unidentified_target": ("request",), "trial.purpose": ("request", "response")},
        )
        == bundled().rules
    )


def test_the_revision_is_stable(bundled: Bundled, spoil: Spoil) -> None:
    """The same sources anywhere give the same bytes; a test changes nothing, any other change does."""
    first = bundled()
    assert first == bundled(spoil({"sidecar/rules/trial/purpose/more_test.rego": "package x"}))
    others = {
        bundled(spoil({"data/data.yaml": "sidecar: {trial: {rows: 1}}"})).revision,
        bundled(spoil({PURPOSE: (SMALL / PURPOSE).read_text() + "\n"})).revision,
        bundled(shadow={"*": ["trial.purpose"]}).revision,
        first.revision,
    }
    assert 4 == len(others)


def test_catalog_data_is_part_of_the_revision(opa: OpaBinary) -> None:
    """Another catalog is another policy."""
    one, two = (assemble(SMALL, opa=opa, catalog_data={"regimes": {"X": {"clause": c}}}, shadow={}) for c in "ab")
    assert one.revision != two.revision


def test_the_age_limit_is_part_of_the_bundle(opa: OpaBinary) -> None:
    """It stands beside the shadow map, null where there is none, and changes the revision."""
    one, two = (assemble(SMALL, opa=opa, catalog_data={}, shadow={}, max_age_days=days) for days in (None, 30))

    assert [None, 30] == [
        json.loads(bundle.files["data.json"])["sidecar"]["config"]["max_age_days"] for bundle in (one, two)
    ]
    assert one.revision != two.revision


def test_the_catalog_that_was_given_stays_as_it_is(opa: OpaBinary) -> None:
    """Putting documents together changes none of them."""
    catalog: dict[str, Any] = {"regimes": {}, "trial": {}}
    assemble(SMALL, opa=opa, catalog_data=catalog, shadow={})
    assert {"regimes": {}, "trial": {}} == catalog


def test_all_compile_errors_are_told(bundled: Bundled, spoil: Spoil) -> None:
    """OPA's own words, with file and row, for every error of every file."""
    folder = spoil(
        {
            PURPOSE: "package sidecar.rules.trial.purpose\n\ndeny contains misspelled(1)\n",
            UNIDENTIFIED: "package sidecar.rules.identity.unidentified_target\n\ndeny contains 1 if { y := 1; true }\n",
        }
    )
    assert {
        f"{PURPOSE}:3: undefined function misspelled",
        f"{UNIDENTIFIED}:3: assigned var y unused",
    } == set(faults(bundled, folder))


def test_a_module_that_does_not_parse(bundled: Bundled, spoil: Spoil) -> None:
    """The row is named."""
    told = faults(bundled, spoil({PURPOSE: "package sidecar.rules.trial.purpose\n\ndeny contains {\n"}))
    assert all(fault.startswith(f"{PURPOSE}:") for fault in told)


@pytest.mark.parametrize(
    "call",
    [
        'http.send({"method": "get", "url": "http://x"})',
        "time.now_ns()",
        "opa.runtime()",
        'net.lookup_ip_addr("x")',
        'rand.intn("x", 2)',
        'uuid.rfc4122("x")',
        'json.match_schema({}, {"$ref": "file:///etc/passwd"})',
        'rego.parse_module("x", "y")',
    ],
)
def test_clock_network_host_and_chance_are_out_of_reach(bundled: Bundled, spoil: Spoil, call: str) -> None:
    """A folder of policies cannot grant itself what the shipped capabilities leave out."""
    folder = spoil(
        {
            PURPOSE: f"package sidecar.rules.trial.purpose\n\ndeny contains {call}\n",
            "capabilities.json": '{"builtins": []}',
        }
    )
    assert (f"{PURPOSE}:3: undefined function {call.partition('(')[0]}",) == faults(bundled, folder)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({PURPOSE: None, UNIDENTIFIED: None}, "there is no rule under sidecar/rules"),
        (
            {MAIN: "package sidecar.main\n\ndecision := {}\n"},
            "sidecar.main.decision is missing, or its METADATA does not say",
        ),
        ({MAIN: None}, "sidecar.main.decision is missing, or its METADATA does not say"),
        (
            {"sidecar/rules/x.rego": "package sidecar.rules.x\n"},
            "sidecar/rules/x.rego: a rule's package is sidecar.rules",
        ),
        (
            {"sidecar/rules/a/b/c/x.rego": "package sidecar.rules.a.b.c\n"},
            "sidecar/rules/a/b/c/x.rego: a rule's package is",
        ),
        ({PURPOSE: "package sidecar.rules.Trial.purpose\n"}, f"{PURPOSE}: a rule's package is"),
        (
            {PURPOSE: "# METADATA\n# custom: {hard_boundary: often}\npackage sidecar.rules.trial.purpose\n"},
            "trial.purpose: METADATA custom.hard_boundary",
        ),
        (
            {PURPOSE: "# METADATA\n# custom: {directions: [sideways]}\npackage sidecar.rules.trial.purpose\n"},
            "trial.purpose: METADATA custom.directions",
        ),
        ({"data/data.yaml": "sidecar: {rules: {a: {b: {}}}}"}, "data.sidecar.rules is not for a document"),
        ({"data/data.yaml": "sidecar: {bundle: {revision: x}}"}, "data.sidecar.bundle is not for a document"),
        (
            {"data/data.yaml": "sidecar: {config: {shadow: {x: [y]}}}"},
            "data.sidecar.config.shadow is not for a document",
        ),
        ({"data/data.yaml": "a:\n  - [\n"}, "data/data.yaml:3: cannot be parsed"),
        ({"data/data.json": '{\n"a": 1,}'}, "data/data.json:2: cannot be parsed"),
        ({"data/data.yaml": "[1]"}, "data/data.yaml: must be a map"),
        ({"data/data.yaml": "no: 1"}, "data/data.yaml: must be a map of JSON values"),
        ({"data/data.yaml": "day: 2026-01-01"}, "data/data.yaml: must be a map of JSON values"),
        ({"data/data.yaml": "x: .nan"}, "data/data.yaml: must be a map of JSON values"),
        ({"data/sidecar/trial/rows.yaml": "rows: 7"}, "data.sidecar.trial.rows is defined elsewhere too"),
        ({"data/sidecar/regimes.yaml": "regimes: 7"}, "data.sidecar.regimes is the sidecar's to define"),
    ],
)
def test_bundles_that_are_refused(
    bundled: Bundled, spoil: Spoil, changes: dict[str, str | None], expected: str
) -> None:
    """Each fault is told where it is."""
    assert any(expected in fault for fault in faults(bundled, spoil(changes)))


def test_no_folder_of_policies(bundled: Bundled, tmp_path: Path) -> None:
    """A folder without any is named."""
    with pytest.raises(PolicyFault, match="there is no folder sidecar/ in it") as refused:
        bundled(tmp_path)
    assert "policy.path" == refused.value.field


def test_unknown_and_hard_rules_cannot_be_put_in_shadow(bundled: Bundled) -> None:
    """All of them are told; `*` stands for those that can."""
    assert (
        "policy.shadow.*: identity.unidentified_target is a hard boundary and cannot be put in shadow",
        "policy.shadow.acme: there is no rule trial.porpoise",
    ) == faults(bundled, shadow={"acme": ["trial.porpoise"], "*": ["identity.unidentified_target"]})
    assert {"acme": ("*",)} == bundled(shadow={"acme": ["*"]}).shadow
