"""Every other verb: what it prints, and how it ends."""

import csv
import io
import json
import os
import pty
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from sidecar.policy.template import make_overlay
from tests.cli.conftest import Run, Together
from tests.e2e.running import DATA, SIDECAR, Served, copy_of_policies, environment

VERBS = (
    (),
    ("serve",),
    ("inspect",),
    ("explain",),
    ("matrix",),
    ("doctor",),
    ("audit",),
    ("audit", "tail"),
    ("audit", "export"),
    ("audit", "verify"),
    ("catalog",),
    ("catalog", "list"),
    ("catalog", "show"),
    ("catalog", "check"),
    ("policy",),
    ("policy", "check"),
    ("policy", "test"),
    ("policy", "init"),
    ("policy", "lint"),
    ("policy", "fmt"),
    ("policy", "coverage"),
    ("policy", "replay"),
    ("policy", "diff"),
    ("policy", "status"),
    ("tenants",),
    ("tenants", "check"),
    ("keys",),
    ("keys", "init"),
    ("keys", "rotate"),
)


class TestAudit:
    """Look, export, verify, while the sidecar serves."""

    def test_tail(self, served: Served, sidecar: Run) -> None:
        """The last records, oldest first, for people and for programs."""
        records = [json.loads(line) for line in sidecar("audit", "tail", "--output", "json").out.splitlines()]
        assert ["allow", "redact", "block", None] == [one.get("action") for one in records]
        assert [1, 2, 3, 4] == [one["sequence"] for one in records]
        assert 2 == len(sidecar("audit", "tail", "-n", "2", "--output", "json").out.splitlines())
        done = sidecar("audit", "tail")
        assert 0 == done.code
        assert all(word in done.out for word in ("ministry", "block", "transfer.regime", "report"))

    def test_export_and_verify(self, served: Served, sidecar: Run, together: Together, tmp_path: Path) -> None:
        """An export verifies with the public key, is only consistent without, and not at all once it was touched."""
        done = sidecar("audit", "export", "--output", "log.jsonl")
        key = served.folder / "audit" / "keys" / "audit.ed25519.pub"
        assert (0, "") == (done.code, done.out)
        assert f"exported 4 of 4 records; verify with --public-key {key}\n" == done.err
        lines = (tmp_path / "log.jsonl").read_text().splitlines(keepends=True)
        (tmp_path / "changed.jsonl").write_text("".join(lines).replace('"action":"block"', '"action":"allow"'))
        (tmp_path / "cut.jsonl").write_text("".join(lines[:-1]))
        whole, keyless, changed, cut, longer = together(
            ("audit", "verify", "log.jsonl", "--public-key", str(key)),
            ("audit", "verify", "log.jsonl"),
            ("audit", "verify", "changed.jsonl", "--public-key", str(key)),
            ("audit", "verify", "cut.jsonl", "--public-key", str(key)),
            ("audit", "verify", "log.jsonl", "--public-key", str(key), "--head", "log.jsonl"),
        )
        assert [0, 4, 3, 3, 0] == [done.code for done in (whole, keyless, changed, cut, longer)]
        assert whole.out.startswith("verified: 4 records")
        assert changed.out.startswith("tampered: record 3")

    def test_export_to_a_pipe(self, sidecar: Run) -> None:
        """Standard output holds the export and nothing else."""
        done = sidecar("audit", "export", "--output", "-")
        documents = [json.loads(line) for line in done.out.splitlines()]
        assert [1, 2, 3, 4] == [one["sequence"] for one in documents if "sequence" in one]
        assert 4 == documents[-1]["size"]
        assert documents[-1]["signature"]

    def test_filters(self, served: Served, together: Together) -> None:
        """What a filter leaves out stands there as hashes, and the whole still verifies."""
        shown: dict[tuple[str, ...], int] = {
            ("--tenant", "ministry"): 1,
            ("--tenant", "nobody"): 0,
            ("--from", "2100-01-01"): 0,
            ("--to", "2100-01-01"): 4,
            ("--from", "2020-01-01T00:00:00", "--to", "2020-01-02"): 0,
        }
        key = str(served.folder / "audit" / "keys" / "audit.ed25519.pub")
        lines: list[tuple[str, ...]] = []
        for filters in shown:
            lines.append(("audit", "export", "--output", "part.jsonl", *filters))
            lines.append(("audit", "verify", "part.jsonl", "--public-key", key))
        runs = iter(together(*lines))
        for count, exported, verified in zip(shown.values(), runs, runs, strict=True):
            assert (0, 0) == (exported.code, verified.code), (exported, verified)
            assert f"exported {count} of 4 records" in exported.err

    def test_bad_usage(self, together: Together) -> None:
        """It ends with 2 and says why."""
        cases = (
            ("verify", "no-such-file"),
            ("verify", "."),
            ("verify",),
            ("export",),
            ("export", "--output", "no/such/folder/log.jsonl"),
            ("export", "--output", "-", "--from", "yesterday"),
            ("export", "--output", "log.jsonl", "--journal", "no-such-folder"),
            ("tail", "--journal", "no-such-folder"),
            ("tail", "-n", "0"),
        )
        for done in together(*(("audit", *case) for case in cases)):
            assert (2, "") == (done.code, done.out), done
            assert done.err, done

    def test_key_that_is_none(self, sidecar: Run, tmp_path: Path) -> None:
        """A file that is no public key is bad usage, not tampering."""
        sidecar("audit", "export", "--output", "log.jsonl")
        (tmp_path / "key").write_text("no key")
        done = sidecar("audit", "verify", "log.jsonl", "--public-key", "key")
        assert (2, True) == (done.code, "--public-key" in done.err)


