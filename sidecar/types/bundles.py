"""Where the policies in force came from, when they came as a bundle."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleStatus:
    """What is known of the bundle that is served, and of its source."""

    source: str
    sequence: int
    signer: str
    """Id of the key that signed it; empty where none was asked for."""
    confirmed: datetime
    """When its source last gave it, or said that it is still the one."""
    stale: bool
    """Whether that is longer ago than may be; then nothing is decided."""
    refused: int
    """How often since the start the source could not be asked, or gave what was not taken."""
    last_refused: str
    """The last such time, in words; empty where it went well since."""
