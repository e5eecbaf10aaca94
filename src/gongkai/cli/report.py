"""`gongkai report check | annual`: does a published annual report add up, and the report of an agency from its records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gongkai.cli.problems import BAD, DONE, FOUND, Problem, say
from gongkai.cli.sink import choose_format, put_text, write_text

if TYPE_CHECKING:
    from gongkai.formats.annual_report.checking import Checked
    from gongkai.formats.ledger import LedgerTable
    from gongkai.reading.annual_report import Read

app = typer.Typer(name="report", help="政府信息公开工作年度报告：编制、核验。", no_args_is_help=True)
_SEVERITIES = {"fail": "不符", "warn": "请核对"}


@app.callback()
def _report() -> None:
    """政府信息公开工作年度报告：编制、核验。"""


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="网页（html）或 docx，2019、2021 年格式；- 为标准输入。")],
    last_year: Annotated[str | None, typer.Option("--last-year", metavar="FILE", help="同一机关上一年的报告，核对结转数和文字。")] = None,
    others: Annotated[list[str] | None, typer.Option("--other", metavar="FILE", help="其他机关的报告，核对文字；可写多次。")] = None,
    form: Annotated[str | None, typer.Option("--format", "-f", help="table、json；默认 table。")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写入文件；不写时写到标准输出。")] = None,
) -> None:
    """核验年度报告：勾稽关系、合计、跨年结转、文字与表格的数、是否照抄。

    全部相符，退出状态为 0；有不符，为 1；有文件读不了，为 2，其余照常输出。
    """
    form = choose_format(form, output, ("table", "json"))
    if last_year is not None and len(files) > 1:
        raise Problem("--last-year 只能和一份报告比。一次只写一个 FILE。")
    if [*files, last_year, *(others or ())].count("-") > 1:
        raise Problem("标准输入只能读一次。把其中一份写成文件名。")
    from gongkai.cli.inputs import source_names
    from gongkai.formats.annual_report.checking import check as checked
    from gongkai.reading.errors import ReadingError

    last = _read(last_year, last_year).report if last_year is not None else None
    compared = [(name, _read(name, name).report) for name in others or ()]
    results: list[tuple[str, Read, Checked]] = []
    bad = 0
    for given, name in zip(files, source_names(files), strict=True):
        try:
            read = _read(given, name)
        except ReadingError as error:
            say(str(error))
            bad += 1
            continue
        results.append((name, read, checked(read.report, last, compared, read.remarks)))
    _write(results, form, output)
    raise typer.Exit(BAD if bad else FOUND if any(result.failures for _, _, result in results) else DONE)


def _read(given: str, name: str) -> Read:
    from gongkai.cli.inputs import read_input
    from gongkai.reading.annual_report import read

    return read(read_input(given, name), name)


def _write(results: list[tuple[str, Read, Checked]], form: str, output: Path | None) -> None:
    """One JSON object, or one a line where there are several reports; the same as `screen`."""
    if form == "json":
        from gongkai.reading.output import json_line, json_pretty

        if len(results) == 1:
            put_text(output, json_pretty(_object(*results[0])) + "\n")
        else:
            put_text(output, "".join(json_line(_object(*one)) + "\n" for one in results))
    elif results:
        from gongkai.formats import plain_table

        write_text(output, lambda stream: plain_table.write([_table(*one) for one in results], stream))


def _object(name: str, read: Read, checked: Checked) -> dict[str, Any]:
    return {
        "file": name,
        **read.report.to_dict(),
        "failures": [one.to_dict() for one in checked.failures],
        "warnings": [one.to_dict() for one in checked.warnings],
        "likeness": [
            {
                "other": one.name,
                "score": one.whole.score,
                "passage": one.whole.passage,
                "sections": {key: section.score for key, section in one.sections.items()},
            }
            for one in checked.likenesses
        ],
    }


def _table(name: str, read: Read, checked: Checked) -> LedgerTable:
    from gongkai.formats.ledger import Column, LedgerRow, LedgerTable

    columns = [
        Column("severity", "处理", 4),
        Column("where", "位置", 14),
        Column("expected", "应为", 5),
        Column("found", "写的", 5),
        Column("message", "说明", 30),
    ]
    rows = [
        LedgerRow(
            {
                "severity": _SEVERITIES[one.severity],
                "where": one.where,
                "expected": "" if one.expected is None else str(one.expected),
                "found": "" if one.found is None else str(one.found),
                "message": one.message,
            }
        )
        for one in sorted(checked.findings, key=lambda one: one.severity)
    ]
    report = read.report
    title = f"{name}：{len(checked.failures)} 处不符，{len(checked.warnings)} 处请核对"
    notes = [f"{report.agency or '（没有读到机关名称）'}，{f'{report.year} 年' if report.year else '年度不明'}，{report.form.name}。"]
    notes += [f"文字与{one.name}相同 {one.whole.score:.0%}。" for one in checked.likenesses if one.whole.compared]
    if not checked.findings:
        notes.append("勾稽关系、合计和文字里的数全部相符。")
    return LedgerTable(title, columns, rows, notes=tuple(notes))


FILES = ("html", "docx", "json", "pdf")


@app.command()
def annual(
    agency: Annotated[str, typer.Option("--agency", metavar="CODE", help="单位代码，见机构管理页面。")],
    year: Annotated[int, typer.Option("--year", metavar="Y", help="报告哪一年的工作。")],
    place: Annotated[bool, typer.Option("--place", help="本级政府的报告，汇总本地区各单位。")] = False,
    form: Annotated[str | None, typer.Option("--format", "-f", help="html、docx、json、pdf；默认 html。")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写入文件；不写时写到标准输出。")] = None,
) -> None:
    """编出年度报告：表格从记录实时计算，文字是已经写好的；已公布的照公布的出。

    勾稽关系全部相符，退出状态为 0；有不符，为 1，不符之处写到标准错误，报告照常输出；没有这个单位，为 2。
    """
    from gongkai.cli.database import open_database
    from gongkai.cli.sink import write_bytes

    fmt = _file_format(form, output)
    with open_database():
        from gongkai.agencies.models import Agency
        from gongkai.publications.topics.booklets_pdf import NoBooklet
        from gongkai.reports import files
        from gongkai.reports.actions.writing import begin_reasons
        from gongkai.reports.composing import checked, composed
        from gongkai.reports.models import AnnualReport

        found = Agency.objects.select_related("jurisdiction").filter(code=agency[:40]).first()
        if found is None:
            raise Problem(f"--agency {agency}：没有这个单位。单位代码在工作台的“机构”里查。")
        if reasons := begin_reasons(found, year, place):
            raise Problem(f"--year {year}：{'；'.join(reasons)}。")
        row = AnnualReport.objects.select_related("agency__jurisdiction").filter(agency=found, year=year, covers_place=place).first()
        report = row or AnnualReport(agency=found, year=year, covers_place=place)
        made = composed(report)
        verdict = checked(report, made)
        try:
            data = files.content(report, made, verdict, fmt)
        except NoBooklet as error:
            raise Problem(f"{error}。") from error
    write_bytes(output, lambda stream: stream.write(data))
    for one in verdict.failures:
        say(f"不符：{one.message}")
    for one in verdict.warnings:
        say(f"请核对：{one.message}")
    raise typer.Exit(FOUND if verdict.failures else DONE)


def _file_format(asked: str | None, target: Path | None) -> str:
    """The format asked for, else the ending of the file, else html."""
    import sys

    ending = target.suffix.lower().removeprefix(".") if target else ""
    fmt = (asked or "").lower() or (ending if ending in FILES else "html")
    if fmt not in FILES:
        raise Problem(f"--format {asked}：没有这种格式。可用 {'、'.join(FILES)}。")
    if fmt in ("docx", "pdf") and target is None and sys.stdout.isatty():
        raise Problem(f"--format {fmt}：这种文件不能显示在终端上。用 -o 文件名.{fmt} 保存。")
    return fmt
