"""Forms of annual reports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from gongkai.formats.annual_report.checking import NUMERALS
from gongkai.formats.annual_report.layout import layouts
from gongkai.obligations.forms import DateInput, KeyForm
from gongkai.reports.actions.writing import FIRST_YEAR, LONGEST, MOST
from gongkai.reports.models import AnnualReport

LARGEST = 20 * 1024 * 1024


class BeginForm(KeyForm):
    agency = forms.TypedChoiceField(label="单位", coerce=int)
    year = forms.IntegerField(label="年度", min_value=FIRST_YEAR, max_value=2100, help_text="报告哪一年的工作，填哪一年。")
    covers_place = forms.BooleanField(label="本级政府的报告，汇总本地区各单位", required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, agencies: Iterable[tuple[int, str]], government: bool, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {}).setdefault("year", timezone.localdate().year - 1)
        super().__init__(data, files, **kwargs)
        self.fields["agency"].choices = list(agencies)  # type: ignore[attr-defined]
        if not government:
            del self.fields["covers_place"]


class ImportForm(BeginForm):
    file = forms.FileField(label="已经公布的报告", help_text="网页（html）或 docx，2019、2021 年格式。")
    field_order = ("file", "agency", "year", "covers_place")

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given.size > LARGEST:
            raise forms.ValidationError("文件超过 20 MB；年度报告的网页或 docx 一般不到 1 MB，请只保存报告本身")
        return given


class SectionsForm(KeyForm):
    """The six texts with the version that was read."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, *, report: AnnualReport, **kwargs: Any) -> None:
        if data is None:
            initial = {f"s{n}": report.sections.get(str(n), "") for n in range(1, 7)} | {"version": report.version}
            kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(data, files, **kwargs)
        for n, title in enumerate(layouts()[report.layout].sections, 1):
            widget = forms.Textarea(attrs={"rows": 8 if n in (1, 5) else 4})
            label = f"{NUMERALS[n - 1]}、{title}"
            self.fields[f"s{n}"] = forms.CharField(label=label, required=False, max_length=LONGEST, strip=False, widget=widget)

    def sections(self) -> dict[str, str]:
        return {str(n): self.cleaned_data.get(f"s{n}", "") for n in range(1, 7)}


class AddForm(KeyForm):
    amount = forms.DecimalField(
        label="增加的数",
        max_digits=12,
        decimal_places=2,
        min_value=-MOST,
        max_value=MOST,
        help_text="减少的写负数；确实没有的写 0。合计会跟着变。",
    )
    reason = forms.CharField(label="理由和来源", max_length=300, help_text="例如：旧系统登记、财务决算。")


class ReasonForm(KeyForm):
    reason = forms.CharField(label="理由", max_length=300)


class OnForm(forms.Form):
    """A day to count at. What is no day is said and not guessed."""

    on = forms.DateField(label="数字截至", required=False, widget=DateInput())

    def day(self) -> date | None:
        return self.cleaned_data.get("on") if self.is_valid() else None
