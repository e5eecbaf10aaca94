"""`gongkai journal verify | export`: is the journal as it was written, and the journal to be kept elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gongkai.cli.database import open_database
from gongkai.cli.problems import DONE, FOUND, Problem
from gongkai.cli.sink import choose_format, leave_broken_pipe, put_text, reason

if TYPE_CHECKING:
    from gongkai.journal.verifying import Finding, KnownHead, Verdict

app = typer.Typer(name="journal", help="变更记录：核对有没有被改动，导出给别人核对。", no_args_is_help=True)


@app.callback()
def _journal() -> None:
    """变更记录：核对有没有被改动，导出给别人核对。"""


@app.command()
def verify(
    first: Annotated[int, typer.Option("--from", min=1, metavar="SEQ", help="从第几条核对起，此前的不再看。")] = 1,
    head: Annotated[Path | None, typer.Option("--head", metavar="FILE", help="以前从 /journal/ 保存的 heads.json 或 heads.txt。")] = None,
    form: Annotated[str | None, typer.Option("--format", "-f", help="table 或 json。")] = None,
) -> None:
    """逐条核对变更记录，指出第一条被改动、缺失、插入或调换的。有问题时退出状态为 1。"""
    form = choose_format(form, None, ("table", "json"))
    with open_database():
        from gongkai.journal.verifying import verify as run

        heads = _heads(head) if head else []
        try:
            verdict = run(first, heads)
        except LookupError as error:
            raise Problem(f"--from {first}：没有第 {first - 1} 条可以接着核对。") from error
    put_text(None, _as_json(verdict) if form == "json" else _as_text(verdict))
    raise typer.Exit(DONE if verdict.ok else FOUND)


def _heads(path: Path) -> list[KnownHead]:
    from gongkai.journal.verifying import read_heads

    try:
        return read_heads(path.read_text("utf-8"))
    except OSError as error:
        raise Problem(f"--head {path}：打不开文件（{reason(error)}）。") from error
    except ValueError as error:
        raise Problem(f"--head {path}：{error}。") from error


def _as_json(verdict: Verdict) -> str:
    from gongkai.reading.output import json_pretty

    return json_pretty(
        {
            "ok": verdict.ok,
            "from": verdict.first,
            "checked": verdict.checked,
            "last": {"seq": verdict.last.seq, "hash": verdict.last.hash},
            "findings": [finding.as_json() for finding in verdict.findings],
            "seconds": round(verdict.seconds, 3),
            "per_second": verdict.per_second,
        }
    )


def _as_text(verdict: Verdict) -> str:
    lines = [f"核对了 {verdict.checked} 条，{verdict.seconds:.1f} 秒，每秒 {verdict.per_second} 条。"]
    lines += [_sentence(finding) for finding in verdict.findings]
    if verdict.ok:
        lines.append(f"没有发现改动。到第 {verdict.last.seq} 条，校验值 {verdict.last.hash}")
    return "\n".join(lines) + "\n"


def _sentence(finding: Finding) -> str:
    from django.utils import timezone

    facts = [f"记录 {finding.entry}"] if finding.entry is not None else []
    facts += [f"{timezone.localtime(finding.at):%Y-%m-%d %H:%M:%S}"] if finding.at else []
    facts += [finding.what] if finding.what else []
    return f"有问题：{finding.message}" + (f"（{'，'.join(facts)}）" if facts else "") + "。"


@app.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON 行文件；- 为标准输出。")],
    first: Annotated[int, typer.Option("--from", min=1, metavar="SEQ", help="从第几条导出起。")] = 1,
) -> None:
    """导出已封存的变更记录，一行一条，可以用 docs/journal_verify.py 在别处核对。"""
    begun = time.perf_counter()
    with open_database():
        from gongkai.journal.exporting import lines

        count = 0

        def write(put: Callable[[str], object]) -> None:
            nonlocal count
            for line in lines(first - 1):
                put(line + "\n")
                count += 1

        if str(file) == "-":
            import sys

            try:
                write(sys.stdout.write)
                sys.stdout.flush()
            except BrokenPipeError:
                leave_broken_pipe()
            raise typer.Exit(DONE)
        _to_file(file, write)
    put_text(None, f"已导出 {count} 条到 {file}，{time.perf_counter() - begun:.1f} 秒。\n")
    raise typer.Exit(DONE)


def _to_file(file: Path, write: Callable[[Callable[[str], object]], None]) -> None:
    """Written beside the target and renamed when complete; not made in memory first, a journal may be larger than it."""
    part = file.with_name(f".{file.name[:40]}.part")
    try:
        with part.open("w", encoding="utf-8") as stream:
            write(stream.write)
        part.replace(file)
    except OSError as error:
        raise Problem(f"{file}：不能写入（{reason(error)}）。换一个文件夹，或检查权限和磁盘空间。") from error
    finally:
        with suppress(OSError):
            part.unlink()
