"""What the pages on policies show is what happens: ten minutes of a security engineer, in the order of the page."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.test_examples import ROOT, pattern

_STEP = re.compile(
    r"^`(?P<file>[\w./-]+)`:\n\n```(?:yaml|rego)\n(?P<text>.*?)^```$|^```console\n(?P<shown>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@pytest.mark.parametrize("page", ["docs/policies.md", "docs/bundles.md"])
def test_the_page(page: str, tmp_path: Path) -> None:
    """Each file is written where the page shows it, and each command then prints what the page shows."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIDECAR_")}
    environment |= {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    steps = list(_STEP.finditer((ROOT / page).read_text("utf-8")))
    assert steps
    for step in steps:
        if step["file"]:
            (tmp_path / step["file"]).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / step["file"]).write_text(step["text"], "utf-8")
            continue
        for shown in re.split(r"^\$ ", step["shown"], flags=re.MULTILINE)[1:]:
            command, _, output = shown.partition("\n")
            run = re.sub(r"\bsidecar (?=policy )", f"{sys.executable} -m sidecar ", command)
            ran = subprocess.run(
                ["/bin/bash", "-c", run], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            assert re.fullmatch(pattern(output), ran.stderr + ran.stdout), f"{command}\n{ran.stdout}\n{ran.stderr}"
