"""Forms of import, review, issue and comparison. They check shapes; what may be done, and to what, is for actions.py."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from gongkai.agencies.forms import named
from gongkai.agencies.models import Agency, CollectiveName, Jurisdiction
from gongkai.clocks.periods import DueRule
from gongkai.obligations.forms import DateInput
from gongkai.obligations.queries import STATE_WORDS
from gongkai.plans.models import Plan, Task, TaskDeadline
from gongkai.plans.rhythm import DUE_WORDS, due_rule_of, length_of, rule_json

MAX_UPLOAD = 50 * 1024 * 1024
EVERY = [("", "—"), ("P1D", "每日"), ("P1W", "每周"), ("P1M", "每月"), ("P3M", "每季度"), ("P6M", "每半年"), ("P1Y", "每年")]
OPERATORS = [(">=", "不少于"), ("<=", "不超过"), (">", "多于"), ("<", "少于"), ("=", "等于")]
ROLES = ("lead", "responsible", "support")

_SEPARATORS = re.compile(r"[、,，;；\n\r]+")


def split_names(value: str) -> list[str]:
    """市发改委、市财政局 → the names, in order, each once."""
    return list(dict.fromkeys(name.strip() for name in _SEPARATORS.split(value) if name.strip()))


class NamesField(forms.CharField):
    """Several names in one line, separated by 、."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 2000)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        names = split_names(super().clean(value))
        if long := next((n for n in names if len(n) > 200), None):
            raise forms.ValidationError(f"“{long[:20]}…”太长，每个名称不超过 200 字，用顿号隔开")
        return names


