"""JSON documents as Python values."""

from collections.abc import Mapping, Sequence  # noqa: TC003 - the alias below is read at run time by typing tools
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Document: TypeAlias = dict[str, "Json"]
