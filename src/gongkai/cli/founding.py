"""`gongkai setup`, `gongkai agencies import | leaders`, `gongkai people import | password`: how a real installation begins."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gongkai.cli.problems import BAD, DONE, Problem, say
from gongkai.cli.sink import put_text, reason

if TYPE_CHECKING:
    from gongkai.agencies.people import NewAccount

agencies = typer.Typer(name="agencies", help="机构名录：从表格导入机构和负责人。", no_args_is_help=True)
people = typer.Typer(name="people", help="人员：从表格导入，重设密码。", no_args_is_help=True)

_SHOWN = 50
"""Bad rows told one by one; a table wrong throughout is wrong in one way."""
DryRun = Annotated[bool, typer.Option("--dry-run", help="只检查，不写入。")]
Table = Annotated[str, typer.Argument(metavar="FILE", help="csv 或 xlsx；- 为标准输入。")]


@agencies.callback()
def _agencies() -> None:
    """机构名录：从表格导入机构和负责人。"""


@people.callback()
def _people() -> None:
    """人员：从表格导入，重设密码。"""


def setup(
    code: Annotated[str, typer.Option("--code", metavar="CODE", help="行政区划代码，例如 650100。")],
    name: Annotated[str, typer.Option("--name", help="行政区划全称，例如 清河市。")],
    level: Annotated[str, typer.Option("--level", help="province、city、county、township。")],
    office: Annotated[str, typer.Option("--office", help="政府信息公开工作主管部门全称，例如 清河市人民政府办公室。")],
    user: Annotated[str, typer.Option("--user", help="第一个账号的用户名。")],
    display: Annotated[str, typer.Option("--display", help="这个人的姓名。")],
    short: Annotated[str, typer.Option("--short", help="主管部门简称，例如 市政府办公室。")] = "",
    parent: Annotated[str, typer.Option("--parent", metavar="CODE", help="上级行政区划代码；上级也在本系统里时写。")] = "",
    head: Annotated[bool, typer.Option("--head", help="这个人也是主管部门负责人。")] = False,
) -> None:
    """正式安装的第一步：建立本地区、它的主管部门和第一个账号；没有数据库时先建立。密码只显示这一次。"""
    from gongkai.cli.service import _call, _load

    prepare = _load("gongkai.site.prepare")
    _call(prepare, "prepare", False)
    with _database():
        from django.utils import timezone

        from gongkai.agencies.founding import Founding, found
        from gongkai.obligations.switching import install

        asked = Founding(code.strip(), name, level, office, user, display, office_short=short, parent=parent.strip(), head=head)
        made = found(asked)
        install(made.jurisdiction, None, timezone.localdate())
    if prepare.example_password():
        say("提示：这个数据文件夹里有示例城市和示例人员。正式使用请用 GONGKAI_DATA 另指一个空文件夹。")
    lines = [
        f"已建立{made.jurisdiction.name}（{made.jurisdiction.code}），主管部门{made.office.name}（{made.office.code}）。",
        f"{made.user.display_name}  用户名 {made.user.username}  密码 {made.password}  （只显示这一次，登录后请改）",
        f"下一步：gongkai agencies import 机构.xlsx --jurisdiction {made.jurisdiction.code}",
    ]
    put_text(None, "\n".join(lines) + "\n")
    raise typer.Exit(DONE)


@agencies.command("import")
def import_agencies(
    file: Table,
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j", metavar="CODE", help="行政区划代码。")],
    dry_run: DryRun = False,
) -> None:
    """导入机构。列：名称、简称、类别，可以有 代码、别名、内设机构、主管单位；别名和内设机构用顿号隔开。

    还可以有 职能、地址、电话、办公时间、传真、电子邮箱、邮政编码等公开的信息，填了的更新，空着的不动。

    名录里已有的名称不再登记。有一行不对就全部不导入，逐行列出怎么改。
    """
    from gongkai.agencies.profile_columns import COLUMNS
    from gongkai.cli.sheet import listed, read_sheet

    sheet = read_sheet(file, ("名称", "简称", "类别"), ("代码", "别名", "内设机构", "主管单位", *COLUMNS))
    with _database(), _rows(file):
        from django.db import transaction

        from gongkai.agencies import founding, profile_import
        from gongkai.agencies.models import Jurisdiction

        place = Jurisdiction.objects.filter(code=jurisdiction).first()
        if place is None:
            raise Problem(f"--jurisdiction {jurisdiction}：没有这个行政区划。先用 gongkai setup 建立。")
        rows = [
            founding.AgencyRow(
                line,
                cells["名称"],
                cells["类别"],
                short_name=cells["简称"],
                code=cells.get("代码", ""),
                aliases=listed(cells.get("别名", "")),
                sections=listed(cells.get("内设机构", "")),
                parent=cells.get("主管单位", ""),
            )
            for line, cells in sheet.rows
        ]
        with transaction.atomic():  # agencies and what they tell are taken together or not at all
            result = founding.import_agencies(place, rows, announce=not dry_run, unread=sheet.faults)
            told = profile_import.fill(place, sheet.rows)
            if dry_run:
                transaction.set_rollback(True)
    done = "检查通过，没有写入：将导入" if dry_run else "已导入"
    more = f"更新公开信息 {told} 个。" if told else ""
    put_text(None, f"{done} {len(result.created)} 个机构，跳过已有的 {len(result.skipped)} 个。{more}\n")
    raise typer.Exit(DONE)


@agencies.command("leaders")
def import_leaders(file: Table, dry_run: DryRun = False) -> None:
    """导入负责人，一行一位。列：机构（代码或名称）、姓名、职务，可以有 主要负责人（是或否）、排序、任职日期（2026-01-05）、分工。

    已登记的按表更新职务和排序。有一行不对就全部不导入，逐行列出怎么改。
    """
    from gongkai.cli.sheet import read_sheet

    sheet = read_sheet(file, ("机构", "姓名", "职务"), ("主要负责人", "排序", "任职日期", "分工"))
    with _database(), _rows(file):
        from gongkai.agencies.leaders import LeaderRow, import_leaders

        optional = ("主要负责人", "排序", "任职日期", "分工")
        rows = [LeaderRow(line, c["机构"], c["姓名"], c["职务"], *(c.get(name, "") for name in optional)) for line, c in sheet.rows]
        n = import_leaders(rows, dry_run, sheet.faults)
    put_text(None, f"{'检查通过，没有写入：将登记' if dry_run else '已登记'}负责人 {n} 位。\n")
    raise typer.Exit(DONE)


@people.command("import")
def import_people(
    file: Table,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="新账号的密码写到这个 csv，只有本人能读；不能是已有的文件。")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """导入人员和任职，一行一个任职。列：用户名、姓名、机构（代码或名称）、角色，可以有 科室。

    角色：经办人、审核人、保密审查员、负责人、政务公开办。已有的账号只加任职，密码不变。有一行不对就全部不导入。
    """
    from gongkai.cli.sheet import read_sheet

    if output is None and not dry_run:
        raise Problem("缺少 -o。写出存放密码的文件，例如 -o 密码.csv。")
    if output is not None and os.path.lexists(output):
        raise _exists(output)
    sheet = read_sheet(file, ("用户名", "姓名", "机构", "角色"), ("科室",))
    with _database(), _rows(file):
        from gongkai.agencies import people as accounts

        rows = [
            accounts.PersonRow(line, cells["用户名"], cells["姓名"], cells["机构"], cells["角色"], cells.get("科室", ""))
            for line, cells in sheet.rows
        ]
        with _secret_file(output) as hand_out:
            result = accounts.import_people(rows, hand_out, dry_run, sheet.faults)
    for section in result.new_sections:
        say(f"新增内设机构：{section}")
    done = "检查通过，没有写入：将新建" if dry_run else "已新建"
    where = f"密码在 {output}，发给本人后删去。" if output and result.accounts and not dry_run else ""
    known = f"，已有的任职 {result.known_posts} 个" if result.known_posts else ""
    put_text(None, f"{done}账号 {len(result.accounts)} 个、任职 {result.posts} 个{known}。{where}\n")
    raise typer.Exit(DONE)


@people.command("password")
def password(username: Annotated[str, typer.Argument(metavar="USER", help="用户名。")]) -> None:
    """重设一个人的密码，显示一次；因输错而锁定的，同时解锁。"""
    with _database():
        from axes.utils import reset

        from gongkai.agencies.people import reset_password

        fresh = reset_password(username)
        reset(username=username)
    put_text(None, f"用户名 {username}  密码 {fresh}  （只显示这一次，登录后请改）\n")
    raise typer.Exit(DONE)


def _database() -> AbstractContextManager[None]:
    from gongkai.cli.database import open_database

    return open_database("先用 gongkai setup 建立本地区。")


@contextmanager
def _rows(file: str) -> Iterator[None]:
    """Each refused row on a line of its own."""
    from gongkai.agencies.people import RowsRefused

    try:
        yield
    except RowsRefused as error:
        for line, sentence in error.faults[:_SHOWN]:
            say(f"{file} 第 {line} 行：{sentence.rstrip('。')}。")
        say(f"共 {len(error.faults)} 处要改，没有写入任何内容。")
        raise typer.Exit(BAD) from error


def _exists(path: Path) -> Problem:
    return Problem(f"{path}：已有这个文件。-o 换一个文件名，原有的密码不会被盖掉。")


class _SecretFile:
    """Writes the passwords to a new file of its owner only."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.written = False

    def __call__(self, accounts: list[NewAccount]) -> None:
        if self.path is None:
            return
        from gongkai.formats.csv_ledger import guarded

        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerow(["用户名", "姓名", "机构", "密码"])
        writer.writerows([guarded(text) for text in (a.username, a.display_name, a.agency, a.password)] for a in accounts)
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self.written = True
            with os.fdopen(handle, "wb") as stream:
                stream.write(b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8"))
                stream.flush()
                os.fsync(stream.fileno())
        except FileExistsError:
            raise _exists(self.path) from None
        except OSError as error:
            raise Problem(f"{self.path}：不能写入（{reason(error)}）。换一个文件夹，或检查权限和磁盘空间。") from error


@contextmanager
def _secret_file(path: Path | None) -> Iterator[_SecretFile]:
    """The file goes away again when the accounts in it were not made after all."""
    file = _SecretFile(path)
    try:
        yield file
    except BaseException:
        if file.written and path is not None:
            with suppress(OSError):
                path.unlink()
        raise
