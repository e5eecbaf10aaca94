"""Forms of instructions: give out, pass on, withdraw, find."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.agencies.queries import living
from gongkai.clocks.limits import UNITS, limits
from gongkai.coordination.forms import AgencyChoices, Offering, OneOf, one_file
from gongkai.coordination.queries.instructions import VIEWS
from gongkai.obligations.forms import DateInput, KeyForm


def addressees(place_ids: Any, seen_ids: Any) -> QuerySet[Agency]:
    """Agencies of these places, and the competent ones of all below."""
    own, below = Q(jurisdiction__in=place_ids), Q(jurisdiction__in=seen_ids, is_competent=True)
    return living(Agency.objects.filter(own | below)).order_by("jurisdiction__code", "code")


def _limits() -> list[tuple[str, str]]:
    today = timezone.localdate()
    rows = [row for row in limits() if row.holds_on(today) and row.unit != "hours"]
    return [("", "不用法定时限"), *((row.id, f"{row.article}：{row.n}{UNITS[row.unit]}") for row in rows)]


class AddressForm(Offering):
    recipients = AgencyChoices(
        None, label="交办给", widget=forms.SelectMultiple(attrs={"size": 10}), help_text="可以多选；每个单位各办一份。"
    )
    helpers = AgencyChoices(None, label="配合单位", required=False, widget=forms.SelectMultiple(attrs={"size": 6}))


class IssueInstructionForm(AddressForm):
    jurisdiction = OneOf(label="交办地区", empty_label=None)
    title = forms.CharField(label="事项", max_length=200)
    text = forms.CharField(label="交办内容", max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    number = forms.CharField(label="依据或文号", max_length=200, required=False)
    due_on = forms.DateField(label="办理期限", required=False, widget=DateInput(), help_text="与法定时限写一样就行。")
    limit = forms.ChoiceField(label="法定时限", required=False, help_text="从今天起算，按工作日历算出期限。")
    file = one_file("附件")
    field_order = ["jurisdiction", "title", "text", "number", "recipients", "helpers", "due_on", "limit", "file"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["limit"].choices = _limits()  # type: ignore[attr-defined]


class PassOnForm(AddressForm):
    text = forms.CharField(
        label="补充要求",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="原来的内容会一起转过去，不用再写。",
    )
    due_on = forms.DateField(label="办理期限", required=False, widget=DateInput(), help_text="不填与上级的期限相同。")


class WithdrawForm(KeyForm):
    reason = forms.CharField(label="撤回的理由", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class InstructionFilter(forms.Form):
    view = forms.ChoiceField(label="范围", required=False, choices=[("", "全部"), *VIEWS.items()])
    q = forms.CharField(label="事项或文号", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
