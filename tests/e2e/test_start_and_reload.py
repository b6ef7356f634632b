"""What stops a start, and what a reload does: all or nothing, with every fault told."""

import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from sidecar.audit.reader import JournalReader
from sidecar.v1 import inspection_pb2 as pb
from tests.e2e.asking import MAIL, Refused, action, question, refused
from tests.e2e.running import (
    DATA,
    PATIENCE,
    Ears,
    Served,
    copy_of_policies,
    hearing,
    run,
    serving,
    until,
    write_settings,
)

TWO_FAULTS = f"""
tenants:
  one: {{country: Atlantis, sector: retail}}
  two: {{country: DE, sector: retail, regimes: [{MAIL}]}}
"""
BROKEN_RULE = """package sidecar.rules.local.broken

deny contains reason if { reason := no_such_function(1) }
"""
CLOSED = """# METADATA
# title: Closed
# description: Lets nothing through.
package sidecar.rules.local.closed

# METADATA
# title: Closed
# description: Lets nothing through.
deny contains {
	"message": "closed",
	"clause": "house rule",
	"remedy": "come tomorrow",
} if {
	input.target.identified
}
"""
BROKEN_ROWS = "models:\n- {id: acme/one, developer: nobody-at-all}\n- {id: acme/two, surprise: 1}\n"


def refuses_to_start(folder: Path, settings: Path) -> str:
    """Return what a start says that must end at once with 2, without a traceback, and leave nobody behind."""
    done = run(["serve", "--config", settings], folder)
    said = done.stderr.decode()
    assert 2 == done.returncode, said
    assert "Traceback" not in said
    assert "listening" not in said
    assert [] == [path.name for path in (folder / "tmp").iterdir()]
    return said


class TestStart:
    """The sidecar does not start on what will not do."""

    def test_tenants_with_two_faults(self, tmp_path: Path) -> None:
        """Both are told, by their field."""
        tenants = tmp_path / "tenants.yaml"
        tenants.write_text(TWO_FAULTS)
        said = refuses_to_start(tmp_path, write_settings(tmp_path, tenants={"path": str(tenants)}))
        assert "one.country" in said
        assert "two.regimes" in said

    def test_no_tenants(self, tmp_path: Path) -> None:
        """Without tenants nobody could ask anything."""
        said = refuses_to_start(tmp_path, write_settings(tmp_path, tenants={"path": str(tmp_path / "missing.yaml")}))
        assert "tenants" in said

    def test_overlay_with_two_faults(self, tmp_path: Path) -> None:
        """Both are told."""
        overlay = tmp_path / "overlay.yaml"
        overlay.write_text(BROKEN_ROWS)
        said = refuses_to_start(tmp_path, write_settings(tmp_path, catalog={"overlay": str(overlay)}))
        assert "acme/one" in said
        assert "acme/two" in said

    def test_policy_that_does_not_compile(self, tmp_path: Path) -> None:
        """The file is named."""
        policies = copy_of_policies(tmp_path / "changed")
        broken = policies / "sidecar" / "rules" / "local" / "broken" / "broken.rego"
        broken.parent.mkdir(parents=True)
        broken.write_text(BROKEN_RULE)
        said = refuses_to_start(tmp_path, write_settings(tmp_path, policy={"path": str(policies)}))
        assert "broken.rego" in said

    def test_settings_with_three_faults(self, tmp_path: Path) -> None:
        """All are told, none of the values."""
        settings = write_settings(tmp_path, server={"surprise": MAIL, "listen": 5}, limits={"queue": MAIL})
        said = refuses_to_start(tmp_path, settings)
        assert ["server.surprise", "server.listen", "limits.queue"] == [
            field for field in ("server.surprise", "server.listen", "limits.queue") if field in said
        ]
        assert MAIL not in said

    @pytest.mark.parametrize(
        "address", ["0.0.0.0:0", "[::]:0", "nowhere", "127.0.0.1:port", "127.0.0.1:70000", "unix:settings.yaml"]
    )
    def test_address_that_will_not_do(self, tmp_path: Path, address: str) -> None:
        """In the clear off loopback, malformed, or a file in the way: the setting is named."""
        said = refuses_to_start(tmp_path, write_settings(tmp_path, server={"listen": [address]}))
        assert "server.listen" in said

    def test_port_that_is_taken(self, tmp_path: Path) -> None:
        """Two processes never share a port."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            said = refuses_to_start(
                tmp_path, write_settings(tmp_path, server={"listen": [f"unix:{tmp_path}/s", address]})
            )
        assert "server.listen" in said
        assert not (tmp_path / "s").exists()

    def test_missing_keys(self, tmp_path: Path) -> None:
        """Where keys.path is set, nothing is made."""
        said = refuses_to_start(tmp_path, write_settings(tmp_path, keys={"path": str(tmp_path / "keys")}))
        assert "key" in said
        assert not (tmp_path / "keys").exists()

    def test_journal_that_another_process_holds(self, served: Served, tmp_path: Path) -> None:
        """A second serving process on the same journal is refused, and the first is not disturbed."""
        settings = write_settings(tmp_path, audit={"path": str(served.folder / "audit")})
        said = refuses_to_start(tmp_path, settings)
        assert "journal" in said
        with hearing(served.addresses[0]) as ears:
            assert "allow" == action(ears.inspection.Inspect(question(), timeout=PATIENCE))

    def test_socket_that_another_process_listens_on(self, served: Served, tmp_path: Path) -> None:
        """A socket is not taken from under its owner."""
        settings = write_settings(tmp_path, server={"listen": [served.addresses[0]]})
        assert "server.listen" in refuses_to_start(tmp_path, settings)
        with hearing(served.addresses[0]) as ears:
            assert "allow" == action(ears.inspection.Inspect(question(), timeout=PATIENCE))

    def test_opa_that_nobody_runs(self, tmp_path: Path) -> None:
        """With policy.opa.url unreachable it starts, is not well, says so, and refuses."""
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with serving(tmp_path, policy={"opa": {"url": url}}) as alone, hearing(alone.addresses[0]) as ears:
            assert not ears.serves()
            assert Refused("UNAVAILABLE", "POLICY_UNAVAILABLE", "", retry=True) == refused(
                lambda: ears.inspection.Inspect(question(), timeout=PATIENCE)
            )
            status = ears.status()
            assert ["policy: OPA does not give the smoke decision"] == list(status.troubles)
            assert (0, f"opa {url}") == (status.journal_size, status.policy_engine)


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A sidecar with files of its own, to be changed under it."""
    folder = tmp_path_factory.mktemp("living")
    (folder / "tenants.yaml").write_text((DATA / "tenants.yaml").read_text())
    (folder / "overlay.yaml").write_text("models: []\n")
    with serving(
        folder,
        tenants={"path": "tenants.yaml"},
        catalog={"overlay": "overlay.yaml"},
        policy={"path": str(copy_of_policies(folder))},
    ) as running:
        yield running


