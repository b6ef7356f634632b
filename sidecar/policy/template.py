"""Makes a team's own policy folder, from the one that ships as an example and passes every check."""

import re
from pathlib import Path

from sidecar.errors import PolicyFault
from sidecar.policy.overlays import MARK
from sidecar.policy.sources import shipped_policies

TEMPLATE = "template"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 40


def make_overlay(folder: Path, name: str) -> list[str]:
    """Write the files of an overlay into a folder that is empty or not there; return their names.

    Raises:
        PolicyFault: the name will not do, something is there already, or the folder cannot be written.
    """
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        message = "the name of an overlay is lower-case words with dashes between, such as my-team"
        raise PolicyFault(message, field="--name")
    template = shipped_policies() / TEMPLATE
    paths = sorted(path for path in template.rglob("*") if path.is_file())
    names = []
    try:
        if folder.exists() and any(folder.iterdir()):
            message = f"{folder} is not empty"
            raise PolicyFault(message, field="DIR", advice="name a folder that is not there yet")
        for path in paths:
            written = _renamed(path.relative_to(template).as_posix(), name)
            names.append(written)
            (folder / written).parent.mkdir(parents=True, exist_ok=True)
            (folder / written).write_text(_renamed(path.read_text("utf-8"), name), "utf-8")
    except OSError as exc:
        message = f"{folder} cannot be written: {exc.strerror}"
        raise PolicyFault(message, field="DIR") from exc
    return sorted(names, key=lambda written: (written != MARK, written))


def _renamed(text: str, name: str) -> str:
    return text.replace("my-team", name).replace("my_team", name.replace("-", "_"))
