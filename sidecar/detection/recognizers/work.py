"""Work, counted in units that are the same on every machine: a window is read as far as its units go.

A unit is what a microsecond did on the machine where the weights were measured, but nothing here reads a clock, so the
same text is always read to the same place.
"""

SCAN = 0.004  # a byte that a linear engine reads for one pattern
PREFILTER = 0.03  # a byte that all patterns are looked for in at once
NAMES = 2.0  # a code point that names are read in, with the compiled pass in floats; in 8 bits it is 0.6
CANDIDATE = 2.5  # something that a pattern proposes and we judge
CONTEXT = 3.5  # words around a candidate
PARSE = 28.0  # a number that libphonenumber takes apart
FOUND = 4.0  # what becomes of a value until it is a finding
FOREIGN = 0.05  # a byte for a pattern of somebody else's, on an engine that goes back

ALLOWED = 3.6  # units for each code point of a window: with names no more than three times what ordinary text takes
ALLOWED_BEYOND = 0.6  # for those behind the first of a request, so that 16 MB are bounded too
FULL_SHARE = 500_000  # code points of a request that are allowed the whole
LEAST_ALLOWED = 3_000.0  # for a short text, which may well be one number after another


class Spent(Exception):
    """The units of a window are used up: what lies behind was not looked at."""


class Work:
    """Units that are left, and the place that work has come to."""

    __slots__ = ("left", "place", "used")

    def __init__(self, units: float) -> None:
        self.left = units
        self.used = 0.0
        self.place = 0

    def spend(self, units: float, place: int) -> None:
        """Pay for what begins at ``place``.

        Raises:
            Spent: there is not enough left.
        """
        self.place = place
        if units > self.left:
            raise Spent
        self.left -= units
        self.used += units


class Unbounded(Work):
    """For a caller who asks one recognizer about a text, as Presidio does."""

    def __init__(self) -> None:
        super().__init__(float("inf"))
