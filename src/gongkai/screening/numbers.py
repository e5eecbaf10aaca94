"""Numbers that name a person: one pass finds runs of digits, the checks then look at each run.

A run may hold separators (`138 0013 8000`, `3301 0219 9003 0712 34`) and several numbers side by side. Its digits are taken in groups as
they stand; a number is one group or several neighbouring ones, never a part of a group, so that nothing is found inside a longer number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from gongkai.screening import masking, near
from gongkai.screening.checksums import has_id_form, is_bank_card, is_credit_code, is_id15, is_id18
from gongkai.screening.model import Hit
from gongkai.screening.rules import numbering

_FULL = str.maketrans("０１２３４５６７８９Ｘｘ（）－", "0123456789XX()-")
_GAP = " \t\xa0\u2002-\u200b\u3000\\-－–—()（）"
_RUN = re.compile(rf"[0-9０-９][0-9０-９{_GAP}]{{5,}}[0-9０-９XxＸｘ]")
_GROUP = re.compile("[0-9０-９]+[XxＸｘ]?")
# Each pattern of a pass begins with a set of characters, which `re` searches for several times as fast as for anything else.
_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY](?<![0-9A-Za-z]{2})[0-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])")
_LETTER = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ_]")
_FRACTION = re.compile(r"[.．]\d")
_PHONE_WORD = re.compile(r"(?:tel|phone|mobile|mob|wx|vx|weixin|sj)\.?$", re.IGNORECASE)
MOST_GROUPS = 6
LONGEST = 19


class _Group(NamedTuple):
    digits: str
    start: int
    end: int


def hits(text: str, header: str = "") -> Iterator[Hit]:
    """Identity numbers, mobile and landline numbers, bank cards, credit codes; in the order of the text, not overlapping."""
    for run in _RUN.finditer(text):
        yield from _in_run(text, run.start(), run.end(), header)


def _in_run(text: str, low: int, high: int, header: str) -> Iterator[Hit]:
    groups = [_Group(found[0].translate(_FULL), found.start(), found.end()) for found in _GROUP.finditer(text, low, high + 1)]
    at = 0
    while at < len(groups):
        hit, used = _at(text, groups, at, header)
        if hit:
            yield hit
        at += used


def _at(text: str, groups: list[_Group], at: int, header: str) -> tuple[Hit | None, int]:
    """The number that begins with group `at`, and how many groups it takes; (None, 1) when none does."""
    number = ""
    for used, group in enumerate(groups[at : at + MOST_GROUPS], 1):
        if number.endswith("X"):
            break
        number += group.digits
        if len(number) > LONGEST:
            break
        if len(number) < 7:
            continue
        parts = groups[at : at + used]
        if _is_part(text, parts[0].start, group.end, number):
            continue
        hit = _number(text, number, parts, header)
        if hit:
            return hit, used
    return None, 1


def _is_part(text: str, start: int, end: int, number: str) -> bool:
    """Part of a code of letters and digits, or of a decimal fraction? `Tel13800138000` and `1.3301…` (an item of a list) are not."""
    if end < len(text) and _LETTER.match(text[end]):
        return True
    if len(number) == 18:
        return False
    if _FRACTION.match(text, end) or (start > 1 and text[start - 1] in ".．" and text[start - 2].isdigit()):
        return True
    return bool(start and _LETTER.match(text[start - 1]) and not _PHONE_WORD.search(text, max(0, start - 8), start))


def _number(text: str, number: str, parts: list[_Group], header: str) -> Hit | None:
    start, end = parts[0].start, parts[-1].end
    size = len(number)
    if size == 18:
        return _eighteen(text, number, start, end, header)
    if not number.isdecimal():
        return None
    if size == 15 and is_id15(number) and len(parts) <= 4:
        named = near.before("id_number", text, start, header)
        if named or not near.before("number_of_things", text, start):
            return Hit("id_number.15" if named else "id_number.15_form", start, end, masking.id_number(number))
    if 15 <= size <= 19:
        return _card(text, number, parts, header)
    return _phone(text, number, parts)


def _eighteen(text: str, number: str, start: int, end: int, header: str) -> Hit | None:
    if is_id18(number):
        return Hit("id_number.18", start, end, masking.id_number(number))
    if is_credit_code(number):
        return Hit("credit_code", start, end, number)
    if has_id_form(number) and near.before("id_number", text, start, header):
        return Hit("id_number.miswritten", start, end, masking.id_number(number))
    if number.isdecimal() and is_bank_card(number):
        return _card(text, number, [_Group(number, start, end)], header)
    return None


def _card(text: str, number: str, parts: list[_Group], header: str) -> Hit | None:
    if not is_bank_card(number) or not _card_grouping(parts):
        return None
    start, end = parts[0].start, parts[-1].end
    if near.before("card", text, start, header):
        return Hit("bank_card", start, end, masking.card(number))
    if near.before("number_of_things", text, start) or near.after("amount", text, end) or not number.startswith("62"):
        return None
    return Hit("bank_card.form", start, end, masking.card(number))


def _card_grouping(parts: list[_Group]) -> bool:
    """As cards are written: in one piece, in fours, or the six digits of the issuer apart."""
    sizes = [len(part.digits) for part in parts]
    return len(sizes) == 1 or all(size == 4 for size in sizes[:-1]) or (len(sizes) == 2 and sizes[0] == 6)


@cache
def _mobile() -> re.Pattern[str]:
    return re.compile(rf"(?:00)?(?:86)?((?:{'|'.join(numbering().mobile)})\d+)")


def _phone(text: str, number: str, parts: list[_Group]) -> Hit | None:
    start, end = parts[0].start, parts[-1].end
    found = _mobile().fullmatch(number)
    if found and len(found[1]) == 11 and _mobile_grouping(parts, number):
        if near.before("number_of_things", text, start) or near.after("amount", text, end):
            return None
        return Hit("mobile", start, end, masking.mobile(found[1]))
    return _landline(text, parts, start, end)


def _mobile_grouping(parts: list[_Group], number: str) -> bool:
    sizes = tuple(len(part.digits) for part in parts)
    if parts[0].digits in ("86", "0086"):
        sizes = sizes[1:]
    return sizes in ((len(number),), (11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (3, 3, 5), (5, 6), (6, 5))


def _landline(text: str, parts: list[_Group], start: int, end: int) -> Hit | None:
    """Area code and seven or eight digits; without an area code only where the words say that it is at home."""
    sizes = tuple(len(part.digits) for part in parts)
    digits = "".join(part.digits for part in parts)
    home = near.before("home_phone", text, start)
    if digits[0] == "0" and digits[1] != "0" and sizes in ((3, 8), (4, 7), (4, 8), (3, 4, 4), (4, 4, 4), (4, 3, 4), (11,), (12,)):
        if len(sizes) == 1 and not near.before("office_phone", text, start) and not home:
            return None
        split = 3 if digits[1] in "12" else 4
        area, number = digits[:split], digits[split:]
    elif home and sizes in ((7,), (8,), (4, 4), (3, 4)):
        area, number = "", digits
    else:
        return None
    office = near.before("office_phone", text, start)
    rule = "landline.home" if home else "landline.office" if office else "landline"
    return Hit(rule, start, end, masking.landline(area, number))


def codes(text: str) -> Iterator[Hit]:
    """Unified credit codes that hold letters; those of digits alone are met in `hits`."""
    for found in _CODE.finditer(text):
        if is_credit_code(found[0]):
            yield Hit("credit_code", found.start(), found.end(), found[0])