@pytest.fixture
def ears(living: Served) -> Iterator[Ears]:
    """A channel to it, while all is well."""
    with hearing(living.addresses[0]) as open_ears:
        open_ears.until_it_serves()
        yield open_ears


class TestReload:
    """What a request is judged with is replaced whole, or not at all."""

    @pytest.mark.parametrize(
        ("file", "broken", "named"),
        [
            ("tenants.yaml", TWO_FAULTS, ["one.country", "two.regimes"]),
            ("tenants.yaml", "{", ["tenants"]),
            ("overlay.yaml", BROKEN_ROWS, ["acme/one", "acme/two"]),
            (
                "policies/sidecar/main/main.rego",
                "package sidecar.main\n\ndecision := no_such_function(1)\n",
                ["main.rego"],
            ),
            ("settings.yaml", "surprise: {}\n", ["surprise"]),
            ("settings.yaml", "{", ["YAML"]),
        ],
        ids=["tenants", "tenants-no-yaml", "overlay", "policy", "settings", "settings-no-yaml"],
    )
    def test_broken_file(self, living: Served, ears: Ears, file: str, broken: str, named: list[str]) -> None:
        """The last good snapshot stays, the status says why; once mended the file is taken into use."""
        before = ears.status()
        path = living.folder / file
        good = path.read_text()
        path.write_text(broken)
        try:
            living.send(signal.SIGHUP)
            until(lambda: ears.status().last_refused_reload != before.last_refused_reload, "a refusal")
            until(lambda: all(name in ears.status().last_refused_reload for name in named), str(named))
            status = ears.status()
            assert MAIL not in status.last_refused_reload
            assert before.revisions == status.revisions
            assert "allow" == action(ears.inspection.Inspect(question(), timeout=PATIENCE))
            assert ears.serves()
        finally:
            path.write_text(good)
        living.send(signal.SIGHUP)
        until(lambda: not ears.status().last_refused_reload, "a reload")
        assert before.revisions == ears.status().revisions
        until(lambda: before.since.ToNanoseconds() < ears.status().since.ToNanoseconds(), "a new snapshot")

    def test_changed_tenants_are_seen_without_a_signal(self, living: Served, ears: Ears) -> None:
        """A new customer may ask as soon as the file is seen; only the revision of settings and tenants changes."""
        before = ears.status()
        refused(lambda: ears.inspection.Inspect(question(tenant="late"), timeout=PATIENCE))
        path = living.folder / "tenants.yaml"
        document = yaml.safe_load(path.read_text())
        document["tenants"]["late"] = {"country": "FR", "sector": "retail"}
        path.write_text(yaml.safe_dump(document))
        until(lambda: ears.status().revisions.config != before.revisions.config, "a new revision")
        assert "allow" == action(ears.inspection.Inspect(question(tenant="late"), timeout=PATIENCE))
        after = ears.status().revisions
        assert (before.revisions.policy, before.revisions.catalog, before.revisions.detector) == (
            after.policy,
            after.catalog,
            after.detector,
        )

    def test_changed_overlay(self, living: Served, ears: Ears) -> None:
        """A changed row is used, and the catalog's revision tells; a policy reads it as well."""
        before = ears.status().revisions
        rows = DATA.parent / "catalog" / "overlays" / "acme" / "models.yaml"
        (living.folder / "overlay.yaml").write_text(rows.read_text())
        living.send(signal.SIGHUP)
        until(
            lambda: ears.status().revisions.catalog != before.catalog or ears.status().last_refused_reload,
            "a new revision",
        )
        assert "" == ears.status().last_refused_reload
        own = pb.Target(model="acme-support", provider="self-hosted")
        answer = ears.inspection.Inspect(question(target=own), timeout=PATIENCE)
        assert ("allow", "acme/support-32b") == (action(answer), answer.target.model)

    def test_changed_policy(self, living: Served, ears: Ears) -> None:
        """A new rule answers from then on, in a new OPA; the old one ends."""
        old, before = living.opa, ears.status()
        policies = living.folder / "policies" / "sidecar" / "rules" / "local" / "closed"
        policies.mkdir(parents=True)
        (policies / "closed.rego").write_text(CLOSED)
        living.send(signal.SIGHUP)
        until(lambda: "local.closed" in ears.status().rules or ears.status().last_refused_reload, "the rule")
        assert "" == ears.status().last_refused_reload
        assert before.revisions.policy != ears.status().revisions.policy
        answer = ears.inspection.Inspect(question(), timeout=PATIENCE)
        assert ("block", "local.closed") == (action(answer), answer.refusal.code)
        until(lambda: old not in living.everybody, "the end of the old OPA")

    def test_retry_after_a_reload(self, living: Served, ears: Ears) -> None:
        """A retry under another snapshot is decided anew, and its record names the decision before."""
        path = living.folder / "tenants.yaml"
        before = ears.status().revisions
        first = ears.inspection.Inspect(question(request_id="again"), timeout=PATIENCE)
        document = yaml.safe_load(path.read_text())
        document["tenants"]["another"] = {"country": "FR", "sector": "retail"}
        path.write_text(yaml.safe_dump(document))
        living.send(signal.SIGHUP)
        until(lambda: ears.status().revisions.config != before.config, "a new revision")
        second, third = (ears.inspection.Inspect(question(request_id="again"), timeout=PATIENCE) for _ in range(2))
        assert first.decision_id != second.decision_id == third.decision_id
        with JournalReader(living.folder / "audit") as journal:
            (record,) = [one for one in journal.tail(50) if one["decision_id"] == second.decision_id]
        assert first.decision_id == record["retry_of"]

    def test_setting_that_needs_a_restart(self, living: Served, ears: Ears) -> None:
        """What cannot be changed while it runs is refused by name."""
        path = living.folder / "settings.yaml"
        good = path.read_text()
        path.write_text(re.sub("workers: 1", "workers: 2", good))
        living.send(signal.SIGHUP)
        until(lambda: "detection" in ears.status().last_refused_reload, "a refusal")
        path.write_text(good)
        living.send(signal.SIGHUP)
        until(lambda: not ears.status().last_refused_reload, "a reload")
