"""`gongkai serve | worker | check`: hands over to `gongkai.site`, loaded by name because nothing may import the settings layer at start."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer

from gongkai.cli.problems import DONE, FOUND, Problem
from gongkai.cli.sink import choose_format, put_text


def _load(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise Problem(f"缺少组件 {error.name}。重新安装：make serve 会补齐依赖。") from error


def _call(module: Any, name: str, *values: Any) -> Any:
    try:
        return getattr(module, name)(*values)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except Exception as error:
        if type(error).__name__ == "ServeError":  # the site's own sentence with its mend
            raise Problem(str(error)) from error
        raise


def serve(
    host: Annotated[str, typer.Option("--host", help="监听的地址；0.0.0.0 为所有网卡。")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="端口。")] = 8000,
) -> None:
    """启动网站和后台任务，先准备好数据库。"""
    raise typer.Exit(_call(_load("gongkai.site.serve"), "serve", host, port) or DONE)


def worker() -> None:
    """只启动后台任务进程。"""
    raise typer.Exit(_call(_load("gongkai.site.serve"), "worker") or DONE)


def check(form: Annotated[str | None, typer.Option("--format", "-f", help="table 或 json。")] = None) -> None:
    """检查配置、数据库、磁盘、时钟等，逐项说明怎么修。有问题时退出状态为 1。"""
    form = choose_format(form, None, ("table", "json"))
    results = [tuple(row) for row in _call(_load("gongkai.site.check"), "check")]
    if form == "json":
        from gongkai.reading.output import json_pretty

        text = json_pretty({"checks": [{"name": name, "ok": bool(ok), "mend": mend} for name, ok, mend in results]})
    else:
        text = "\n".join(f"{'正常' if ok else '有误'}  {name}  {mend}" for name, ok, mend in results)
    put_text(None, text + "\n")
    raise typer.Exit(DONE if all(ok for _, ok, _ in results) else FOUND)
