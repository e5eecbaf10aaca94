"""Which requests the statistics count."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.obligations.forms import DateInput


class PeriodForm(forms.Form):
    """Dates that make no sense are named, and the year is shown instead."""

    first = forms.DateField(label="从", required=False, widget=DateInput())
    last = forms.DateField(label="到", required=False, widget=DateInput())
    place = forms.ModelChoiceField(label="地区", queryset=Jurisdiction.objects.none(), required=False)
    agency = forms.ModelChoiceField(label="机关", queryset=Agency.objects.none(), required=False)

    def __init__(self, *args: Any, places: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        first, last = told.get("first"), told.get("last")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last", "不能早于开始的日期")
        return told
