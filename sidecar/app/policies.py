"""What the security team does: check and test rules. None of it needs a running sidecar."""

from pathlib import Path

from sidecar.config import Settings
from sidecar.policy.checking import check, run_tests
from sidecar.policy.sources import shipped_policies


def check_policies(settings: Settings, folder: Path | None) -> list[str]:
    """Return every fault of a folder of policies; of the configured or shipped one by default."""
    return check(_folder(settings, folder), opa=settings.policy.opa.path)


def check_tests(settings: Settings, folder: Path | None, *, threshold: float) -> tuple[bool, str]:
    """Run the tests of a folder of policies; return whether all passed with enough covered, and the report."""
    return run_tests(_folder(settings, folder), opa=settings.policy.opa.path, threshold=threshold)


def _folder(settings: Settings, folder: Path | None) -> Path:
    return folder or settings.policy.path or shipped_policies()
