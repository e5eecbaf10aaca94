"""The form of one event: what happened, when, and which limit runs from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from gongkai.obligations.forms import DateInput, KeyForm
from gongkai.plans.models import TaskDeadline
from gongkai.plans.rhythm import limit_of


class EventForm(KeyForm):
    """`limits`: what may begin; those whose words name a length come first, then a date a person names."""

    event = forms.CharField(label="发生了什么事", max_length=100, help_text="写清是哪一件，如公开的文件名称、舆情的主题。")
    on = forms.DateField(label="哪一天", widget=DateInput())
    hour = forms.TimeField(
        label="几点", required=False, widget=forms.TimeInput(attrs={"type": "time"}), help_text="只有按小时计算的时限要填。"
    )
    limit = forms.TypedChoiceField(label="时限", coerce=int, empty_value=None, required=False, widget=forms.RadioSelect)
    due_on = forms.DateField(
        label="这一次的期限", required=False, widget=DateInput(), help_text="原文没有写明多长时间的，按通知或约定填写。"
    )

    def __init__(self, data: Any = None, *, limits: Sequence[TaskDeadline], basis: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        counted = [(d, limit) for d in limits if (limit := limit_of(d, basis)) is not None]
        kwargs["initial"] |= {"on": timezone.localdate(), "limit": counted[0][0].pk if counted else 0}
        super().__init__(data, **kwargs)
        self.by_key = {d.pk: d for d, _limit in counted}
        choices = [(d.pk, f"{limit.words}（{d.raw}）") for d, limit in counted]
        if len(counted) < len(limits) or not counted:
            choices.append((0, "由我填写期限"))
        else:
            del self.fields["due_on"]
        self.fields["limit"].choices = choices  # type: ignore[attr-defined]
        if not any(limit.unit == "hours" for _d, limit in counted):
            del self.fields["hour"]

    def arguments(self) -> dict[str, Any]:
        """What actions.record_event takes, without the key."""
        data = self.cleaned_data
        hour: time | None = data.get("hour")
        at = timezone.make_aware(datetime.combine(data["on"], hour)) if hour else None
        deadline = self.by_key.get(data.get("limit") or 0)
        return {"event": data["event"], "on": data["on"], "at": at, "deadline": deadline, "due_on": data.get("due_on")}
