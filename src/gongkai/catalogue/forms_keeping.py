"""Forms of keeping the catalogue alive. What may be done is the actions' to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from gongkai.agencies.models import Agency, Section
from gongkai.catalogue import colours, grounds, sectors
from gongkai.catalogue.keeping import rules
from gongkai.catalogue.models import Expansion, Item, NegativeReview, Site, Suggestion
from gongkai.catalogue.states import WORDS
from gongkai.obligations.forms import DateInput, KeyForm
from gongkai.obligations.models import Series


def _area(label: str, most: int, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class Named(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class WordsField(forms.CharField):
    """Words separated by 、 or line ends, cleaned to a list."""

    def clean(self, value: Any) -> Any:
        text: str = super().clean(value)
        for sign in "，,；;\n":
            text = text.replace(sign, "、")
        return [word.strip() for word in text.split("、") if word.strip()]


class StateFilter(forms.Form):
    catalogue = forms.TypedChoiceField(label="目录", required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), ("gaps", "有问题的"), *WORDS.items()])
    q = forms.CharField(label="事项", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))

    def __init__(self, data: Any, *, catalogues: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["catalogue"].choices = [("", "全部"), *catalogues]  # type: ignore[attr-defined]


class LimitsForm(KeyForm):
    suggestion_days = forms.IntegerField(label="答复建议（工作日）", required=False, min_value=1, max_value=60)
    expansion_days = forms.IntegerField(label="决定上级扩展事项（工作日）", required=False, min_value=1, max_value=250)
    review_cadence = forms.ChoiceField(label="评估负面清单", required=False, choices=[("", "按默认"), *Series.Cadence.choices[2:]])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in rules():
                rule = rules()[name]
                value = dict(Series.Cadence.choices).get(rule.value, rule.value)
                field.help_text = f"不填为{value}{rule.unit}。{rule.basis}。"


class ProposeForm(KeyForm):
    agency = Named(None, label="制作单位", empty_label=None)
    section = Named(None, label="提出科室", required=False, empty_label="不填")
    name = forms.CharField(label="类别名称", max_length=120, help_text="如：尚未审定的规划过程稿")
    description = _area("说明", 1000, help_text="哪些信息属于这一类，到什么时候为止。")
    clause = forms.ChoiceField(label="法律依据", help_text="应当还是可以不予公开，由条款决定。")
    examples = forms.CharField(label="举例", max_length=500, required=False)
    words = WordsField(label="特征词", max_length=600, required=False, help_text="用顿号分开。标题、正文里出现时提示，不作决定。")

    def __init__(self, data: Any = None, *, agencies: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["section"].queryset = Section.objects.filter(agency__in=agencies, valid_to__isnull=True)  # type: ignore[attr-defined]
        self.fields["clause"].choices = grounds.choices(timezone.localdate())  # type: ignore[attr-defined]


class ApproveForm(KeyForm):
    effective_on = forms.DateField(label="列入日期", required=False, widget=DateInput(), help_text="不填为今天。")


class ReasonForm(KeyForm):
    reason = _area("理由", 500, rows=2)


class ReviewForm(KeyForm):
    conclusion = forms.ChoiceField(label="评估结论", choices=NegativeReview.Conclusion.choices, widget=forms.RadioSelect)
    reason = _area("理由", 500, rows=2)
    description = _area("新的说明", 1000, rows=2, required=False, help_text="缩小范围的填写。")


class MatchForm(forms.Form):
    text = _area("标题或者正文", 20_000, rows=6)


class HandDownForm(KeyForm):
    rows: Any = forms.ModelMultipleChoiceField(None, label="事项", widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, standards: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["rows"]
        field.queryset = standards
        field.label_from_instance = lambda row: f"{row.item.code}　{row}"

    def chosen(self) -> list[Item]:
        return [row.item for row in self.cleaned_data["rows"]]


class ExpansionFilter(forms.Form):
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *Expansion.State.choices])


class AnswerForm(KeyForm):
    outcome = forms.ChoiceField(label="办理结果", choices=Suggestion.Outcome.choices, widget=forms.RadioSelect)
    words = _area("答复", 2000, rows=5, help_text="答复和建议一起公开；不属于建议的（广告、辱骂）不公开。")


class SuggestForm(forms.Form):
    """The box under a row. `homepage` is hidden from people; who fills it is a machine."""

    key = forms.CharField(max_length=120, widget=forms.HiddenInput, required=False)
    text = _area("您的建议", 2000, rows=4, help_text="不用登录，不用留姓名。请不要写身份证号、电话等个人信息，写了也会遮盖后再保存。")
    homepage = forms.CharField(
        label="网址", required=False, max_length=200, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )


class FindSuggestionForm(forms.Form):
    code = forms.CharField(label="查询码", max_length=20)


class BodyForm(KeyForm):
    agency = Named(None, label="单位", empty_label=None)
    sector = forms.ChoiceField(label="行业")
    supervisor = Named(None, label="主管部门", required=False, empty_label="不填")

    def __init__(self, data: Any = None, *, bodies: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["agency"].queryset = bodies  # type: ignore[attr-defined]
        self.fields["supervisor"].queryset = departments  # type: ignore[attr-defined]
        self.fields["sector"].choices = [(row.id, row.name) for row in sectors.sectors().values()]  # type: ignore[attr-defined]


class SiteForm(KeyForm):
    name = forms.CharField(label="网站名称", max_length=120)
    kind = forms.ChoiceField(label="类别", choices=Site.Kind.choices)
    id_code = forms.CharField(label="网站标识码", max_length=20, required=False)
    scope = forms.ChoiceField(
        label="展示范围", required=False, choices=Site.Scope.choices, help_text="用这个域名打开时，首页、列表、检索只列这些。"
    )
    colour = forms.ChoiceField(label="主色", required=False, choices=colours.CHOICES, help_text="都查过对比度，正文不低于 4.5:1。")
    organ = forms.CharField(label="页脚的主办单位", max_length=120, required=False, help_text="不填为登记的主办单位。")
    phone = forms.CharField(label="联系电话", max_length=40, required=False, help_text="不填为单位的电话。")
    icp = forms.CharField(label="ICP 备案号", max_length=40, required=False)
    police = forms.CharField(label="公安机关备案号", max_length=60, required=False)
    errors_url = forms.CharField(label="“我为政府网站找错”入口", max_length=300, required=False, help_text="不填与主站相同。")


class OpenSiteForm(SiteForm):
    agency = Named(None, label="主办单位", empty_label=None)
    host = forms.CharField(label="域名", max_length=300, help_text="如 www.example.gov.cn，不带 http。登记后不改。")
    opened_on = forms.DateField(label="开办日期", required=False, widget=DateInput(), help_text="不填为今天。")
    field_order = ["agency", "name", "host", "kind", "id_code", "opened_on", "scope", "colour"]

    def __init__(self, data: Any = None, *, agencies: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]


class RedirectsField(forms.CharField):
    """A line each: the old path, blanks, the new address; cleaned to pairs."""

    def clean(self, value: Any) -> Any:
        text: str = super().clean(value)
        return [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]


class EndSiteForm(KeyForm):
    reason = _area("理由", 500, rows=2)
    notice_url = forms.CharField(label="公告地址", max_length=300, help_text="先公开关停公告，再填它的完整地址。")
    moved_to = forms.CharField(
        label="内容迁往", required=False, max_length=300, help_text="https:// 开头的完整地址；整合的不填，就到接收网站的首页。"
    )
    redirects = RedirectsField(
        label="地址对照",
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一条：原路径，空格，新地址。没有列出的到上面的新地址。",
    )
    archive = forms.CharField(label="归档位置", required=False, max_length=300, help_text="如：市档案馆 电子档案 2026-W-0012")


class MergeSiteForm(EndSiteForm):
    into = Named(None, label="整合到", empty_label=None)
    field_order = ["into", "reason", "notice_url", "moved_to", "redirects", "archive"]

    def __init__(self, data: Any = None, *, sites: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["into"].queryset = sites  # type: ignore[attr-defined]


def agencies_at(places: Any) -> Any:
    return Agency.objects.filter(jurisdiction__in=places, valid_to__isnull=True).order_by("jurisdiction__code", "code")
