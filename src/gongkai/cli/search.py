"""`gongkai search rebuild | find`: make the index anew, and ask it from the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from gongkai.cli.database import open_database
from gongkai.cli.problems import DONE, FOUND, Problem, say
from gongkai.cli.sink import choose_format, put_text

app = typer.Typer(name="search", help="检索：重建索引，查询。", no_args_is_help=True)
EVERY = 5_000


@app.callback()
def _search() -> None:
    """检索：重建索引，查询。"""


@app.command()
def rebuild() -> None:
    """从数据库重建索引；建好以前用原来的，建好后一步换上。"""
    with open_database():
        from gongkai.search import keeping
        from gongkai.search.model import SearchDown

        try:
            done = keeping.rebuild(lambda n: say(f"已建 {n} 条") if n % EVERY == 0 else None)
        except SearchDown as error:
            raise Problem(f"{error}。") from error
    put_text(None, f"索引里有 {done} 条。\n")


@app.command()
def find(
    words: Annotated[str, typer.Argument(help="要找的词，几个词之间空一格。")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="最多几条。")] = 20,
    form: Annotated[str | None, typer.Option("--format", "-f", help="table 或 json。")] = None,
) -> None:
    """公众用这些词能找到什么。没有时退出状态为 1。"""
    form = choose_format(form, None, ("table", "json"))
    with open_database():
        from gongkai.reading.output import json_pretty
        from gongkai.search import keeping
        from gongkai.search.model import QueryTooLong, SearchDown, Wanted

        try:
            found = keeping.current().search(Wanted(words, limit=limit))
        except QueryTooLong as error:
            raise Problem(f"{error}。") from error
        except SearchDown as error:
            raise Problem(f"{error}：用 gongkai search rebuild 建立。") from error
    rows = [{"key": hit.key, "title": hit.title.text, "on": hit.on.isoformat()} for hit in found.hits]
    if form == "json":
        put_text(None, json_pretty({"total": found.total, "results": rows}))
    else:
        put_text(None, "".join(f"{row['on']}  {row['key']:<16}{row['title']}\n" for row in rows) + f"共 {found.total} 条。\n")
    raise typer.Exit(DONE if found.total else FOUND)
