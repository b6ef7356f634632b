"""Writes what the sidecar derives from the regimes of the Rego tests' small catalog: ``make goldens``."""

import json
from pathlib import Path
from typing import Any

from sidecar.catalog.reach import reach
from sidecar.policy.opa_binary import find_opa
from sidecar.policy.sources import shipped_policies

FOLDER = shipped_policies() / "sidecar" / "testdata"
DERIVED = FOLDER / "reach_test.rego"
_HEAD = """\
# How far the regimes of the fixtures reach, as the sidecar derives it. Written by `make goldens`.
package sidecar

reach := {
"""


def derived(folder: Path = FOLDER) -> str:
    """Return the module."""
    asked = find_opa(None).run("eval", "--format", "raw", "--data", str(folder / "fixtures_test.rego"), "data.sidecar")
    fixtures: dict[str, Any] = json.loads(asked.stdout)
    eea = fixtures["country_sets"]["EEA"]
    rows = {id_: reach(id_, regime, eea) for id_, regime in sorted(fixtures["regimes"].items())}
    lines = [f"\t{json.dumps(id_)}: {json.dumps(row, ensure_ascii=False)},\n" for id_, row in rows.items()]
    return "".join([_HEAD, *lines, "}\n"])


if __name__ == "__main__":
    DERIVED.write_text(derived(), encoding="utf-8")
