"""Forms of the directory: finding an agency, deciding what a wording of a document means."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.agencies.models import Agency, CollectiveName


class DirectoryFilter(forms.Form):
    q = forms.CharField(label="名称、简称或代码", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    jurisdiction = forms.TypedChoiceField(label="行政区划", required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, jurisdictions: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["jurisdiction"].choices = [("", "全部"), *jurisdictions]  # type: ignore[attr-defined]


def named(agencies: dict[int, Agency], name: str) -> Agency:
    """The one agency of this full name, short name or code; ValidationError with what to do otherwise."""
    name = name.strip()
    found = [a for a in agencies.values() if name in (a.name, a.short_name, a.code)]
    if len(found) == 1:
        return found[0]
    if found:
        raise forms.ValidationError(f"“{name}”有 {len(found)} 个，请写全称")
    raise forms.ValidationError(f"名录里没有“{name}”，请从列表中选，或按新机构登记")


class MatchForm(forms.Form):
    """The wording means this agency. `name` is typed or chosen from the list; `agency` comes from a suggestion's button."""

    agency = forms.ModelChoiceField(Agency.objects.none(), required=False)
    name = forms.CharField(label="名录里的机构", required=False, max_length=120)
    as_section = forms.BooleanField(label="原文写的是它的内设机构", required=False)

    def __init__(self, *args: Any, agencies: dict[int, Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = agencies
        self.fields["agency"].queryset = Agency.objects.filter(pk__in=list(agencies))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors or data.get("agency"):
            return data
        try:
            data["agency"] = named(self.agencies, data.get("name") or "")
        except forms.ValidationError as error:
            self.add_error("name", error)
        return data


class CreateForm(forms.Form):
    name = forms.CharField(label="全称", max_length=120)
    short_name = forms.CharField(label="简称", max_length=60, required=False)
    kind = forms.ChoiceField(label="类别", choices=Agency.Kind.choices, initial=Agency.Kind.DEPARTMENT)


class CollectiveForm(forms.Form):
    rule = forms.ChoiceField(label="指哪些单位", choices=CollectiveName.Rule.choices)
    members = forms.ModelMultipleChoiceField(
        Agency.objects.none(),
        label="列明的单位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="只在选“列明的单位”时勾选。",
    )

    def __init__(self, *args: Any, agencies: dict[int, Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = Agency.objects.filter(pk__in=list(agencies))  # type: ignore[attr-defined]
