"""Writes docs/cli.md: what ``--help`` says of every verb, at one width."""

from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperGroup

from docs.generator.tables import page
from sidecar.cli.main import app

WIDTH = 100

_INTRODUCTION = """\
`make setup` installs the command at `.venv/bin/sidecar`; it works from any folder. Settings come from
`--config FILE` or `SIDECAR_CONFIG`. Tables go to standard output, complaints and logs to standard error;
`NO_COLOR` and pipes are respected.

| exit code | of `inspect` | of `audit verify` | of all others |
| --- | --- | --- | --- |
| 0 | forwarded as it is, redacted or rerouted | verified | done, and nothing stands against it |
| 1 | could not be judged | | could not be done, or a check found something |
| 2 | bad usage, or settings or files that are wrong | the same | the same |
| 3 | blocked | tampered: the first record that does not hold is named | |
| 4 | | consistent, but no key was given | |"""


def render() -> str:
    """Return the page."""
    parts = []
    for name, text in helps():
        parts += [f"## `{name}`", f"```\n{text}\n```"]
    return page("cli", "# Command line", _INTRODUCTION, *parts)


def overview() -> str:
    """Return what ``sidecar --help`` says."""
    return next(helps())[1]


def helps() -> Iterator[tuple[str, str]]:
    """Return every command, groups before their verbs, with its help."""
    yield from _helps("sidecar", typer.main.get_command(app))


def _helps(name: str, command: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - Typer names no public class
    context = command.make_context(name, [], resilient_parsing=True, terminal_width=WIDTH, max_content_width=WIDTH)
    yield name, command.get_help(context).rstrip()
    if isinstance(command, TyperGroup):
        for verb in command.list_commands(context):
            yield from _helps(f"{name} {verb}", command.commands[verb])
