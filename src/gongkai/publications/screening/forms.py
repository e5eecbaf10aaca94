"""Forms of screening. What may be done is the actions' to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from gongkai.obligations.forms import DateInput, KeyForm
from gongkai.publications.models import ScreeningPolicy
from gongkai.screening.rules import in_force

SEVERITIES = [("block", "禁止发布"), ("warn", "提醒"), ("allow", "不检查")]


class DecideForm(KeyForm):
    """Of one part, or of all: which verb, on what, and why."""

    verb = forms.ChoiceField(choices=[("mask", "遮盖"), ("overrule", "认定可以公开")])
    part = forms.CharField(required=False, max_length=20)
    whole = forms.BooleanField(required=False)
    reason = forms.CharField(required=False, max_length=500)


class PlaceForm(KeyForm):
    """A form for a place this person is openness office of; with one place there is nothing to choose."""

    place: Any = forms.ModelChoiceField(None, label="行政区划", empty_label=None)

    def __init__(self, data: Any = None, files: Any = None, *, places: Any, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
        if len(places) == 1:
            self.fields["place"].widget = forms.HiddenInput()
            self.fields["place"].initial = places[0].pk


class ImportForm(PlaceForm):
    name = forms.CharField(label="用语表名称", max_length=120, help_text="同名的表会被这份文件替换。")
    file = forms.FileField(
        label="文件",
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
        help_text="xlsx、csv：表头写 词语、类别、处理（提示、禁用、允许）、建议用语、生效日期、失效日期，第一列必填。txt：一行一个词。",
    )
    effective_from = forms.DateField(label="启用日期", widget=DateInput(), initial=timezone.localdate)
    effective_to = forms.DateField(label="停用日期", required=False, widget=DateInput())


class EndForm(KeyForm):
    on = forms.DateField(label="最后一天", widget=DateInput(), initial=timezone.localdate)


class PolicyForm(KeyForm):
    """A choice for each rule of the law's table; the fixed ones are not offered."""

    unstripped = forms.ChoiceField(
        label="不能去除属性的格式（如 GIF、已签章的 OFD、视频）", choices=ScreeningPolicy.Unstripped.choices, widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, policy: ScreeningPolicy | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["unstripped"] = policy.unstripped if policy else ScreeningPolicy.Unstripped.REFUSE
        super().__init__(data, **kwargs)
        own = policy.severities if policy else {}
        self.rules = [rule for rule in in_force(timezone.localdate()).values() if not rule.fixed]
        for rule in self.rules:
            default = dict(SEVERITIES)[rule.severity]
            self.fields[_field(rule.id)] = forms.ChoiceField(
                label=rule.name,
                choices=SEVERITIES,
                initial=own.get(rule.id, rule.severity),
                help_text=f"按规则是“{default}”。{rule.article}",
            )

    def severities(self) -> dict[str, str]:
        return {rule.id: self.cleaned_data[_field(rule.id)] for rule in self.rules}


def _field(rule: str) -> str:
    return "rule_" + rule.replace(".", "-")
