"""Finds the OPA executable and runs its one-shot commands."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sidecar.errors import PolicyFault

OPA_VERSION = "1.22.2"  # keep equal to deploy/opa/go.mod: every policy is tested against this one
COMMAND_SECONDS = 120  # far above what a check of a large bundle takes; a command that hangs must not hang the start
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "LANG")  # settings and secrets in the environment are not OPA's to read


@dataclass(frozen=True, slots=True)
class Output:
    """What a command printed, and its exit code."""

    code: int
    stdout: bytes
    stderr: bytes


@dataclass(frozen=True, slots=True)
class OpaBinary:
    """An OPA executable of the version that the policies are tested with."""

    path: Path
    version: str

    def run(self, *arguments: str, cwd: Path | None = None, standard_input: bytes = b"") -> Output:
        """Run one command to its end; its exit code is the caller's to judge.

        Raises:
            PolicyFault: it could not be started or did not end.
        """
        return _run([str(self.path), *arguments], cwd, standard_input)


def find_opa(path: Path | None = None) -> OpaBinary:
    """Return the OPA of a path that was set, else the first of our version beside the interpreter, then on PATH.

    Raises:
        PolicyFault: there is none, or only ones of another version; each place that was looked at is named.
    """
    faults = []
    for place in [path.absolute()] if path is not None else _places():
        if not place.is_file() or not os.access(place, os.X_OK):
            faults.append(f"{place}: not there, or not executable")
            continue
        version = _version(place)
        if version == OPA_VERSION:
            return OpaBinary(place, version)
        faults.append(f"{place}: OPA {version}" if version else f"{place}: does not say its version, so it is not OPA")
    message = f"there is no OPA {OPA_VERSION}"
    raise PolicyFault(
        message, faults=faults, field="policy.opa.path", advice="`make setup` builds it into the environment"
    )


def environment() -> dict[str, str]:
    """Return the few variables that OPA's processes get."""
    return {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}


def _places() -> Iterator[Path]:
    seen = set()
    on_path = shutil.which("opa")
    places = [
        Path(sys.prefix, "bin", "opa"),
        Path(sys.executable).parent / "opa",
        *([Path(on_path)] if on_path else []),
    ]
    for place in places:
        if place.absolute() not in seen:
            seen.add(place.absolute())
            yield place.absolute()


def _version(place: Path) -> str:
    for line in _run([str(place), "version"], None, b"").stdout.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "Version":
            return value.strip()
    return ""


def _run(command: Sequence[str], cwd: Path | None, standard_input: bytes) -> Output:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed executable, arguments of our own, no shell
            command,
            cwd=cwd,
            input=standard_input,
            capture_output=True,
            env=environment(),
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except OSError as error:
        message = f"OPA could not be started: {error.strerror}"
        raise PolicyFault(message, field="policy.opa.path") from error
    except subprocess.TimeoutExpired as error:
        message = f"OPA did not end within {COMMAND_SECONDS} seconds"
        raise PolicyFault(message, field="policy.path") from error
    return Output(done.returncode, done.stdout, done.stderr)
