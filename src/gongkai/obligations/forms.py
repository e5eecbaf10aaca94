"""Forms of the ledger and of the work on one obligation."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from gongkai.agencies.models import Section, User
from gongkai.obligations.models import Obligation, Series
from gongkai.obligations.oversight import GROUPS
from gongkai.obligations.queries import STATE_WORDS
from gongkai.obligations.statutes import rules
from gongkai.obligations.uploads import ALLOWED_WORDS, CONTENT_TYPES, MAX_FILES

ROLES = [("", "全部"), ("lead", "牵头"), ("responsible", "负责"), ("helper", "配合")]
WINDOWS = [("", "不限"), ("overdue", "已逾期"), ("week", "本周到期"), ("month", "本月到期"), ("none", "没有确定日期")]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def window_dates(window: str, today: date) -> tuple[date | None, date | None]:
    """First and last day of 本周 (Monday to Sunday) or 本月."""
    if window == "week":
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=6)
    if window == "month":
        first = today.replace(day=1)
        return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return None, None


class LedgerFilter(forms.Form):
    """The filters of the ledger. A value that makes no sense is named on the screen and does not filter; nothing is guessed."""

    agency = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)
    role = forms.ChoiceField(label="角色", choices=ROLES, required=False)
    state = forms.ChoiceField(label="状态", required=False)
    plan = forms.TypedChoiceField(label="方案", required=False, coerce=int, empty_value=None)
    section = forms.TypedChoiceField(label="承办科室", required=False, coerce=int, empty_value=None)
    jurisdiction = forms.TypedChoiceField(label="行政区划", required=False, coerce=int, empty_value=None)
    place = forms.TypedChoiceField(label="单位所在地区", required=False, coerce=int, empty_value=None)
    lower = forms.ChoiceField(label="下级地区", choices=[("", "含下级"), ("no", "只看本级")], required=False)
    source = forms.ChoiceField(label="来源", choices=[("", "全部"), *Obligation.Source.choices], required=False)
    rule = forms.ChoiceField(label="法定规则", required=False)
    year = forms.IntegerField(label="年度", required=False, min_value=2000, max_value=2100)
    window = forms.ChoiceField(label="期限", choices=WINDOWS, required=False)
    cadence = forms.ChoiceField(label="周期", choices=[("", "全部"), ("once", "一次性"), *Series.Cadence.choices], required=False)
    task = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    due_from = forms.DateField(label="期限从", required=False, widget=DateInput())
    due_to = forms.DateField(label="到", required=False, widget=DateInput())
    acknowledged = forms.ChoiceField(label="签收", choices=[("", "不限"), ("yes", "已签收"), ("no", "未签收")], required=False)
    q = forms.CharField(label="文字", required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"}))

    def __init__(self, data: Any, *, choices: dict[str, list[tuple[int, str]]]) -> None:
        super().__init__(data)
        states = [("", "全部"), *((key, words[0]) for key, words in (*STATE_WORDS.items(), *GROUPS.items()))]
        self.fields["state"].choices = states  # type: ignore[attr-defined]
        for name in ("agency", "section", "plan", "jurisdiction", "place"):
            rows = choices.get(name, [])
            if len(rows) > 1 or (rows and self.data.get(name)):
                self.fields[name].choices = [("", "全部"), *rows]  # type: ignore[attr-defined]
            else:
                del self.fields[name]
        if "place" not in self.fields:
            del self.fields["lower"]
        if self.data.get("rule"):  # as the page of a rule links to what it made
            self.fields["rule"].choices = [("", "全部"), *{row.id: row.name for row in reversed(rules())}.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["rule"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("due_from") and data.get("due_to") and data["due_from"] > data["due_to"]:
            self.add_error("due_to", "结束日期早于开始日期")
        return data

    def filters(self, today: date | None = None) -> dict[str, Any]:
        """What queries.ledger takes; only what was given and makes sense."""
        self.is_valid()
        data = self.cleaned_data
        chosen = {k: v for k, v in data.items() if v not in (None, "") and k not in ("window", "acknowledged")}
        window = data.get("window", "")
        first, last = window_dates(window, today or timezone.localdate())
        if first and last:
            chosen["due_from"], chosen["due_to"] = max(first, chosen.get("due_from", first)), min(last, chosen.get("due_to", last))
        elif window == "overdue":
            chosen.setdefault("state", "overdue")
        elif window == "none":
            chosen.setdefault("state", "standing")
        if data.get("acknowledged"):
            chosen["acknowledged"] = data["acknowledged"] == "yes"
        return chosen


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, cleaned to a list. What may be handed in is uploads.upload_reasons' to say."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", MultipleFileInput(attrs={"accept": ",".join(f".{kind}" for kind in CONTENT_TYPES)}))
        kwargs.setdefault("help_text", f"{ALLOWED_WORDS}，每个不超过 20 MB，最多 {MAX_FILES} 个。")
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        one = super().clean
        files = [one(item, initial) for item in (data or [])] if isinstance(data, list | tuple) else [one(data, initial)]
        return [file for file in files if file]


class KeyForm(forms.Form):
    """Every form that makes a record carries its own key: submitted twice it makes one."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        if data is None:
            kwargs.setdefault("initial", {}).setdefault("key", uuid.uuid4())
        super().__init__(data, files, **kwargs)

    def arguments(self) -> dict[str, Any]:
        """What the action takes, without the key."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class AcknowledgeForm(KeyForm):
    pass


class ProgressForm(KeyForm):
    text = forms.CharField(label="进展", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    link = forms.URLField(label="公开链接", required=False, max_length=500, assume_scheme="https", help_text="已在网上公开的，填网址。")
    files = FilesField(label="附件", required=False)  # type: ignore[assignment]


class CompletionForm(KeyForm):
    text = forms.CharField(
        label="完成情况",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="下面的公开链接和附件至少给一样；确实没有的，在这里说明，由政务公开办写明意见后认定。",
    )
    done_on = forms.DateField(label="完成日期", widget=DateInput(), help_text="实际完成的那一天，按这一天算是否逾期。")
    link = forms.URLField(
        label="公开链接", required=False, max_length=500, assume_scheme="https", help_text="公开结果的网址，是最直接的佐证。"
    )
    files = FilesField(label="佐证附件", required=False)  # type: ignore[assignment]

    def clean_done_on(self) -> date:
        day: date = self.cleaned_data["done_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("完成日期不能晚于今天")
        return day


class CheckForm(KeyForm):
    text = forms.CharField(label="核查意见", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))


class ReturnForm(KeyForm):
    reason = forms.CharField(label="退回理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="写明缺什么、怎么补。")


class WaiveForm(KeyForm):
    reason = forms.CharField(
        label="免除理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="免除后不再计入逾期，理由进入记录。"
    )
    for_good = forms.BooleanField(
        label="不再要求，后面各期也不再产生", required=False, help_text="已经开始的其他各期仍要办，可以分别免除。"
    )


class ReinstateForm(KeyForm):
    reason = forms.CharField(
        label="取消免除的理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="期限按原来的日期计算；免除时停止的周期任务从本期起继续。",
    )


class AssignForm(KeyForm):
    """Sections and people come from the owner's own agency."""

    section = forms.ModelChoiceField(Section.objects.none(), label="承办科室", required=False, empty_label="不指定")
    person = forms.ModelChoiceField(User.objects.none(), label="承办人", required=False, empty_label="不指定")
    inner_due_on = forms.DateField(
        label="内部期限", required=False, widget=DateInput(), help_text="本单位自己定的日期，不能晚于任务的期限；是否逾期只看任务的期限。"
    )
    text = forms.CharField(label="交办意见", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, files: Any = None, *, sections: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.fields["section"].queryset = sections  # type: ignore[attr-defined]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


FORMS: dict[str, type[KeyForm]] = {
    "acknowledge": AcknowledgeForm,
    "report_progress": ProgressForm,
    "request_completion": CompletionForm,
    "pass_check": CheckForm,
    "return_work": ReturnForm,
    "assign": AssignForm,
    "waive": WaiveForm,
    "reinstate": ReinstateForm,
}
"""Verb → its form."""
