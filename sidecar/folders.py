"""Makes folders that only we may enter."""

from contextlib import suppress
from pathlib import Path

PRIVATE = 0o700


def make_private(folder: Path) -> None:
    """Make a folder and whatever is missing above it, each with mode 0700; what is there already is left as it is.

    ``Path.mkdir(parents=True)`` gives the mode to the last folder alone.

    Raises:
        OSError: it cannot be made.
    """
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        with suppress(FileExistsError):  # another process was faster
            missing.mkdir(mode=PRIVATE)
