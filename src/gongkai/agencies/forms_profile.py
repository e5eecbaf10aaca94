"""Forms of what an agency tells of itself: its profile, its sections, the words of the guide of a place."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.agencies import guides
from gongkai.agencies.forms_keeping import DayInput
from gongkai.agencies.models import Agency, AgencyProfile, Section
from gongkai.agencies.profiles import FIELDS, OF_AGENCY, clean, label_of, value_reasons

GROUPS = (
    ("机关", ("functions", "address", "office_hours", "phone", "fax", "email", "postal_code", "website", "map_text")),
    (
        "政府信息公开工作机构",
        (
            "intake_name",
            "intake_address",
            "intake_hours",
            "intake_phone",
            "intake_fax",
            "intake_email",
            "intake_postal_code",
            "intake_url",
        ),
    ),
)
HELP = {
    "functions": "一行一条，编号由页面自动加。",
    "office_hours": "如：工作日 9:00—12:00，13:30—17:30（法定节假日除外）。",
    "map_text": "怎样走到，如：1 路公交“示范路口”站下车向东 200 米，大厅有无障碍通道。",
    "intake_name": "受理公开申请的科室全称。",
    "intake_address": "与机关相同的可以不填。下面几项也一样。",
    "fax": "没有的写“未设传真”。",
    "intake_url": "网上提交申请的页面，以 https:// 开头。",
}


class ProfileForm(forms.Form):
    """Every field of profiles.FIELDS; what is wrong is told at its field."""

    def __init__(self, data: Any = None, *, agency: Agency, profile: AgencyProfile, **kwargs: Any) -> None:
        values = {name: getattr(agency if name in OF_AGENCY else profile, name) for name in FIELDS}
        super().__init__(data, initial=values, **kwargs)
        for _title, names in GROUPS:
            for name in names:
                widget = forms.Textarea(attrs={"rows": 8}) if name == "functions" else None
                # The longest a field may be is told by profiles.value_reasons: a browser that cuts what was pasted says nothing.
                self.fields[name] = forms.CharField(label=label_of(name), required=False, widget=widget, help_text=HELP.get(name, ""))

    def clean(self) -> dict[str, Any]:
        data = clean(super().clean() or {})
        for name, why in value_reasons(data).items():
            self.add_error(name, why)
        return data

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in GROUPS]


class SectionForm(forms.Form):
    """`section` is the row that is changed; without it one is added."""

    section = forms.ModelChoiceField(Section.objects.none(), required=False, widget=forms.HiddenInput)
    name = forms.CharField(label="名称", max_length=80)
    functions = forms.CharField(label="职责", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="一行一条。")
    phone = forms.CharField(label="电话", required=False, max_length=40)
    position = forms.IntegerField(label="排序", required=False, min_value=1, max_value=999)

    def __init__(self, data: Any = None, *, agency: Agency, section: Section | None = None, **kwargs: Any) -> None:
        if section is not None:
            names = ("name", "functions", "phone", "position")
            kwargs["initial"] = {name: getattr(section, name) for name in names} | {"section": section.pk}
        super().__init__(data, **kwargs)
        self.fields["section"].queryset = agency.sections.all()  # type: ignore[attr-defined]


class EndSectionForm(forms.Form):
    on = forms.DateField(label="撤销日期", widget=DayInput(), help_text="最后一天。")


class GuideTextForm(forms.Form):
    """One part of the guide; empty takes the words of the rules again."""

    part = forms.ChoiceField(widget=forms.HiddenInput)
    text = forms.CharField(label="本地文字", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["part"].choices = [(part.code, part.title) for part in guides.rules().parts]  # type: ignore[attr-defined]
