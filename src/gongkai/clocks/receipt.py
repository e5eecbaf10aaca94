"""The day of receipt (收到申请之日) by channel: 政府信息公开条例第三十一条, with the rule before 2019 (data/receipt.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib import resources

from gongkai.clocks.errors import ClockError

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Asia/Shanghai has kept UTC+8 without summer time since 1992, before any rule here; no time zone data is needed on the machine."""
TIMES = {"submitted": "提交时间", "received": "收到（签收）时间", "confirmed": "双方确认时间"}


@dataclass(frozen=True, slots=True)
class ReceiptRule:
    channel: str
    name: str
    time: str
    words: str
    article: str
    effective_from: date
    effective_to: date | None = None
    certainty: str = "unknown"


@dataclass(frozen=True, slots=True)
class Receipt:
    """`on`: the day of receipt in Beijing; `why`: the rule in Chinese, with its article."""

    on: date
    channel: str
    why: str
    article: str


def beijing(moment: datetime) -> datetime:
    """Wall-clock time in Beijing without a zone. A time without a zone is taken to be Beijing's already."""
    return moment if moment.tzinfo is None else moment.astimezone(BEIJING).replace(tzinfo=None)


def day_of(moment: date | datetime) -> date:
    """The day in Beijing on which something happened."""
    return beijing(moment).date() if isinstance(moment, datetime) else moment


@cache
def rules() -> tuple[ReceiptRule, ...]:
    table = tomllib.loads(resources.files("gongkai.clocks").joinpath("data/receipt.toml").read_text("utf-8"))
    return tuple(ReceiptRule(**row) for row in table["rule"])


def channels() -> dict[str, str]:
    """Channel → its name, as the law in force has them."""
    return {rule.channel: rule.name for rule in rules() if rule.effective_to is None}


def receipt(
    channel: str,
    *,
    submitted: date | datetime | None = None,
    received: date | datetime | None = None,
    confirmed: date | datetime | None = None,
) -> Receipt:
    """The day of receipt from the three times a request may have, each a day or a moment.

    The rule is the one in force on the earliest of them. Raises ClockError for an unknown channel, times out of order, or the one
    missing on which the channel's rule rests.
    """
    if channel not in channels():
        raise ClockError(f"没有 {channel} 这个申请渠道，可用 {'、'.join(channels())}。")
    given = {"submitted": submitted, "received": received, "confirmed": confirmed}
    days = {name: day_of(moment) for name, moment in given.items() if moment is not None}
    order = list(days.items())
    for (earlier, first), (later, second) in zip(order, order[1:], strict=False):
        if second < first:
            raise ClockError(f"{TIMES[later]} {second} 早于{TIMES[earlier]} {first}，请核对。")
    begin = min(days.values(), default=date.max)
    for rule in rules():
        if rule.channel == channel and rule.effective_from <= begin and (rule.effective_to is None or begin <= rule.effective_to):
            if rule.time not in days:
                raise ClockError(f"{rule.name}的申请{rule.words}（{rule.article}），还没有{TIMES[rule.time]}，不能起算。")
            return Receipt(days[rule.time], channel, f"{rule.name}，{rule.words}（{rule.article}）", rule.article)
    raise ClockError(f"{begin} 早于 2008-05-01，政府信息公开条例尚未施行，没有收到申请的规则。")
