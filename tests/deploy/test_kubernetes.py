"""The manifests: valid offline, and what they mount is what the sidecar takes."""

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from sidecar.app.sources import tenant_warnings
from sidecar.config import Settings, load_settings
from sidecar.keys import Keyring, init_keys

ROOT = Path(__file__).parents[2]
BASE = ROOT / "deploy" / "kubernetes" / "base"
MANIFESTS = sorted(path for path in BASE.glob("*.yaml") if path.name != "kustomization.yaml")


def read(name: str) -> Any:  # noqa: ANN401 - a manifest
    """Return a manifest."""
    return yaml.safe_load((BASE / f"{name}.yaml").read_text("utf-8"))


@pytest.fixture
def pod() -> Any:  # noqa: ANN401 - a manifest
    """What runs."""
    return read("statefulset")["spec"]["template"]["spec"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings that the pod mounts."""
    for name, text in read("configmap")["data"].items():
        (tmp_path / name).write_text(text, "utf-8")
    return load_settings(tmp_path / "sidecar.yaml", {})


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.stem)
def test_manifest_is_valid(path: Path) -> None:
    """Each is strictly what the schema of Kubernetes says."""
    kubernetes_validate.validate(yaml.safe_load(path.read_text("utf-8")), "1.37", strict=True)


def test_kustomization_lists_every_manifest() -> None:
    """None is forgotten, and the image has the version of the package."""
    listed = read("kustomization")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert [path.name for path in MANIFESTS] == listed["resources"]
    assert [{"name": "inspection-sidecar", "newTag": version}] == listed["images"]


def test_settings_are_taken(settings: Settings) -> None:
    """Settings and tenants of the ConfigMap are without fault, and nothing unsafe is among them."""
    assert (1, []) == tenant_warnings(settings)
    assert not any(settings.unsafe.model_dump().values())


def test_settings_fit_the_pod(pod: Any, settings: Settings) -> None:  # noqa: ANN401 - a manifest
    """Every path lies on a volume, workers are as many as the CPU limit, and there is time to drain."""
    sidecar = pod["initContainers"][1]
    mounts = {mount["mountPath"]: mount for mount in sidecar["volumeMounts"]}
    assert str(settings.audit.path.parent) in mounts
    assert settings.keys.path is not None
    assert str(settings.keys.path.parent) in mounts
    assert ["unix:/run/sidecar/sidecar.sock"] == list(settings.server.listen)
    assert "/run/sidecar" in mounts
    assert settings.detection.workers == int(sidecar["resources"]["limits"]["cpu"])
    assert settings.server.drain_seconds < pod["terminationGracePeriodSeconds"]


def test_sidecar_outlives_the_gateway(pod: Any) -> None:  # noqa: ANN401 - a manifest
    """It is a sidecar in Kubernetes' sense, and its journal a volume that outlives the pod, with one writer."""
    claims = read("statefulset")["spec"]["volumeClaimTemplates"]
    assert ["keys", "sidecar"] == [container["name"] for container in pod["initContainers"]]
    assert "Always" == pod["initContainers"][1]["restartPolicy"]
    assert [("journal", ["ReadWriteOncePod"])] == [
        (claim["metadata"]["name"], claim["spec"]["accessModes"]) for claim in claims
    ]


def test_every_container_is_locked(pod: Any) -> None:  # noqa: ANN401 - a manifest
    """None is root, gains rights, keeps a capability or writes to its root file system."""
    assert pod["securityContext"]["runAsNonRoot"]
    assert {"type": "RuntimeDefault"} == pod["securityContext"]["seccompProfile"]
    for container in (*pod["initContainers"], *pod["containers"]):
        told = container["securityContext"]
        assert (False, True, ["ALL"]) == (
            told["allowPrivilegeEscalation"],
            told["readOnlyRootFilesystem"],
            told["capabilities"]["drop"],
        )


def test_copied_keys_are_taken(pod: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a manifest
    """Keys as a Secret gives them, open to a group, are usable once the first container has copied them."""
    init_keys(tmp_path / "made")
    mounted, copied = tmp_path / "mounted", tmp_path / "copied"
    mounted.mkdir()
    copied.mkdir(mode=0o777)
    for file in (tmp_path / "made").iterdir():
        (mounted / file.name).write_bytes(file.read_bytes())
        (mounted / file.name).chmod(0o440)
    script = pod["initContainers"][0]["args"][0]
    script = script.replace("/run/secrets/sidecar-keys", str(mounted)).replace("/run/sidecar-keys", str(copied))
    subprocess.run(["/bin/sh", "-euc", script], check=True)
    assert Keyring.open(tmp_path / "made").ids == Keyring.open(copied / "own").ids
