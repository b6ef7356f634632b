"""The generated pages."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from docs import generate
from docs.generator import cli, errors, readme, settings, tenants
from sidecar import errors as tree
from sidecar.app.sources import tenant_warnings
from sidecar.config import Settings, load_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wanted() -> Mapping[Path, str]:
    """The pages as they should be."""
    return generate.pages()


def test_pages_are_fresh(wanted: Mapping[Path, str]) -> None:
    """What is committed is what the code says today."""
    assert () == generate.settle(wanted, ROOT, check=True)


def test_a_stale_page_is_named_and_written(wanted: Mapping[Path, str], tmp_path: Path) -> None:
    """A changed page and one of a rule that is no more fail the check, which mends nothing; writing mends both."""
    generate.settle(wanted, tmp_path, check=False)
    changed, orphan = Path("docs/errors.md"), Path("docs/rules/content.gone.md")
    (tmp_path / changed).write_text("old")
    (tmp_path / orphan).write_text("old")
    assert (changed, orphan) == generate.settle(wanted, tmp_path, check=True)
    assert "old" == (tmp_path / changed).read_text()
    assert (changed, orphan) == generate.settle(wanted, tmp_path, check=False)
    assert () == generate.settle(wanted, tmp_path, check=True)
    assert not (tmp_path / orphan).exists()


def test_settings_page_lists_what_the_parser_takes() -> None:
    """Every variable that the page names is taken, and its default changes nothing."""
    rows = re.findall(r"^\| `([a-z_.]+)` \| .* \| (.*) \| .* `(SIDECAR_[A-Z_]+)` \|$", settings.render(), re.MULTILINE)
    defaults = {variable: default.strip("`") for _, default, variable in rows if default.startswith("`")}
    assert load_settings(None, {}) == load_settings(None, defaults)
    sections = {key.split(".")[0] for key, _, _ in rows}
    assert set(Settings.model_fields) == sections


def test_errors_page_lists_every_error() -> None:
    """Every error has a row with its code and what to do, and a place in the tree."""
    page = errors.render()
    kinds = [kind for kind in vars(tree).values() if isinstance(kind, type) and issubclass(kind, tree.SidecarError)]
    assert [] == [kind.__name__ for kind in kinds if f"`{kind.reason}`" not in page or kind.__name__ not in page]
    assert "| `QUEUE_FULL` | RESOURCE_EXHAUSTED | yes |" in page
    assert "| `RESTORATION_TENANT` | FAILED_PRECONDITION | no |" in page


def test_cli_page_has_every_verb() -> None:
    """Groups come before their verbs, and no line is wider than a page."""
    names = [name for name, _ in cli.helps()]
    assert {"sidecar", "sidecar inspect", "sidecar audit", "sidecar audit verify", "sidecar keys rotate"} <= set(names)
    assert max(len(line) for _, text in cli.helps() for line in text.splitlines()) <= cli.WIDTH + 2


def test_tenants_example_is_taken(tmp_path: Path) -> None:
    """The example of the page is a tenants file without faults."""
    (tmp_path / "tenants.yaml").write_text(tenants.EXAMPLE)
    count, _ = tenant_warnings(load_settings(None, {"SIDECAR_TENANTS__PATH": str(tmp_path / "tenants.yaml")}))
    assert 1 == count


def test_tenants_page_shows_defaults_as_yaml_takes_them() -> None:
    """A default on the page is what may be written in the file."""
    found = re.findall(r"^\| `prefer` \| .* \| `(.*)` \| ", tenants.render(), re.MULTILINE)
    assert [["redact", "reroute", "block"]] == [json.loads(text) for text in found]


@pytest.mark.parametrize("text", ["no marks", readme.START, readme.END + readme.START, readme.START * 2 + readme.END])
def test_readme_without_its_marks_is_refused(text: str) -> None:
    """A README whose help block cannot be found is not overwritten."""
    with pytest.raises(ValueError, match="marks"):
        readme.render(text)
