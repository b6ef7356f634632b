"""``sidecar catalog search | diff | import`` as a process: what is printed, written, and said by the exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "data" / "catalog"


def sidecar(*arguments: str, **settings: str) -> tuple[int, str, str]:
    """Run ``sidecar catalog``; return exit code, output and complaints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIDECAR_")}
    ran = subprocess.run(
        [sys.executable, "-m", "sidecar", "catalog", *arguments],
        cwd=ROOT,
        env={**environment, "NO_COLOR": "1", **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout, ran.stderr


def test_search() -> None:
    """Hits as a table or JSON; exit 1 where there is none."""
    code, output, _ = sidecar("search", "deepseek-ai/DeepSeek-V3.2", "--output", "json")
    nothing = sidecar("search", "no-such-word")

    assert (0, "deepseek/deepseek-v3.2") == (code, json.loads(output)[0]["id"])
    assert (1, "", "sidecar: no row holds all of these words\n") == nothing


def test_search_sees_the_overlay() -> None:
    """An operator's own rows are found too."""
    code, output, _ = sidecar("search", "acme-support", SIDECAR_CATALOG__OVERLAY=str(FOLDER / "overlays" / "acme"))

    assert (0, True) == (code, "acme/support-32b" in output)


def test_diff() -> None:
    """Rows and fields, and how many."""
    code, output, _ = sidecar("diff", str(FOLDER / "overlays" / "acme"))

    assert (0, "3 added, 4 changed, 0 removed") == (code, output.splitlines()[-1])


def test_import_prints_what_it_would_write() -> None:
    """Without a folder nothing is written: overlay and proposal come on standard output, counts on the other."""
    code, output, told = sidecar("import", "litellm", str(FOLDER / "import" / "litellm.json"), "--as-of", "2026-11-24")

    assert (0, True, True) == (code, output.startswith("# Written by"), "+++ b/providers/_proposed.yaml" in output)
    assert told.endswith("nothing was written\n")


def test_import_writes_a_folder_that_is_an_overlay(tmp_path: Path) -> None:
    """The folder can be named as catalog.overlay at once."""
    lists = [str(FOLDER / "import" / f"{name}.json") for name in ("models_dev-api", "models_dev-models")]
    imported = sidecar("import", "models.dev", *lists, "--output", str(tmp_path), "--as-of", "2026-11-24")
    shown = sidecar("show", "deepseek-v3.2@ovhcloud", "--output", "json", SIDECAR_CATALOG__OVERLAY=str(tmp_path))

    assert (0, "") == (imported[0], imported[2])
    assert ["imported.yaml", "proposal-models.dev.diff"] == sorted(path.name for path in tmp_path.iterdir())
    assert (0, True) == (shown[0], json.loads(shown[1])["listed"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["litellm", "faults/provider-missing.json"], "litellm_provider: is missing"),
        (["litellm", "litellm.json", "--as-of", "yesterday"], "--as-of"),
        (["litellm", "no-such-list.json"], "no-such-list.json: cannot be read"),
    ],
)
def test_what_cannot_be_imported(arguments: list[str], told: str) -> None:
    """Bad usage and bad files end with 2, and say where."""
    source, name, *options = arguments
    code, output, complaint = sidecar("import", source, str(FOLDER / "import" / name), *options)

    assert (2, "", True) == (code, output, told in complaint), complaint


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "taken").write_text("")
    code, _, complaint = sidecar(
        "import", "litellm", str(FOLDER / "import" / "litellm.json"), "--output", str(tmp_path / "taken")
    )

    assert (2, True) == (code, "the folder of --output cannot be written" in complaint)
