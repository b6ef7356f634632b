"""Folders that only we may enter."""

from pathlib import Path
from stat import S_IMODE

from sidecar.folders import make_private


def test_every_folder_that_is_made_is_private(tmp_path: Path) -> None:
    """Not only the last one; what was there keeps its mode."""
    there = tmp_path / "there"
    there.mkdir(mode=0o755)
    there.chmod(0o755)
    make_private(there / "audit" / "keys")
    make_private(there / "audit" / "keys")
    modes = [S_IMODE(folder.stat().st_mode) for folder in (there, there / "audit", there / "audit" / "keys")]
    assert [0o755, 0o700, 0o700] == modes
