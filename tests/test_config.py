"""Settings."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.config import Settings, load_settings
from sidecar.errors import SettingsFault
from sidecar.terms import terms
from sidecar.types.terms import Allowed, Denied, Terms


def write(folder: Path, text: str) -> Path:
    """Write a settings file."""
    path = folder / "sidecar.yaml"
    path.write_text(text)
    return path


def test_defaults_are_those_of_the_design(tmp_path: Path) -> None:
    """An empty file is a full set of defaults."""
    settings = load_settings(write(tmp_path, ""), {})
    assert (
        settings.server.listen,
        settings.server.drain_seconds,
        settings.policy.timeout_ms,
        settings.policy.max_candidates,
        settings.limits.queue,
    ) == (("127.0.0.1:50551",), 20, 250, 8, 256)
    assert (
        settings.detection.threshold,
        settings.actions.restoration_hours,
        settings.actions.pseudonym_scope,
        settings.attributes.allowed,
        settings.limits.body_bytes,
    ) == (0.4, 24, "session", ("purpose",), 16 * 1024 * 1024)


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    """A file can be moved with what it names."""
    settings = load_settings(write(tmp_path, "tenants: {path: tenants.yaml}\naudit: {path: /var/audit}"), {})
    assert (tmp_path / "tenants.yaml", Path("/var/audit")) == (settings.tenants.path, settings.audit.path)


def test_environment_overrides_the_file(tmp_path: Path) -> None:
    """SIDECAR_SECTION__KEY wins, deeper keys and JSON lists too."""
    settings = load_settings(
        write(tmp_path, "policy: {timeout_ms: 100, opa: {path: /bin/opa}}"),
        {
            "SIDECAR_POLICY__TIMEOUT_MS": "300",
            "SIDECAR_POLICY__OPA__URL": "http://127.0.0.1:8181",
            "SIDECAR_SERVER__LISTEN": '["unix:/run/a.sock"]',
            "OTHER": "x",
        },
    )
    assert (300, "http://127.0.0.1:8181", Path("/bin/opa"), ("unix:/run/a.sock",)) == (
        settings.policy.timeout_ms,
        settings.policy.opa.url,
        settings.policy.opa.path,
        settings.server.listen,
    )


def test_the_folder_of_labeled_texts_is_no_setting() -> None:
    """Who measures accuracy may leave its variable set and still start a sidecar."""
    assert load_settings(None, {}) == load_settings(None, {"SIDECAR_EVAL_DATA": "elsewhere"})


def test_lists_of_detection_from_the_file_and_the_environment(tmp_path: Path) -> None:
    """Allow and deny lists take their short form and records, in YAML and in JSON."""
    detection = "detection: {allow: [Acme, {texts: ['EMP-.+'], match: regex, entities: [STAFF]}], deny: {a: [b]}}"
    settings = load_settings(
        write(tmp_path, detection), {"SIDECAR_DETECTION__DENY": '{"projects": {"words": ["x"], "class": "health"}}'}
    )
    assert Terms(
        allow=(
            Allowed(("Acme",), patterns=False, entities=()),
            Allowed(("EMP-.+",), patterns=True, entities=("STAFF",)),
        ),
        deny=(Denied("projects", "PROJECTS", "health", ("x",), case_sensitive=False),),
    ) == terms(settings.detection.allow, settings.detection.deny, None)


def test_all_faults_are_told_together_without_values(tmp_path: Path) -> None:
    """Unknown keys, wrong types and wrong variables, by name, in one message."""
    path = write(tmp_path, "server: {listens: [SECRETVALUE]}\nlimits: {queue: SECRETVALUE}\nfoo: 1")
    with pytest.raises(SettingsFault) as caught:
        load_settings(path, {"SIDECAR_NOPE__X": "SECRETVALUE"})
    text = str(caught.value)
    for field in (
        "server.listens: unknown key",
        "limits.queue",
        "foo: unknown key",
        "SIDECAR_NOPE__X: no such setting",
    ):
        assert field in text
    assert "SECRETVALUE" not in text


@pytest.mark.parametrize(
    ("text", "told"),
    [("- a", "not a map"), ("{", "not YAML"), ("server: {tls: {certificate: a}}", "server.tls.key: missing")],
)
def test_broken_files_are_refused(tmp_path: Path, text: str, told: str) -> None:
    """A file that is not settings is told so."""
    with pytest.raises(SettingsFault, match=told):
        load_settings(write(tmp_path, text), {})


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """A file that was named must be there."""
    with pytest.raises(SettingsFault, match="cannot be read"):
        load_settings(tmp_path / "none.yaml", {})


@given(st.sampled_from(sorted(Settings.model_fields)), st.text(min_size=1, max_size=10))
def test_no_section_takes_an_unknown_key(section: str, key: str) -> None:
    """Misspelled keys never pass in silence, anywhere."""
    known = getattr(Settings(), section).__class__.model_fields
    if key not in known:
        with pytest.raises(ValueError, match="Extra inputs"):
            Settings.model_validate({section: {key: 1}})
