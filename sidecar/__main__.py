"""``python -m sidecar`` is the command ``sidecar``."""

from sidecar.cli.main import main

main()
