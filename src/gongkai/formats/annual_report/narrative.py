"""Numbers that the text states, held against the tables: a text that says 12 where the table says 11 is a known fault of these reports."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Literal

from gongkai.formats.annual_report.findings import Finding, place_words
from gongkai.formats.annual_report.layout import Layout, TableName
from gongkai.formats.annual_report.model import Number, Report
from gongkai.formats.chinese import number_value, to_half_width

About = Literal["", "review", "suit"]
_SENTENCE = re.compile(r"[^。；;！？!?\n]+")
_CLAUSE = re.compile(r"[^，,、()：:]+(?:[:：](?=\d)\d[^，,、()：:]*)?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_YEAR = re.compile(r"(20\d\d)年")
_THIS_YEAR = re.compile("本年|今年|全年")
_WORDS: dict[str, About] = {"行政复议": "review", "行政诉讼": "suit", "诉讼": "suit", "复议": "review"}
_SUBJECT = re.compile("|".join(_WORDS))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A way to state the sum of some cells; the fields are described at the head of narrative.toml."""

    table: TableName
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    about: About
    patterns: tuple[re.Pattern[str], ...]
    zero: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A number stated in a section, and the words that state it."""

    section: str
    words: str
    number: Number
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class _Rules:
    phrases: tuple[Phrase, ...]
    skipped: re.Pattern[str]


def compared(report: Report) -> Iterator[Finding]:
    """Claims that differ from the tables. A claim about cells the report does not have is passed over."""
    seen = set()
    for claim in claims(report):
        expected = _expected(report, claim.phrase)
        key = (claim.section, claim.words)
        if expected is None or expected == claim.number or key in seen:
            continue
        seen.add(key)
        title = _section_words(report.form, claim.section)
        row, column = claim.phrase.rows[0], claim.phrase.columns[0]
        where = place_words(report.form, claim.phrase.table, row, column if len(claim.phrase.columns) == 1 else "")
        if len(claim.phrase.columns) > 1:
            where += "·行政诉讼"
        message = f"“{title}”写“{claim.words}”（{claim.number}），{where}是 {expected}。"
        yield Finding("narrative", "fail", message, claim.phrase.table, row, column, expected, claim.number, f"{title}：{claim.words}")


def claims(report: Report) -> Iterator[Claim]:
    """Every number the six sections state in a known way."""
    for section, text in report.sections.items():
        for sentence in _SENTENCE.findall(_THOUSANDS.sub("", to_half_width(text))):
            yield from _in_sentence(section, re.sub(r"\s+", "", sentence), report.year)


def _in_sentence(section: str, sentence: str, year: int | None) -> Iterator[Claim]:
    rules = _rules()
    for phrase in rules.phrases:
        for zero in phrase.zero:
            if (found := zero.search(sentence)) and not _other_year(sentence[: found.start()], year):
                yield Claim(section, found[0], 0, phrase)
    about: About = ""
    elsewhere = False
    for match in _CLAUSE.finditer(sentence):
        clause = match[0]
        subjects = _SUBJECT.findall(clause)
        about = _WORDS[subjects[-1]] if subjects else about
        if "结转" not in clause:
            # "2022年，收到…" speaks of 2022 to the end of its sentence, or until another year is named.
            elsewhere = _other_year(clause, year) if _YEAR.search(clause) else elsewhere and not _THIS_YEAR.search(clause)
        if elsewhere:
            continue
        if rules.skipped.search(clause):
            continue
        for phrase in rules.phrases:
            if phrase.about and phrase.about != about:
                continue
            if claim := _stated(section, clause, phrase):
                yield claim


def _stated(section: str, clause: str, phrase: Phrase) -> Claim | None:
    for pattern in phrase.patterns:
        if found := pattern.search(clause):
            number = _number(found["n"])
            return None if number is None else Claim(section, found[0], number, phrase)
    return None


def _other_year(words: str, year: int | None) -> bool:
    years = _YEAR.findall(words)
    return year is not None and bool(years) and int(years[-1]) != year


def _number(words: str) -> Number | None:
    if "." in words:
        value = Decimal(words)
        return int(value) if value == int(value) else value
    return number_value(words)


def _expected(report: Report, phrase: Phrase) -> Number | None:
    total: Number = 0
    for given in phrase.rows:
        rows = report.form.under(given) if phrase.table == "three" else ()
        for row in rows or (given,):
            for column in phrase.columns:
                number = report.number(phrase.table, row, column)
                if number is None:
                    return None
                total += number
    return total


def _section_words(layout: Layout, section: str) -> str:
    at = int(section) - 1 if section.isdigit() else -1
    return layout.sections[at] if 0 <= at < len(layout.sections) else "正文"


@cache
def _rules() -> _Rules:
    text = resources.files("gongkai.formats.annual_report").joinpath("rules/narrative.toml").read_text("utf-8")
    table = tomllib.loads(text)
    number = table["number"]

    def made(pattern: str, unit: str) -> re.Pattern[str]:
        return re.compile(pattern.replace("{to}", table["to"]).replace("{n}", number + unit))

    phrases = tuple(
        Phrase(
            row["table"],
            tuple(row["rows"]),
            tuple(row["columns"]),
            row.get("about", ""),
            tuple(made(one, row.get("unit", table["unit"])) for one in row["patterns"]),
            tuple(made(one, "") for one in row.get("zero", ())),
        )
        for row in table["phrase"]
    )
    return _Rules(phrases, re.compile(table["skipped"]))
