"""Forms of the page of rules: its filter, switching on with a place's own values, switching off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.clocks.periods import CADENCES
from gongkai.obligations.forms import DateInput
from gongkai.obligations.statutes import CERTAINTY, Rule, areas_of
from gongkai.obligations.switching import STATES


class RuleFilter(forms.Form):
    area = forms.ChoiceField(label="领域", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *((key, words[0]) for key, words in STATES.items())])
    certainty = forms.ChoiceField(label="可靠程度", required=False, choices=[("", "全部"), *CERTAINTY.items()])
    q = forms.CharField(label="文字", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    place = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, rules: Iterable[Rule]) -> None:
        super().__init__(data)
        self.fields["area"].choices = [("", "全部"), *((area, area) for area in areas_of(rules))]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """The filters that were given and make sense."""
        self.is_valid()
        return {key: value for key, value in self.cleaned_data.items() if value and key != "place"}


class SwitchOnForm(forms.Form):
    """The day of first use, and what the rule lets a place set for itself; an empty field keeps the rule's own value."""

    since = forms.DateField(label="起用日期", widget=DateInput(), help_text="这一天以前发生的事不适用。")
    n = forms.IntegerField(label="期限或者更新时限的数目", required=False, min_value=1, max_value=1000)
    quota = forms.IntegerField(label="数量要求", required=False, min_value=1, max_value=1000)
    cadence = forms.ChoiceField(label="周期", required=False)
    agencies = forms.MultipleChoiceField(label="承担单位", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any, rule: Rule, values: dict[str, Any], agencies: Iterable[Agency]) -> None:
        super().__init__(data, initial={"since": timezone.localdate(), **values})
        for name in ("n", "quota", "cadence", "agencies"):
            if name not in rule.settings:
                del self.fields[name]
        own = "留空按规则"
        if "n" in self.fields:
            self.fields["n"].help_text = f"{own}：{rule.when_words}。"
        if "quota" in self.fields and rule.quota:
            self.fields["quota"].help_text = f"{own}：{rule.quota[1]}{rule.quota[2]}。"
        if "cadence" in self.fields:
            rows = [(key, word) for key, word in CADENCES.items() if key != "realtime"]
            self.fields["cadence"].choices = [("", f"{own}（{CADENCES[rule.every or rule.within]}）"), *rows]  # type: ignore[attr-defined]
        if "agencies" in self.fields:
            self.fields["agencies"].choices = [(one.code, one.name) for one in agencies]  # type: ignore[attr-defined]
            self.fields["agencies"].help_text = f"都不选{own.removeprefix('留空')}：{rule.owner_words}。"

    def values(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key != "since" and value not in (None, "", [])}


class SwitchOffForm(forms.Form):
    reason = forms.CharField(
        label="停用理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="停用后不再产生新的任务；已经产生、有期限的任务照旧要办。",
    )
