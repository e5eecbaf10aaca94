"""`gongkai calendar list | show | import | recount`: the dated calendar table, where each year comes from, and how a new year enters it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gongkai.cli.database import open_database
from gongkai.cli.problems import DONE, Problem, say
from gongkai.cli.sink import choose_format, put_text, write_bytes

if TYPE_CHECKING:
    from gongkai.clocks.calendar import Calendar
    from gongkai.clocks.tables import Notice
    from gongkai.formats.ledger import Cell, LedgerTable

app = typer.Typer(name="calendar", help="工作日历：历年放假安排及其通知，导入新一年的安排。", no_args_is_help=True)

Format = Annotated[str | None, typer.Option("--format", "-f", help="table、json、csv、xlsx、docx；默认 table。")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="写入文件；不写时写到标准输出。")]
Data = Annotated[Path | None, typer.Option("--data", help="数据文件夹；不写时用 GONGKAI_DATA。")]
Scope = Annotated[str, typer.Option("--scope", help="行政区划代码或机关代码：加上当地的假日，例如 450100。")]
CERTAINTY = {"read": "已核", "memory": "凭记忆", "unknown": "未核"}
_KINDS = {"off": "放假", "work": "调休上班", "rest": "休息", "day": "工作日"}


@app.command("list")
def list_(
    versions: Annotated[bool, typer.Option("--versions", help="列出日历的每一个版本，从旧到新。")] = False,
    data: Data = None,
    form: Format = None,
    output: Output = None,
) -> None:
    """表中各年的通知、文号、日期和天数。"""
    form = choose_format(form, output)
    calendar = load(data)
    if versions:
        rows: list[dict[str, Any]] = [
            {"calendar": version.version, "dated": _last_dated(version), "notice": version.notices[-1].citation}
            for version in calendar.history()
        ]
        titles = {"calendar": "版本", "dated": "通知日期", "notice": "加入的通知"}
        _put("日历的版本", titles, rows, {"versions": rows}, form, output)
        return
    rows = [_notice_row(notice, calendar) for notice in (*calendar.notices, *calendar.local)]
    rows.sort(key=lambda row: (row["year"], row["scope"], row["dated"] or ""))
    titles = {"year": "年", "scope": "地区", "off": "放假", "work": "调休上班", "number": "文号", "dated": "日期"}
    titles |= {"certainty": "文号日期", "title": "通知", "in_force": "有效"}
    shown = [{**row, "certainty": CERTAINTY[row["certainty"]], "in_force": "是" if row["in_force"] else "已被替换"} for row in rows]
    _put(f"工作日历 {calendar.version}", titles, shown, {"calendar": calendar.version, "notices": rows}, form, output)


@app.command("show")
def show(
    year: Annotated[int, typer.Argument(metavar="YEAR", min=1950, max=2200, help="年份。")],
    every: Annotated[bool, typer.Option("--all", help="列出全年每一天，不只是放假和调休上班的日子。")] = False,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="按这一天当时已发布的通知，例如 2019-03-01。")] = "",
    version: Annotated[str, typer.Option("--version", metavar="ID", help="按这个日历版本。")] = "",
    scope: Scope = "",
    data: Data = None,
    form: Format = None,
    output: Output = None,
) -> None:
    """一年中放假和调休上班的日子、各月工作日数和依据；没有公布的年份按法定节假日推算，标明暂定。"""
    form = choose_format(form, output)
    calendar = load(data, scope)
    if version:
        calendar = calendar.named(version)
    if as_of:
        calendar = calendar.as_of(_date(as_of))
    days = [row for row in _year_rows(calendar, year) if every or row["kind"] in ("off", "work")]
    announced = calendar.years.get(year)
    months = [_working(calendar, year, month) for month in range(1, 13)]
    result = {
        "year": year,
        "calendar": calendar.version,
        "provisional": announced is None,
        "notices": [_notice_row(notice, calendar) for notice in announced.notices] if announced else [],
        "working_days": sum(months),
        "working_days_by_month": months,
        "days": days,
    }
    notes = [f"全年 {sum(months)} 个工作日，各月 {'、'.join(map(str, months))}。"]
    notes += [f"依据：{notice.citation}" for notice in announced.notices] if announced else []
    if announced is None:
        from gongkai.clocks.statute import version_for

        notes.append(f"暂定：{year} 年的放假安排不在日历表中，按全国年节及纪念日放假办法（{version_for(year).decree}）推算。")
    shown = [{**row, "kind": _KINDS[row["kind"]]} for row in days]
    titles = {"date": "日期", "weekday": "星期", "kind": "安排", "festival": "节日", "why": "说明"}
    _put(f"{year} 年工作日历 {calendar.version}", titles, shown, result, form, output, notes)


@app.command("import")
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="toml 或 csv；- 为标准输入（toml）。")],
    title: Annotated[str, typer.Option("--title", help="通知标题；文件中写了的以文件为准。")] = "",
    number: Annotated[str, typer.Option("--number", help="文号，例如 国办发明电〔2025〕7号。")] = "",
    dated: Annotated[str, typer.Option("--dated", metavar="DATE", help="通知的成文日期。")] = "",
    scope: Annotated[str, typer.Option("--scope", help="只在这个地区（行政区划代码）或机关放的假。")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入。")] = False,
    data: Data = None,
) -> None:
    """检查一份放假安排并加入数据文件夹；原有版本都保留。

    toml：year = 2027，title、number、dated = 2026-11-05，off = [[首日, 末日], …]，work = [调休上班日, …]。
    csv：列 date,kind（放假或上班），可有 last（末日）。
    """
    from gongkai.clocks import calendar as clocks
    from gongkai.clocks import layers
    from gongkai.clocks.tables import read_file, warnings

    folder = data or layers.default_folder()
    before = load(folder)
    given: dict[str, Any] = {"title": title, "number": number, "scope": scope, "dated": _date(dated) if dated else None}
    notices = read_file(_read(file), "标准输入.toml" if file == "-" else file, **given)
    after = before
    fresh = [notice for notice in notices if not _known(before, notice)]
    for notice in fresh:
        for warning in warnings(notice):
            say(f"提示：{warning}")
        after = after.with_notice(notice)
    if not fresh:
        say("这份安排已经在表中，没有改动。")
    for notice in fresh if not dry_run else ():
        path = layers.write(folder, notice)
        say(f"已写入 {path}。")
    clocks.reload()
    for notice in fresh:
        where = f"（{notice.scope}）" if notice.scope else ""
        done = "检查通过，没有写入" if dry_run else "已加入"
        days = f"放假 {len(notice.off)} 天，调休上班 {len(notice.work)} 天"
        put_text(None, f"{notice.year} 年{where}：{days}，{done}。日历版本 {after.version}\n")
    if fresh and not dry_run:
        say("运行中的系统会在一分钟内自己重新计算没有办结的期限；要马上算完，运行 gongkai calendar recount。")
    raise typer.Exit(DONE)


@app.command("recount")
def recount(
    form: Annotated[str | None, typer.Option("--format", "-f", help="table 或 json；默认 table。")] = None,
) -> None:
    """按现在的日历重新计算没有办结的期限；已经办结的不动。没有要算的，什么也不改。"""
    form = choose_format(form, None, ("table", "json"))
    with open_database():
        from gongkai.obligations.recomputing import recount as run

        found = run(lambda done, of: say(f"已重新计算 {done} / {of}"))
    if form == "json":
        from gongkai.reading.output import json_pretty

        put_text(None, json_pretty({"seen": found.seen, "moved": found.moved, "refused": found.refused}) + "\n")
    else:
        kept = f"，{found.refused} 项按新安排算不出来，期限保持原样" if found.refused else ""
        put_text(None, f"重新计算 {found.seen} 项，期限有变化的 {found.moved} 项{kept}。\n")
    raise typer.Exit(DONE)


def load(data: Path | None, scope: str = "") -> Calendar:
    """The calendar of this data folder (GONGKAI_DATA without one)."""
    from gongkai.clocks import layers
    from gongkai.clocks.calendar import Calendar

    return Calendar.load(data or layers.default_folder(), scope=scope)


def _read(file: str) -> bytes:
    from gongkai.cli.inputs import read_input

    return read_input(file, file)


def _known(calendar: Calendar, notice: Notice) -> bool:
    """Whether the same days under the same number are in force already."""
    return any(
        (row.year, row.off, row.work, row.number, row.scope, row.change)
        == (notice.year, notice.off, notice.work, notice.number, notice.scope, notice.change)
        and _in_force(row, calendar)
        for row in (*calendar.notices, *calendar.local)
    )


def _in_force(row: Notice, calendar: Calendar) -> bool:
    return bool(row.scope) or row in calendar.years[row.year].notices


def _notice_row(row: Notice, calendar: Calendar) -> dict[str, Any]:
    return {
        "year": row.year,
        "scope": row.scope,
        "off": len(row.off),
        "work": len(row.work),
        "title": row.title,
        "number": row.number,
        "dated": row.dated.isoformat() if row.dated else None,
        "certainty": row.certainty,
        "source": row.source,
        "change": row.change,
        "in_force": _in_force(row, calendar),
    }


def _year_rows(calendar: Calendar, year: int) -> Iterable[dict[str, Any]]:
    from gongkai.clocks.statute import statutory_days

    festivals = statutory_days(year)
    day = date(year, 1, 1)
    while day.year == year:
        works, why = calendar.is_working_day(day), calendar.why(day)
        kind = ("work" if day.weekday() >= 5 else "day") if works else ("rest" if why.startswith("周末") else "off")
        festival = festivals.get(day, "")
        yield {"date": day.isoformat(), "weekday": "一二三四五六日"[day.weekday()], "kind": kind, "festival": festival, "why": why}
        day += timedelta(1)


def _working(calendar: Calendar, year: int, month: int) -> int:
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    return calendar.between(first - timedelta(1), after - timedelta(1))


def _last_dated(calendar: Calendar) -> str | None:
    dated = calendar.notices[-1].dated
    return dated.isoformat() if dated else None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Problem(f"{text}：看不懂的日期。写成 2026-11-05。") from None


def _put(
    title: str,
    titles: dict[str, str],
    rows: list[dict[str, Any]],
    result: dict[str, Any],
    form: str,
    output: Path | None,
    notes: Iterable[str] = (),
) -> None:
    from gongkai.reading.output import json_pretty, write_tables

    if form == "json":
        put_text(output, json_pretty(result) + "\n")
    elif form == "table":
        put_text(output, _plain(title, titles, rows, notes))
    else:
        table = _ledger(title, titles, rows, notes)
        write_bytes(output, lambda stream: write_tables([table], form, stream))


def _plain(title: str, titles: dict[str, str], rows: list[dict[str, Any]], notes: Iterable[str]) -> str:
    """Aligned columns; Chinese characters take two places."""
    from gongkai.formats.ledger import cell_text, display_width

    lines = [list(titles.values())] + [[cell_text(row.get(key)) for key in titles] for row in rows]
    widths = [max(display_width(line[n]) for line in lines) for n in range(len(titles))]
    text = [title, ""]
    for line in lines:
        text.append("  ".join(cell + " " * (width - display_width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip())
    return "\n".join([*text, "", *notes]).rstrip() + "\n"


def _ledger(title: str, titles: dict[str, str], rows: list[dict[str, Any]], notes: Iterable[str]) -> LedgerTable:
    from gongkai.formats.ledger import Column, LedgerRow, LedgerTable

    widths = {"title": 30, "notice": 40, "number": 14, "date": 7, "dated": 7, "calendar": 14, "why": 14}
    columns = tuple(Column(key, name, widths.get(key, 6)) for key, name in titles.items())
    cells: list[dict[str, Cell]] = [{key: row.get(key) for key in titles} for row in rows]
    return LedgerTable(title, columns, [LedgerRow(row) for row in cells], notes=tuple(notes))
