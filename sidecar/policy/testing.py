"""Runs the tests that lie beside rules, and says what they do not cover."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sidecar.policy.checking import LINT, every_folder, roots, upper
from sidecar.policy.complaints import seen_from
from sidecar.policy.opa_binary import OpaBinary, find_opa
from sidecar.policy.overlays import Layers
from sidecar.policy.reads import parsed
from sidecar.policy.sources import MODULES, TEST_SUFFIX, shipped_policies

WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """What tests reach of one file."""

    name: str
    covered: int
    """Lines."""
    missed: tuple[tuple[int, int], ...]
    """Rows, first and last."""

    @property
    def lines(self) -> int:
        """How many lines could be covered."""
        return self.covered + sum(last - first + 1 for first, last in self.missed)


@dataclass(frozen=True, slots=True)
class Tested:
    """What a run of tests gave."""

    passed: bool
    report: str
    """OPA's own words."""
    files: tuple[FileCoverage, ...]
    """Of the folders that are a team's own."""

    @property
    def coverage(self) -> float:
        """In percent; all of nothing is covered."""
        lines = sum(one.lines for one in self.files)
        return WHOLE * sum(one.covered for one in self.files) / lines if lines else WHOLE


def run_tests(layers: Layers | None = None, *, opa: Path | None = None) -> Tested:
    """Run the tests: of overlays, if there are any, those in them alone.

    Raises:
        PolicyFault: there is no OPA to run them with, or no folder to test.
    """
    binary = find_opa(opa)
    layers = layers or Layers(shipped_policies())
    command = ["test", *_only_own(layers, binary)]
    tested = binary.run(*command, "--fail-on-empty", *every_folder(layers))
    report = (tested.stdout + tested.stderr).decode("utf-8", "replace").strip()
    if tested.code != 0:
        report = report.replace("".join((str(roots(layers)[0]), "/")), "")
        return Tested(passed=False, report=report or "no tests were run", files=())
    covered = binary.run(*command, "--coverage", "--format", "json", *every_folder(layers))
    return Tested(passed=True, report=report, files=tuple(_files(json.loads(covered.stdout), layers)))


def _only_own(layers: Layers, opa: OpaBinary) -> list[str]:
    """Return the arguments that leave out the tests of what lies below."""
    if not layers.overlays:
        return []
    tests = {
        str(path): path.read_bytes()
        for folder in layers.overlays
        for part in (MODULES, LINT)
        for path in (folder / part).rglob(f"*{TEST_SUFFIX}")
    }
    packages = {
        ".".join(str(part["value"]) for part in tree["package"]["path"]) for tree in parsed(tests, opa=opa).values()
    }
    return ["--run", f"^({'|'.join(re.escape(package) for package in sorted(packages)) or 'nothing'})[.]"]


def _files(coverage: Mapping[str, Any], layers: Layers) -> Iterator[FileCoverage]:
    own = [folder.absolute() for folder in upper(layers)]
    for name, report in sorted(coverage["files"].items()):
        if any(Path(name).is_relative_to(folder) for folder in own):
            gaps = {(gap["start"]["row"], gap["end"]["row"]) for gap in report.get("not_covered") or []}
            covered = sum(part["end"]["row"] - part["start"]["row"] + 1 for part in report.get("covered") or [])
            yield FileCoverage(seen_from(name, own), covered, tuple(sorted(gaps)))
