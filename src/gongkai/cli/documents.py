"""`gongkai documents import`: pages of an old site, with their attachments."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Annotated

import typer

from gongkai.cli.problems import DONE, FOUND, Problem, say
from gongkai.cli.sink import put_text

app = typer.Typer(name="documents", help="政府信息：从旧网站导入。", no_args_is_help=True)

HEADINGS = ("行", "结果", "标题", "网址", "原因", "新地址")


@app.callback()
def _documents() -> None:
    """政府信息：从旧网站导入。"""


@app.command("import")
def import_pages(
    path: Annotated[Path, typer.Argument(metavar="FOLDER|ZIP", help="导出的网页：里面有 manifest.csv、.xlsx 或 .jsonl。")],
    agency: Annotated[str, typer.Option("--agency", "-a", metavar="CODE", help="公开主体的机构代码。")],
    user: Annotated[str, typer.Option("--user", help="以谁的名义导入（用户名），要是公开主体的人员。")],
    published: Annotated[bool, typer.Option("--published", help="直接公开：旧站已经公开的，按一个决定整体认定。")] = False,
    reason: Annotated[str, typer.Option("--reason", help="依据哪个决定，和 --published 一起用。")] = "",
    reviewer: Annotated[str, typer.Option("--reviewer", help="谁负责审查（用户名），和 --published 一起用。")] = "",
    report: Annotated[Path | None, typer.Option("--report", help="逐页的结果写进这个 csv 文件。")] = None,
) -> None:
    """导入旧网站的网页和附件，成为草稿，审核后才公开。

    中断了再运行一次，已经导入的跳过。有问题的页不导入，原因写在报告里，改好后再运行一次即可。
    """
    from gongkai.cli.database import open_database

    if published != bool(reason and reviewer):
        raise Problem("--published 要同时写 --reason 和 --reviewer，三个一起用。")
    with open_database():
        from gongkai.agencies.errors import NotAllowed
        from gongkai.agencies.models import Agency, User
        from gongkai.publications.legacy.importing import Decision, run
        from gongkai.publications.legacy.manifest import open_source

        owner = Agency.objects.select_related("jurisdiction").filter(code=agency).first()
        if owner is None:
            raise Problem(f"--agency {agency}：没有这个机构代码。用 gongkai agencies import 先导入机构。")
        people = {name: User.objects.filter(username=name, is_active=True).first() for name in {user, reviewer} - {""}}
        if missing := [name for name, person in people.items() if person is None]:
            raise Problem(f"没有 {missing[0]} 这个用户。用 gongkai people 先登记。")
        actor, second = people[user], people.get(reviewer)
        assert actor is not None
        decision = Decision(reason, second) if second is not None else None
        counts = {"导入": 0, "已有": 0, "拒绝": 0}
        noted = 0
        out = report.open("w", encoding="utf-8-sig", newline="") if report else None
        try:
            writer = csv.writer(out) if out else None
            if writer:
                writer.writerow(HEADINGS)
            for one in run(open_source(path), owner, actor, decision=decision, told=_progress):
                counts[one.what] += 1
                noted += bool(one.reasons) and one.what == "导入"
                address = f"/documents/{one.document_id}/" if one.document_id else ""
                if writer:
                    writer.writerow([one.page.line, one.what, _cell(one.page.title), _cell(one.page.url), "；".join(one.reasons), address])
                elif one.reasons:
                    say(f"第 {one.page.line} 行《{one.page.title[:30]}》{one.what}：{'；'.join(one.reasons)}。")
        except NotAllowed as error:
            raise Problem(f"{error}。") from error
        finally:
            if out:
                out.close()
    words = f"导入 {counts['导入']} 页（{noted} 页要核对），已有 {counts['已有']} 页，拒绝 {counts['拒绝']} 页。"
    put_text(None, words + (f"逐页结果见 {report}。" if report else "") + "\n")
    raise typer.Exit(FOUND if counts["拒绝"] else DONE)


def _cell(text: str) -> str:
    """Text that a spreadsheet takes for text."""
    return f"'{text}" if text[:1] in "=+-@" else text


def _progress(done: int, taken: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r已看 {done} 页，导入 {taken} 页")
        sys.stderr.flush()
