"""What the pages show is what happens."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/**/*.md")])
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PYTHON_THEN_OUTPUT = re.compile(r"^```python\n(.*?)^```$.*?^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)[^)]*\)")


def commands(page: str) -> Iterator[tuple[str, str]]:
    """Return every command that a page shows, with the output it shows."""
    for block in _CONSOLE.findall((ROOT / page).read_text("utf-8")):
        for shown in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = shown.partition("\n")
            yield command, output


def pattern(output: str) -> str:
    """Return an expression for an output in which `…` stands for any lines, or within a line for any text."""
    lines = (
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r" *\n" for line in output.splitlines()
    )
    return "".join(lines)


@pytest.mark.parametrize("page", ["README.md", "docs/audit.md"])
def test_console_examples(page: str, address: str, tmp_path: Path) -> None:
    """Each command, run in a checkout one after the other, prints what the page shows.

    The first runs as it stands; of the others, those that would load the models again ask a running sidecar.
    """
    for name in ("deploy", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    environment = os.environ | {"SIDECAR_AUDIT__PATH": str(tmp_path / "audit"), "NO_COLOR": "1"}
    shown = list(commands(page))
    assert shown
    for number, (shown_command, output) in enumerate(shown):
        judges = re.search(r"sidecar (inspect|explain) ", shown_command)
        command = f"{shown_command} --address {address}" if number and judges else shown_command
        ran = subprocess.run(
            ["/bin/bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert re.fullmatch(pattern(output), ran.stdout), f"{command}\n{ran.stdout}\n{ran.stderr}"


def test_gateway_example(address: str, tmp_path: Path) -> None:
    """The gateway of the README, against a running sidecar, prints what the page shows."""
    ((code, output),) = _PYTHON_THEN_OUTPUT.findall((ROOT / "README.md").read_text("utf-8"))
    script = tmp_path / "gateway.py"
    script.write_text(code.replace("127.0.0.1:50551", address), "utf-8")
    ran = subprocess.run([sys.executable, script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (output, 0) == (ran.stdout, ran.returncode), ran.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page names a file or folder of the repository."""
    links = _LINK.findall(page.read_text("utf-8"))
    assert [] == [link for link in links if not (page.parent / link).exists()]


def test_overview_names_every_room() -> None:
    """The map of the house leaves out no module at its top and no room."""
    page = (ROOT / "docs" / "design" / "overview.md").read_text("utf-8")
    package = ROOT / "sidecar"
    rooms = [f"sidecar/{path.parent.name}/" for path in package.glob("*/__init__.py")]
    modules = [f"sidecar/{path.name}" for path in package.glob("*.py") if not path.name.startswith("__")]
    assert [] == sorted(place for place in (*rooms, *modules) if f"`{place}`" not in page)
