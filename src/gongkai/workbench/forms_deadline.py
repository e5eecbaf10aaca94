"""The form of the deadline tool: a limit of the law or a length of one's own, from when, by which channel, in which place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django import forms

from gongkai.clocks.calendar import Calendar, current
from gongkai.clocks.errors import ClockError
from gongkai.clocks.limits import UNITS, Limit, limits
from gongkai.clocks.limits import limit as limit_in_force
from gongkai.clocks.receipt import TIMES, Receipt, channels, receipt

LARGEST = {"working_days": 2_500, "days": 3_660, "hours": 8_784, "months": 120}
"""Largest n of each unit: ten years, for hours one; a longer limit is a slip of the finger."""
FIRST, LAST = date(1999, 1, 1), date(2060, 12, 31)
FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]
RECEIPT = tuple(TIMES)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def _day(label: str, **kwargs: Any) -> forms.DateField:
    words = f"看不懂这个日期，请写成 2026-02-10，在 {FIRST} 到 {LAST} 之间"
    return forms.DateField(
        label=label,
        required=False,
        input_formats=FORMATS,
        widget=DateInput(attrs={"min": str(FIRST), "max": str(LAST)}),
        error_messages={"invalid": words},
        **kwargs,
    )


def limit_choices(today: date) -> Iterator[tuple[str, str]]:
    """Every limit of the law once, as the version in force (or the last one) has it."""
    yield "", "自己填长度"
    for id in dict.fromkeys(row.id for row in limits()):
        versions = [row for row in limits() if row.id == id]
        row = next((row for row in versions if row.holds_on(today)), versions[0])
        sure = "" if row.certainty == "read" else "，未核对原文"
        yield id, f"{row.name}：{_kind_words(row)}{row.words}（{row.article}{sure}）"


def _kind_words(row: Limit) -> str:
    return {"at_least": "不少于 ", "before": "提前 "}.get(row.kind, "")


def place_choices(calendar: Calendar, own: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """(code, name): the whole country, one's own places, and every area or agency with local days off in the table."""
    names = dict(own)
    local = {row.scope: f"{row.scope}（{row.title}）" for row in calendar.local if row.scope not in names}
    return [("", "全国，没有本地假日"), *own, *sorted(local.items())]


class DeadlineForm(forms.Form):
    """Bound to the address; `count()` gives what it asks for. Raises nothing: what is wrong stands at its field."""

    limit = forms.ChoiceField(
        label="规定的时限", required=False, help_text="有几个版本的，按起算日有效的版本。不选，就在下面填长度和单位。"
    )
    n = forms.IntegerField(
        label="长度", required=False, min_value=0, widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "长度要写整数，例如 20", "min_value": "长度不能小于 0"},
    )  # fmt: skip
    unit = forms.ChoiceField(label="单位", required=False, choices=list(UNITS.items()))
    start = _day("起算日", help_text="当日不计。按收到渠道起算的不填。")
    time = forms.TimeField(
        label="时刻", required=False, input_formats=["%H:%M", "%H：%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), help_text="按小时计算的才填。",
        error_messages={"invalid": "看不懂这个时刻，请写成 09:30"},
    )  # fmt: skip
    channel = forms.ChoiceField(label="收到渠道", required=False, help_text="政府信息公开条例第三十一条：渠道不同，收到之日不同。")
    submitted = _day("提交日期")
    received = _day("签收（到达）日期")
    confirmed = _day("双方确认日期")
    place = forms.ChoiceField(label="地区", required=False, help_text="有本地假日的地区另计。")

    def __init__(self, data: Any = None, *, today: date, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, choices in {
            "limit": list(limit_choices(today)),
            "channel": [("", "直接填起算日"), *channels().items()],
            "place": place_choices(current(), places),
        }.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        unknown = {"limit": "没有这个时限，请从列表中选", "unit": "没有这个单位，请从列表中选", "channel": "没有这个渠道，请从列表中选"}
        for name, words in (unknown | {"place": "没有这个地区，请从列表中选"}).items():
            self.fields[name].error_messages["invalid_choice"] = words

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("start", *RECEIPT):
            day = data.get(name)
            if day is not None and not FIRST <= day <= LAST:
                self.add_error(name, f"日期要在 {FIRST} 到 {LAST} 之间")
        if self.errors:
            return data
        try:
            data["receipt"] = self._receipt(data)
            begin = data["receipt"].on if data["receipt"] else data.get("start")
            if begin is None:
                self.add_error("start", "请填起算日，例如 2026-02-10")
                return data
            data["rule"] = self._limit(data, begin)
        except ClockError as error:
            self.add_error(None, str(error))
            return data
        if data["rule"] is not None and data["rule"].unit == "hours":
            if data.get("time") is None:
                self.add_error("time", "按小时计算，要填起算的时刻，例如 09:30")
                return data
            data["begin"] = datetime.combine(begin, data["time"] or time())
        else:
            data["begin"] = begin
        return data

    def _receipt(self, data: dict[str, Any]) -> Receipt | None:
        if not data.get("channel"):
            return None
        return receipt(data["channel"], **{name: data[name] for name in RECEIPT if data.get(name)})

    def _limit(self, data: dict[str, Any], begin: date) -> Limit | None:
        if data.get("limit"):
            return limit_in_force(data["limit"], begin)
        n, unit = data.get("n"), data.get("unit") or "working_days"
        if n is None:
            self.add_error("n", "请选一个规定的时限，或者填长度，例如 20")
            return None
        if n > LARGEST[unit]:
            self.add_error("n", f"长度不能超过 {LARGEST[unit]} {UNITS[unit]}")
            return None
        return Limit("", n, unit)

    def calendar(self) -> Calendar:
        place = self.cleaned_data.get("place", "")
        return current().for_scope(place) if place else current()
