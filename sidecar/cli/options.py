"""Options that several verbs take."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", help="Settings file (YAML). Also SIDECAR_CONFIG.", envvar="SIDECAR_CONFIG", show_default=False
    ),
]


class Output(StrEnum):
    """For people or for programs."""

    TEXT = "text"
    JSON = "json"


OutputOption = Annotated[Output, typer.Option("--output", help="For people or for programs.")]