class ImportForm(forms.Form):
    """One file, one jurisdiction. Both choices come from the caller, who knows what the user may use."""

    jurisdiction = forms.ModelChoiceField(Jurisdiction.objects.none(), label="行政区划", empty_label=None)
    file = forms.FileField(
        label="方案文件",
        help_text="txt、html、docx、pdf、ofd，或装有这些文件的 zip，不超过 50 MB（纯文本不超过 20 MB）。",
        error_messages={"required": "请选择方案文件", "empty": "这个文件是空的。请换一个文件。"},
    )
    supersedes = forms.ModelChoiceField(
        Plan.objects.none(),
        label="代替原有方案",
        required=False,
        empty_label="不代替，是新方案",
        help_text="修订重印时选择；下达后原方案标为“已被代替”。",
    )

    def __init__(self, *args: Any, jurisdictions: Any, plans: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"].queryset = jurisdictions  # type: ignore[attr-defined]
        self.fields["supersedes"].queryset = plans  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs["accept"] = ".txt,.htm,.html,.docx,.pdf,.ofd,.zip"

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD:
            raise forms.ValidationError(f"“{file.name}”有 {file.size / 1048576:.1f} MB，超过 50 MB。请拆分后再导入。")
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        place, old = data.get("jurisdiction"), data.get("supersedes")
        if place and old and old.jurisdiction_id != place.pk:
            self.add_error("supersedes", f"这个方案属于{old.jurisdiction.name}，不能由{place.name}的方案代替")
        return data


class DeadlineForm(forms.Form):
    raw = forms.CharField(label="原文写法", max_length=120)
    kind = forms.ChoiceField(label="类型", choices=TaskDeadline.Kind.choices, initial=TaskDeadline.Kind.ABSOLUTE)
    due = forms.DateField(label="期限", required=False, widget=DateInput())
    every = forms.ChoiceField(label="周期", choices=EVERY, required=False)
    within = forms.CharField(label="起算", max_length=120, required=False)
    due_kind = forms.ChoiceField(label="每期何时到期", choices=[("", "按通常规则"), *DUE_WORDS.items()], required=False)
    due_n = forms.IntegerField(label="几个（几日）", required=False, min_value=1, max_value=366)
    due_month = forms.IntegerField(label="次期第几个月", required=False, min_value=1, max_value=12)
    since = forms.DateField(label="从哪天起", required=False, widget=DateInput(), help_text="空为下达之日")
    until = forms.DateField(label="到哪天止", required=False, widget=DateInput(), help_text="空为方案年度末")
    n = forms.IntegerField(label="时限", required=False, min_value=1, max_value=999)
    unit = forms.ChoiceField(label="单位", choices=[("", "—"), *TaskDeadline.Unit.choices], required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._clean_rule(data)
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", "止日早于起日")
        if bool(data.get("n")) != bool(data.get("unit")):
            self.add_error("unit" if data.get("n") else "n", "时限的数目和单位要一起填")
        if data.get("kind") == "ongoing" and data.get("unit") not in ("", None, "days", "working_days"):
            self.add_error("unit", "更新时限按日或工作日计")
        if data.get("kind") == "absolute" and not data.get("due") and "due" not in self.errors:
            self.add_error("due", "确定日期的时限要填日期")
        if data.get("kind") == "recurring" and not data.get("every"):
            self.add_error("every", "定期的时限要选周期")
        if data.get("kind") == "relative" and not data.get("within"):
            self.add_error("within", "写明从什么事起算，如“文件公开后3个工作日内”")
        return data

    @property
    def rhythm(self) -> list[Any]:
        """The fields of a limit that comes back, in the order of the sentence: each quarter, due when, from, to."""
        return [self[name] for name in ("every", "due_kind", "due_n", "due_month", "since", "until")]

    def _clean_rule(self, data: dict[str, Any]) -> None:
        """The three fields of a due rule become the one that is stored; nothing for the usual one."""
        kind, n, month = data.pop("due_kind", ""), data.pop("due_n", None), data.pop("due_month", None)
        data["due_rule"] = None
        if data.get("kind") != "recurring" or not kind or self.errors:
            return
        if kind not in ("last_day", "last_working_day") and not n:
            self.add_error("due_n", "写明是几个（几日）")
        elif kind == "day_of_next" and n > 31:
            self.add_error("due_n", "一个月没有这一日")
        elif kind == "day_of_next":
            data["due_rule"] = rule_json(data.get("every", ""), DueRule(kind, month=month or 1, day=n))
        else:
            data["due_rule"] = rule_json(data.get("every", ""), DueRule(kind, n or 0) if kind.endswith("_after") else DueRule(kind))


def deadline_initial(deadline: TaskDeadline, year: int | None) -> dict[str, Any]:
    """What the form shows of a stored limit, with what the words leave open filled in as it would be meant."""
    shown: dict[str, Any] = {
        "raw": deadline.raw,
        "kind": deadline.kind,
        "due": deadline.due,
        "every": deadline.every,
        "within": deadline.within,
        "since": deadline.since,
        "until": deadline.until,
    }
    if deadline.kind == TaskDeadline.Kind.RECURRING:
        rule = due_rule_of(deadline)
        dated = rule.kind == "day_of_next"
        shown |= {"due_kind": rule.kind, "due_n": (rule.day if dated else rule.n) or None, "due_month": rule.month if dated else None}
        shown["until"] = deadline.until or (date(year, 12, 31) if year else None)
    length = length_of(deadline)
    shown["n"], shown["unit"] = length or (None, "")
    return shown


class QuotaForm(forms.Form):
    raw = forms.CharField(label="原文写法", max_length=120)
    op = forms.ChoiceField(label="比较", choices=OPERATORS, initial=">=")
    value = forms.FloatField(label="数量", min_value=0, max_value=1e12)
    unit = forms.CharField(label="单位", max_length=20, required=False)


DeadlineFormSet = formset_factory(DeadlineForm, extra=1, can_delete=True, max_num=30, absolute_max=40)
QuotaFormSet = formset_factory(QuotaForm, extra=1, can_delete=True, max_num=30, absolute_max=40)


def rows(formset: BaseFormSet[Any]) -> list[dict[str, Any]]:
    """The filled rows of a valid formset, without those struck out."""
    return [
        {k: v for k, v in form.cleaned_data.items() if k != "DELETE"}
        for form in formset.forms
        if form.cleaned_data and not form.cleaned_data.get("DELETE")
    ]


class TaskForm(forms.Form):
    """A whole row of the review, as a person corrects it."""

    text = forms.CharField(label="任务", max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    path = forms.CharField(
        label="所在章节", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), help_text="一级一行，由大到小。"
    )
    lead = NamesField(label="牵头单位", help_text="照原文写，几个单位用顿号隔开。")
    responsible = NamesField(label="负责单位")
    support = NamesField(label="配合单位")
    joint = forms.BooleanField(label="分别牵头或按职责分工", required=False)
    channels = NamesField(label="公开渠道")
    note = forms.CharField(label="核对说明", max_length=500, required=False)

    def clean_path(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["path"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if both := set(data.get("lead") or ()) & set(data.get("support") or ()):
            self.add_error("support", f"“{'、'.join(sorted(both))}”已经是牵头单位")
        return data

    def units(self) -> dict[str, Sequence[str]]:
        return {role: self.cleaned_data[role] for role in ROLES}


class Editor:
    """The form of a task with its deadlines and quotas: three forms that are valid, or shown again, together."""

    def __init__(self, task: Task, data: Any = None) -> None:
        units = list(task.units.all())
        initial = {
            "text": task.text,
            "path": "\n".join(task.path),
            "joint": task.joint,
            "channels": task.channels,
            "note": task.note,
            **{role: [u.text for u in units if u.role == role] for role in ROLES},
        }
        deadlines = [deadline_initial(d, task.plan.year) for d in task.deadlines.all()]
        ids = f"r{task.pk}_%s"
        self.form = TaskForm(data, initial=initial, prefix="t", auto_id=ids)
        self.deadlines = DeadlineFormSet(data, initial=deadlines, prefix="d", auto_id=ids)
        self.quotas = QuotaFormSet(data, initial=list(task.quotas or []), prefix="q", auto_id=ids)

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.deadlines.is_valid(), self.quotas.is_valid()])

    def values(self) -> dict[str, Any]:
        """What actions.edit takes."""
        data = self.form.cleaned_data
        return {
            "text": data["text"],
            "path": data["path"],
            "units": self.form.units(),
            "joint": data["joint"],
            "deadlines": rows(self.deadlines),
            "channels": data["channels"],
            "quotas": rows(self.quotas),
            "note": data["note"],
        }


class ReassignForm(forms.Form):
    lead = NamesField(label="牵头单位", help_text="照原文写，几个单位用顿号隔开。")
    responsible = NamesField(label="负责单位")
    support = NamesField(label="配合单位")

    def units(self) -> dict[str, Sequence[str]]:
        return {role: self.cleaned_data[role] for role in ROLES}


class ReasonForm(forms.Form):
    reason = forms.CharField(label="理由", max_length=500, widget=forms.TextInput(attrs={"placeholder": "如：这是总体要求，没有要办的事"}))


class SplitForm(forms.Form):
    """`at` is a place in the task's text; a person without a script types the words the second task begins with."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    at = forms.IntegerField(label="断开的位置", required=False, min_value=1, max_value=100_000)
    words = forms.CharField(label="或者：后一项任务开头的几个字", required=False, max_length=60)

    def __init__(self, *args: Any, text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if words := (data.get("words") or "").strip():
            count = self.text.count(words)
            if count != 1:
                self.add_error("words", f"“{words}”在这项任务里{'没有' if not count else f'出现 {count} 次，请多写几个字'}")
            else:
                data["at"] = self.text.index(words)
        if not self.errors and not 0 < (data.get("at") or 0) < len(self.text):
            self.add_error("words", "请选一个断开的位置，或写出后一项任务开头的几个字")
        return data

    def places(self) -> list[tuple[int, str, str]]:
        """Where a sentence or clause ends inside the text: (offset, words before, words after)."""
        places = []
        for match in re.finditer(r"[。；;]\s*|，(?=.{6})", self.text):
            at = match.end()
            if 0 < at < len(self.text):
                places.append((at, self.text[max(0, at - 12) : at], self.text[at : at + 12]))
        return places


class AddTaskForm(forms.Form):
    """A task the reading missed: by the first and last words (the script fills them from the selection and adds the exact offsets)."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    first = forms.CharField(label="任务开头的几个字", max_length=200, help_text="照原文抄写，能认出是哪一处就行。")
    last = forms.CharField(label="任务结尾的几个字", max_length=200, required=False)
    start = forms.IntegerField(required=False, min_value=0, max_value=100_000_000, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, max_value=100_000_000, widget=forms.HiddenInput)
    lead = NamesField(label="牵头单位", help_text="照原文写，几个单位用顿号隔开。")
    responsible = NamesField(label="负责单位")
    support = NamesField(label="配合单位")

    def units(self) -> dict[str, Sequence[str]]:
        return {role: self.cleaned_data[role] for role in ROLES}


class ResolveForm(forms.Form):
    """What a wording of the plan means: one agency (by its button or by its name), or one collective name; never both."""

    text = forms.CharField(max_length=200)
    agency = forms.IntegerField(required=False)
    name = forms.CharField(required=False, max_length=120)
    collective = forms.IntegerField(required=False)

    def __init__(self, *args: Any, agencies: dict[int, Agency], collectives: dict[int, CollectiveName], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies, self.collectives = agencies, collectives

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        if data.get("name"):
            data["agency"] = named(self.agencies, data["name"])
        else:
            data["agency"] = self.agencies.get(data.get("agency") or 0)
        data["collective"] = self.collectives.get(data.get("collective") or 0)
        if bool(data["agency"]) == bool(data["collective"]):
            raise forms.ValidationError("请选一个机构或一个集合称谓")
        return data


class CompareForm(forms.Form):
    upper = forms.ModelChoiceField(Plan.objects.none(), label="上级方案", empty_label="请选择")
    lower = forms.ModelChoiceField(Plan.objects.none(), label="下级方案", empty_label="请选择")

    def __init__(self, *args: Any, plans: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("upper", "lower"):
            self.fields[name].queryset = plans  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("upper") and data.get("upper") == data.get("lower"):
            self.add_error("lower", "请选两个不同的方案")
        return data


class CounterpartForm(forms.Form):
    upper = forms.IntegerField(min_value=1, max_value=2**62)
    lower = forms.IntegerField(min_value=1, max_value=2**62)
    decision = forms.ChoiceField(choices=[("confirmed", "确认对应"), ("rejected", "不对应")])


class PublicFilter(forms.Form):
    """The public page of a plan: by agency (in whatever role) and by state."""

    agency = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label="状态", required=False)

    def __init__(self, data: Any, *, agencies: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["agency"].choices = [("", "全部"), *agencies]  # type: ignore[attr-defined]
        self.fields["state"].choices = [("", "全部"), *((key, words[0]) for key, words in STATE_WORDS.items())]  # type: ignore[attr-defined]
