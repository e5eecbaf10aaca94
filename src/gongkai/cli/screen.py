"""`gongkai screen`: what must not be published as it stands, before it is published."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gongkai.cli.problems import BAD, DONE, FOUND, Problem, say
from gongkai.cli.sink import choose_format, put_bytes, put_text, reason, write_text

if TYPE_CHECKING:
    from gongkai.formats.ledger import LedgerTable
    from gongkai.screening.model import Report
    from gongkai.screening.wording import WordList

_SEVERITIES = {"block": "不得发布", "warn": "请核对"}


def screen(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="txt、csv、html、docx、xlsx、pdf、ofd、图片或它们的 zip；- 为标准输入。")
    ],
    form: Annotated[str | None, typer.Option("--format", "-f", help="table、json；默认 table。")] = None,
    words: Annotated[
        Path | None, typer.Option("--words", metavar="FILE", help="用语表（csv、xlsx）：词语、类别、处理、生效日期等列。")
    ] = None,
    masked_copy: Annotated[
        Path | None, typer.Option("--masked-copy", metavar="DIR", help="在这个文件夹里写一份打了码、去掉属性和隐藏内容的副本。")
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写入文件；不写时写到标准输出。")] = None,
) -> None:
    """发布前检查：个人信息、保密和不公开标志、看不见的内容、文件属性、用语。结果里没有未打码的内容。

    没有发现，退出状态为 0；有发现，为 1；有文件读不了，为 2，其余照常输出。
    """
    form = choose_format(form, output, ("table", "json"))
    if files.count("-") > 1:
        raise Problem("标准输入只能读一次。把其中一份写成文件名。")
    from gongkai.cli.inputs import read_input, source_names
    from gongkai.reading.errors import ReadingError

    listed = _words(words)
    names = source_names(files)
    if masked_copy is not None:
        _folder(masked_copy)
    reports: list[Report] = []
    bad = 0
    for given, name in zip(files, names, strict=True):
        try:
            data = read_input(given, name)
        except ReadingError as error:
            say(str(error))
            bad += 1
            continue
        found, failures = _reports(data, name, listed)
        reports += found
        bad += failures
        if masked_copy is not None and not failures:
            bad += not _copy(data, name, masked_copy, listed)
    _write(reports, form, output, listed)
    raise typer.Exit(BAD if bad else FOUND if any(report.findings for report in reports) else DONE)


def _words(path: Path | None) -> WordList | None:
    if path is None:
        return None
    from gongkai.cli.inputs import read_input
    from gongkai.screening.wording import WordList, read

    return WordList(read(read_input(str(path), path.name), path.name), _today())


def _today() -> date:
    from gongkai.clocks.receipt import BEIJING

    return datetime.now(BEIJING).date()


def _reports(data: bytes, name: str, words: WordList | None) -> tuple[list[Report], int]:
    from gongkai.reading.errors import ReadingError
    from gongkai.screening.screening import screen as screened

    reports: list[Report] = []
    failures = 0
    for item in screened(data, name, _today(), words):
        if isinstance(item, ReadingError):
            say(str(item))
            failures += 1
        else:
            reports.append(item)
    return reports, failures


def _folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"{path}：不能建立文件夹（{reason(error)}）。换一个位置。") from error


def _copy(data: bytes, name: str, folder: Path, words: WordList | None) -> bool:
    """Writes the copy and says what could not be mended in it. False, with a sentence, when there is none."""
    from gongkai.reading.errors import ReadingError
    from gongkai.screening.copies import fit_to_publish

    target = folder / Path(name if name != "-" else "标准输入.txt").name
    if target.exists():
        say(f"{target}：已有同名文件，没有覆盖。换一个空文件夹。")
        return False
    try:
        copy = fit_to_publish(data, name)
    except ReadingError as error:
        say(str(error))
        return False
    put_bytes(target, copy)
    left, _ = _reports(copy, name, words)
    count = sum(len(report.findings) for report in left)
    say(f"{target}：已写好" + (f"，其中还有 {count} 处需要人工处理。" if count else "，复查没有发现。"))
    return True


def _write(reports: list[Report], form: str, output: Path | None, words: WordList | None) -> None:
    """One JSON object, or one a line where there are several documents; the same as `plan read`."""
    if form == "json":
        from gongkai.reading.output import json_line, json_pretty

        if len(reports) == 1:
            put_text(output, json_pretty(reports[0].to_dict()) + "\n")
        else:
            put_text(output, "".join(json_line(report.to_dict()) + "\n" for report in reports))
        return
    if reports:
        from gongkai.formats import plain_table

        write_text(output, lambda stream: plain_table.write([_table(reports)], stream))
    if words is not None and words.counts:
        say("用语：" + "、".join(f"{word} {count} 次" for word, count in words.counts.most_common(20)) + "。")


def _table(reports: list[Report]) -> LedgerTable:
    from gongkai.formats.ledger import Column, LedgerRow, LedgerTable

    columns = [
        Column("file", "文件", 9),
        Column("severity", "处理", 4),
        Column("where", "位置", 9),
        Column("masked", "内容（已打码）", 12),
        Column("why", "说明", 24),
    ]
    rows = [
        LedgerRow({**finding.to_dict(), "file": report.file, "severity": _SEVERITIES[finding.severity]})
        for report in reports
        for finding in report.findings
    ]
    blocked = sum(report.blocked for report in reports)
    note = f"检查了 {len(reports)} 个文件，" + (f"{blocked} 个不得发布。" if blocked else "没有必须处理的内容。")
    return LedgerTable(f"发布前检查：{len(rows)} 处", columns, rows, notes=(note,))
