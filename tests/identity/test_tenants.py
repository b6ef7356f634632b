"""The tenants file."""

from pathlib import Path

import pytest

from sidecar.catalog.load import load_catalog
from sidecar.errors import TenantsFault, UnknownTenant
from sidecar.identity.tenants import FileTenants, Vocabulary, load_tenants, warnings
from sidecar.types.requests import Caller
from sidecar.types.targets import TargetName
from sidecar.types.tenants import Tenant, TransferMechanism

CATALOG = load_catalog()
WORDS = Vocabulary(
    regimes=CATALOG.regimes(),
    license_ids=CATALOG.license_ids(),
    classes=frozenset({"contact", "person_name"}),
    provider_id=CATALOG.provider_id,
    model_id=CATALOG.model_id,
    parse_target=CATALOG.parse,
)
EEA = ("DE", "FR", "NO")
BAD = Path(__file__).parent.parent / "data" / "tenants"


def read(text: str, folder: Path) -> FileTenants:
    """Load a file with this text."""
    path = folder / "tenants.yaml"
    path.write_text(text)
    return load_tenants(path, WORDS)


def test_only_country_and_sector_are_required(tmp_path: Path) -> None:
    """The rest has its defaults."""
    tenants = read("tenants: {shop: {country: DE, sector: retail}}", tmp_path)
    assert [Tenant("shop", "DE", "retail")] == list(tenants)


def test_names_become_canonical(tmp_path: Path) -> None:
    """Models and providers may be named by any alias; rules see canonical ids."""
    text = """
tenants:
  bank:
    country: DE
    sector: finance
    regimes: [EU-GDPR]
    self_hosted: [Qwen/Qwen3-32B]
    candidates: [deepseek/deepseek-v3.2@nebius]
    transfer_mechanisms:
    - {regime: EU-GDPR, mechanism: scc, providers: [nebius, "*"], countries: [US], expires: 2027-06-30}
"""
    (bank,) = read(text, tmp_path)
    assert bank.self_hosted == ("alibaba/qwen3-32b",)
    assert (TargetName("deepseek/deepseek-v3.2", "nebius"),) == bank.candidates
    record = bank.transfer_mechanisms[0]
    assert TransferMechanism("EU-GDPR", "scc", ("nebius", "*"), ("US",), record.expires) == record
    assert str(record.expires) == "2027-06-30"


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_bad_files_are_refused(path: Path) -> None:
    """Each file is named for its fault; the message names the field, and never the value."""
    with pytest.raises(TenantsFault) as caught:
        load_tenants(path, WORDS)
    expected = path.read_text().splitlines()[0].removeprefix("# ")
    assert expected in str(caught.value)
    assert "SECRETVALUE" not in str(caught.value)


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    """One run shows everything that is wrong."""
    text = "tenants: {a: {country: Germany, sector: retail}, b: {country: DE, sector: bakery, prefer: []}}"
    with pytest.raises(TenantsFault) as caught:
        read(text, tmp_path)
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "tenants.a.country",
        "tenants.b.sector",
        "tenants.b.prefer",
    ]


def test_strangers_and_forbidden_tenants_get_the_same_answer(tmp_path: Path) -> None:
    """Nobody can probe which tenants there are."""
    tenants = read("tenants: {shop: {country: DE, sector: retail}}", tmp_path)
    messages = set()
    for name, caller in (("nobody", Caller()), ("shop", Caller(tenants=("other",)))):
        with pytest.raises(UnknownTenant) as caught:
            tenants.identify(name, caller)
        messages.add(str(caught.value))
    assert len(messages) == 1


def test_revision_changes_with_any_field(tmp_path: Path) -> None:
    """Two files that judge differently have different revisions; the same file has the same."""
    one = read("tenants: {shop: {country: DE, sector: retail}}", tmp_path).revision
    same = read("tenants: {shop: {sector: retail, country: DE}}", tmp_path).revision
    other = read("tenants: {shop: {country: DE, sector: retail, strict: true}}", tmp_path).revision
    assert (one == same, one == other) == (True, False)


def test_check_warns_of_regimes_that_fit_and_are_not_listed() -> None:
    """A German bank without GDPR and DORA is asked whether that is meant."""
    told = warnings(Tenant("bank", "DE", "finance"), CATALOG.regimes(), eea=EEA)
    assert {"EU-GDPR", "EU-DORA"} == {line.split(": ")[1].split(" ")[0] for line in told}
    assert warnings(Tenant("shop", "DE", "retail", regimes=("EU-GDPR",)), CATALOG.regimes(), eea=EEA) == []


def test_check_warns_of_records_that_cure_nothing() -> None:
    """A derogation is for single cases."""
    record = TransferMechanism("EU-GDPR", "derogation", ("*",), ("US",))
    tenant = Tenant("shop", "DE", "retail", regimes=("EU-GDPR",), transfer_mechanisms=(record,))
    assert warnings(tenant, CATALOG.regimes(), eea=EEA) == [
        "shop: EU-GDPR derogation is for single cases and cures nothing here"
    ]
