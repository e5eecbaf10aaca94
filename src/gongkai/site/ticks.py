"""What the worker does by itself, every so many seconds, between tasks.

A tick must be harmless when run twice, at once by several workers, late, or not at all for a month: the clock only says when to look, the
database says what is still to be done. While a tick runs no task does, so it does a batch and leaves the rest for the next time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.module_loading import import_string

logger = logging.getLogger("gongkai.worker")


@dataclass(frozen=True, slots=True)
class Tick:
    """`function` is the dotted path of a callable without arguments, looked up when first due; `seconds` from one start to the next."""

    name: str
    seconds: float
    function: str


TICKS: list[Tick] = [
    Tick("封存变更记录", 2, "gongkai.journal.actions.seal"),
    Tick("每日校验值", 300, "gongkai.journal.actions.publish_heads"),
    Tick("周期任务", 60, "gongkai.obligations.periods.tick"),
    Tick("放假安排", 10, "gongkai.obligations.recomputing.tick"),
    Tick("法定规则", 3600, "gongkai.obligations.switching.keep_up"),
    Tick("撤销单位的任务", 600, "gongkai.obligations.heirs.tick"),
    Tick("定时发布", 10, "gongkai.publications.due.publish_due"),
    Tick("到期撤下", 300, "gongkai.publications.due.expire_due"),
    Tick("内容检查", 30, "gongkai.publications.screening.runs.tick"),
    Tick("已公开信息复查", 60, "gongkai.publications.screening.history.tick"),
    Tick("目录导入", 30, "gongkai.catalogue.import_runs.tick"),
    Tick("建议的来处摘要", 3600, "gongkai.catalogue.suggestions.forget_senders"),
    Tick("公开指南", 86400, "gongkai.portal.platform.duties.tick"),
    Tick("检索", 5, "gongkai.search.keeping.tick"),
    Tick("检索变更清理", 86400, "gongkai.search.keeping.trim_tick"),
    Tick("提醒", 60, "gongkai.reminders.telling.tick"),
    Tick("列表订阅", 20, "gongkai.publications.public.following.tick"),
    Tick("发送", 5, "gongkai.reminders.outbox.tick"),
    Tick("推送", 5, "gongkai.channels.delivering.tick"),
    Tick("填写中的申请", 600, "gongkai.disclosure_requests.public.holding.tick"),
    Tick("到期的个人信息", 3600, "gongkai.disclosure_requests.actions.archiving.tick"),
    Tick("网站检查", 3600, "gongkai.portal.export.watching.tick"),
    Tick("收件邮箱", 60, "gongkai.disclosure_requests.intake.mailbox.tick"),
    Tick("指南邮箱试信", 3600, "gongkai.disclosure_requests.actions.mail.tick"),
    Tick("统计信息", 600, "gongkai.site.statistics.keep"),
]


class Ticker:
    """Runs what is due. Times are seconds of `now`, by default the monotonic clock; everything is due at the first call."""

    def __init__(self, ticks: Sequence[Tick], now: Callable[[], float] = time.monotonic) -> None:
        self.ticks = ticks
        self.now = now
        self._due: dict[str, float] = {}

    def run_due(self) -> list[str]:
        """The names of those run. An exception is logged and stops neither the worker nor the ticks after it."""
        done = []
        for tick in self.ticks:
            start = self.now()
            if start < self._due.get(tick.name, start):
                continue
            self._due[tick.name] = start + tick.seconds
            try:
                import_string(tick.function)()
            except Exception:
                logger.exception("定时工作“%s”没有做成，%g 秒后再试", tick.name, tick.seconds)
            done.append(tick.name)
        return done
