"""Tables of words beside the code, read as regular expressions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Self

import yaml


@dataclass(frozen=True, slots=True)
class Words:
    """One file of ``data/``: lists of words under keys, several words to an entry."""

    lists: Mapping[str, Sequence[str]]

    @classmethod
    def load(cls, name: str) -> Self:
        """Return the table of a language."""
        path = resources.files("sidecar.detection").joinpath(f"data/{name}.yaml")
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def any(self, *keys: str) -> str:
        """Return a pattern for any word under the keys, without a group."""
        return "(?:" + "|".join(entry for key in keys for entry in self.lists[key]) + ")"

    def letters(self, key: str) -> str:
        """Return all letters under a key, each once."""
        return "".join(sorted(set("".join(self.lists[key]))))
