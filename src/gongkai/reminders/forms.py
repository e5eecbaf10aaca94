"""How I want to be told, and where my agency's system is told."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.reminders.kinds import kinds
from gongkai.reminders.models import Message, Preference

HOURS = [(hour, f"{hour}:00") for hour in range(24)]


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class PreferenceForm(forms.Form):
    """Fields as Preference has them; the kinds are shown as those wanted and kept as those not wanted, so that a new kind is wanted."""

    by_mail = forms.BooleanField(label="用电子邮件提醒", required=False)
    address = forms.EmailField(label="邮箱", required=False)
    wanted = forms.MultipleChoiceField(label="哪些事发邮件", required=False, widget=forms.CheckboxSelectMultiple)
    lead_days = forms.IntegerField(
        label="期限前几个工作日提醒", required=False, min_value=0, max_value=60, help_text="不填，按本地区的设置。改后从下一次提醒起算。"
    )
    rhythm = forms.ChoiceField(
        label="多久发一次", choices=Preference.Rhythm.choices, widget=forms.RadioSelect, help_text="同一时刻要提醒的几项合成一封。"
    )
    hour = forms.TypedChoiceField(label="每天、每周一次的，几点发", choices=HOURS, coerce=int)
    weekday = forms.TypedChoiceField(
        label="每周一次的，星期几发", choices=Preference.Weekday.choices, coerce=int, help_text="那天放假，推到下一个工作日。"
    )
    quiet_from = forms.TimeField(label="从几点起不发", widget=TimeInput(), help_text="两个时间相同，就是没有不发的时段。")
    quiet_to = forms.TimeField(label="到几点为止", widget=TimeInput())
    rest_days = forms.BooleanField(
        label="节假日和周末不发", required=False, help_text="按工作日历，调休上班的日子照发。期限按小时计算的任务随时发。"
    )

    def __init__(self, data: Any = None, *, preference: Preference, account_mail: str, **kwargs: Any) -> None:
        initial = {name: getattr(preference, name) for name in self.base_fields if name != "wanted"}
        initial["wanted"] = [kind.name for kind in kinds() if kind.name not in preference.muted]
        super().__init__(data, initial=initial, **kwargs)
        self.fields["wanted"].choices = [(kind.name, f"{kind.words}：{kind.explained}") for kind in kinds()]  # type: ignore[attr-defined]
        known = f"不填，用账号登记的 {account_mail}。" if account_mail else "账号没有登记邮箱，不填就没有邮件，提醒只在页面上。"
        self.fields["address"].help_text = known

    def values(self) -> dict[str, Any]:
        data = {name: value for name, value in self.cleaned_data.items() if name != "wanted"}
        data["muted"] = [kind.name for kind in kinds() if kind.name not in self.cleaned_data["wanted"]]
        return data


class HookForm(forms.Form):
    url = forms.CharField(
        label="接收地址",
        required=False,
        max_length=300,
        widget=forms.URLInput,
        help_text="本单位自己的系统接收提醒的网址，主机由系统管理员列入允许的名单；留空就取消。",
    )


class MessageFilter(forms.Form):
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *Message.State.choices])
    channel = forms.ChoiceField(label="方式", required=False, choices=[("", "全部"), *Message.Channel.choices])
