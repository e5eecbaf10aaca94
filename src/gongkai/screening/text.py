"""All detectors over one text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from gongkai.screening import addresses, letters, marks, numbers
from gongkai.screening.model import Hit
from gongkai.screening.wording import WordList

# Columns or labels, in one row or one below the other as cells of a table are written out.
_ID_COLUMN = "(?:身份证|身份号码|证件号|证件编号)"
_TABLE = re.compile(rf"姓[ \u3000]{{0,4}}名[^。；]{{0,80}}?{_ID_COLUMN}|{_ID_COLUMN}[^。；]{{0,80}}?姓[ \u3000]{{0,4}}名")
TABLE_REACH = 20_000
"""Characters behind a table's head in which its numbers are looked for."""
TABLE_NUMBERS = 2
"""Identity numbers that make a list of persons; one alone is a finding of its own and no table."""
_IDS = ("id_number.18", "id_number.15", "id_number.miswritten", "passport")


def scan(text: str, header: str = "", words: WordList | None = None) -> list[Hit]:
    """Every hit, in the order of the text. `header`: the first row of the table that `text` continues.

    Hits of different kinds may overlap (a mobile number inside an e-mail address); a credit code hides what lies within it.
    """
    found = list(numbers.hits(text, header))
    found += letters.passports(text, header)
    found += letters.plates(text)
    found += letters.emails(text)
    found += addresses.hits(text, header)
    found += marks.hits(text)
    codes = list(numbers.codes(text))
    if codes:
        found = [hit for hit in found if not _within(hit, codes)] + codes
    found += _tables(text, header, found)
    if words is not None:
        found += words.hits(text)
    return sorted(found, key=lambda hit: (hit.start, hit.end))


def _within(hit: Hit, codes: list[Hit]) -> bool:
    """Does one of the codes, which are in the order of the text, cover the hit?"""
    at = bisect_right(codes, hit.start, key=lambda code: code.start) - 1
    return at >= 0 and hit.end <= codes[at].end


def _tables(text: str, header: str, found: list[Hit]) -> list[Hit]:
    """A head that names persons and their numbers, with several such numbers below it. The numbers themselves are other hits."""
    ids = sorted(hit.start for hit in found if hit.rule in _IDS)
    if len(ids) < TABLE_NUMBERS:
        return []
    heads: list[Hit] = []
    for head in _TABLE.finditer(text):
        below = bisect_left(ids, head.end() + TABLE_REACH) - bisect_left(ids, head.end())
        if below >= TABLE_NUMBERS and (not heads or head.start() > heads[-1].start + TABLE_REACH):
            heads.append(Hit("name_table", head.start(), head.end(), f"姓名与证件号码 {below} 行"))
    if not heads and header and _TABLE.search(header):
        heads.append(Hit("name_table", ids[0], ids[0], f"姓名与证件号码 {len(ids)} 行"))
    return heads
