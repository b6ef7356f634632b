"""Addresses in Chinese: a street or an estate, and behind it what leads to a door."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from sidecar.detection.recognizers.scanner import Hit
from sidecar.detection.scripts import HAN

_SCORE = 0.75
_REACH = 40  # code points that regions and a street's name may take
_NUMBER = r"[0-9０-９一二三四五六七八九十百零〇两甲乙丙丁A-Za-z]{1,6}(?:[-－—~之附][0-9０-９A-Za-z]{1,5})*"
_STREET = "(?:大道|大街|马路|馬路|公路|胡同|路|街|道|巷|弄|里|村|段|坊|条|條)"
_UNIT = "(?:号院|號院|号楼|號樓|号|號|弄|巷|栋|棟|幢|座|期|单元|單元|楼|樓|层|層|室|房|户|戶|铺|鋪|店|F|f)"
_ESTATE = (
    "(?:小区|小區|社区|社區|花园|花園|家园|家園|公寓|大厦|大廈|大楼|大樓|中心|广场|廣場|苑|邨|村|园|園|城|府|阁|閣|轩|軒|庭|湾|灣"
    "|公馆|公館|宿舍|工业区|工業區|科技园|产业园|產業園)"
)
_PART = rf"(?:[东西南北中東]?[ ]?{_NUMBER}[ ]?{_UNIT}(?:之{_NUMBER})?)"
_MORE = rf"(?:[ ,，]?{_PART})"
_DOOR = re.compile(
    rf"{_STREET}(?:[东西南北中東][段路]?|[一二三四五六七八九十]+段)?[ ]?{_PART}"
    rf"(?:[ ,，]?[{HAN}]{{2,10}}?{_ESTATE})?{_MORE}*(?:[0-9]{{1,5}}(?:[-－][0-9]+)*)?"
    rf"|{_ESTATE}[ ]?{_PART}{_MORE}+(?:[0-9]{{1,5}})?"
    rf"|{_STREET}[ ]?[0-9０-９]{{1,5}}(?:[-－][0-9]{{1,4}})?(?![0-9])(?=[ ,，。；;\n]|$)"
)
_REGION = re.compile(r"(?:省|自治区|自治區|特别行政区|市|区|區|县|縣|镇|鎮|乡|鄉|街道|州|旗|盟)")
_LEAD: Final = re.compile(
    rf".*(?:[^{HAN}A-Za-z0-9·]|住在|住喺|居住在|家住|住址|地址|位于|位於|坐落于|坐落於|寄到|送到|发到|發到|搬到|前往|来到|來到|到达|在|喺|是|为|為|到|往|去|从|從|至)",
    re.DOTALL,
)


def addresses(text: str, start: int, end: int, places: Sequence[Hit]) -> Iterator[Hit]:
    """Go through addresses that reach to a door. ``places`` are what the network takes for places, in order."""
    done = start
    for match in _DOOR.finditer(text, start, end):
        first = _beginning(text, max(done, match.start() - _REACH), match.start(), places)
        if first < match.start():
            yield Hit(first, match.end(), _SCORE, "STREET_ADDRESS")
            done = match.end()


def _beginning(text: str, least: int, door: int, places: Sequence[Hit]) -> int:
    """Return where an address begins whose street's last letter stands at ``door``."""
    first = door
    for place in reversed(places):
        if place.start >= first or place.end < least:
            continue
        if place.end < first and not _goes_on(text[place.end : first]):
            break
        first = place.start
    if first < door:
        return max(first, least)
    lead = _LEAD.match(text, least, door)
    first = lead.end() if lead else least
    region = _REGION.search(text, first, door)
    return first if region or door - first <= 8 else door  # noqa: PLR2004 - the longest name of a street alone


def _goes_on(between: str) -> bool:
    """Whether what stands between two places of one address is a part of it."""
    return len(between.strip(" ,，、·-")) <= 4 and not re.search(r"[。！？\n;；:：]|在|和|到|住|是|喺", between)  # noqa: PLR2004
