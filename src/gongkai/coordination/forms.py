"""Forms of coordination. Every form that makes a record carries its key; what may be done is the actions' to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from gongkai.coordination.actions.collecting import REACHES
from gongkai.coordination.models import Check, CheckPoint, Filing, GroupMember, Opinion
from gongkai.coordination.rulebook import lists_in_force
from gongkai.obligations.forms import DateInput, KeyForm
from gongkai.obligations.uploads import ALLOWED_WORDS, CONTENT_TYPES

ONE_FILE = {"accept": ",".join(f".{kind}" for kind in CONTENT_TYPES)}


class LinesField(forms.CharField):
    """One thing a line, cleaned to a list without empty ones."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(max_length=4000, **kwargs)

    def clean(self, value: Any) -> Any:
        text: str = super().clean(value)
        return [" ".join(line.split()) for line in text.replace("；", "\n").splitlines() if line.strip()]


def one_file(label: str, required: bool = False, help_text: str = "") -> forms.FileField:
    return forms.FileField(
        label=label,
        required=required,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs=ONE_FILE),
        help_text=help_text or f"{ALLOWED_WORDS}，不超过 20 MB。",
    )


class OneOf(forms.ModelChoiceField):
    """A choice whose rows are given when the form is made."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(None, **kwargs)


class AgencyChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class AgencyChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class Offering(KeyForm):
    """A form whose choices depend on the person: `offer` names a queryset for each field."""

    def __init__(self, data: Any = None, files: Any = None, *, offer: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        for name, rows in (offer or {}).items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]


class OpenCollectionForm(Offering):
    jurisdiction = OneOf(label="收集地区", empty_label=None)
    title = forms.CharField(label="收集事项", max_length=200, help_text="如：2026年各单位实施方案和公开目录清单")
    items = LinesField(label="应报材料", help_text="一行一种，每个单位每种报一份。")
    due_on = forms.DateField(label="报送期限", widget=DateInput())
    reach = forms.ChoiceField(
        label="谁来报", choices=[(value, label) for value, (label, _rule) in REACHES.items()], widget=forms.RadioSelect, initial="all"
    )
    agencies = AgencyChoices(
        None,
        label="指定的单位",
        required=False,
        help_text="选“指定的单位”时在这里选，可以多选。",
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    plan = OneOf(label="依据方案", required=False, empty_label="不依据方案")
    note = forms.CharField(label="要求", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    contact = forms.CharField(label="联系人和电话", required=False, max_length=120)


class SubmitForm(Offering):
    file = one_file("文件")
    plan = OneOf(label="或者报系统里的方案", required=False, empty_label="不选", help_text="本地区已经下达的方案，不用再传文件。")
    text = forms.CharField(label="说明", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        if not self.fields["plan"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["plan"]
            self.fields["file"].required = True


class ReceiveForm(KeyForm):
    text = forms.CharField(label="说明", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class ReasonForm(KeyForm):
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class RemindForm(KeyForm):
    """`agency` empty: all that are overdue."""

    agency = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    text = forms.CharField(label="催报内容", required=False, max_length=300, help_text="会显示在对方的待办里。")


class PrefixForm(Offering):
    jurisdiction = OneOf(label="地区", empty_label=None)
    words = forms.CharField(label="回执字头", max_length=30, help_text="写在年份之前，如“清公收”，得到“清公收〔2026〕12号”。")


class AskForm(Offering):
    agencies = AgencyChoices(None, label="名录里的单位", required=False, widget=forms.SelectMultiple(attrs={"size": 8}))
    bodies = LinesField(label="其他单位或个人", required=False, help_text="一行一个，如上级机关、专家、企业代表。")
    due_on = forms.DateField(label="请于何日前答复", required=False, widget=DateInput())
    text = forms.CharField(label="说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class AnswerForm(KeyForm):
    answered_on = forms.DateField(label="答复日期", widget=DateInput())
    answer = forms.CharField(
        label="意见", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}), help_text="没有意见的不用写。"
    )


class AdoptForm(KeyForm):
    adoption = forms.ChoiceField(
        label="采纳情况", choices=[c for c in Opinion.Adoption.choices if c[0] != Opinion.Adoption.NONE], widget=forms.RadioSelect
    )
    note = forms.CharField(label="说明", required=False, max_length=500, help_text="部分采纳或者未采纳的，说明理由。")


class FileUpwardForm(KeyForm):
    to = forms.CharField(label="报送对象", max_length=120, help_text="如：省政府办公厅政务公开办公室")
    method = forms.ChoiceField(label="报送方式", choices=Filing.Method.choices)
    sent_on = forms.DateField(label="报送日期", widget=DateInput())


class ReceiptForm(KeyForm):
    receipt = forms.CharField(label="对方回执编号", max_length=80)
    received_on = forms.DateField(label="回执日期", widget=DateInput())
    file = one_file("回执文件")


class IssueForm(forms.Form):
    """Asked only where opinions are still to come: issuing goes on knowingly."""

    sure = forms.BooleanField(label="我知道还有单位没有答复，仍然下达")


class StartCheckForm(Offering):
    kind = forms.CharField(widget=forms.HiddenInput)
    plan = OneOf(required=False, widget=forms.HiddenInput)
    agency = AgencyChoice(None, label="被查单位", empty_label=None)
    rules = forms.ChoiceField(label="检查表")
    title = forms.CharField(label="名称", max_length=200)

    def __init__(self, data: Any = None, files: Any = None, *, kind: str, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        lists = [one for one in lists_in_force(timezone.localdate()) if one.kind == kind]
        self.fields["rules"].choices = [(one.name, f"{one.title}（{one.version}，{len(one.points)} 项）") for one in lists]  # type: ignore[attr-defined]


class PointForm(KeyForm):
    result = forms.ChoiceField(label="结果", choices=[c for c in CheckPoint.Result.choices if c[0]], widget=forms.RadioSelect)
    finding = forms.CharField(label="发现的问题", required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 2}))
    due_on = forms.DateField(label="整改期限", required=False, widget=DateInput(), help_text="不填为十个工作日。")


class AddPointForm(KeyForm):
    text = forms.CharField(label="检查什么", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    basis = forms.CharField(label="依据", required=False, max_length=200)


class RectifyForm(KeyForm):
    text = forms.CharField(label="怎样整改的", max_length=3000, widget=forms.Textarea(attrs={"rows": 3}))
    done_on = forms.DateField(label="整改日期", widget=DateInput())


class PassRecheckForm(KeyForm):
    text = forms.CharField(label="复查说明", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class SendBackForm(KeyForm):
    reason = forms.CharField(label="为什么不通过", max_length=3000, widget=forms.Textarea(attrs={"rows": 2}))
    due_on = forms.DateField(label="新的整改期限", required=False, widget=DateInput(), help_text="不填沿用原来的。")


class FinishForm(KeyForm):
    summary = forms.CharField(label="总结", max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}))


class EstablishForm(Offering):
    agency = AgencyChoice(None, label="设立单位", empty_label=None)
    name = forms.CharField(label="名称", max_length=120, help_text="如：清河市政务公开工作领导小组")
    established_on = forms.DateField(label="设立日期", widget=DateInput())
    basis = forms.CharField(label="设立文件", required=False, max_length=200)
    duties = forms.CharField(label="职责", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class PersonForm(Offering):
    name = forms.CharField(label="姓名", max_length=40)
    post = forms.CharField(label="职务", required=False, max_length=120)
    agency = AgencyChoice(None, label="单位", required=False, empty_label="不填")


class MemberForm(PersonForm):
    place = forms.ChoiceField(label="分工", choices=GroupMember.Place.choices)
    since = forms.DateField(label="任职起", widget=DateInput())
    field_order = ["place", "name", "post", "agency", "since"]


class ReplaceForm(PersonForm):
    on = forms.DateField(label="接任日期", widget=DateInput(), help_text="前任的任期到前一天为止。")


class DayForm(KeyForm):
    on = forms.DateField(label="日期", widget=DateInput(), help_text="最后一天。")


class DissolveForm(DayForm):
    text = forms.CharField(label="说明", required=False, max_length=500)


KINDS = dict(Check.Kind.choices)
