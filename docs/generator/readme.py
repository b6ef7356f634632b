"""Puts what the command line says of itself between the marks of README.md."""

from docs.generator.cli import overview

START = "<!-- help: written by `make docs` -->"
END = "<!-- end of help -->"


def render(text: str) -> str:
    """Return the README with its help block anew.

    Raises:
        ValueError: the marks are not there, once each.
    """
    before, _, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not end or (text.count(START), text.count(END)) != (1, 1):
        message = "README.md must hold both marks of the help block, once each"
        raise ValueError(message)
    return f"{before}{START}\n```\n{overview()}\n```\n{END}{after}"
