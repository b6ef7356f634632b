"""What `sidecar policy check` and `sidecar policy test` say."""

from pathlib import Path

import pytest

from sidecar.errors import PolicyFault
from sidecar.policy.checking import check
from sidecar.policy.overlays import Layers
from sidecar.policy.testing import run_tests
from tests.policy.conftest import SMALL, Spoil

MAIN = "sidecar/main/main.rego"
PURPOSE = "sidecar/rules/trial/purpose/purpose.rego"
UNIDENTIFIED = "sidecar/rules/identity/unidentified_target/unidentified_target.rego"
TEST = "sidecar/rules/identity/unidentified_target/unidentified_target_test.rego"


def test_the_shipped_policies_pass() -> None:
    """Nothing stands against what is shipped."""
    assert [] == check()


def test_errors_in_tests_are_told_too(spoil: Spoil) -> None:
    """The compiler sees what is not served."""
    assert [f"{TEST}:3: undefined function misspelled"] == check(
        Layers(spoil({TEST: "package sidecar.x_test\n\ntest_it if misspelled(1)\n"}))
    )


def test_unformatted_files_are_named(spoil: Spoil) -> None:
    """One line for each file."""
    spoiled = (SMALL / PURPOSE).read_text().replace("deny contains", "deny   contains")
    assert [f"{PURPOSE}: not formatted; run `sidecar policy fmt`"] == check(Layers(spoil({PURPOSE: spoiled})))


def test_what_a_bundle_lacks_is_told(spoil: Spoil) -> None:
    """A folder that would not be served does not pass the check either."""
    assert "sidecar.main.decision is missing, or its METADATA does not say `entrypoint: true`" in check(
        Layers(spoil({MAIN: None}))
    )


@pytest.mark.parametrize("ask", [check, run_tests])
def test_a_folder_without_policies(tmp_path: Path, ask: object) -> None:
    """It is named, rather than found faultless."""
    assert callable(ask)
    with pytest.raises(PolicyFault, match="there is no folder sidecar/ in it"):
        ask(Layers(tmp_path))


def test_tests_that_pass_and_cover(spoil: Spoil) -> None:
    """The report says how many and how much."""
    folder = spoil({MAIN: None, PURPOSE: None})
    tested = run_tests(Layers(folder))
    assert (True, "PASS: 2/2", 100) == (tested.passed, tested.report, tested.coverage)


def test_tests_that_do_not_cover(spoil: Spoil) -> None:
    """Each gap is named, and too many of them fail."""
    tested = run_tests(Layers(spoil({MAIN: None})))
    assert tested.passed
    assert [PURPOSE] == [one.name for one in tested.files if one.missed]
    assert (9, 9) in next(one.missed for one in tested.files if one.missed)
    assert 10 < tested.coverage < 100


def test_tests_that_fail(spoil: Spoil) -> None:
    """The one that failed is named."""
    failing = (SMALL / TEST).read_text().replace("== set()", '== {"It is."}')
    tested = run_tests(Layers(spoil({TEST: failing})))
    assert not tested.passed
    assert "test_known_is_not_denied: FAIL" in tested.report


def test_no_tests_are_not_passed_tests(spoil: Spoil) -> None:
    """Empty is never yes."""
    assert not run_tests(Layers(spoil({TEST: None}))).passed


def test_the_house_lint_is_asked() -> None:
    """Rules that say too little of themselves are told so, each by its file."""
    assert f"{PURPOSE}: no test beside it: {PURPOSE.replace('.rego', '_test.rego')}" in check(Layers(SMALL))
