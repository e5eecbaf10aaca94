"""发文字号: reads what people write, returns what the standard asks for.

GB/T 9704-2012, 7.2.5: 机关代字 + full year in hexagonal brackets 〔 〕 + serial without 第 and without zero padding + 号.
Decrees carry 第 instead (国务院令第711号), announcements of ministries also a year in the open (公告2018年第28号).
Texts in the field deviate: `[2017]1号`, （2020）, 【2020】, full-width digits, 〔2020〕第014号, a bracket that is missing
(国办公开办函〔202130), none at all (国办发2019 14号), traditional characters.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

from gongkai.formats import agency_code
from gongkai.formats.chinese import number_value, simplify, to_half_width

_OPEN = "〔［\\[【（(﹝〖〘〈<{"
_CLOSE = "〕］\\]】）)﹞〗〙〉>}"
_HARD_OPEN = frozenset("〔[【﹝〖〘")  # full-width forms are half-width by the time this is asked
_S = r"[ \t\u3000\xa0\r\n]{0,3}"
_NOT_AFTER = r"(?!楼|地块|宗地|线|院|门|馆|井|店|窗|柜|台|房|室|桥|路|机|仓|坑|井|卡|公馆|基坑|厂)"

# The year, what may stand around it, and the serial. The opening bracket and the agency are looked for backwards, a bounded way.
_NUMBERED = re.compile(
    rf"(?<![0-9])(?P<year>(?:19|20)[0-9]{{2}}|(?<=[〔\[【﹝])[0-9]{{2}}(?=[〕\]】﹞]))"
    rf"(?P<gap>{_S}(?P<close>[{_CLOSE}])?{_S}|-)"
    rf"(?P<the>第)?{_S}(?P<serial>[0-9]{{1,5}})(?![0-9])(?P<more>(?:、{_S}[0-9]{{1,5}}(?![0-9])){{0,20}}){_S}(?P<end>号{_NOT_AFTER})?"
)
_NEXT_SERIAL = re.compile(rf"{_S}[、和及]{_S}第?([0-9]{{1,5}}){_S}号{_NOT_AFTER}")
_DECREE = re.compile(
    rf"(?P<kind>令|公告|通告){_S}(?:(?P<year>(?:19|20)[0-9]{{2}})年{_S})?(?P<the>第?){_S}(?P<serial>[0-9]{{1,5}}|[〇零一二三四五六七八九十百千]{{1,9}}){_S}号{_NOT_AFTER}"
)
_DECREE_AFTER = re.compile(rf"(?P<the>第?){_S}(?P<serial>[0-9]{{1,5}}){_S}号令")
_SUFFIX_STRICT = frozenset("发函字规秘电")
_BARE_REFUSED = re.compile(r"(?:印|转|下|签|颁|制|核|开|研|出|批|增|补|分|派|收|来|复|信|数|文|汉|大|小|首|爆|触|突|启|激)[发函字电]$")
_WINDOW = 40
_SPACE = " \t\u3000\xa0\r\n"


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """One number. `agency` is the 代字 (国办发) or, for decrees and announcements, the issuing body (国务院).

    `year` is None where none is printed (a decree).
    """

    agency: str
    year: int | None
    serial: int
    kind: Literal["numbered", "令", "公告", "通告"] = "numbered"

    @property
    def canonical(self) -> str:
        """As GB/T 9704-2012 prints it: 国办发〔2019〕14号, 国务院令第711号, 国家税务总局公告2018年第28号."""
        if self.kind == "numbered":
            return f"{self.agency}〔{self.year}〕{self.serial}号"
        year = f"{self.year}年" if self.year else ""
        return f"{self.agency}{self.kind}{year}第{self.serial}号"

    def __str__(self) -> str:
        return self.canonical


Found = tuple[int, int, DocumentNumber]


def find_all(text: str) -> list[Found]:
    """Every document number in running text as (start, end, number), in order, without overlaps. Time is linear in the length of the text.

    `国发〔2018〕3、44号` gives two, the second spanning only its own serial.
    """
    plain = to_half_width(text)
    found = [hit for match in _NUMBERED.finditer(plain) for hit in _numbered(plain, match)]
    taken = {start for start, _, _ in found}
    spans = sorted((start, end) for start, end, _ in found)
    for pattern in (_DECREE, _DECREE_AFTER):
        for match in pattern.finditer(plain):
            hit = _decree(plain, match, pattern is _DECREE_AFTER)
            if hit and hit[0] not in taken and not _inside(hit[0], hit[1], spans):
                found.append(hit)
                taken.add(hit[0])
    found.sort(key=lambda hit: hit[0])
    kept: list[Found] = []
    for hit in found:
        if not kept or hit[0] >= kept[-1][1]:
            kept.append(hit)
    return kept


def parse(text: str) -> DocumentNumber | None:
    """The number `text` consists of (brackets around it, a label 文号： and a trailing 文 or 文件 are allowed), or None."""
    trimmed = re.sub(r"^\s*(?:发文字号|文号|发文编号)\s*[:：]?", "", text).strip(" \t\r\n\u3000。，,；;")
    trimmed = re.sub(r"(?<=[号號])文件?$", "", trimmed)
    if len(trimmed) > 2 * _WINDOW:
        return None
    candidates = [trimmed]
    if len(trimmed) > 2 and trimmed[0] in "（(［[【〔" and trimmed[-1] in "）)］]】〕":
        candidates.append(trimmed[1:-1].strip())
    for candidate in candidates:
        hits = find_all(candidate)
        if hits and hits[0][0] == 0 and hits[0][1] == len(candidate):
            return hits[0][2]
    return None


def canonical(text: str) -> str:
    """The number as the standard prints it; text that is no number comes back as it was, trimmed."""
    number = parse(text)
    return number.canonical if number else text.strip()


def same(a: str, b: str) -> bool:
    """Whether two printed numbers name one document, whatever the brackets, widths, padding, 国令 for 国务院令, traditional forms."""
    return canonical(a) == canonical(b)


def _numbered(text: str, match: re.Match[str]) -> list[Found]:
    year, serial = int(match["year"]), int(match["serial"])
    if not serial:
        return []
    before = match.start()
    while before and text[before - 1] in _SPACE and match.start() - before < 3:
        before -= 1
    opened = text[before - 1] if before and text[before - 1] in _OPEN and text[before - 1] != "\\" else ""
    if opened:
        before -= 1
        while before and text[before - 1] in _SPACE and match.start() - before < 6:
            before -= 1
    closed = match["close"] or ""
    if year < 100:
        year += 1900 if year >= 49 else 2000
    if not _plausible(text, match, opened, closed):
        return []
    start = agency_code.start_of_code(text, max(0, before - _WINDOW), before, strict=not (opened and closed), soft=opened not in _HARD_OPEN)
    if start is None:
        return []
    code = simplify(re.sub(r"\s+", "", text[start:before]))
    if not (opened and closed) and (code[-1] not in _SUFFIX_STRICT or len(code) < 2 or _BARE_REFUSED.search(code[-2:])):
        return []
    found = [(start, match.end("serial"), DocumentNumber(code, year, serial))]
    end = match.end() if match["end"] else match.end("serial")
    for extra in re.finditer(r"[0-9]+", match["more"]):
        if not match["end"]:
            break
        base = match.start("more")
        found.append((base + extra.start(), base + extra.end(), DocumentNumber(code, year, int(extra.group()))))
    found[-1] = (found[-1][0], end, found[-1][2])
    while match["end"] and (following := _NEXT_SERIAL.match(text, end)) and len(found) < 50:
        found.append((following.start(1), following.end(), DocumentNumber(code, year, int(following[1]))))
        end = following.end()
    return [hit for hit in found if hit[2].serial]


def _plausible(text: str, match: re.Match[str], opened: str, closed: str) -> bool:
    """Which of the marks (two brackets, 号) may be missing together."""
    after = text[match.end("serial") : match.end("serial") + 1]
    if opened and closed:
        ends = not after or not (after.isalnum() or after in "%％.、-—~")
        return bool(match["end"]) or (opened in _HARD_OPEN and ends)
    if opened:  # 国办公开办函〔202130
        ends = not after or not (after.isalnum() or after in "%％.-—~")
        return opened in _HARD_OPEN and (bool(match["end"]) or (not match["gap"] and ends))
    return bool(match["end"])


def _decree(text: str, match: re.Match[str], reversed_order: bool) -> Found | None:
    kind: Literal["令", "公告", "通告"] = "令" if reversed_order else match["kind"]  # type: ignore[assignment]
    if kind != "令" and not match["the"]:
        return None
    serial = number_value(match["serial"])
    if not serial:
        return None
    before = match.start()
    while before and text[before - 1] in _SPACE and match.start() - before < 3:
        before -= 1
    start = agency_code.start_of_body(text, max(0, before - _WINDOW), before)
    if start is None:
        return None
    body = agency_code.body_name(text[start:before])
    if not body:
        return None
    year = None if reversed_order or not match["year"] else int(match["year"])
    return start, match.end(), DocumentNumber(body, year, serial, kind)


def _inside(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a sorted list of spans touches [start, end)."""
    at = bisect_left(spans, (end, -1))
    return at > 0 and spans[at - 1][1] > start
