"""The form of a column with its interactive side."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.catalogue import forms as catalogue_forms
from gongkai.catalogue.models import Column


class ColumnForm(catalogue_forms.ColumnForm):
    interactive = forms.ChoiceField(label="互动方式", required=False, choices=[("", "不是互动栏目"), *Column.Interactive.choices])
    entry_url = forms.CharField(
        label="参与入口", required=False, max_length=300, help_text="公众参与的页面：本站地址以 / 开头，或者以 https:// 开头。"
    )

    def __init__(self, data: Any = None, *, column: Column | None = None, **kwargs: Any) -> None:
        super().__init__(data, column=column, **kwargs)
        if column is not None and data is None:
            self.initial.update(interactive=column.interactive, entry_url=column.entry_url)
