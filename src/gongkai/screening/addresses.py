"""Addresses below the township: a door on a street, a dwelling in a building, a house in a village."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.screening import near
from gongkai.screening.model import Hit

_N = "[0-9０-９一二三四五六七八九十百]{1,6}"
_HAN = "[\u4e00-\u9fff0-9０-９A-Za-z]"
_ANCHOR = re.compile(
    rf"[路街道巷弄同里村组社屯区苑园城庭府寓湾段](?:\s?(?:{_N}(?:附{_N}|之{_N}|-{_N})?\s?[号弄]院?|{_N}\s?(?:幢|栋|号楼|单元|座)|{_N}\s?(?:村民小)?组\s?{_N}\s?[号户])|村?民小组\s?{_N}\s?[号户]|"
    rf"(?:[\u4e00-\u9fff]{{1,6}})(?:组|社|屯|坡|湾|庄)\s?{_N}\s?号)"
)
_REST = re.compile(
    rf"(?:[\s,，]?(?:{_HAN}{{0,8}}?(?:小区|花园|公寓|家园|新村|苑|园|城|大厦|宿舍|家属院))?[\s,，]?(?:[A-Za-z0-9０-９一二三四五六七八九十]{{1,5}}\s?(?:号楼|号院|幢|栋|座|弄|号|单元|门|层|楼|室|房|户)|-[0-9]{{1,4}}|[0-9]{{3,4}}(?![0-9年月日元万号]))){{1,6}}"
)
_DWELLING = re.compile(
    r"(?:幢|栋|号楼|单元|座).{0,10}?(?:室|房|户|\d{3,4})|(?:单元|幢|栋)\s?[0-9０-９一二三四五六七八九十]{1,5}|(?:小区|公寓|花园|家属院|宿舍|苑).{0,14}?[室户]"
)
_VILLAGE = re.compile(r"(?:村|组|社|屯|坡|湾|庄)[^路街巷]{0,12}?[号户]$")
_LEAD_IN = re.compile(r"[\u4e00-\u9fff0-9A-Za-z０-９\-]{0,40}$")
_TOWNSHIP = re.compile(r".*(?:街道办事处|街道|镇|乡|苏木|[县区旗市省])(?![号区域场政场])")
_LEAD = re.compile(r".*?(?:住址|地址为?|住所地|住所|家住|现住|居住地|户籍地|居住于|居住在|住在|位于|地点|在|住|系|为|于|是|至|到|由|从)")


def hits(text: str, header: str = "") -> Iterator[Hit]:
    """Each address once, from its first character below the township to its last; masked `***`, so that the township stays."""
    done = 0
    for anchor in _ANCHOR.finditer(text):
        if anchor.start() < done:
            continue
        end = anchor.end()
        rest = _REST.match(text, end)
        end = rest.end() if rest else end
        start = _start(text, anchor.start(), done)
        value = text[start:end]
        rule = _rule(text, start, end, value, header)
        if rule:
            done = end
            yield Hit(rule, start, end, "***")


def _start(text: str, anchor: int, low: int) -> int:
    """Where the part below the township begins: behind the last 镇, 乡, 街道 … of the words that lead to the anchor."""
    lead = _LEAD_IN.search(text, max(low, anchor - 40), anchor)
    begin = lead.start() if lead else anchor
    words = text[begin:anchor]
    ends = [found.end() for pattern in (_TOWNSHIP, _LEAD) if (found := pattern.match(words))]
    return begin + max(ends) if ends else max(begin, anchor - 6)


def _rule(text: str, start: int, end: int, value: str, header: str) -> str | None:
    if near.before("home_address", text, start, header):
        return "address.home"
    office = near.before("office_address", text, start) or near.after("office_address", text, end)
    if _DWELLING.search(value):
        return "address.street" if office else "address.dwelling"
    if _VILLAGE.search(value):
        return "address.office" if office else "address.dwelling"
    return "address.office" if office else "address.street"
