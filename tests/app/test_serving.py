"""The watch over files, and the health that it tells."""

from pathlib import Path

from sidecar.app.serving import _marks, _sources
from sidecar.config import load_settings


def test_every_file_that_a_snapshot_is_built_from_is_watched(tmp_path: Path) -> None:
    """Settings, tenants, overlay, policies and keys; what is not set is not watched."""
    config = tmp_path / "settings.yaml"
    config.write_text(
        "tenants: {path: tenants.yaml}\ncatalog: {overlay: rows}\npolicy: {path: rules}\nkeys: {path: keys}\n"
    )
    names = ["settings.yaml", "tenants.yaml", "rows", "rules", "keys"]
    assert [tmp_path / name for name in names] == _sources(load_settings(config, {}), config)
    config.write_text("")
    assert [config] == _sources(load_settings(config, {}), config)


def test_marks_tell_of_every_change(tmp_path: Path) -> None:
    """A file that is changed, added, moved or gone anywhere below a source changes the marks; nothing else does."""
    folder = tmp_path / "rules"
    (folder / "deep").mkdir(parents=True)
    file = folder / "deep" / "one.rego"
    file.write_text("package one\n")
    seen = [_marks([folder])]
    assert seen[0] == _marks([folder])
    file.write_text("package two, longer\n")
    seen.append(_marks([folder]))
    (folder / "deep" / "two.rego").write_text("")
    seen.append(_marks([folder]))
    file.rename(folder / "one.rego")
    seen.append(_marks([folder]))
    (folder / "one.rego").unlink()
    seen.append(_marks([folder]))
    assert len(seen) == len(set(seen))


def test_source_that_is_not_there(tmp_path: Path) -> None:
    """A file that is missing is no fault of the watch; that it comes is a change."""
    file = tmp_path / "tenants.yaml"
    before = _marks([file])
    file.write_text("tenants: {}\n")
    assert before != _marks([file])