class TestMatrix:
    """Which models a customer may use where."""

    def test_forms_agree(self, sidecar: Run) -> None:
        """Text, CSV and JSON show the same rows."""
        asked = ("matrix", "--tenant", "shop", "--model", "qwen3-32b", "--with", "contact", "--output")
        rows = json.loads(sidecar(*asked, "json").out)
        assert rows == list(csv.DictReader(io.StringIO(sidecar(*asked, "csv").out)))
        text = sidecar(*asked, "text").out
        assert {"alibaba/qwen3-32b"} == {row["model"] for row in rows}
        assert all(row["provider"] in text for row in rows)
        verdicts = {row["provider"]: row["verdict"] for row in rows}
        assert "allow" == verdicts["ovhcloud"]
        assert {"redact", "block"} & set(verdicts.values())

    def test_what_would_open_it_and_a_page(self, together: Together) -> None:
        """Blocked rows say what would open them; the page is whole, escaped, and takes nothing from elsewhere."""
        asked = ("matrix", "--tenant", "ministry", "--model", "deepseek-v4-pro", "--output")
        rows, page = together((*asked, "json"), (*asked, "html"))
        told = json.loads(rows.out)
        assert all("allow the origin CN" in row["unlock"] for row in told if row["verdict"] == "block")
        assert page.out.startswith("<!doctype html>")
        assert len(told) + 1 == page.out.count("<tr>")
        head = page.out.partition("<body>")[0]
        assert not [word for word in ("<script", "http:", "https:", "url(", "@import", "<link") if word in head]
        assert "the tenant&#x27;s own stance" in page.out

    def test_compare(self, served: Served, together: Together, tmp_path: Path) -> None:
        """Other settings: which rows another policy changes, as a table and as JSON."""
        make_overlay(tmp_path / "team", "team")
        (tmp_path / "team/data/data.yaml").write_text("team: {reviewed_models: {shop: []}}\n")
        settings = yaml.safe_load(served.settings.read_text())
        settings["policy"]["path"] = str(tmp_path / "team")
        other = tmp_path / "other.yaml"
        other.write_text(yaml.safe_dump(settings))
        asked = ("matrix", "--tenant", "shop", "--model", "qwen3-32b", "--provider", "ovhcloud", "--compare")
        differs, shown, same = together(
            (*asked, str(other), "--output", "json"), (*asked, str(other)), (*asked, str(served.settings))
        )
        ((one),) = json.loads(differs.out)
        assert ("allow", "block") == (one["before"]["verdict"], one["after"]["verdict"])
        assert "team.reviewed_models" in shown.out
        assert "nothing changes\n" == same.out

    def test_bad_usage(self, together: Together) -> None:
        """What is wrong is named."""
        cases = {
            "--model": ("--tenant", "shop", "--model", "no-such-model"),
            "--provider": ("--tenant", "shop", "--provider", "no-such-provider"),
            "--tenant": (),
        }
        for named, done in zip(cases, together(*(("matrix", *case) for case in cases.values())), strict=True):
            assert (2, "") == (done.code, done.out), done
            assert named in done.err, done

    def test_unknown_tenant(self, sidecar: Run) -> None:
        """As for requests."""
        done = sidecar("matrix", "--tenant", "nobody", "--model", "qwen3-32b")
        assert (1, "") == (done.code, done.out)
        assert "tenant" in done.err


