"""Builds the package: ``policies/`` at the root of the checkout is shipped as ``sidecar/_policies/``."""

import shutil
from pathlib import Path

from setuptools.command.build_py import build_py

SOURCE = Path("policies")
SHIPPED = Path("sidecar", "_policies")
THIS = "deploy/packaging.py"


class BuildPy(build_py):
    """Copies the modules, their data and the policies.

    An editable install copies nothing: `sidecar.policy.sources` then finds ``policies/`` beside the package.
    """

    def run(self) -> None:
        """Build into an empty folder, so that no rule that was deleted since is shipped."""
        if not self.editable_mode:
            shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()

    def get_source_files(self) -> list[str]:
        """Name what a source archive needs so that a wheel can be built from it."""
        return [*super().get_source_files(), THIS, *(str(SOURCE / name) for name in _policies())]

    def _get_data_files(self) -> list[tuple[str, str, str, list[str]]]:
        found: list[tuple[str, str, str, list[str]]] = super()._get_data_files()
        if not self.editable_mode:
            found.append(("sidecar._policies", str(SOURCE), str(Path(self.build_lib, SHIPPED)), _policies()))
        return found


def _policies() -> list[str]:
    return sorted(str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*") if path.is_file())
