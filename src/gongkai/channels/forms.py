"""Forms of channels, deliveries and accounts. What may be done is the actions' to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from gongkai.channels.connectors.base import Connector, SettingsForm
from gongkai.channels.models import Account, Channel
from gongkai.channels.states import STATES
from gongkai.channels.vocabulary import gates, media, platforms
from gongkai.obligations.forms import DateInput, KeyForm
from gongkai.publications.models import Document
from gongkai.publications.vocabularies import genres


class Named(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class MomentField(forms.DateTimeField):
    """A moment as browsers send it, in the place's own time."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")


def _area(label: str, most: int, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class ChannelForm(KeyForm):
    """What every channel has; the connector's own settings are the form beside it (`settings_form`)."""

    name = forms.CharField(label="渠道名称", max_length=80, help_text="如：清河发布微信公众号、市档案馆投递。")
    agency = Named(None, label="单位", empty_label=None)
    medium = forms.ChoiceField(label="媒体", help_text="方案里写明的渠道按它核对。")
    account = Named(None, label="新媒体账号", required=False, empty_label="不是账号", help_text="选了账号，送达即记为该账号的一次更新。")
    needs_gates = forms.BooleanField(
        label="先审后发", required=False, help_text="推送前要由负责人、审核人确认四关：政治关、法律关、保密关、文字关。账号一律先审后发。"
    )
    everything = forms.BooleanField(label="推送全部公开的信息", required=False, help_text="不选则建好以后再加规则。")

    def __init__(
        self, data: Any = None, *, kind: Connector, agencies: Any, accounts: Any, channel: Channel | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["agency"].queryset, fields["account"].queryset = agencies, accounts
        fields["medium"].choices = [(row.id, row.name) for row in media().values() if not kind.media or row.id in kind.media]
        if not accounts.exists():
            del self.fields["account"]
        if channel is not None:
            del self.fields["agency"]
            del self.fields["everything"]


def settings_form(kind: Connector, data: Any = None, initial: Any = None) -> SettingsForm:
    return kind.form(data, initial=initial, prefix="settings", auto_id="settings_%s")


class RuleForm(KeyForm):
    agency = Named(None, label="公开主体", required=False, empty_label="全部")
    column = Named(None, label="栏目", required=False, empty_label="全部")
    genre = forms.ChoiceField(label="体裁", required=False)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Document.Kind.choices])

    def __init__(self, data: Any = None, *, agencies: Any, columns: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["agency"].queryset, fields["column"].queryset = agencies, columns
        fields["genre"].choices = [("", "全部"), *((row.code, row.name) for row in genres().values())]


class SwitchForm(KeyForm):
    text = forms.CharField(label="说明", required=False, max_length=200)


class AddForm(KeyForm):
    channel = Named(None, label="推送到")

    def __init__(self, data: Any = None, *, channels: list[Channel], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["channel"]
        field.queryset = Channel.objects.filter(pk__in=[row.pk for row in channels])


class GateForm(KeyForm):
    """The four checks, each to be confirmed by name."""

    text = forms.CharField(label="说明", required=False, max_length=500)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        own = {one.id: forms.BooleanField(label=one.name, required=False, help_text=one.question) for one in gates()}
        self.fields = {"key": self.fields["key"], **own, "text": self.fields["text"]}

    def arguments(self) -> dict[str, Any]:
        return {"confirmed": [one.id for one in gates() if self.cleaned_data[one.id]], "text": self.cleaned_data["text"]}


class ReasonForm(KeyForm):
    reason = _area("理由", 250)


class PostForm(KeyForm):
    address = forms.CharField(label="发布地址", max_length=500, widget=forms.URLInput())
    at = MomentField(label="发布时间", required=False, help_text="不填为现在。")


class TextForm(KeyForm):
    text = forms.CharField(label="说明", required=False, max_length=500)


class StateFilter(forms.Form):
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *((key, word) for key, (word, _css) in STATES.items())])


class AccountForm(KeyForm):
    name = forms.CharField(label="账号名称", max_length=80)
    address = forms.CharField(label="账号地址", max_length=300, required=False, widget=forms.URLInput(), help_text="主页地址，没有就留空。")
    responsible = forms.CharField(label="责任人", max_length=40)
    approved_by = forms.CharField(label="批准机关", max_length=120, required=False, help_text="开设账号逐级审核（国办发〔2018〕123号）。")


class OpenAccountForm(AccountForm):
    agency = Named(None, label="主办单位", empty_label=None)
    platform = forms.ChoiceField(label="平台")
    opened_on = forms.DateField(label="开设日期", widget=DateInput())
    field_order = ("key", "agency", "platform", "name", "address", "responsible", "approved_by", "opened_on")

    def __init__(self, data: Any = None, *, agencies: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["agency"].queryset = agencies
        fields["platform"].choices = platforms()


class AccountStateForm(KeyForm):
    state = forms.ChoiceField(label="改为")
    on = forms.DateField(label="日期", required=False, widget=DateInput(), help_text="不填为今天。")
    reason = _area("理由", 300)

    def __init__(self, data: Any = None, *, account: Account, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["state"]
        field.choices = [choice for choice in Account.State.choices if choice[0] != account.state]


class AccountPostForm(KeyForm):
    title = forms.CharField(label="标题", max_length=300)
    url = forms.CharField(label="地址", max_length=500, widget=forms.URLInput())
    at = MomentField(label="发布时间", required=False, help_text="不填为现在。")


class ReadingForm(KeyForm):
    on = forms.DateField(label="统计日期", required=False, widget=DateInput(), help_text="不填为今天；同一天再登记就是改正。")
    followers = forms.IntegerField(label="关注人数", min_value=0)
    messages = forms.IntegerField(label="本年收到留言", min_value=0, initial=0, help_text="从1月1日起，平台后台的数。")
    answered = forms.IntegerField(label="其中已答复", min_value=0, initial=0)


class CheckForm(KeyForm):
    on = forms.DateField(label="检查日期", widget=DateInput())
    passed = forms.TypedChoiceField(label="结论", choices=[("1", "符合要求"), ("0", "有问题")], coerce=lambda value: value == "1")
    finding = _area("发现的问题", 500, required=False)
    mend_by = forms.DateField(label="整改期限", required=False, widget=DateInput())

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        if data is None:
            kwargs.setdefault("initial", {}).setdefault("on", timezone.localdate())
        super().__init__(data, **kwargs)


class ImportForm(KeyForm):
    file = forms.FileField(
        label="xlsx 文件",
        help_text="表头：主办单位、平台、账号名称、账号地址、责任人、批准机关、开设日期。可以先导出一份照着填。",
    )
