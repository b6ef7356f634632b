"""Numbers of all countries, drawn at random so that their checks hold."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

from sidecar.detection.recognizers.checksums import compact, named

TABLE = Path("tests/data/detection/countries.yaml")
_FIRST_BIRTH, _DAYS = date(1945, 1, 1), 20_000
_CAPITALS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_TRIES = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How the numbers of one kind look; the table says what the words mean."""

    entity: str
    form: str
    told: str
    check: str = "always"
    alone: bool = False

    def draw(self, rng: random.Random) -> str:
        """Return a number whose check holds."""
        return self._draw(rng, self.holds)

    def draw_wrong(self, rng: random.Random) -> str:
        """Return one whose check does not."""
        return self._draw(rng, lambda number: not self.holds(number))

    def draw_any(self, rng: random.Random) -> str:
        """Return one that only looks like it."""
        return self._draw(rng, lambda _: True)

    def holds(self, number: str) -> bool:
        """Whether the check holds."""
        check = named(self.check)
        return check(compact(number)) or (self.check != "kr_rrn" and "." in self.check and check(number))

    def _draw(self, rng: random.Random, accepted: Callable[[str], bool]) -> str:
        for _ in range(_TRIES):
            born = _FIRST_BIRTH + timedelta(days=rng.randrange(_DAYS))
            number = "".join(map(_Signs(rng).of, born.strftime(self.form)))
            if accepted(number):
                return number
        message = f"no number of {self.entity} was drawn"
        raise AssertionError(message)


@dataclass(frozen=True, slots=True)
class _Signs:
    rng: random.Random

    def of(self, sign: str) -> str:
        """Return a sign of the number for one of the form."""
        if sign == "#":
            return str(self.rng.randrange(10))
        return self.rng.choice(_CAPITALS) if sign == "^" else sign


def forms() -> list[Form]:
    """Return all of the table."""
    return [Form(**row) for row in yaml.safe_load(TABLE.read_text(encoding="utf-8"))]
