"""All checks of one report (mission: 国办公开办函〔2021〕30号; identities per column as printed in the table, the others inferred).

check          what
table, row     a table or a row is missing                      section   a section is missing or empty
number, negative, integer, empty                                what stands in a cell
carry          一 + 二 = 三（七） + 四, each column                outcomes  （七） = the outcomes, each column
total          总计 = 自然人 + the five, each row                 group     each group of table four = its four results
carried_over   last year's 四 = this year's 二                   valid     现行有效 = last year's + 制发 − 废止 (warning)
narrative      a number in the text differs from its table      copy      the text stands in another report
years          the other report is not last year's              unread    something could not be read
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.formats.annual_report import identities, narrative
from gongkai.formats.annual_report.findings import Finding
from gongkai.formats.annual_report.likeness import Likeness, likeness, rules
from gongkai.formats.annual_report.model import Remark, Report

NUMERALS = "一二三四五六"
LAST_YEAR = "上年报告"
"""The name under which last year's report is compared."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How like another report's text is, as a whole and section by section."""

    name: str
    whole: Likeness
    sections: dict[str, Likeness]


@dataclass(frozen=True, slots=True)
class Checked:
    """`failures` make the report wrong; `warnings` deserve a look."""

    findings: tuple[Finding, ...]
    likenesses: tuple[Compared, ...]

    @property
    def failures(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity == "fail")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity == "warn")


def check(
    report: Report,
    last_year: Report | None = None,
    others: Sequence[tuple[str, Report]] = (),
    unread: Sequence[Remark] = (),
) -> Checked:
    """Every check; `others` are (name, report) of other agencies or years, for their text only."""
    found = [Finding("unread", "warn", one.message, where=one.where) for one in unread]
    found += _sections(report)
    found += identities.cells(report)
    found += identities.sums(report)
    if last_year is not None:
        found += identities.with_last_year(report, last_year)
    found += narrative.compared(report)
    pairs = [*([(LAST_YEAR, last_year)] if last_year is not None else []), *others]
    likenesses = tuple(compare(report, name, other) for name, other in pairs)
    for one in likenesses:
        found += _copied(report, one)
    return Checked(tuple(found), likenesses)


def compare(report: Report, name: str, other: Report) -> Compared:
    """The likeness of two reports' texts."""
    names = [one for one in (report.agency, other.agency) if one]
    keys = [key for key in report.sections if key in other.sections]
    sections = {key: likeness(report.sections[key], other.sections[key], names) for key in keys}
    whole = likeness("\n".join(report.sections.values()), "\n".join(other.sections.values()), names)
    return Compared(name, whole, {key: one for key, one in sections.items() if one.compared})


def _sections(report: Report) -> Iterator[Finding]:
    # Sections two to four are tables; text beside them is welcome and not required.
    for at, title in enumerate(report.form.sections):
        key, words = str(at + 1), f"{NUMERALS[at]}、{title}"
        if key not in report.sections:
            yield Finding("section", "fail", f"没有读到“{words}”这一部分。", expected=words, found="没有", where=words)
        elif not report.sections[key].strip() and at not in (1, 2, 3):
            yield Finding("section", "fail", f"“{words}”没有内容，没有情况的也要写明。", expected="内容", found="空白", where=words)


def _copied(report: Report, compared: Compared) -> Iterator[Finding]:
    settings = rules()
    places = [("正文", compared.whole), *((report.form.sections[int(key) - 1], one) for key, one in compared.sections.items())]
    where, worst = max(places, key=lambda pair: pair[1].score)
    if not worst.compared or worst.score < settings["warn"]:
        return
    copied = compared.whole.score >= settings["fail"]
    passage = worst.passage[:40]
    message = f"“{where}”与{compared.name}相同的文字占 {worst.score:.0%}，最长的一段是“{passage}…”，" + (
        "不得照抄。" if copied else "请核对是否照抄。"
    )
    yield Finding(
        "copy", "fail" if copied else "warn", message, expected=f"低于 {settings['fail']:.0%}", found=f"{worst.score:.0%}", where=where
    )
