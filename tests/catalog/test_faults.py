"""Every fault is found, told together with all others, and named by file, row and field."""

import json
from pathlib import Path

import pytest

from sidecar.catalog.load import load_catalog
from sidecar.errors import CatalogFault

FOLDER = Path(__file__).parent.parent / "data" / "catalog" / "faults"
TOLD: dict[str, list[str]] = json.loads((FOLDER / "told.json").read_text())
"""What is told of each file, by its name."""


def refused(overlay: Path) -> CatalogFault:
    """Load what cannot be loaded."""
    with pytest.raises(CatalogFault) as caught:
        load_catalog(overlay)
    return caught.value


@pytest.mark.parametrize("name", sorted(TOLD))
def test_each_fault_is_named(name: str) -> None:
    """A file with one fault is refused with that fault, and with nothing else."""
    assert TOLD[name] == list(refused(FOLDER / f"{name}.yaml").faults)


def test_every_file_has_its_expectation() -> None:
    """No fault file lies about without a test."""
    assert sorted(TOLD) == sorted(path.stem for path in FOLDER.glob("*.yaml"))


def test_all_faults_of_all_files_are_told_together(tmp_path: Path) -> None:
    """A folder is read whole before it is refused."""
    for name in ("anchor", "field-unknown", "license-unknown"):
        (tmp_path / f"{name}.yaml").write_bytes((FOLDER / f"{name}.yaml").read_bytes())

    assert {"anchor.yaml", "field-unknown.yaml", "license-unknown.yaml"} == {
        fault.partition(":")[0] for fault in refused(tmp_path).faults
    }


def test_a_fault_never_quotes_a_value(tmp_path: Path) -> None:
    """What an operator wrote by mistake, a secret perhaps, does not reach a log."""
    secret = "sk-4f9a1c77d0e2"
    (tmp_path / "slip.yaml").write_text(
        f"providers:\n- {{id: nebius, trains_on_inputs: {secret}, retention_days: {secret}, regions: [{secret}]}}\n"
        f"licenses:\n- {{id: MIT, hosting: {secret}}}\nmodels:\n- {{id: deepseek/deepseek-v3.2, license: {secret}}}\n"
    )

    fault = refused(tmp_path)

    assert secret not in str(fault) + fault.advice + repr(fault)
    assert {"providers nebius", "licenses MIT", "models deepseek/deepseek-v3.2"} == {
        told.split(": ")[1] for told in fault.faults
    }


def test_an_overlay_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A misspelled path is no empty overlay, nor is an empty folder."""
    assert ["catalog.overlay names no YAML file"] * 2 == [str(refused(tmp_path / "nowhere")), str(refused(tmp_path))]
