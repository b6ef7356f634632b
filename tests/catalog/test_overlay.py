"""An overlay changes and adds rows under the same validation, and the revision tells."""

from pathlib import Path

import pytest

from sidecar.catalog.load import load_catalog
from sidecar.catalog.shipped import ShippedCatalog
from sidecar.types.targets import Price, TargetName

OVERLAYS = Path(__file__).parent.parent / "data" / "catalog" / "overlays"


@pytest.fixture(scope="module")
def overlaid() -> ShippedCatalog:
    """The catalog under the overlay of the test data: a folder with two files."""
    return load_catalog(OVERLAYS / "acme")


def test_a_row_changes_only_what_it_states(catalog: ShippedCatalog, overlaid: ShippedCatalog) -> None:
    """The rest of the shipped row stays."""
    before, after = catalog.provider("nebius"), overlaid.provider("nebius")

    assert before is not None
    changes = {
        "retention_days": 0,
        "processing_regions": ("FI", "FR"),
        "regions": {"eu-north1": "FI", "eu-west1": "FR"},
    }
    assert before.model_copy(update=changes) == after


def test_a_new_model_has_its_base_models_origin_and_license(overlaid: ShippedCatalog) -> None:
    """A house tune of Chinese weights stays of Chinese origin."""
    card = overlaid.card(TargetName("acme-support", "self-hosted"))

    assert ("acme/support-32b@self-hosted", ("FR", "CN"), ("acme", "alibaba")) == (
        card.id,
        card.origin,
        card.developers,
    )
    assert ("LicenseRef-Acme-Internal", "Apache-2.0") == tuple(terms.id for terms in card.licenses)


def test_a_price_changes_one_pair(catalog: ShippedCatalog, overlaid: ShippedCatalog) -> None:
    """The other providers' prices stay, and a first price is added."""
    model = "deepseek/deepseek-v3.2"
    before, after = catalog.model(model), overlaid.model(model)

    assert before is not None
    assert after is not None
    assert Price(0.25, 0.5) == overlaid.card(TargetName(model, "nebius")).price
    assert [price for price in before.prices if price.provider != "nebius"] == list(after.prices[:-1])


def test_what_begins_with_a_dot_is_not_read(tmp_path: Path, overlaid: ShippedCatalog) -> None:
    """A mounted ConfigMap holds each file twice, once behind a dotted folder."""
    hidden = tmp_path / "..2026_11_24"
    hidden.mkdir()
    for path in (OVERLAYS / "acme").iterdir():
        (hidden / path.name).write_bytes(path.read_bytes())
        (tmp_path / path.name).symlink_to(hidden / path.name)

    assert overlaid.revision == load_catalog(tmp_path).revision


def test_the_revision_follows_the_content(catalog: ShippedCatalog, overlaid: ShippedCatalog, tmp_path: Path) -> None:
    """The same rows in other files are the same catalog, a changed value is another."""
    joined = tmp_path / "joined.yml"
    joined.write_text("".join(path.read_text() for path in sorted((OVERLAYS / "acme").iterdir())))

    assert overlaid.revision == load_catalog(joined).revision
    assert catalog.revision == load_catalog().revision
    assert catalog.revision != overlaid.revision
    assert catalog.revision.isalnum()
