"""What docs/catalog.md shows is what happens."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.docs.test_examples import ROOT, commands, pattern

_FILE = re.compile(r"`(overlay/[a-z]+\.yaml)`:\n\n```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_console_examples(tmp_path: Path) -> None:
    """Each command, run one after the other beside the files that the page shows, prints what the page shows."""
    page = "docs/catalog.md"
    for name, text in _FILE.findall((ROOT / page).read_text("utf-8")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIDECAR_")}
    environment |= {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    shown = list(commands(page))
    assert shown
    for command, output in shown:
        run = re.sub(r"\bsidecar (?=catalog )", f"{sys.executable} -m sidecar ", command)
        ran = subprocess.run(
            ["/bin/bash", "-c", run], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert re.fullmatch(pattern(output), ran.stdout), f"{command}\n{ran.stdout}\n{ran.stderr}"
