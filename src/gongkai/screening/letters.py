"""Passports and permits, licence plates, e-mail addresses: values that begin with a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.screening import masking, near
from gongkai.screening.model import Hit

# Ordinary (E, EA to EZ, G), diplomatic and service (DE, SE, PE), permits to Hong Kong, Macao and Taiwan (C, W, L, T, H, M).
_PASSPORT = re.compile(
    r"[A-Z](?<![0-9A-Za-z-]{2})(?:(?<=[EGCWLTHM])\d{8}(?:\d\d)?|(?<=E)[A-HJ-NP-Z]\d{7}|(?<=C)[A-HJ-NP-Z]\d{7}|(?<=[DSP])E\d{7})(?![0-9A-Za-z-])"
)
_CHINESE_PASSPORT = re.compile(r"(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7}|[DSP]E\d{7})")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z](?<![0-9A-Za-z])?[·•・.\- ]?"
    r"(?:[DF][A-HJ-NP-Z0-9]\d{4}|\d{5}[DF]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])(?![0-9A-Za-z〔\[（(-])"
)
_LOCAL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}$")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,5}[A-Za-z]{2,18}(?![A-Za-z0-9])")
_OFFICE = re.compile(r"(?:^|\.)gov\.cn$", re.IGNORECASE)


def passports(text: str, header: str = "") -> Iterator[Hit]:
    for found in _PASSPORT.finditer(text):
        named = near.before("passport", text, found.start(), header)
        formed = _CHINESE_PASSPORT.fullmatch(found[0]) and not near.before("number_of_things", text, found.start())
        if named or formed:
            yield Hit("passport" if named else "passport.form", found.start(), found.end(), masking.passport(found[0]))


def plates(text: str) -> Iterator[Hit]:
    for found in _PLATE.finditer(text):
        # Five letters are a name, not a plate.
        if sum(char.isdigit() for char in found[0]) >= 2:
            yield Hit("licence_plate", found.start(), found.end(), masking.plate(re.sub(r"[·•・.\- ]", "", found[0])))


def emails(text: str) -> Iterator[Hit]:
    at = text.find("@")
    while at >= 0:
        local = _LOCAL.search(text, max(0, at - 64), at)
        domain = _DOMAIN.match(text, at + 1)
        if local and domain:
            rule = "email.office" if _OFFICE.search(domain[0]) else "email"
            yield Hit(rule, local.start(), domain.end(), masking.email(text[local.start() : domain.end()]))
        at = text.find("@", at + 1)
