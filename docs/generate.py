"""Writes the pages that code and policies state already; ``--check`` only names those that are stale."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from docs.generator import cli, errors, readme, rules, settings, tenants  # noqa: E402 - the checkout is no package

RULE_PAGES = Path("docs/rules")


def pages() -> Mapping[Path, str]:
    """Return every generated page by its path in the repository."""
    return {
        Path("docs/settings.md"): settings.render(),
        Path("docs/tenants.md"): tenants.render(),
        Path("docs/errors.md"): errors.render(),
        Path("docs/cli.md"): cli.render(),
        Path("README.md"): readme.render((ROOT / "README.md").read_text("utf-8")),
        **rules.render(ROOT),
    }


def settle(wanted: Mapping[Path, str], root: Path, *, check: bool) -> Sequence[Path]:
    """Return which pages below ``root`` are stale, or of a rule that is no more; unless ``check``, mend them."""
    stale = [path for path, text in wanted.items() if not _holds(root / path, text)]
    orphans = [path for path in _found(root) if path not in wanted]
    if not check:
        for path in stale:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(wanted[path], "utf-8")
        for path in orphans:
            (root / path).unlink()
    return (*stale, *orphans)


def main() -> int:
    """Write the pages, or say which are stale; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a page is stale")
    check = parser.parse_args().check
    stale = settle(pages(), ROOT, check=check)
    for path in stale:
        print(f"{path}: stale, run make docs" if check else path)
    return 1 if check and stale else 0


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text("utf-8") == text


def _found(root: Path) -> Sequence[Path]:
    """Return the pages of rules, those of rules that are no more among them."""
    return sorted(path.relative_to(root) for path in (root / RULE_PAGES).glob("*.md"))


if __name__ == "__main__":
    sys.exit(main())
