"""`gongkai check`: is this installation fit for service? Each answer comes with its mend."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

_LEAST_FREE = 1024**3
_RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""No clock that is right shows a time before this version was made."""

NOT_SETTINGS = {"GONGKAI_CHROMIUM", "GONGKAI_PARENT", "GONGKAI_TEST_POSTGRES"}
"""Names of ours in the environment that configure the tests or pass between our processes."""


class Check(NamedTuple):
    """`mend` says what is wrong and what to do when `ok` is false, and what was found when it is true."""

    name: str
    ok: bool
    mend: str


def check() -> list[Check]:
    """Every check in order. What rests on a failed one is left out: without configuration there is no database to ask."""
    results = [_configuration()]
    if not results[0].ok:
        return results
    from gongkai.site.prepare import setup

    setup()
    database = _guarded("数据库", _database)
    results.append(database)
    if database.ok:
        results.append(_guarded("数据库结构", _migrations))
        results.append(_guarded("只增不改", _guards))
        results.append(_guarded("检索", _index))
    results += [
        _guarded(name, ask)
        for name, ask in (
            ("密钥", _keys),
            ("静态文件", _static),
            ("磁盘", _disk),
            ("时钟", _clock),
            ("日历", _calendar),
            ("提醒", _mail),
            ("字体", _fonts),
        )
    ]
    return results


def _guarded(name: str, ask: Callable[[], tuple[bool, str]]) -> Check:
    """A check that fails in an unforeseen way has failed; it does not end the others."""
    try:
        return Check(name, *ask())
    except Exception as error:
        first_line = str(error).strip().partition("\n")[0]
        return Check(name, False, f"检查时出错：{first_line or type(error).__name__}")


def settings_fault() -> str:
    """Why the settings cannot be read at all, with the mend; empty when they can."""
    try:
        import gongkai.site.settings  # noqa: F401
    except ValueError as error:
        return f"有一个设置的值不对（{error}）：对照 docs/configuration.md 改正"
    except OSError as error:
        return f"数据文件夹不能写（{error.strerror}：{error.filename}）：用 GONGKAI_DATA 指定一个能写的文件夹"
    except Exception as error:  # a malformed database address is reported by its parser in its own way
        return f"设置不能读（{type(error).__name__}: {error}）：对照 docs/configuration.md 改正"
    return ""


def _configuration() -> Check:
    if fault := settings_fault():
        return Check("配置", False, fault)
    from gongkai.site import settings

    unknown = sorted(name for name in os.environ if name.startswith("GONGKAI_") and name not in {*settings.SETTINGS, *NOT_SETTINGS})
    if unknown:
        return Check("配置", False, f"不认识的设置 {'、'.join(unknown)}：改成 docs/configuration.md 里的名称，或删去")
    if settings.DEBUG and set(settings.ALLOWED_HOSTS) - {"localhost", "127.0.0.1", "[::1]"}:
        return Check("配置", False, "调试页面开着，而网站允许以别的名称访问：去掉 GONGKAI_DEBUG=1")
    if len(settings.SECRET_KEY) < 32:
        return Check("配置", False, "GONGKAI_SECRET_KEY 少于 32 个字符：换一个更长的随机值，或删去，由程序生成")
    return Check("配置", True, f"数据文件夹 {settings.DATA_DIR}")


def _database() -> tuple[bool, str]:
    from django.conf import settings
    from django.db import DatabaseError, connection

    if connection.vendor == "sqlite" and not Path(str(settings.DATABASES["default"]["NAME"])).exists():
        return False, "还没有数据库：运行 gongkai serve，它会建立"
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA quick_check(1)")
                verdict = cursor.fetchone()[0]
                if verdict != "ok":
                    return False, f"SQLite 文件损坏（{verdict}）：停止服务，用 gongkai restore 从备份恢复"
            else:
                cursor.execute("SELECT 1")
    except DatabaseError as error:
        first_line = str(error).strip().partition("\n")[0]
        return False, f"连不上（{first_line}）：检查 GONGKAI_DATABASE_URL 和数据库服务"
    return True, connection.display_name


def _migrations() -> tuple[bool, str]:
    from gongkai.site.prepare import pending_migrations

    pending = pending_migrations()
    if pending:
        return False, f"{len(pending)} 项升级还没有执行（第一项 {pending[0]}）：备份后运行 gongkai serve，它会先升级"
    return True, "最新"


def _guards() -> tuple[bool, str]:
    """The database refuses to change the journal and saved texts; a restored copy may have lost what makes it refuse."""
    from django.db import connection

    from gongkai.journal import guards as journal
    from gongkai.publications import guards as publications

    gone = [*journal.missing(connection), *publications.missing(connection)]
    if gone:
        return False, f"数据库里少了保护记录的触发器 {'、'.join(gone)}：重新执行 journal 0002 和 publications 0006 两项迁移"
    return True, "日志、文稿和审查记录都有触发器保护"


def _static() -> tuple[bool, str]:
    from gongkai.site.prepare import static_is_current

    if static_is_current():
        return True, "与程序一致"
    return False, "样式和脚本不是这一版的：重新运行 gongkai serve，它会重新收集"


