"""`gongkai site export | check | watch`: the public site as files, its links, and the daily look at it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from gongkai.cli.database import open_database, start_django
from gongkai.cli.problems import DONE, FOUND, Problem, say
from gongkai.cli.sink import choose_format, put_text

app = typer.Typer(name="site", help="公众网站：静态导出、链接检查、每日检查。", no_args_is_help=True)
SHOWN = 50


@app.callback()
def _site() -> None:
    """公众网站：静态导出、链接检查、每日检查。"""


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="导出到的文件夹：空的，或者上次导出的。")],
    base_url: Annotated[str, typer.Option("--base-url", help="检索、申请、订阅等在哪个网站办，如 https://gk.example.gov.cn。")] = "",
    host: Annotated[str, typer.Option("--host", help="导出哪个域名的网站；不填为主站。")] = "",
    since: Annotated[str, typer.Option("--since", help="只重做这一天（如 2026-11-01）起有变化的文件页，列表照常重做。")] = "",
) -> None:
    """把公众网站导出成静态文件，外网不用装本系统。再次导出只改变了的；中断以后再运行，接着做。链接打不开时退出状态为 1。"""
    day = _day(since)
    base = _base(base_url)
    with open_database():
        from gongkai.portal.export.baking import Baking, is_export

        if not is_export(folder):
            raise Problem(f"{folder} 里有别的文件，不是导出的网站。换一个空文件夹。")
        _insist_host(host)
        told = lambda done, waiting: say(f"已取 {done} 个地址，还有 {waiting} 个")  # noqa: E731
        try:
            done = Baking(folder, host, base, day, told).run()
        except OSError as error:
            raise Problem(f"{folder} 写不进去（{error.strerror or error}）。已经写好的不变；改好以后再运行，接着做。") from error
    speed = (done.pages + done.files + done.kept) / done.seconds if done.seconds else 0
    say(
        f"页面 {done.pages}，文件 {done.files}；写入 {done.written}，没有变化 {done.unchanged + done.kept}，已经不在 {done.removed}"
        + (f"，接着上次的 {done.taken_up}" if done.taken_up else "")
        + f"；用时 {done.seconds:.1f} 秒，每秒 {speed:.0f} 个"
    )
    for address, why in done.faults[:SHOWN]:
        say(f"打不开 {address}：{why}")
    if len(done.faults) > SHOWN:
        say(f"还有 {len(done.faults) - SHOWN} 个打不开")
    raise typer.Exit(FOUND if done.faults else DONE)


@app.command()
def check(
    target: Annotated[str, typer.Argument(help="导出的文件夹，或者网站的地址。")],
    form: Annotated[str | None, typer.Option("--format", "-f", help="table 或 json。")] = None,
    most: Annotated[int, typer.Option("--most", min=1, max=1_000_000, help="按地址检查时，最多看多少个。")] = 20_000,
) -> None:
    """检查错断链接、缺少的文件和锚点、重复的编号、没有标题的页面。有问题时退出状态为 1。"""
    form = choose_format(form, None, ("table", "json"))
    start_django()
    from urllib.parse import urlsplit

    from gongkai.portal.export import checking

    if target.startswith(("http://", "https://")):
        parts = urlsplit(_base(target))
        start = f"{parts.path or '/'}"
        found = checking.check_site(
            checking.outside(target), start if start.endswith("/") else f"{start}/", most=most, origin=f"{parts.scheme}://{parts.netloc}"
        )
        if not found.pages:
            raise Problem(f"{target} 打不开，或者不是网页。核对地址和网络。")
    else:
        if not Path(target).is_dir():
            raise Problem(f"没有 {target} 这个文件夹。")
        try:
            found = checking.check_folder(Path(target))
        except OSError as error:
            raise Problem(f"{target} 读不出来（{error.strerror or error}）。") from error
        if not found.pages:
            raise Problem(f"{target} 里没有网页。先运行 gongkai site export {target}。")
    _print(found, form)
    raise typer.Exit(FOUND if found.findings else DONE)


@app.command()
def watch(
    form: Annotated[str | None, typer.Option("--format", "-f", help="table 或 json。")] = None,
    most: Annotated[int, typer.Option("--most", min=1, max=1_000_000, help="最多看多少个地址。")] = 20_000,
) -> None:
    """检查本站今天能不能打开、有没有错断链、空白和更新不及时的栏目，记下来并公开每季度的情况。有问题时退出状态为 1。"""
    form = choose_format(form, None, ("table", "json"))
    with open_database():
        from gongkai.portal.export import watching

        found = watching.look(most=most)
    _print(found, form)
    raise typer.Exit(FOUND if found.findings else DONE)


def _print(found: Any, form: str) -> None:
    if form == "json":
        from gongkai.reading.output import json_pretty

        told = {"pages": found.pages, "whole": found.whole, "findings": [one.as_json() for one in found.findings]}
        put_text(None, json_pretty(told) + "\n")
        return
    lines = [f"{one.words}  {one.page}  {one.target}" for one in found.findings]
    more = "" if found.whole else "，没有看完"
    put_text(None, "".join(f"{line}\n" for line in lines) + f"看了 {found.pages} 个页面{more}，发现 {len(lines)} 处问题。\n")


def _day(given: str) -> date | None:
    if not given:
        return None
    try:
        return datetime.strptime(given, "%Y-%m-%d").date()
    except ValueError as error:
        raise Problem(f"--since {given}：写成 2026-11-01 这样的日期。") from error


def _base(given: str) -> str:
    from urllib.parse import urlsplit

    if not given:
        return ""
    try:
        parts = urlsplit(given)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise Problem(f"{given}：写成 https://gk.example.gov.cn 这样的完整地址。")
    return given.rstrip("/")


def _insist_host(host: str) -> None:
    from django.conf import settings
    from django.http.request import validate_host

    from gongkai.catalogue import hosts

    if host and not hosts.open_at(host) and not validate_host(host, settings.ALLOWED_HOSTS):
        raise Problem(f"--host {host}：不是本系统的域名。先在“政府网站”登记，或写进 GONGKAI_HOSTS。")
