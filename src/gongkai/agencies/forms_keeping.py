"""Forms of keeping the directory: one for each kind of reorganisation, and those of the leaders."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils import timezone

from gongkai.agencies.models import Agency, Section
from gongkai.agencies.names import normal
from gongkai.agencies.queries import living
from gongkai.agencies.reorganising import NewAgency

GOES_ON, ENDS = "goes_on", "ends"


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class ReorganiseForm(forms.Form):
    """What every kind asks: from when, by which document; `expected` is the sentence of the preview."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    expected = forms.CharField(required=False, widget=forms.HiddenInput)
    basis = forms.CharField(label="依据文件", max_length=300, help_text="文件名和文号，如：清河市机构改革方案（清委〔2026〕8号）。")
    on = forms.DateField(label="生效日期", widget=DayInput(), help_text="从这一天起由承接单位负责，不能晚于今天。")

    def __init__(self, data: Any = None, *, agency: Agency, **kwargs: Any) -> None:
        if data is None:
            kwargs.setdefault("initial", {}).update(key=uuid.uuid4(), on=timezone.localdate())
        super().__init__(data, **kwargs)
        self.agency = agency
        self.near = living(Agency.objects.filter(jurisdiction=agency.jurisdiction_id)).exclude(pk=agency.pk).order_by("code")
        for name in ("into", "others"):
            if name in self.fields:
                self.fields[name].queryset = self.near  # type: ignore[attr-defined]


class HeirForm(ReorganiseForm):
    """Into an agency there is, or a new one."""

    into = forms.ModelChoiceField(Agency.objects.none(), label="承接单位", required=False, empty_label="新设立的机构（写在下面）")
    name = forms.CharField(label="新机构全称", max_length=120, required=False)
    short_name = forms.CharField(label="新机构简称", max_length=60, required=False)
    kind_of = forms.ChoiceField(label="新机构类别", choices=Agency.Kind.choices, initial=Agency.Kind.DEPARTMENT, required=False)
    staff = forms.BooleanField(label="内设机构和人员任职一并转入", required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        name = normal(data.get("name") or "")
        if data.get("into") and name:
            self.add_error("name", "已经选了现有的承接单位，不用再写新机构；或者不选承接单位")
        elif not data.get("into") and not name and not self.errors:
            self.add_error("name", "请选择承接单位，或者写新机构的全称")
        elif not data.get("into"):
            data["into"] = NewAgency(name, normal(data.get("short_name") or ""), data.get("kind_of") or Agency.Kind.DEPARTMENT)
        return data


class MergeForm(HeirForm):
    others = forms.ModelMultipleChoiceField(
        Agency.objects.none(),
        label="一起合并的机构",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="没有就不选，只把这一个机构并入承接单位。",
    )
    field_order = ["others", "into", "name", "short_name", "kind_of", "basis", "on", "staff"]


class AbolishForm(ReorganiseForm):
    into = forms.ModelChoiceField(Agency.objects.none(), label="承接单位", empty_label="请选择")
    staff = forms.BooleanField(label="内设机构和人员任职一并转入", required=False)
    field_order = ["into", "basis", "on", "staff"]


class SplitForm(ReorganiseForm):
    parts = forms.CharField(
        label="拆分成哪些机构",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一个：全称，空格，简称。名录里已有的写全称就行。没有指定的内容归第一个。",
    )
    rest = forms.ChoiceField(
        label="原机构",
        choices=[(ENDS, "撤销，没有指定的内容归第一个机构"), (GOES_ON, "保留，没有指定的内容留在原机构")],
        widget=forms.RadioSelect,
        initial=ENDS,
    )
    field_order = ["parts", "rest", "basis", "on"]

    def clean_parts(self) -> list[Agency | NewAgency]:
        known = {normal(a.name): a for a in self.near}
        found: list[Agency | NewAgency] = []
        for line in self.cleaned_data["parts"].splitlines():
            words = line.split()
            if not words:
                continue
            name = normal(words[0])
            found.append(known.get(name) or NewAgency(name, normal(words[1]) if len(words) > 1 else ""))
        if not found:
            raise forms.ValidationError("请至少写一个机构")
        if len({normal(part.name) for part in found}) < len(found):
            raise forms.ValidationError("同一个机构写了两次")
        return found


class SectionForm(ReorganiseForm):
    section = forms.ModelChoiceField(Section.objects.none(), label="划转的内设机构", empty_label="请选择")
    into = forms.ModelChoiceField(Agency.objects.none(), label="划入单位", empty_label="请选择")
    staff = forms.BooleanField(label="这个内设机构的人员一并转入", required=False, initial=True)
    field_order = ["section", "into", "basis", "on", "staff"]

    def __init__(self, data: Any = None, *, agency: Agency, **kwargs: Any) -> None:
        super().__init__(data, agency=agency, **kwargs)
        self.fields["section"].queryset = agency.sections.filter(valid_to__isnull=True)  # type: ignore[attr-defined]


class RenameForm(ReorganiseForm):
    name = forms.CharField(label="新全称", max_length=120)
    short_name = forms.CharField(label="新简称", max_length=60, required=False)
    field_order = ["name", "short_name", "basis", "on"]


FORMS: dict[str, tuple[type[ReorganiseForm], str, str]] = {
    "merge": (MergeForm, "合并", "几个机构合并成一个，或者并入另一个机构。"),
    "split": (SplitForm, "拆分", "一个机构分成几个，或者划出一部分职责；每项任务、每个科室、每个人归谁，下一步选。"),
    "abolish": (AbolishForm, "撤销", "机构撤销，职责由另一个机构承接。"),
    "section": (SectionForm, "内设机构划转", "一个科室连同它的任务、人员划到另一个机构。"),
    "rename": (RenameForm, "更名", "机构不变，只换名称；原来的名称仍认得。"),
}
"""Kind: form, word, one sentence."""


class AppointForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=40)
    post = forms.CharField(label="职务", max_length=80, help_text="如：局长、副局长。")
    division = forms.CharField(
        label="分工", max_length=300, required=False, help_text="如：负责预算、国库工作，分管预算科、国库科。不填保持原来的。"
    )
    is_chief = forms.BooleanField(label="主要负责人", required=False)
    position = forms.IntegerField(label="排序", required=False, min_value=1, max_value=999, help_text="不填排在最后。")
    since = forms.DateField(label="任职日期", required=False, widget=DayInput())


class LeaveForm(forms.Form):
    on = forms.DateField(label="离任日期", widget=DayInput(), help_text="最后一天。")
