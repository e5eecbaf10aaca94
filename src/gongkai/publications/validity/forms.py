"""Forms of the register, of marks and of evaluations. What may be done is the actions' to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from gongkai.obligations.forms import DateInput, KeyForm
from gongkai.publications.actions.evaluating import CONCLUSIONS
from gongkai.publications.finding import named
from gongkai.publications.models import Document, Evaluation, LabelRecord, ValidityChange
from gongkai.publications.validity.state import REGISTERED, WORDS

STATES = [("", "全部"), ("valid", "现行有效"), *((code, word) for code, word in WORDS.items() if word)]


def days_ahead(label: str, required: bool = True, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DateInput(), **kwargs)


class RegisterFilter(forms.Form):
    """A value that makes no sense is named on the screen and does not filter."""

    q = forms.CharField(label="标题、文号", required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label="有效性", required=False, choices=STATES)
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), *((kind.value, kind.label) for kind in Document.Kind if kind in REGISTERED)]
    )
    year = forms.IntegerField(label="成文年份", required=False, min_value=1949, max_value=2100)
    agency = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)
    on = days_ahead("哪一天的状态", required=False)

    def __init__(self, data: Any, *, agencies: list[tuple[int, str]]) -> None:
        super().__init__(data)
        if len(agencies) > 1:
            self.fields["agency"].choices = [("", "全部"), *agencies]  # type: ignore[attr-defined]
        else:
            del self.fields["agency"]

    def values(self) -> dict[str, Any]:
        """The filters that make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class CauseField(forms.CharField):
    """A document of this system, by address, index number or 发文字号; resolved by the form, which knows who asks."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "填网址、索引号或者发文字号，两边的页面互相链接；不在系统里的留空，只写依据。")
        super().__init__(required=False, max_length=300, **kwargs)


class Naming(KeyForm):
    """A form with one field that names a document."""

    naming = "cause"

    def __init__(self, data: Any = None, files: Any = None, *, user: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        text = values.get(self.naming)
        values[self.naming] = None
        if text:
            document, problem = named(self.user, text)
            if problem:
                self.add_error(self.naming, problem)
            values[self.naming] = document
        return values


class MarkForm(Naming):
    effect = forms.ChoiceField(label="效力", choices=ValidityChange.Effect.choices, widget=forms.RadioSelect)
    on = days_ahead("从哪一天起")
    until = days_ahead("延续至", required=False, help_text="只有继续有效的才填；不填为不限。")
    cause = CauseField(label="依据文件")
    cause_words = forms.CharField(
        label="依据", required=False, max_length=300, help_text="如：《关于废止一批文件的决定》（清政发〔2026〕3号）。"
    )


class EvaluateForm(KeyForm):
    """The conclusions offered are those of the subject."""

    conclusion = forms.ChoiceField(label="评估结论", widget=forms.RadioSelect)
    basis = forms.CharField(label="依据", max_length=300, initial="政府信息公开条例第十八条")
    opinion = forms.CharField(
        label="评估意见", max_length=5000, widget=forms.Textarea(attrs={"rows": 4}), help_text="逐件写明；作为评估记录长期保存。"
    )
    on = days_ahead("评估日期", required=False, help_text="不填为今天。")
    next_on = days_ahead("下次评估", required=False, help_text="不填按一年计算。")

    def __init__(self, data: Any = None, files: Any = None, *, subject: str = Evaluation.Subject.WITHHELD, **kwargs: Any) -> None:
        if subject == Evaluation.Subject.VALIDITY:
            kwargs.setdefault("initial", {})["basis"] = "国办发〔2018〕37号：有效期届满前评估"
        super().__init__(data, files, **kwargs)
        offered = CONCLUSIONS.get(Evaluation.Subject(subject), ()) if subject else ()
        self.fields["conclusion"].choices = [(one.value, one.label) for one in offered]  # type: ignore[attr-defined]
        if subject == Evaluation.Subject.VALIDITY:
            del self.fields["next_on"]


class TermForm(forms.Form):
    """One place, one kind of term; an empty number takes the system's."""

    months = forms.IntegerField(label="有效期（月）", required=False, min_value=1, max_value=600)
    basis = forms.CharField(label="依据", required=False, max_length=300)


class LabelForm(KeyForm):
    point = forms.ChoiceField(label="环节", choices=LabelRecord.Point.choices)
    label = forms.ChoiceField(label="标识", widget=forms.RadioSelect)
    source = forms.CharField(label="来源", required=False, max_length=200, help_text="如：签文稿纸扫描件第1页。")

    def __init__(self, data: Any = None, files: Any = None, *, labels: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.fields["label"].choices = [(one, one) for one in labels or []]  # type: ignore[attr-defined]


class PrintedForm(KeyForm):
    file = forms.FileField(
        label="正式发文的文件",
        allow_empty_file=True,
        help_text="docx、pdf 或 ofd，不超过 20 MB。读出附注里的“（此件公开发布）”，文件本身不保存。",
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.pdf,.ofd"}),
    )


class StartCleanupForm(KeyForm):
    agency = forms.TypedChoiceField(label="清理单位", coerce=int)
    title = forms.CharField(label="名称", max_length=200, help_text="如：清河市2026年行政规范性文件清理")
    basis = forms.CharField(label="依据", max_length=300, help_text="如：省政府办公厅关于开展规范性文件清理工作的通知")
    on = days_ahead("清理基准日", help_text="决定从这一天起生效。")

    def __init__(self, data: Any = None, files: Any = None, *, agencies: list[tuple[int, str]], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["on"] = timezone.localdate()
        super().__init__(data, files, **kwargs)
        self.fields["agency"].choices = agencies  # type: ignore[attr-defined]


class DecideForm(Naming):
    naming = "notice"
    notice = CauseField(label="公告", help_text="已经在系统里的公告，填网址、索引号或者发文字号；公告以后再发的先留空。")
    text = forms.CharField(label="说明", required=False, max_length=500)
    sure = forms.BooleanField(label="我核对过清单。决定后每份文件的页面马上标注，不能撤回，有误只能另作标注更正")

    def arguments(self) -> dict[str, Any]:
        return {"notice": self.cleaned_data["notice"], "text": self.cleaned_data["text"]}


class AnnounceForm(Naming):
    naming = "notice"
    notice = CauseField(label="公告")

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values["notice"] is None and "notice" not in self.errors:
            self.add_error("notice", "请填公告的网址、索引号或者发文字号")
        return values
