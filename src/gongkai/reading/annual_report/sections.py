"""Title and sections of a report: who, which year, and the six texts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from gongkai.formats.annual_report.layout import layouts
from gongkai.reading.annual_report.words import squeezed
from gongkai.reading.extracted import Extracted

_WORDS = (
    re.compile("总体情况|概述|基本情况"),
    re.compile("主动公开"),
    re.compile("(?:收到|处理|办理).*申请|申请.*(?:收到|处理|办理)"),
    re.compile("复议|诉讼"),
    re.compile("问题|改进"),
    re.compile("其他.*(?:报告|说明|事项)"),
)
"""What the heading of each section says, however it is worded."""
_HEADING = re.compile(r"^(?:第?([一二三四五六])[、.部])\s*(?:分)?(.{2,40})$")
_RUN_IN = re.compile(r"^([一二三四五六])、(总体情况|主动公开政府信息情况|其他需要报告的事项|存在的主要问题及改进情况)[。:.:]?(.+)$")
_CAPTION = re.compile(r"^表[二三四\d]")
_TITLES = (
    re.compile(r"(?:关于)?(?P<agency>[^\d《》,。:|]{2,40}?)(?P<year>20\d\d)年?度?(?:政府|政务)信息公开(?:工作)?(?:情况)?的?年?度?报告"),
    re.compile(r"(?P<year>20\d\d)年?度?(?P<agency>[^\d《》,。:|]{2,40}?)(?:政府|政务)信息公开(?:工作)?(?:情况)?的?年?度?报告"),
    re.compile(r"(?P<year>20\d\d)年?度?(?:政府|政务)信息公开(?:工作)?(?:情况)?的?年?度?报告"),
)
_TITLE_LINES = 40
_CLAUSE = re.compile(r"[^,。;、:()\n]+")
_LEAD = re.compile(r"^.*?(?:现将|现予以?|编制|公布|发布|形成|撰写)(?:了|的|如下)?")
_CHINESE_YEAR = re.compile(r"二([〇零○0OＯ一二三四五六七八九]{3})年")
_DIGITS = str.maketrans("〇零○OＯ一二三四五六七八九", "00000123456789")
_PLAIN = {re.sub(r"\W", "", words): n for layout in layouts().values() for n, words in enumerate(layout.sections, 1)}
"""The words of a heading whose number Word counts by itself, so that it is nowhere in the text."""
_YEAR = re.compile(r"(20\d\d)年")


def title(document: Extracted) -> tuple[int | None, str]:
    """(year, agency); the year that the text names most where no title does, "" for an agency that is not named."""
    lines = [_in_digits(line) for line in map(squeezed, document.text.split("\n")[:_TITLE_LINES]) if line]
    # A title may be broken into lines, the agency on the first: one that names nobody counts only where none does.
    year = None
    for size in (1, 2, 3):
        for at in range(len(lines)):
            line = "".join(lines[at : at + size])
            if len(line) > 120:
                continue
            for pattern in _TITLES:
                if found := pattern.search(line):
                    if agency := found.groupdict().get("agency"):
                        return int(found["year"]), agency
                    year = year or int(found["year"])
    # Sites put the title above the article, and the first sentence says it again.
    for clause in _CLAUSE.findall("\n".join(lines)):
        if (found := _TITLES[0].search(clause)) and (agency := _LEAD.sub("", found["agency"])):
            return int(found["year"]), agency
    if year is not None:
        return year, ""
    years = _YEAR.findall(squeezed(document.text))
    return (int(max(set(years), key=lambda year: (years.count(year), year))) if years else None), ""


def _in_digits(line: str) -> str:
    """二〇一九年 as 2019年."""
    return _CHINESE_YEAR.sub(lambda found: f"2{found[1].translate(_DIGITS)}年", line)


def texts(document: Extracted) -> dict[str, str]:
    """Section "1" … "6" → its paragraphs without the tables."""
    found: dict[str, list[str]] = {}
    current = 0
    for line, in_table in _lines(document):
        plain = squeezed(line)
        section, rest = _heading(plain)
        if section > current and (not in_table or len(plain) <= 40):
            current = section
            found[str(section)] = [rest] if rest else []
        elif current and not in_table and line.strip() and not _CAPTION.match(plain):
            found[str(current)].append(line.strip())
    return {key: "\n".join(lines) for key, lines in found.items()}


def _heading(line: str) -> tuple[int, str]:
    """(section, text behind a heading on the same line), or (0, "")."""
    if found := _HEADING.match(line):
        section = "一二三四五六".index(found[1]) + 1
        if _WORDS[section - 1].search(found[2]) and not found[2].endswith(("。", ";", "；")):
            return section, ""
    if found := _RUN_IN.match(line):
        section = "一二三四五六".index(found[1]) + 1
        if _WORDS[section - 1].search(found[2]):
            return section, found[3]
    return _PLAIN.get(re.sub(r"\W", "", line), 0), ""


def _lines(document: Extracted) -> Iterator[tuple[str, bool]]:
    """(line, whether it stands in a table)."""
    starts = [grid.start for grid in document.grids]
    at = 0
    for line in document.text.split("\n"):
        grid = bisect_right(starts, at) - 1
        yield line, grid >= 0 and at < document.grids[grid].end
        at += len(line) + 1
