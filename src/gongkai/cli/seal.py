"""`gongkai seal check | rotate`: are the keys in order, and everything sealed anew by the first of them."""

from __future__ import annotations

from typing import Annotated

import typer

from gongkai.cli.database import open_database
from gongkai.cli.problems import DONE, FOUND, Problem, say
from gongkai.cli.sink import put_text

app = typer.Typer(name="seal", help="申请人信息的加密：检查密钥，更换密钥。", no_args_is_help=True)


@app.callback()
def _seal() -> None:
    """申请人信息的加密：检查密钥，更换密钥。"""


@app.command()
def check() -> None:
    """逐个打开加密的内容，什么也不改。有打不开的，或者还用着旧密钥的，退出状态为 1。"""
    with open_database():
        from gongkai.sealing import keys, rotation

        try:
            n, found = len(keys.key_list()), rotation.check(say)
        except keys.SealError as error:
            raise Problem(f"{error}。") from error
    put_text(
        None, f"密钥 {n} 把；加密的内容 {found.values} 项，文件 {found.files} 个；用旧密钥的 {found.old}，打不开的 {len(found.lost)}。\n"
    )
    for where in found.lost[:20]:
        say(f"打不开：{where}")
    raise typer.Exit(FOUND if found.lost or found.old else DONE)


@app.command()
def rotate(
    new: Annotated[bool, typer.Option("--new", help="先生成一把新密钥放在最前面（密钥存在数据文件夹里的）。")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="全部换好以后，从数据文件夹的密钥文件里删去旧密钥。")] = False,
) -> None:
    """用第一把密钥重新加密全部内容和文件，重做申请人摘要。服务不必停；中断以后再运行一次，从没有换的接着换。"""
    with open_database():
        from gongkai.sealing import keys, rotation

        try:
            if new:
                keys.add_key()
            found = rotation.rotate(say)
            if drop:
                left = rotation.check(say)
                if left.lost or left.old:
                    raise Problem("还有没有换好的内容，旧密钥没有删去。再运行一次 gongkai seal rotate。")
                keys.drop_old()
        except keys.SealError as error:
            raise Problem(f"{error}。") from error
        n = len(keys.key_list())
    put_text(None, f"加密的内容 {found.values} 项，文件 {found.files} 个，换了 {found.sealed}。\n")
    if n > 1:
        put_text(None, "旧密钥已经用不着：从 GONGKAI_SEAL_KEYS（或数据文件夹里的 seal_keys）删去；备份里还要用它的，单独保管。\n")
