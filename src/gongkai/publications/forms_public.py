"""The filters of the public list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from gongkai.publications.models import Document

FIRST_YEAR = 2000


class ListFilter(forms.Form):
    """A value that makes no sense does not filter, and the form says so."""

    agency = forms.TypedChoiceField(label="公开主体", required=False, coerce=int, empty_value=None)
    column = forms.TypedChoiceField(label="栏目", required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Document.Kind.choices])
    year = forms.TypedChoiceField(label="发布年份", required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, agencies: list[tuple[int, str]], columns: list[tuple[int, str]]) -> None:
        super().__init__(data)
        years = range(timezone.localdate().year, FIRST_YEAR - 1, -1)
        self.fields["agency"].choices = [("", "全部"), *agencies]  # type: ignore[attr-defined]
        self.fields["column"].choices = [("", "全部"), *columns]  # type: ignore[attr-defined]
        self.fields["year"].choices = [("", "全部"), *((year, str(year)) for year in years)]  # type: ignore[attr-defined]
