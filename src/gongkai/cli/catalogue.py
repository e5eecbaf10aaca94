"""`gongkai catalogue import`: a table into the draft of an agency's catalogue."""

from __future__ import annotations

from typing import Annotated

import typer

from gongkai.cli.inputs import read_input
from gongkai.cli.problems import BAD, DONE, FOUND, Problem, say
from gongkai.cli.sink import put_text

app = typer.Typer(name="catalogue", help="公开目录：从目录表导入。", no_args_is_help=True)

_SHOWN = 50
"""Faults told one by one."""


@app.callback()
def _catalogue() -> None:
    """公开目录：从目录表导入。"""


@app.command("import")
def import_table(
    file: Annotated[str, typer.Argument(metavar="FILE", help="xlsx、docx 或 html；- 为标准输入。")],
    agency: Annotated[str, typer.Option("--agency", "-a", metavar="CODE", help="编制单位的机构代码。")],
    field: Annotated[str, typer.Option("--field", metavar="CODE", help="领域代码；不写就是部门目录。")] = "",
    drop_missing: Annotated[bool, typer.Option("--drop-missing", help="表里没有的事项从草稿里删去。")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看要改什么，不写入。")] = False,
) -> None:
    """导入目录表，成为草稿，批准后才执行。没有目录先建立，没有草稿先开始修订。

    有一行不对就全部不导入，逐行列出怎么改。同一张表再导入一次，什么也不变。
    """
    from gongkai.cli.database import open_database

    name = "标准输入.xlsx" if file == "-" else file
    data = read_input(file, name)
    with open_database("先用 gongkai setup 建立本地区。"):
        from gongkai.agencies.models import Agency
        from gongkai.catalogue.at_command_line import import_file

        owner = Agency.objects.select_related("jurisdiction").filter(code=agency).first()
        if owner is None:
            raise Problem(f"--agency {agency}：没有这个机构代码。用 gongkai agencies import 先导入机构。")
        seen, version = import_file(owner, field.strip(), data, name, drop_missing=drop_missing, dry_run=dry_run)
    for note in seen.notes:
        say(note.rstrip("。") + "。")
    for place, sentence in [*seen.faults, *seen.warnings][:_SHOWN]:
        say(f"{place}：{sentence.rstrip('。')}。")
    if seen.faults:
        say(f"共 {seen.counts['wrong']} 行要改，没有写入任何内容。")
        raise typer.Exit(BAD)
    counts = seen.counts
    done = "检查通过，没有写入：将" if dry_run else f"已导入《{version}》："
    dropped = f"，删去 {len(seen.missing)} 项" if drop_missing else f"，表里没有而保留 {len(seen.missing)} 项" if seen.missing else ""
    put_text(None, f"{done}新增 {counts['new']} 项，修改 {counts['changed']} 项，不变 {counts['same']} 项{dropped}。\n")
    raise typer.Exit(FOUND if seen.warnings else DONE)
