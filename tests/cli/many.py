"""Runs the command line many times in one process: what is slow about a run is to start Python."""

import contextlib
import io
import json
import sys

from sidecar.cli.main import main


def run(arguments: list[str]) -> tuple[int, str, str]:
    """Return how one run ended, and what it said."""
    out, err = io.StringIO(), io.StringIO()
    sys.argv = ["sidecar", *arguments]
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return code, out.getvalue(), err.getvalue()


if __name__ == "__main__":
    results = [run(arguments) for arguments in json.load(sys.stdin)]
    json.dump(results, sys.stdout)
