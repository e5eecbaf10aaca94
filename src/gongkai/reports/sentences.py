"""Sentences for the report drawn from its numbers, worded as the kernel reads them back (narrative.toml), and what a section must not
forget. They are offered; nothing writes them by itself."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.agencies.models import Agency
from gongkai.formats.annual_report.model import Number, Report
from gongkai.reports.models import AnnualReport

RESULTS = (("3.1", "予以公开"), ("3.2", "部分公开"), ("3.3", "不予公开"), ("3.4", "无法提供"), ("3.5", "不予处理"), ("3.6", "其他处理"))


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a section has to say, by which rule; `missing`: none of `words` stands in it."""

    section: str
    text: str
    basis: str
    words: tuple[str, ...]
    missing: bool = False


def sentences(made: Report, fees: tuple[int, int]) -> dict[str, str]:
    """Section → the sentences its numbers give. `fees`: (notices paid, yuan)."""

    def three(row: str) -> Number:
        return sum((made.number("three", code, "total") or 0) for code in made.form.under(row) or (row,))

    def four(group: str) -> Number:
        return made.number("four", "cases", f"{group}.total") or 0

    _notices, yuan = fees
    return {
        "1": f"本年度共收到政府信息公开申请{three('1')}件，上年结转{three('2')}件；"
        f"办结{three('3.7')}件，结转下年度继续办理{three('4')}件。",
        "3": "办理结果中，" + "，".join(f"{words}{three(row)}件" for row, words in RESULTS) + "。",
        "4": f"本年度发生政府信息公开行政复议{four('review')}件，行政诉讼{four('direct') + four('after_review')}件。",
        "6": f"本年度收取信息处理费{yuan}元。",
    }


def reminders(report: AnnualReport) -> list[Reminder]:
    """信息处理费 is reported even where nothing was charged; a government tells of assessment, public review and accountability."""
    asked = [
        Reminder("6", "收取信息处理费的情况要写，没有收取的也要写明", "国办函〔2020〕109号", ("信息处理费",)),
    ]
    if report.covers_place or report.agency.kind == Agency.Kind.GOVERNMENT:
        basis = "政府信息公开条例第五十条、国办公开办函〔2021〕30号"
        asked += [
            Reminder("1", "写明工作考核的情况", basis, ("考核",)),
            Reminder("1", "写明社会评议的情况", basis, ("社会评议", "评议")),
            Reminder("1", "写明责任追究的情况和结果", basis, ("责任追究", "追责", "问责")),
        ]
    texts = report.printed["sections"] if report.printed else report.sections
    return [
        Reminder(one.section, one.text, one.basis, one.words, not any(word in str(texts.get(one.section, "")) for word in one.words))
        for one in asked
    ]
