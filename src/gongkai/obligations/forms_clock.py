"""Forms of what happens to a clock: suspended, resumed, extended, started again."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from gongkai.agencies.models import User
from gongkai.clocks.limits import UNITS
from gongkai.obligations.clock_verbs import approvers, cap_words
from gongkai.obligations.clocking import limit_of, may_extend
from gongkai.obligations.forms import DateInput, KeyForm
from gongkai.obligations.models import Obligation

REASONS = {
    "suspend": "例如：征求第三方意见、征求其他机关意见、等待申请人缴费。这一天仍计入，次日起不计。",
    "resume": "例如：收到第三方意见。这一天不计入，次日起接着算。",
    "extend": "写明为什么在期限内办不完。延长要在期限届满之前批准，并告知申请人。",
    "restart": "例如：收到补正材料、申请人已缴费。全部期限从次日重新算。",
}
DAYS = {"suspend": "中止日期", "resume": "恢复日期", "extend": "批准日期", "restart": "重新起算日期"}


class ClockForm(KeyForm):
    """One kind of event; only the fields it needs. `time` is asked where hours are counted."""

    kind = forms.CharField(widget=forms.HiddenInput)
    on = forms.DateField(label="日期", widget=DateInput())
    time = forms.TimeField(
        label="时刻", input_formats=["%H:%M", "%H:%M:%S"], widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    n = forms.IntegerField(label="延长多少", min_value=1, max_value=9999)
    approved_by = forms.ModelChoiceField(User.objects.none(), label="批准人", empty_label="请选负责人")
    reason = forms.CharField(label="事由", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    document = forms.CharField(label="文书", required=False, max_length=200, help_text="征求意见书、延期告知书等的名称和文号。")

    def __init__(self, kind: str, obligation: Obligation, actor: Any, data: Any = None) -> None:
        initial: dict[str, Any] = {"kind": kind, "on": timezone.localdate()}
        super().__init__(data, auto_id=f"{kind}_%s", **({"initial": initial} if data is None else {}))
        self.event = kind
        limit = limit_of(obligation)
        self.fields["on"].label = DAYS[kind]
        self.fields["reason"].help_text = REASONS[kind]
        self.fields["document"].help_text = "延期告知书等的名称和文号。" if kind == "extend" else self.fields["document"].help_text
        if limit is None or limit.unit != "hours":
            del self.fields["time"]
        elif data is None:
            self.initial["time"] = timezone.localtime().time().replace(second=0, microsecond=0)
        if kind != "extend":
            del self.fields["n"], self.fields["approved_by"]
            return
        self.fields["n"].help_text = cap_words(obligation)
        if limit is not None:
            self.fields["n"].label = f"延长几{UNITS[limit.unit]}"
        if actor is not None and not may_extend(obligation, actor):  # the head himself: nobody else is asked
            self.fields["approved_by"].queryset = User.objects.filter(pk=actor.pk)  # type: ignore[attr-defined]
            self.fields["approved_by"].empty_label = None  # type: ignore[attr-defined]
            self.initial["approved_by"] = actor.pk
        else:
            self.fields["approved_by"].queryset = approvers(obligation)  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("日期不能晚于今天")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("on") and isinstance(data.get("time"), time):
            data["at"] = timezone.make_aware(datetime.combine(data["on"], data["time"]))
        return data

    def arguments(self) -> dict[str, Any]:
        """What clocking.record takes beside the obligation, the actor and the key."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("key", "time")}
