"""Which OPA is taken."""

from pathlib import Path

import pytest

from sidecar.errors import PolicyFault
from sidecar.policy.opa_binary import OPA_VERSION, OpaBinary, find_opa
from tests.policy.fakes import script


def test_the_path_that_was_set(tmp_path: Path) -> None:
    """A path in the settings is the only place that is looked at."""
    path = script(tmp_path / "opa", f"echo 'Version: {OPA_VERSION}'")
    assert OpaBinary(path, OPA_VERSION) == find_opa(path)


@pytest.mark.parametrize(
    ("body", "fault"),
    [("echo 'Version: 0.70.0'", "OPA 0.70.0"), ("echo hello", "does not say its version, so it is not OPA")],
)
def test_another_version_is_refused(tmp_path: Path, body: str, fault: str) -> None:
    """What it is instead is told."""
    path = script(tmp_path / "opa", body)
    with pytest.raises(PolicyFault) as refused:
        find_opa(path)
    assert (f"{path}: {fault}",) == refused.value.faults
    assert "policy.opa.path" == refused.value.field


def test_a_path_where_there_is_none(tmp_path: Path) -> None:
    """A missing file and one that cannot be executed are no OPA."""
    (tmp_path / "text").write_text("text", encoding="utf-8")
    for name in ("none", "text"):
        with pytest.raises(PolicyFault, match="not there, or not executable"):
            find_opa(tmp_path / name)


def test_a_program_that_cannot_be_started(tmp_path: Path) -> None:
    """A broken executable is a fault of the operator's, not a crash."""
    path = tmp_path / "opa"
    path.write_bytes(b"\x7fELF broken")
    path.chmod(0o755)
    with pytest.raises(PolicyFault, match="could not be started"):
        find_opa(path)


def test_on_path_when_there_is_none_beside_the_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The interpreter's folder comes first, then PATH."""
    monkeypatch.setattr("sys.prefix", str(tmp_path / "empty"))
    monkeypatch.setattr("sys.executable", str(tmp_path / "empty" / "python"))
    path = script(tmp_path / "opa", f"echo 'Version: {OPA_VERSION}'")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert OpaBinary(path, OPA_VERSION) == find_opa()


def test_settings_in_the_environment_stay_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPA sees none of our variables, which may hold secrets."""
    monkeypatch.setenv("SIDECAR_SECRET", "hunter2")
    path = script(tmp_path / "opa", f"echo 'Version: {OPA_VERSION}'\nenv")
    assert b"hunter2" not in find_opa(path).run("anything").stdout
