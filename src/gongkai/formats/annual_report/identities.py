"""The arithmetic of the three tables. An empty cell counts as nothing; one that is missing or no number leaves its identities out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gongkai.formats.annual_report.findings import Finding, place_words
from gongkai.formats.annual_report.layout import CASES, TABLE_WORDS, TABLES, TableName
from gongkai.formats.annual_report.model import Number, Report, Value

RECEIVED, CARRIED_IN, DONE, CARRIED_OUT = "1", "2", "3.7", "4"
"""Rows 一, 二, 三（七） and 四 of table three."""
TOTAL = "total"


def cells(report: Report) -> Iterator[Finding]:
    """Every table and cell is there and holds a whole number that is not negative; 万元 may have a fraction."""
    for name in TABLES:
        table = report.table(name)
        if not table:
            words = TABLE_WORDS[name]
            yield Finding("table", "fail", f"没有读到{words}。", name, expected=words, found="没有", where=words)
            continue
        yield from _missing_rows(report, name)
        empty = []
        for place, value in table.items():
            where = place_words(report.form, name, *place)
            column = report.form.column(name, place)
            if value.is_empty:
                empty.append(where)
            elif value.number is None:
                message = f"{where}写的是“{value.written[:20]}”，不是数字。"
                yield Finding("number", "fail", message, name, *place, expected="数字", found=value.written[:40], where=where)
            elif value.number < 0 and not column.signed:
                message = f"{where}是负数 {value.number}。"
                yield Finding("negative", "fail", message, name, *place, expected="不小于0", found=value.number, where=where)
            elif not column.unit and value.number != int(value.number):
                message = f"{where}是 {value.number}，件数应是整数。"
                yield Finding("integer", "fail", message, name, *place, expected="整数", found=value.number, where=where)
        if empty:
            message = f"{TABLE_WORDS[name]}有 {len(empty)} 格空白（如{empty[0]}），没有的应填 0。"
            yield Finding("empty", "warn", message, name, expected=0, found="空白", where=empty[0])


def sums(report: Report) -> Iterator[Finding]:
    """一 + 二 = 三（七） + 四 and （七） = the outcomes, each column; 总计 = 自然人 + the five, each row; the groups of table four."""
    layout = report.form
    for column in layout.three_columns:
        both = _sum(report, "three", ((row, column.code) for row in (RECEIVED, CARRIED_IN)))
        out = _sum(report, "three", ((row, column.code) for row in (DONE, CARRIED_OUT)))
        if both is not None and out is not None and both != out:
            message = f"表三“{column.label}”列：第一项加第二项是 {both}，第三项加第四项是 {out}，应当相等。"
            yield Finding("carry", "fail", message, "three", None, column.code, both, out, f"表三·{column.label}")
        outcomes = _sum(report, "three", ((row, column.code) for row in layout.outcome_rows))
        yield from _equal(report, "outcomes", "three", (DONE, column.code), outcomes, "各项办理结果之和")
    parts = [column.code for column in layout.three_columns if column.code != TOTAL]
    for row in layout.three_rows:
        if row.kind != "heading":
            whole = _sum(report, "three", ((row.code, part) for part in parts))
            yield from _equal(report, "total", "three", (row.code, TOTAL), whole, "自然人与各类组织之和")
    for group in layout.four_groups:
        results = (f"{group.code}.{result.code}" for result in layout.four_results if result.code != TOTAL)
        whole = _sum(report, "four", ((CASES, result) for result in results))
        yield from _equal(report, "group", "four", (CASES, f"{group.code}.{TOTAL}"), whole, "四种结果之和")


def with_last_year(report: Report, last: Report) -> Iterator[Finding]:
    """Row 四 of last year's report is row 二 of this one; 现行有效 moves by what was made and abolished (a warning only)."""
    if report.year is not None and last.year is not None and last.year != report.year - 1:
        message = f"上年报告是 {last.year} 年的，本报告是 {report.year} 年的，不是相邻两年，没有比对结转数。"
        yield Finding("years", "warn", message, expected=report.year - 1, found=last.year, where="年度")
        return
    for column in report.form.three_columns:
        before = _value(last, "three", CARRIED_OUT, column.code)
        now = _value(report, "three", CARRIED_IN, column.code)
        if before is not None and now is not None and before != now:
            message = f"表三“{column.label}”列：上年报告结转 {before} 件，本年报告写上年结转 {now} 件，应当相等。"
            yield Finding("carried_over", "fail", message, "three", CARRIED_IN, column.code, before, now, f"表三·{column.label}")
    for row in ("rules", "normative"):
        numbers = [last.number("two", row, "valid"), *(report.number("two", row, column) for column in ("made", "abolished", "valid"))]
        before, made, abolished, valid = numbers
        if before is not None and made is not None and abolished is not None and valid is not None and before + made - abolished != valid:
            label = report.form.row_label("two", row)
            expected = before + made - abolished
            message = f"表二“{label}”：上年现行有效 {before} 件，制发 {made}、废止 {abolished}，应为 {expected}，写的是 {valid}，请核对。"
            yield Finding("valid", "warn", message, "two", row, "valid", expected, valid, place_words(report.form, "two", row, "valid"))


def _missing_rows(report: Report, name: TableName) -> Iterator[Finding]:
    lost: dict[str, list[str]] = {}
    table = report.table(name)
    for row, column in report.form.places[name]:
        if (row, column) not in table:
            lost.setdefault(row, []).append(column)
    for row, columns in lost.items():
        # In table four the one row is the whole table, so the columns are what is named.
        where = place_words(report.form, name, row, columns[0] if name == "four" or len(columns) == 1 else "")
        message = f"没有读到{where}" + (f"等 {len(columns)} 格。" if len(columns) > 1 else "。")
        yield Finding("row", "fail", message, name, row, columns[0] if len(columns) == 1 else None, len(columns), "没有", where)


def _equal(report: Report, check: str, table: TableName, place: tuple[str, str], expected: Number | None, words: str) -> Iterator[Finding]:
    found = _value(report, table, *place)
    if expected is not None and found is not None and expected != found:
        where = place_words(report.form, table, *place)
        yield Finding(check, "fail", f"{where}写的是 {found}，{words}是 {expected}。", table, *place, expected, found, where)


def _value(report: Report, table: TableName, row: str, column: str) -> Number | None:
    found: Value | None = report.table(table).get((row, column))
    if found is None:
        return None
    return 0 if found.is_empty else found.number


def _sum(report: Report, table: TableName, places: Iterable[tuple[str, str]]) -> Number | None:
    total: Number = 0
    for row, column in places:
        value = _value(report, table, row, column)
        if value is None:
            return None
        total += value
    return total
