"""Rows are found by any word of theirs, the nearest first; differences are told field by field."""

from pathlib import Path

import pytest

from sidecar.catalog.differing import Difference, differences
from sidecar.catalog.load import checked, shipped_files
from sidecar.catalog.search import Hit, search
from sidecar.catalog.tables import Tables
from sidecar.errors import CatalogFault

OVERLAYS = Path(__file__).parent.parent / "data" / "catalog" / "overlays"


@pytest.fixture(scope="module")
def rows() -> Tables:
    """The shipped rows."""
    return checked(shipped_files(), [])[1]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (["deepseek-ai/deepseek-v3.2"], ("model", "deepseek/deepseek-v3.2")),
        (["api.studio.nebius.com"], ("provider", "nebius")),
        (["LLAMA-3.3", "license"], ("license", "LicenseRef-Llama-3.3")),
        (["credit", "korea"], ("regime", "KR-CREDIT")),
        (["hipaa"], ("regime", "US-HIPAA")),
    ],
)
def test_the_nearest_row_is_first(rows: Tables, words: list[str], first: tuple[str, str]) -> None:
    """An alias, a host, several words in any order and case."""
    hits = search(rows, words)

    assert first == (hits[0].kind, hits[0].id)


def test_every_row_is_found_by_its_id(rows: Tables) -> None:
    """Nothing hides."""
    for kind, table in (("model", rows.models), ("provider", rows.providers), ("license", rows.licenses)):
        for key in sorted(table)[::20]:
            assert (kind, key) in {(hit.kind, hit.id) for hit in search(rows, [key])}


def test_what_fits_no_row_is_not_there(rows: Tables) -> None:
    """All words must stand in one row; blanks ask for nothing."""
    assert [[], [], []] == [search(rows, words) for words in (["nebius", "no-such-word"], [" "], [])]


def test_a_hit_says_what_fits(rows: Tables) -> None:
    """The alias that was meant stands beside the id."""
    assert Hit("provider", "nebius", "Nebius Token Factory", "nebius") == search(rows, ["nebius"])[0]


def test_an_overlay_is_told_by_rows_and_fields() -> None:
    """What came, and the fields that are others."""
    found = differences(OVERLAYS / "acme")

    assert [
        ("licenses", "LicenseRef-Acme-Internal", "added", ""),
        ("developers", "acme", "added", ""),
        ("models", "acme/support-32b", "added", ""),
        ("models", "deepseek/deepseek-v3.2", "changed", "prices"),
        ("providers", "nebius", "changed", "processing_regions"),
        ("providers", "nebius", "changed", "regions"),
        ("providers", "nebius", "changed", "retention_days"),
    ] == [(one.section, one.row, one.change, one.field) for one in found]
    assert Difference("providers", "nebius", "changed", "retention_days", "unknown", 0) == found[-1]


def test_another_catalog_may_lack_rows(tmp_path: Path) -> None:
    """A folder with all of a catalog's folders stands for itself: what it lacks was removed."""
    for name, path in shipped_files():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(path.read_bytes())
    same = differences(tmp_path)
    (tmp_path / "models" / "krutrim.yaml").unlink()
    removed = {(one.section, one.change) for one in differences(tmp_path)}

    assert ([], {("models", "removed")}) == (same, removed)


def test_what_is_no_overlay_is_refused(tmp_path: Path) -> None:
    """A misspelled path is no empty overlay."""
    with pytest.raises(CatalogFault, match="names no YAML file"):
        differences(tmp_path / "nowhere")
