"""Everything that a folder of policies must pass: compiler, formatter, bundle, the house lint, its tests."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sidecar.errors import PolicyFault
from sidecar.policy.bundle import assemble, canonical, check_command, compile_faults
from sidecar.policy.opa_binary import OpaBinary, find_opa
from sidecar.policy.sources import DOCUMENTS, MODULES, shipped_policies

LINT = "checks"  # policies over policies; never served
LINT_FAULTS = "data.checks.faults"
FULL_COVERAGE = 100.0


def check(policies: Path | None = None, *, opa: Path | None = None, contract: Path | None = None) -> list[str]:
    """Return every fault of a folder of policies, tests included, by file; nothing where there is none.

    Raises:
        PolicyFault: there is no OPA to check with, or no folder to check.
    """
    binary = find_opa(opa)
    contract = contract or shipped_policies()
    policies = policies or contract
    faults = [*_compiler(policies, binary, contract), *_formatter(policies, binary)]
    if faults:
        return faults  # the rest would say the same again, less clearly
    try:
        assemble(policies, opa=binary, catalog_data={}, shadow={}, contract=contract)
    except PolicyFault as error:
        faults.extend(error.faults or [str(error)])
    return [*faults, *_lint(policies, binary, contract)]


def run_tests(
    policies: Path | None = None, *, opa: Path | None = None, threshold: float = FULL_COVERAGE
) -> tuple[bool, str]:
    """Run the tests of a folder of policies; return whether all passed and enough is covered, and the report.

    Raises:
        PolicyFault: there is no OPA to run them with, or no folder to test.
    """
    binary = find_opa(opa)
    policies = policies or shipped_policies()
    tested = binary.run("test", "--fail-on-empty", *_folders(policies), cwd=policies)
    report = (tested.stdout + tested.stderr).decode("utf-8", "replace").strip()
    if tested.code != 0:
        return False, report or "no tests were run"
    covered = binary.run("test", "--coverage", "--format", "json", *_folders(policies), cwd=policies)
    coverage: dict[str, Any] = json.loads(covered.stdout)
    figure = float(coverage["coverage"])
    lines = [report, f"coverage: {figure:g} %", *(f"  {place} is not covered" for place in _uncovered(coverage))]
    return figure >= threshold, "\n".join(lines)


def _folders(policies: Path) -> list[str]:
    """Return the folders that OPA loads, with tests; each is a root of its own."""
    if not (policies / MODULES).is_dir():
        message = f"{policies} holds no policies: there is no folder {MODULES}/ in it"
        raise PolicyFault(message, field="policy.path")
    return [name for name in (MODULES, DOCUMENTS, LINT) if (policies / name).is_dir()]


def _compiler(policies: Path, opa: OpaBinary, contract: Path) -> list[str]:
    checked = opa.run(*check_command(contract), *_folders(policies), cwd=policies)
    return [] if checked.code == 0 else compile_faults(checked.stderr or checked.stdout)


def _formatter(policies: Path, opa: OpaBinary) -> list[str]:
    told = opa.run("fmt", "--list", *_folders(policies), cwd=policies)
    if told.code != 0:
        return []  # what cannot be parsed is told by the compiler
    return [f"{name}: not formatted; run `opa fmt --write`" for name in told.stdout.decode().split("\n") if name]


def _lint(policies: Path, opa: OpaBinary, contract: Path) -> list[str]:
    """Ask the house lint, itself a policy, about METADATA (``inspect``) and syntax (``modules``, by path)."""
    inspected = opa.run("inspect", "--annotations", "--format", "json", MODULES, cwd=policies)
    if inspected.code != 0:
        return compile_faults(inspected.stderr or inspected.stdout)
    names = [path.relative_to(policies).as_posix() for path in sorted((policies / MODULES).rglob("*.rego"))]

    def parse(name: str) -> Any:  # noqa: ANN401 - OPA's own document, read by Rego
        return json.loads(opa.run("parse", "--format", "json", name, cwd=policies).stdout)

    with ThreadPoolExecutor() as threads:
        modules = dict(zip(names, threads.map(parse, names), strict=True))
    question = canonical({"inspect": json.loads(inspected.stdout), "modules": modules})
    asked = opa.run(
        "eval",
        "--format",
        "json",
        "--fail",
        "--data",
        str((contract / LINT).absolute()),
        "--stdin-input",
        LINT_FAULTS,
        standard_input=question,
    )
    if asked.code != 0:
        return [f"{LINT}: {fault}" for fault in compile_faults(asked.stderr or asked.stdout)]
    return sorted(_lint_faults(asked.stdout))


def _lint_faults(output: bytes) -> Iterator[str]:
    for fault in json.loads(output)["result"][0]["expressions"][0]["value"]:
        yield str(fault)


def _uncovered(coverage: dict[str, Any]) -> Iterator[str]:
    for name, report in sorted(coverage["files"].items()):
        gaps = {(gap["start"]["row"], gap["end"]["row"]) for gap in report.get("not_covered") or []}
        yield from (f"{name}:{first}" if first == last else f"{name}:{first}-{last}" for first, last in sorted(gaps))
