"""``sidecar keys``."""

from pathlib import Path
from typing import Annotated

import typer

from sidecar import keys as keyring
from sidecar.cli.options import Config
from sidecar.cli.screen import out
from sidecar.config import load_settings

app = typer.Typer(help="Root keys and the key that signs the audit log.", no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Option("--path", help="The folder; keys.path, or keys/ beside the journal, by default.")
]


@app.command()
def init(config: Config = None, path: Folder = None) -> None:
    """Make the keys in a new folder (mode 0700): a root key, and the Ed25519 pair that signs the audit log."""
    folder = _folder(config, path)
    keyring.init_keys(folder)
    out.print(f"made keys in {folder}; auditors get {folder / 'audit.ed25519.pub'}", markup=False)


@app.command()
def rotate(config: Config = None, path: Folder = None) -> None:
    """Add a new root key: it seals and marks from now on, the older ones still open. SIGHUP takes it into use."""
    folder = _folder(config, path)
    key_id = keyring.rotate_keys(folder)
    out.print(f"made root.{key_id} in {folder}; reload the sidecar (SIGHUP) to use it", markup=False)


def _folder(config: Config, path: Path | None) -> Path:
    if path is not None:
        return path
    settings = load_settings(config)
    return settings.keys.path or settings.audit.path / "keys"
