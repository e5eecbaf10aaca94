"""Forms of this room."""

from __future__ import annotations

from django import forms

from gongkai.disclosure_requests.after.forms import AgencyForm
from gongkai.obligations.forms import DateInput


class AssessmentForm(AgencyForm):
    subject = forms.CharField(label="处理活动", max_length=200, help_text="例如：网上受理申请时收集身份证明")
    purpose = forms.CharField(label="目的、方式是否合法、正当、必要", widget=forms.Textarea(attrs={"rows": 3}), max_length=5000)
    risks = forms.CharField(label="对个人权益的影响和安全风险", widget=forms.Textarea(attrs={"rows": 3}), max_length=5000)
    measures = forms.CharField(label="保护措施是否合法、有效并与风险程度相适应", widget=forms.Textarea(attrs={"rows": 3}), max_length=5000)
    passed = forms.TypedChoiceField(
        label="结论",
        choices=[("yes", "可以进行"), ("no", "不能进行")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    assessed_on = forms.DateField(label="评估日期", widget=DateInput())
