"""`gongkai plan read | schema | import | compare`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gongkai.cli.problems import BAD, DONE, FOUND, Problem, say
from gongkai.cli.sink import choose_format, put_text, standard_output, write_bytes, write_text

if TYPE_CHECKING:
    from gongkai.reading.model import Plan

app = typer.Typer(name="plan", help="工作要点、实施方案：读成任务台账，导入，与上级对照。", no_args_is_help=True)

MANY = 5
"""From so many files on progress is shown even where standard error is no terminal."""

Format = Annotated[str | None, typer.Option("--format", "-f", help="table、json、csv、xlsx、docx；不写时看 -o 的后缀，默认 table。")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="写入文件；不写时写到标准输出。")]


@app.command("read")
def read(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="txt、html、docx、pdf、ofd 或它们的 zip；- 为标准输入。")],
    form: Format = None,
    output: Output = None,
) -> None:
    """把方案读成任务台账：任务、牵头和配合单位、时限、渠道、数量要求，每项都指回原文。

    读不了的文件说明原因，其余照常输出，退出状态为 2。
    """
    form = choose_format(form, output)
    from gongkai.reading import output as out

    failures = _Failures()
    plans = _plans(files, failures)
    if form == "json" and len(files) > 1 and output is None:
        _stream_lines(plans)
    else:
        found = list(plans)
        if found and form == "table":
            write_text(output, lambda stream: out.print_plans(found, stream))
        elif found:
            write_bytes(output, lambda stream: out.write_plans(found, form, stream))
    raise typer.Exit(BAD if failures.count else DONE)


@app.command("schema")
def schema(output: Output = None) -> None:
    """`plan read --format json` 每个对象的 JSON Schema（2020-12）。"""
    from gongkai.reading.output import json_pretty
    from gongkai.reading.schema import plan_schema

    put_text(output, json_pretty(plan_schema()) + "\n")


@app.command("compare")
def compare(
    upper: Annotated[str, typer.Argument(metavar="UPPER", help="上级的方案；- 为标准输入。")],
    lower: Annotated[str, typer.Argument(metavar="LOWER", help="本级的方案；- 为标准输入。")],
    form: Format = None,
    output: Output = None,
) -> None:
    """上级的每项任务在本级有没有对应，时限有没有推迟。

    全部对应且没有推迟，退出状态为 0；有无对应的任务或推迟的时限，为 1。
    """
    form = choose_format(form, output)
    if upper == lower == "-":
        raise Problem("标准输入只能读一次。把其中一份写成文件名。")
    from gongkai.reading.compare import compare as compare_plans
    from gongkai.reading.output import json_pretty, write_tables

    above, below = _single(upper), _single(lower)
    comparison = compare_plans(above, below)
    if form == "table":
        from gongkai.formats import plain_table

        write_text(output, lambda stream: plain_table.write([comparison.to_table()], stream))
    elif form == "json":
        put_text(output, json_pretty(comparison.to_dict()) + "\n")
    else:
        write_bytes(output, lambda stream: write_tables([comparison.to_table()], form, stream))
    raise typer.Exit(DONE if comparison.clean else FOUND)


@app.command("import")
def import_files(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="与 plan read 相同。")],
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j", metavar="CODE", help="行政区划代码，例如 650100。")],
    user: Annotated[str | None, typer.Option("--user", help="以谁的名义导入（用户名）；不写时记为命令行。")] = None,
) -> None:
    """把方案导入数据库，成为待核对的草稿。一个文件要么全部导入，要么不导入。"""
    from gongkai.cli.database import import_plans

    failures = import_plans(files, jurisdiction, user)
    raise typer.Exit(BAD if failures else DONE)


class _Failures:
    """Counts and reports what could not be read."""

    def __init__(self) -> None:
        self.count = 0

    def report(self, error: Exception) -> None:
        self.count += 1
        say(str(error))


def _plans(files: list[str], failures: _Failures) -> Iterator[Plan]:
    from gongkai.cli.inputs import read_input, source_names
    from gongkai.reading.errors import ReadingError
    from gongkai.reading.reader import read_plans

    show = len(files) > 1 and (sys.stderr.isatty() or len(files) >= MANY)
    if files.count("-") > 1:
        raise Problem("标准输入只能读一次。- 只写一个。")
    for n, (given, name) in enumerate(zip(files, source_names(files), strict=True), 1):
        if show:
            say(f"[{n}/{len(files)}] {name}")
        try:
            for result in read_plans(read_input(given, name), name):
                if isinstance(result, ReadingError):
                    failures.report(result)
                else:
                    yield result
        except ReadingError as error:
            failures.report(error)


def _stream_lines(plans: Iterator[Plan]) -> None:
    """One JSON object a line, each as soon as it is read."""
    from gongkai.reading.output import json_line

    with standard_output() as stream:
        for plan in plans:
            stream.write((json_line(plan.to_dict()) + "\n").encode("utf-8", "replace"))
            stream.flush()


def _single(given: str) -> Plan:
    failures = _Failures()
    plans = list(_plans([given], failures))
    if failures.count:
        raise typer.Exit(BAD)
    if len(plans) != 1:
        raise Problem(f"{given}：里面有 {len(plans)} 份文件，对照要一份对一份。先解压，再写出其中一份。")
    return plans[0]