def _disk() -> tuple[bool, str]:
    from django.conf import settings

    free = shutil.disk_usage(settings.DATA_DIR).free
    if not os.access(settings.DATA_DIR, os.W_OK):
        return False, f"数据文件夹 {settings.DATA_DIR} 不能写：改正它的所有者或权限"
    if free < _LEAST_FREE:
        return False, f"数据文件夹所在磁盘只剩 {free // 2**20} MB：清理，或把 GONGKAI_DATA 移到更大的磁盘"
    return True, f"剩余 {free / 2**30:.1f} GB"


def _keys() -> tuple[bool, str]:
    """Without its keys nothing of any applicant can be read again, by nobody."""
    from django.conf import settings

    from gongkai.sealing import keys

    try:
        n = len(keys.key_list())
        keys.unseal(keys.seal(b"x"))
    except keys.SealError as error:
        return False, str(error)
    old = f"；有 {n} 把，运行 gongkai seal rotate 以后可以删去旧的" if n > 1 else ""
    if settings.SEAL_KEYS.strip():
        return True, f"由 GONGKAI_SEAL_KEYS 给出{old}；请与数据库备份分开保管一份"
    path = keys.kept_at()
    if path.stat().st_mode & 0o077:
        return False, f"密钥文件 {path} 别人也能读：chmod 600 {path}"
    return True, f"{path}{old}；丢失后申请人信息不能恢复，请与数据库备份分开保管一份"


def _clock() -> tuple[bool, str]:
    """Time limits hang on the clock, so it must not lie before anything already recorded."""
    from django.db import DatabaseError
    from django.db.models import Max

    from gongkai.obligations.models import Step

    now = datetime.now(UTC)
    if now < _RELEASED:
        return False, f"系统时间 {now:%Y-%m-%d} 早于本程序发布的日期：对准时钟（timedatectl set-ntp true）"
    try:
        latest = Step.objects.aggregate(latest=Max("at"))["latest"]
    except DatabaseError:  # no tables yet; the check above says so
        latest = None
    if latest and latest > now + timedelta(minutes=5):
        return False, f"系统时间早于最后一条办理记录（{latest:%Y-%m-%d %H:%M} UTC）：对准时钟，否则期限会算错"
    return True, f"{now.astimezone():%Y-%m-%d %H:%M %Z}"


def _calendar() -> tuple[bool, str]:
    from gongkai.clocks.calendar import announced

    year = datetime.now(UTC).year
    if year not in announced():
        return False, f"工作日历没有 {year} 年的放假安排，期限只是暂定：国务院办公厅的通知发布后用 gongkai calendar import 导入"
    return True, f"放假安排到 {max(announced())} 年"


def _mail() -> tuple[bool, str]:
    """Whether reminders leave the house."""
    from django.conf import settings

    from gongkai.reminders.channels.smtp import Smtp
    from gongkai.reminders.queries import mail_state

    if settings.MAIL_URL:
        try:
            server = Smtp.at(settings.MAIL_URL)
        except ValueError as error:
            return False, f"GONGKAI_MAIL_URL 不对：{error}"
        way = f"邮件经 {server.host}:{server.port}"
    else:
        way = f"没有设邮件服务器，邮件写成文件，在 {settings.DATA_DIR / 'mail'}"
    state = mail_state()
    if state.stuck:
        return False, f"{state.stuck} 封提醒过了时间没有发出：看 gongkai serve 的后台进程是否在运行（{way}）"
    if state.failed:
        return False, f"{state.failed} 封提醒发送失败：在“提醒 › 发送记录”里看原因，改正后重新发送（{way}）"
    return True, f"{way}；等待发送 {state.waiting} 封"


def _index() -> tuple[bool, str]:
    """Whether the public can search, and how far the index is behind."""
    from gongkai.search import keeping, log
    from gongkai.search.model import SearchDown

    try:
        engine = keeping.current()
        behind = log.number() - engine.position()
    except SearchDown as error:
        return True, f"{error}：gongkai serve 或 gongkai worker 启动后自动建立"
    if behind > 10_000:
        return False, f"检索的索引落后 {behind} 处变更：看 gongkai serve 的后台进程是否在运行"
    return True, f"索引 {engine.count()} 条，落后 {behind} 处变更"


def _fonts() -> tuple[bool, str]:
    """Only for what is drawn on this machine; readers' pages use their own fonts."""
    tool = shutil.which("fc-list")
    if tool is None:
        return False, "不能列出字体：安装 fontconfig 和一套中文字体（Debian：apt-get install fonts-noto-cjk）"
    found = subprocess.run([tool, ":lang=zh-cn", "family"], capture_output=True, text=True, timeout=20, check=False).stdout.split("\n")
    families = sorted({line.split(",")[0].strip() for line in found if line.strip()})
    if not families:
        return False, "没有中文字体，打印和截图会缺字：apt-get install fonts-noto-cjk"
    return True, "、".join(families[:3])