class TestCatalog:
    """What is known."""

    def test_list(self, together: Together) -> None:
        """Every kind can be listed, for people and for programs."""
        kinds = ("models", "providers", "licenses", "regimes", "targets")
        forms = ((), ("--output", "json"))
        people, programs = (together(*(("catalog", "list", kind, *form) for kind in kinds)) for form in forms)
        for table, document in zip(people, programs, strict=True):
            rows = json.loads(document.out)
            assert len(rows) > 20
            assert str(next(iter(rows[0].values()))) in table.out

    def test_show(self, sidecar: Run) -> None:
        """All that is known of a target, by any alias."""
        done = sidecar("catalog", "show", "Qwen/Qwen3-32B@ovhcloud")
        assert 0 == done.code
        assert all(word in done.out for word in ("alibaba/qwen3-32b@ovhcloud", "CN", "FR", "Apache-2.0"))
        assert (
            "alibaba/qwen3-32b@ovhcloud"
            == json.loads(sidecar("catalog", "show", "qwen3-32b@ovhcloud", "--output", "json").out)["id"]
        )

    def test_check(self, sidecar: Run) -> None:
        """The catalog is well."""
        done = sidecar("catalog", "check")
        assert (0, True) == (done.code, done.out.startswith("the catalog is well"))

    def test_check_of_a_broken_overlay(self, sidecar: Run, tmp_path: Path) -> None:
        """All faults are told."""
        (tmp_path / "overlay.yaml").write_text("models:\n- {id: acme/one}\n- {id: acme/two}\n")
        done = sidecar("catalog", "check", SIDECAR_CATALOG__OVERLAY=str(tmp_path / "overlay.yaml"))
        assert (2, "") == (done.code, done.out)
        assert "acme/one" in done.err
        assert "acme/two" in done.err

    def test_bad_usage(self, together: Together) -> None:
        """It ends with 2."""
        cases = (("show", "no-provider"), ("show",), ("list", "weather"), ("show", "x@y"))
        assert [2] * 4 == [done.code for done in together(*(("catalog", *case) for case in cases))]


class TestPolicy:
    """The rules."""

    def test_check(self, sidecar: Run) -> None:
        """The shipped ones are well."""
        done = sidecar("policy", "check")
        assert (0, "the policies are well\n") == (done.code, done.out), done.err

    def test_check_of_broken_ones(self, sidecar: Run, tmp_path: Path) -> None:
        """Faults are told by file, and it ends with 1."""
        policies = copy_of_policies(tmp_path)
        broken = policies / "sidecar" / "rules" / "local" / "broken" / "broken.rego"
        broken.parent.mkdir(parents=True)
        broken.write_text("package sidecar.rules.local.broken\n\ndeny contains reason if { reason := nothing(1) }\n")
        done = sidecar("policy", "check", "--path", policies)
        assert (1, "") == (done.code, done.out)
        assert "broken.rego" in done.err

    @pytest.mark.parametrize("verb", ["check", "test"])
    def test_folder_without_policies(self, sidecar: Run, tmp_path: Path, verb: str) -> None:
        """A folder that holds none is no success."""
        (tmp_path / "empty").mkdir()
        assert sidecar("policy", verb, "--path", "empty").code in {1, 2}

    def test_status_agrees_with_the_server(self, served: Served, sidecar: Run) -> None:
        """The rules that the files hold are those that a server enforces."""
        alone = json.loads(sidecar("policy", "status", "--output", "json").out)
        asking = json.loads(sidecar("policy", "status", "--address", served.addresses[0], "--output", "json").out)
        assert alone == asking
        assert "transfer.regime" in sidecar("policy", "status", "--address", served.addresses[0]).out

    def test_status_of_nobody(self, sidecar: Run) -> None:
        """A server that is not there."""
        assert 1 == sidecar("policy", "status", "--address", "127.0.0.1:1").code


class TestTenants:
    """The customers."""

    def test_check(self, sidecar: Run) -> None:
        """It counts them, and warns of regimes that fit and are not listed."""
        done = sidecar("tenants", "check")
        assert 0 == done.code
        assert "6 tenants" in done.out
        assert "plain: EU-GDPR" in done.out

    def test_check_of_a_broken_file(self, sidecar: Run, tmp_path: Path) -> None:
        """All faults are told, by field and not by value."""
        broken = "tenants:\n  a: {country: Elsewhere, sector: retail}\n  b: {country: DE}\n"
        (tmp_path / "tenants.yaml").write_text(broken)
        done = sidecar("tenants", "check", SIDECAR_TENANTS__PATH=str(tmp_path / "tenants.yaml"))
        assert (2, "") == (done.code, done.out)
        assert "a.country" in done.err
        assert "b.sector" in done.err
        assert "Elsewhere" not in done.err


