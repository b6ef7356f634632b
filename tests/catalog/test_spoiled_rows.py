"""Whatever a row is spoiled with, loading answers with faults or a catalog, never with another error."""

from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidecar.catalog.load import load_catalog
from sidecar.catalog.reading import Unreadable, read
from sidecar.errors import CatalogFault

ROWS = {
    "models": "deepseek/deepseek-r1-distill-llama-70b",
    "providers": "alibaba-eu",
    "licenses": "LicenseRef-Kimi-K3",
    "developers": "zhipuai",
    "regimes": "KR-PIPA",
    "measures": "IT-GARANTE-DEEPSEEK",
}
FIELDS = {
    "models": ["id", "developer", "license", "license_also", "license_by_provider", "base_model", "aliases",
               "served_by", "prices", "modalities", "origin_countries", "hosted_terms", "open_weights"],
    "providers": ["developer", "parent_jurisdiction", "regions", "processing_regions", "aliases", "retention_days",
                  "unverified_fields", "kind"],
    "licenses": ["class", "territory", "scale", "hosting", "duties", "fields_of_use", "output_training", "api"],
    "developers": ["hq_country", "listings", "aliases"],
    "regimes": ["transfer_rule", "entity_classes", "clauses", "unverified_fields", "jurisdiction"],
    "measures": ["target", "binds", "date"],
}  # fmt: skip
SPOILS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["", "x", "US", "EU", "ZZ", "MIT", "any", "*", "@"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "x", "US", "deepseek", "mechanisms"]), inner, max_size=2)
    ),
    max_leaves=5,
)


@pytest.mark.parametrize("section", ROWS)
@settings(deadline=None, max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_spoiled_row_is_a_fault_or_a_catalog(section: str, data: st.DataObject, tmp_path: Path) -> None:
    """No field of any row can break the loader itself."""
    field = data.draw(st.sampled_from(FIELDS[section]))
    row = {"id": ROWS[section], field: data.draw(SPOILS)}
    overlay = tmp_path / "spoiled.yaml"
    overlay.write_text(yaml.safe_dump({section: [row]}))
    try:
        catalog = load_catalog(overlay)
        told: tuple[str, ...] = (catalog.revision,)
    except CatalogFault as fault:
        told = fault.faults
    assert all(told)
    assert told


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet=" \n-:[]{}#&*!|>'\"%@`?,ab1.", max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused(source: bytes) -> None:
    """The reader knows one error."""
    with suppress(Unreadable):
        read(source)
