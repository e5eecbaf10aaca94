"""Forms of what follows a reply. Each carries its key; what is wrong is said by the actions."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.agencies.models import Agency
from gongkai.disclosure_requests.models import Correction, Remedy
from gongkai.obligations.forms import DateInput, KeyForm


def _long(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class AgencyForm(KeyForm):
    """Begins with the agency whose deed it is; there is no choice where there is one."""

    agency = forms.ModelChoiceField(label="机关", queryset=Agency.objects.none())

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        field.queryset = agencies  # type: ignore[attr-defined]
        listed = list(agencies[:2])
        if len(listed) == 1:
            field.initial, field.widget = listed[0].pk, forms.HiddenInput()


class CorrectionForm(AgencyForm):
    number = forms.CharField(label="相关的申请编号", max_length=80, required=False)
    applicant = forms.CharField(label="申请人和联系方式", widget=_long(2), max_length=500)
    record = forms.CharField(label="有误的记录", max_length=300, help_text="哪一份信息的哪一处；不要写个人信息")
    claim = forms.CharField(label="更正内容和证据", widget=_long(), max_length=5000)
    received_on = forms.DateField(label="收到日期", widget=DateInput())


class CorrectionAnswerForm(KeyForm):
    result = forms.ChoiceField(label="结果", choices=Correction.Result.choices, widget=forms.RadioSelect)
    to = forms.CharField(label="有权更正的机关", max_length=120, required=False, help_text="转送、告知向有权机关提出的要写")
    words = forms.CharField(label="说明", widget=_long(), max_length=2000)
    answered_on = forms.DateField(label="告知申请人的日期", widget=DateInput())


class RemedyForm(KeyForm):
    kind = forms.ChoiceField(label="类别", choices=Remedy.Kind.choices, widget=forms.RadioSelect)
    procedure = forms.ChoiceField(label="程序", choices=[("ordinary", "普通程序"), ("simple", "简易程序")])
    organ = forms.CharField(label="复议机关、法院", max_length=120)
    number = forms.CharField(label="案号", max_length=80, required=False)
    filed_on = forms.DateField(label="提起日期", widget=DateInput())
    served_on = forms.DateField(
        label="收到申请书、起诉状副本的日期", required=False, widget=DateInput(), help_text="答复、答辩期限从这一天算"
    )
    follows = forms.ModelChoiceField(label="前一程序", queryset=Remedy.objects.none(), required=False, help_text="复议后起诉的要选")

    def __init__(self, *args: Any, case: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["follows"].queryset = case.remedies.filter(kind=Remedy.Kind.RECONSIDERATION)  # type: ignore[attr-defined]


class DayForm(KeyForm):
    on = forms.DateField(label="日期", widget=DateInput())


class ConcludeForm(KeyForm):
    result = forms.ChoiceField(label="结果", choices=Remedy.Result.choices, widget=forms.RadioSelect)
    result_words = forms.CharField(label="裁判、决定内容", widget=_long(3), max_length=500)
    closed_on = forms.DateField(label="审结日期", widget=DateInput())
    answer_again_by = forms.DateField(
        label="重新答复的期限",
        required=False,
        widget=DateInput(),
        help_text="责令重新答复的，写决定、判决定的最后一天；原来的办结日期和年度统计不变",
    )


class SuggestionForm(AgencyForm):
    to = forms.ModelChoiceField(label="被建议单位", queryset=Agency.objects.none())
    problem = forms.CharField(label="发现的问题", widget=_long(), max_length=3000, help_text="不要写申请人，也不要写能认出他的情节")
    advice = forms.CharField(label="建议", widget=_long(), max_length=3000)

    def __init__(self, *args: Any, receivers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = receivers  # type: ignore[attr-defined]


class WordsForm(KeyForm):
    words = forms.CharField(label="办理情况", widget=_long(), max_length=5000)


class ProposeForm(KeyForm):
    subject = forms.CharField(label="信息名称", max_length=200, help_text="作为公开文稿的标题，不要写申请人")
    requests = forms.TypedMultipleChoiceField(label="申请", coerce=int, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, among: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requests"].choices = [(pk, pk) for pk in among]  # type: ignore[attr-defined]


class DecideForm(KeyForm):
    accepted = forms.TypedChoiceField(
        label="审核结论",
        choices=[("yes", "纳入主动公开，建立文稿"), ("no", "不纳入主动公开")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="审核意见", widget=_long(3), max_length=500)


class AnswerForm(AgencyForm):
    question = forms.CharField(label="问题", max_length=200)
    answer = forms.CharField(label="回答", widget=_long(8), max_length=5000, help_text="不能有任何申请人的信息；保存时检查")


class ReasonForm(KeyForm):
    reason = forms.CharField(label="理由", widget=_long(2), max_length=500)