class TestKeys:
    """Root keys and the key that signs."""

    def test_init_and_rotate(self, sidecar: Run, tmp_path: Path) -> None:
        """A folder of mode 0700 with a root key and a pair; a rotation adds a root key; nothing is overwritten."""
        assert 0 == sidecar("keys", "init", "--path", "keys").code
        folder = tmp_path / "keys"
        assert 0o700 == folder.stat().st_mode & 0o777
        assert {"audit.ed25519", "audit.ed25519.pub"} < {path.name for path in folder.iterdir()}
        before = {path: path.read_bytes() for path in folder.iterdir()}
        assert 2 == sidecar("keys", "init", "--path", "keys").code
        assert 0 == sidecar("keys", "rotate", "--path", "keys").code
        assert before.items() < {path: path.read_bytes() for path in folder.iterdir()}.items()
        assert 2 == len(list(folder.glob("root.*")))

    def test_rotate_what_is_not_there(self, sidecar: Run) -> None:
        """It ends with 2."""
        assert 2 == sidecar("keys", "rotate", "--path", "no-such-folder").code


class TestDoctor:
    """A look at all that is needed."""

    def test_well(self, served: Served, sidecar: Run) -> None:
        """Every part is found, the running sidecar too."""
        done = sidecar("doctor")
        assert 0 == done.code, done.out
        assert all(part in done.out for part in ("opa", "1.22.2", "catalog", "tenants", "policies", "keys", "journal"))
        assert all(word in done.out for word in ("listener", "remembered", "forgotten"))

    def test_ill(self, sidecar: Run, tmp_path: Path) -> None:
        """A part that is not well is told apart from the others, and it ends with 1."""
        done = sidecar("doctor", SIDECAR_TENANTS__PATH=str(tmp_path / "missing.yaml"), SIDECAR_SERVER__LISTEN="[]")
        assert 1 == done.code
        assert "fault" in done.out
        assert "rules, revision" in done.out


class TestManners:
    """What holds for all verbs."""

    def test_help_teaches(self, together: Together) -> None:
        """Each verb says what it does and takes, without settings."""
        for done in together(*((*verb, "--help") for verb in VERBS), SIDECAR_CONFIG="no-such-file"):
            assert (0, "") == (done.code, done.err), done
            assert "Usage: sidecar" in done.out, done
            lines = [line for line in done.out.splitlines() if line.startswith("  ") and not line.startswith("  -")]
            assert len(" ".join(lines)) > 20, done

    def test_misuse(self, together: Together) -> None:
        """It ends with 2, and with a clear sentence."""
        for done in together(("bogus",), ("audit", "bogus"), ("--bogus",), ("serve", "extra")):
            assert (2, "") == (done.code, done.out), done
            assert "Error: " in done.err, done

    def test_colors_on_a_terminal_alone(self, served: Served, sidecar: Run, tmp_path: Path) -> None:
        """A terminal gets colors, unless NO_COLOR is set; a pipe never does."""
        command: list[str | Path] = [SIDECAR, "audit", "tail", "--config", served.settings]
        assert "\x1b" not in sidecar("audit", "tail").out
        assert b"\x1b[" in _on_terminal(command, environment(tmp_path, TERM="xterm-256color"))
        colorless = _on_terminal(command, environment(tmp_path, TERM="xterm-256color", NO_COLOR="1"))
        assert b"\x1b[32m" not in colorless
        assert b"block" in colorless

    def test_reader_that_leaves(self, served: Served, tmp_path: Path) -> None:
        """A pipe whose reader has seen enough is no fault to shout about."""
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [SIDECAR, "catalog", "list", "--config", served.settings, "--output", "json"],
            env=environment(tmp_path),
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
        os.close(writing)
        assert b"Traceback" not in done.stderr

    def test_settings_from_the_environment(self, sidecar: Run) -> None:
        """A key of the environment stands over the file; one that is none is refused by its name."""
        done = sidecar("tenants", "check", SIDECAR_TENANTS__PATH=str(DATA / "tenants.yaml"))
        assert 0 == done.code
        done = sidecar("tenants", "check", SIDECAR_LIMITS__QUEUE="many", SIDECAR_SURPRISE__KEY="1")
        assert 2 == done.code
        assert "limits.queue" in done.err
        assert "surprise" in done.err.lower()
        assert "many" not in done.err


def _on_terminal(command: Sequence[str | Path], env: dict[str, str]) -> bytes:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, env=env, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL)
    os.close(theirs)
    said = b""
    try:
        while octets := os.read(ours, 4096):
            said += octets
    except OSError:  # how a terminal says that nobody writes to it any more
        pass
    finally:
        os.close(ours)
        process.wait()
    return said
