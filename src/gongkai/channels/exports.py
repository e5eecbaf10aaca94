"""The ledger of accounts and the log of deliveries as tables, through the writers every export uses. The first comes back
in by importing.py."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from gongkai.channels.models import Reading
from gongkai.channels.states import STATES
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable

ACCOUNTS = (
    Column("agency", "主办单位", 12),
    Column("platform", "平台", 6, "center"),
    Column("name", "账号名称", 10),
    Column("address", "账号地址", 16),
    Column("responsible", "责任人", 5, "center"),
    Column("approved_by", "批准机关", 10),
    Column("opened_on", "开设日期", 6, "center"),
    Column("state", "状态", 5, "center"),
    Column("reason", "暂停、注销理由", 10),
    Column("last", "最近更新", 6, "center"),
    Column("followers", "关注人数", 5, "center"),
    Column("messages", "本年留言", 5, "center"),
    Column("answered", "已答复", 5, "center"),
    Column("read_on", "统计日期", 6, "center"),
    Column("weeks", "本年有更新的周数", 5, "center"),
    Column("marks", "提示", 14),
)
SHOWN_TO_ALL = {"agency", "platform", "name", "address", "opened_on", "state", "last", "followers", "messages", "answered", "read_on"}
PUBLIC = tuple(column for column in ACCOUNTS if column.key in SHOWN_TO_ALL)
DELIVERIES = (
    Column("title", "信息", 20),
    Column("channel", "渠道", 10),
    Column("action", "动作", 4, "center"),
    Column("state", "状态", 6, "center"),
    Column("made", "生成时间", 8, "center"),
    Column("ended", "结束时间", 8, "center"),
    Column("attempts", "次数", 3, "center"),
    Column("address", "发布地址", 16),
    Column("words", "说明", 14),
)


def marks_of(row: Any) -> list[str]:
    """What is remarkable about an account, in sentences."""
    fresh = row.fresh
    marks = [f"自 {fresh.stale_since} 起超过 {fresh.floor.days} 天没有更新"] if fresh.is_stale else []
    marks += fresh.low
    if fresh.duplicates:
        marks.append(f"同一平台还有{'、'.join(fresh.duplicates)}")
    return marks


def accounts_table(rows: Iterable[Any], *, public: bool = False) -> LedgerTable:
    listed = [
        LedgerRow(
            {
                "agency": row.agency.name,
                "platform": row.platform_words,
                "name": row.name,
                "address": row.address,
                "responsible": row.responsible,
                "approved_by": row.approved_by,
                "opened_on": row.opened_on,
                "state": row.get_state_display(),
                "reason": row.state_reason,
                "last": timezone.localdate(row.fresh.last) if row.fresh.last else None,
                **_use(row.fresh.reading),
                "weeks": row.fresh.weeks,
                "marks": "；".join(marks_of(row)),
            }
        )
        for row in rows
    ]
    notes = [f"统计时间 {timezone.localtime():%Y-%m-%d %H:%M}，共 {len(listed)} 个账号。"]
    return LedgerTable(title="政务新媒体账号", columns=PUBLIC if public else ACCOUNTS, rows=listed, notes=notes)


def _use(reading: Reading | None) -> dict[str, Any]:
    if reading is None:
        return {"followers": None, "messages": None, "answered": None, "read_on": None}
    return {"followers": reading.followers, "messages": reading.messages, "answered": reading.answered, "read_on": reading.on}


def deliveries_table(rows: Iterable[Any]) -> LedgerTable:
    listed = [
        LedgerRow(
            {
                "title": row.title,
                "channel": row.channel.name,
                "action": row.get_action_display(),
                "state": STATES[row.state][0],
                "made": timezone.localtime(row.made_at).strftime("%Y-%m-%d %H:%M"),
                "ended": timezone.localtime(row.ended_at).strftime("%Y-%m-%d %H:%M") if row.ended_at else "",
                "attempts": row.attempts,
                "address": row.address,
                "words": row.error or row.reason,
            }
        )
        for row in rows
    ]
    notes = [f"统计时间 {timezone.localtime():%Y-%m-%d %H:%M}，共 {len(listed)} 次。"]
    return LedgerTable(title="推送记录", columns=DELIVERIES, rows=listed, notes=notes)
