"""Which regions could take a number, told by one automaton instead of taking it apart for each.

Made from libphonenumber's own tables: for every region, the digits that can be left once its prefixes are gone. It says
yes too often, never too seldom; libphonenumber judges what it lets through.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import re2
from phonenumbers import PhoneMetadata
from phonenumbers.data import _COUNTRY_CODE_TO_REGION_CODE as REGIONS_BY_CODE

_KINDS = (
    *("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager", "uan"),
    "voicemail",
)


class Regions:
    """Some regions, in order."""

    def __init__(self, regions: Sequence[str]) -> None:
        self._regions = tuple(regions)
        options = re2.Options()
        options.max_mem = 64 << 20
        options.log_errors = False
        self._set: Any = re2.Set.FullMatchSet(options)
        for region in regions:
            self._set.Add(_digits_of(region).encode("ascii"))
        self._set.Add(rb"(?s).*")
        self._set.Compile()

    def that_may_take(self, digits: str) -> Sequence[str]:
        """Return the regions in which the digits may be a number; all of them where the set gives no answer."""
        found = self._set.Match(digits.encode("ascii")) or ()
        if len(self._regions) not in found:
            return self._regions
        return [self._regions[index] for index in sorted(found) if index < len(self._regions)]


def _digits_of(region: str) -> str:
    own = PhoneMetadata.metadata_for_region(region)
    if own is None or own.country_code is None:
        message = f"libphonenumber knows no region {region}"
        raise ValueError(message)
    national = _any(
        getattr(metadata, kind).national_number_pattern
        for other in REGIONS_BY_CODE[own.country_code]
        if (metadata := PhoneMetadata.metadata_for_region(other)) is not None
        for kind in _KINDS
        if getattr(metadata, kind) is not None and getattr(metadata, kind).national_number_pattern
    )
    if own.national_prefix_transform_rule:
        return f"[0-9]*{national}"  # its prefix may carry digits of any meaning
    prefix = f"(?:{own.national_prefix_for_parsing})" if own.national_prefix_for_parsing else ""
    prefixes = f"{prefix}?{prefix}?" if prefix else ""
    return f"(?:{own.international_prefix})[0-9]+|(?:{own.country_code})?{prefixes}{national}"


def _any(patterns: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(set(patterns))) + ")"
