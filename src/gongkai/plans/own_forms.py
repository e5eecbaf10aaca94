"""Handing one of the unit's own tasks to a section, a person and an inner date, in its row."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.agencies.models import Section, User
from gongkai.obligations.forms import DateInput, KeyForm


class HandOverForm(KeyForm):
    """Sections and people are given, read once for the whole page; what is chosen comes out as the record."""

    section = forms.TypedChoiceField(label="承办科室", required=False, empty_value=None)
    person = forms.TypedChoiceField(label="承办人", required=False, empty_value=None)
    inner_due_on = forms.DateField(label="内部期限", required=False, widget=DateInput())
    text = forms.CharField(label="交办意见", required=False, max_length=500)

    def __init__(self, data: Any = None, *, duty: Any, sections: list[Section], people: list[User], **kwargs: Any) -> None:
        if data is None:
            kwargs["initial"] = {"section": duty.section_id, "person": duty.person_id, "inner_due_on": duty.inner_due_on}
        super().__init__(data, auto_id=f"d{duty.pk}_%s", **kwargs)
        for name, rows in (("section", sections), ("person", people)):
            by_key = {str(row.pk): row for row in rows}
            field: Any = self.fields[name]
            field.choices = [("", "不指定"), *((key, str(row)) for key, row in by_key.items())]
            field.coerce = by_key.__getitem__
        if duty.due_on:
            self.fields["inner_due_on"].widget.attrs["max"] = duty.due_on.isoformat()
