"""The tenants file."""

import json
from pathlib import Path

import pytest

from sidecar.catalog.load import load_catalog
from sidecar.errors import TenantsFault, UnknownTenant
from sidecar.identity.tenants import FileTenants, Vocabulary, load_tenants, warnings
from sidecar.types.requests import Caller
from sidecar.types.targets import TargetName
from sidecar.types.tenants import Tenant, TransferMechanism
from sidecar.types.terms import Additions, Allowed, Denied, Terms

CATALOG = load_catalog()
WORDS = Vocabulary(
    regimes=CATALOG.regimes(),
    license_ids=CATALOG.license_ids(),
    classes=frozenset({"contact", "health", "person_name"}),
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


def test_additions_to_detection_are_read(tmp_path: Path) -> None:
    """Lists and a threshold are the tenant's own; without them it has none."""
    detection = {
        "allow": ["a@b.example"],
        "deny": {"projects": ["Bluebird"], "drugs": {"words": ["Zyxal"], "class": "health"}},
        "threshold": 0.3,
    }
    shop, bank = ({"country": "DE", "sector": sector} for sector in ("retail", "finance"))
    tenants = read(json.dumps({"tenants": {"shop": {**shop, "detection": detection}, "bank": bank}}), tmp_path)
    expected = Terms(
        allow=(Allowed(("a@b.example",), patterns=False, entities=()),),
        deny=(
            Denied("drugs", "DRUGS", "health", ("Zyxal",), case_sensitive=False),
            Denied("projects", "PROJECTS", "", ("Bluebird",), case_sensitive=False),
        ),
        threshold={"default": 0.3},
    )
    assert (None, Additions.of(expected)) == tuple(tenant.detection for tenant in tenants)


def test_faults_of_additions_name_the_field_and_not_the_value(tmp_path: Path) -> None:
    """Every wrong list is told by its place; words of it are not repeated."""
    detection = {
        "allow": [
            {"texts": ["(sesame"], "match": "regex"},
            {"texts": [".*"], "match": "regex"},
            {"texts": ["sesame"], "x": 1},
            "",
        ],
        "deny": {
            "a": {"words": ["sesame"], "class": "no_such_class"},
            "b": [],
            "c": ["..."],
            "d d": ["sesame"],
            "e": {"words": ["sesame"], "entity": "sesame"},
            "f": ["sesame" * 40],
        },
        "threshold": {"PERSON": 2},
    }
    with pytest.raises(TenantsFault) as caught:
        read(json.dumps({"tenants": {"shop": {"country": "DE", "sector": "retail", "detection": detection}}}), tmp_path)
    told = "\n".join(caught.value.faults)
    assert "sesame" not in told
    places = (
        "allow.0",
        "allow.1",
        "allow.2.x",
        "allow.3",
        "deny.b.words",
        "deny.c.words.0",
        "deny.d d",
        "deny.e.entity",
        "deny.f.words.0",
        "threshold",
    )
    assert [] == [place for place in places if f"tenants.shop.detection.{place}" not in told]


def test_a_deny_list_names_a_class_that_is_known(tmp_path: Path) -> None:
    """A misspelled class would protect nothing in the way that was meant."""
    with pytest.raises(TenantsFault) as caught:
        read(
            "tenants: {shop: {country: DE, sector: retail, detection: {deny: {a: {words: [b], class: helth}}}}}",
            tmp_path,
        )
    assert ("tenants.shop.detection.deny.a.class: no such class",) == caught.value.faults


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
