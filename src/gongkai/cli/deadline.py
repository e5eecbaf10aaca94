"""`gongkai deadline`: when something is due, and which days were counted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongkai.cli.problems import DONE, Problem
from gongkai.cli.sink import choose_format, put_bytes, put_text, write_bytes

_Format = Annotated[str | None, typer.Option("--format", "-f", help="table、json、csv；默认 table。")]


def deadline(
    start: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="起算日，例如 2026-02-10；按小时计算时可带时刻 2026-02-10T09:30。")
    ] = None,
    working_days: Annotated[int | None, typer.Option("--working-days", help="工作日数。")] = None,
    days: Annotated[int | None, typer.Option("--days", help="日历日数；最后一日是休息日的，顺延到其后第一个工作日。")] = None,
    hours: Annotated[int | None, typer.Option("--hours", help="小时数，连续计算，不除节假日。")] = None,
    months: Annotated[int | None, typer.Option("--months", help="月数，到期月的对应日；没有对应日的，月末。")] = None,
    limit: Annotated[str | None, typer.Option("--limit", metavar="ID", help="规定中的时限，例如 reply；按起算日有效的版本。")] = None,
    scope: Annotated[str, typer.Option("--scope", help="行政区划代码或机关代码：加上当地的假日。")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="列出每一天算不算、为什么。")] = False,
    batch: Annotated[Path | None, typer.Option("--batch", metavar="FILE.csv", help="逐行计算：列 from,n,unit。")] = None,
    form: _Format = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写入文件；不写时写到标准输出。")] = None,
) -> None:
    """算到期日。起算当日不计入（行政机关收到之日不算）。"""
    from gongkai.cli import counting
    from gongkai.clocks.calendar import current
    from gongkai.clocks.limits import limit as version_in_force
    from gongkai.clocks.receipt import day_of

    units = (("working_days", working_days), ("days", days), ("hours", hours), ("months", months))
    given = [(unit, n) for unit, n in units if n is not None]
    if batch is not None:
        if given or start or limit or scope:
            raise Problem("--batch 不能和 --from、--working-days、--days、--hours 等同用。只写 --batch。")
        from gongkai.cli.inputs import read_input

        text = counting.batch(read_input(str(batch), str(batch)), str(batch))
        put_bytes(output, text)
        raise typer.Exit(DONE)
    if start is None:
        raise Problem("缺少 --from。写起算日，例如 --from 2026-02-10。")
    if len(given) + (limit is not None) != 1:
        raise Problem("--working-days、--days、--hours、--months、--limit 要写一个，并且只写一个。")
    form = choose_format(form, output, ("table", "json", "csv"))
    calendar = current().for_scope(scope) if scope else current()
    if limit is None:
        result = counting.count(start, *given[0], calendar=calendar)
    else:
        result = counting.count_limit(start, version_in_force(limit, day_of(counting.parse_moment(start))), calendar=calendar)
    if form == "json":
        from gongkai.reading.output import json_pretty

        put_text(output, json_pretty(result.to_dict(explain)) + "\n")
    elif form == "csv":
        from gongkai.reading.output import write_tables

        write_bytes(output, lambda stream: write_tables([result.to_table()], "csv", stream))
    else:
        put_text(output, result.sentence(explain))
    raise typer.Exit(DONE)
