"""Forms of the catalogue. Every form that makes a record carries its key; what may be done is the actions' to say."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.agencies.models import Agency
from gongkai.catalogue.limits import parse_limit
from gongkai.catalogue.models import Catalogue, Column, ItemStandard, Term
from gongkai.catalogue.rulebook import column_types, standard
from gongkai.catalogue.terms import Terms
from gongkai.clocks.limits import UNITS
from gongkai.obligations.forms import DateInput, KeyForm

BLANK = [("", "—")]


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class AgencyChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class AgencyChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class TemplateChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.catalogue.title}（第{obj.number}版）"


class ColumnChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent.name} › {obj.name}" if obj.parent else str(obj.name)


class CreateForm(KeyForm):
    agency = AgencyChoice(None, label="编制单位", empty_label=None)
    kind = forms.ChoiceField(
        label="类别",
        choices=[(v, n) for v, n in Catalogue.Kind.choices if v != Catalogue.Kind.SECTOR],
        widget=forms.RadioSelect,
        initial=Catalogue.Kind.AGENCY,
    )
    field = forms.ChoiceField(label="公开领域", required=False, help_text="领域目录才选。没有的领域由政务公开主管部门在词表里增加。")
    title = forms.CharField(label="名称", required=False, max_length=200, help_text="不填就按编制单位和领域取名。")
    template = TemplateChoice(
        None, label="模板", required=False, empty_label="不用模板，从头编制", help_text="别的领域或地区现行的目录，事项照抄过来再改。"
    )

    def __init__(self, data: Any = None, *, agencies: Any, templates: Any, terms: Terms, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]
        self.fields["field"].choices = BLANK + [(f.code, f.name) for f in terms.fields.values()]  # type: ignore[attr-defined]


class ReviseForm(KeyForm):
    reason = forms.CharField(label="修订原因", max_length=500, widget=area(2), help_text="如：机构职能调整，国家部委印发了新的标准指引。")


class ApproveForm(KeyForm):
    text = forms.CharField(label="批准意见", required=False, max_length=500, widget=area(2))


class ItemForm(KeyForm):
    """One row of the standard table. Nothing but 一级事项 is needed to save a draft."""

    level1 = forms.CharField(label="一级事项", max_length=200)
    level2 = forms.CharField(label="二级事项", required=False, max_length=200)
    elements = forms.CharField(label="公开内容（要素）", required=False, max_length=5000, widget=area(3))
    basis = forms.CharField(label="公开依据", required=False, max_length=5000, widget=area(3))
    limit_words = forms.CharField(
        label="公开时限", required=False, max_length=300, help_text="照目录的写法，如“信息形成或者变更之日起20个工作日内”“每月10日前”。"
    )
    limit_n = forms.IntegerField(
        label="时限天数", required=False, min_value=1, max_value=3650, help_text="上面的写法读不出天数时，在这里写明。"
    )
    limit_unit = forms.ChoiceField(label="时限单位", required=False, choices=BLANK + [(code, name) for code, name in UNITS.items()])
    cycle = forms.ChoiceField(
        label="更新周期", required=False, choices=BLANK + standard().choices("cycle"), help_text="到期没有新内容就成为一项任务。"
    )
    subject_words = forms.CharField(label="公开主体", required=False, max_length=300)
    subjects = AgencyChoices(
        None, label="公开主体单位", required=False, widget=forms.SelectMultiple(attrs={"size": 6}), help_text="机构名录里的单位，可以多选。"
    )
    channels = forms.MultipleChoiceField(label="公开渠道和载体", required=False, widget=forms.CheckboxSelectMultiple)
    other_channel = forms.CharField(label="其他渠道", required=False, max_length=100, help_text="不在上面的渠道，用顿号隔开。")
    audience = forms.ChoiceField(label="公开对象", required=False, choices=BLANK + standard().choices("audience"))
    audience_words = forms.CharField(label="特定群体", required=False, max_length=300, help_text="公开对象是特定群体时，写明是哪些人。")
    method = forms.ChoiceField(label="公开方式", required=False, choices=BLANK + standard().choices("method"))
    levels = forms.MultipleChoiceField(
        label="公开层级", required=False, choices=standard().choices("level"), widget=forms.CheckboxSelectMultiple
    )
    stage = forms.ChoiceField(
        label="过程", required=False, choices=BLANK + standard().choices("stage"), help_text="五公开：决策、执行、管理、服务、结果。"
    )
    links = forms.MultipleChoiceField(label="环节", required=False, choices=standard().choices("link"), widget=forms.CheckboxSelectMultiple)
    plain_words = forms.CharField(
        label="通俗说明", required=False, max_length=300, widget=area(2), help_text="给群众看的一两句话：这里能查到什么。"
    )

    def __init__(self, data: Any = None, *, terms: Terms, agencies: Any, row: ItemStandard | None = None, **kwargs: Any) -> None:
        if row is not None and data is None:
            kwargs["initial"] = {**_initial(row), **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)
        known = dict(terms.channels)
        if row is not None:  # what the row has stays on offer, also where the place has dropped the channel
            known |= {one: terms.channel_name(one) for one in row.channels if ":" not in one and one not in known}
        self.fields["channels"].choices = list(known.items())  # type: ignore[attr-defined]
        self.fields["subjects"].queryset = agencies  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Fields of ItemStandard."""
        data = dict(self.cleaned_data)
        others = [part.strip() for part in data.pop("other_channel").replace("，", "、").split("、") if part.strip()]
        values = {name: data[name] for name in self.fields if name in data and name not in ("key", "limit_n", "limit_unit", "subjects")}
        values["channels"] = [*data["channels"], *(f"other:{part}" for part in others)]
        if data["limit_n"] and data["limit_unit"]:
            values["limit"] = {"kind": "within", "n": data["limit_n"], "unit": data["limit_unit"], "anchor": ""}
        return values

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("limit_n")) != bool(data.get("limit_unit")):
            self.add_error("limit_n", "天数和单位要一起填")
        return data


def _initial(row: ItemStandard) -> dict[str, Any]:
    initial = {f.name: getattr(row, f.name) for f in ItemStandard._meta.concrete_fields}
    initial["channels"] = [one for one in row.channels if ":" not in one]
    initial["other_channel"] = "、".join(one.partition(":")[2] for one in row.channels if ":" in one)
    if row.limit.get("kind") == "within" and parse_limit(row.limit_words).limit != row.limit:
        initial["limit_n"], initial["limit_unit"] = row.limit["n"], row.limit["unit"]  # a person said it, the words do not
    initial["subjects"] = [agency.pk for agency in row.subjects.all()]
    return initial


class UploadForm(KeyForm):
    file = forms.FileField(
        label="目录表",
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.docx,.html,.htm"}),
        help_text="xlsx、docx 或 html，不超过 20 MB、5 万行。先看要改什么，确认后才导入。",
    )
    drop_missing = forms.BooleanField(label="表里没有的事项从草稿里删去", required=False)


class ApplyForm(KeyForm):
    partial = forms.BooleanField(required=False, widget=forms.HiddenInput())


class HiddenForm(KeyForm):
    include = forms.BooleanField(required=False, widget=forms.HiddenInput())


class RowsFilter(forms.Form):
    """The filters of a version's rows. A value that makes no sense does not filter."""

    q = forms.CharField(label="找事项", required=False, max_length=100)
    show = forms.ChoiceField(
        label="只看",
        required=False,
        choices=[("", "全部"), ("incomplete", "没写全的"), ("unbound", "没对应栏目的"), ("unread", "时限待确认的")],
    )
    stage = forms.ChoiceField(label="过程", required=False, choices=[("", "全部"), *standard().choices("stage")])


class PublicFilter(forms.Form):
    q = forms.CharField(label="找事项", required=False, max_length=100)
    level = forms.ChoiceField(label="一级事项", required=False)
    stage = forms.ChoiceField(label="过程", required=False, choices=[("", "全部"), *standard().choices("stage")])
    audience = forms.ChoiceField(label="公开对象", required=False, choices=[("", "全部"), *standard().choices("audience")])

    def __init__(self, data: Any = None, *, levels: list[str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["level"].choices = [("", "全部"), *((name, name) for name in levels)]  # type: ignore[attr-defined]


class ColumnForm(KeyForm):
    name = forms.CharField(label="名称", max_length=60)
    slug = forms.CharField(label="地址", max_length=60, help_text="小写字母、数字和短横线，定了就不能改。")
    kind = forms.ChoiceField(label="类型", choices=[(name, name) for name in column_types()], help_text="网页标签规范的 ColumnType。")
    agency = AgencyChoice(None, label="责任单位", empty_label=None)
    parent = ColumnChoice(None, label="上级栏目", required=False, empty_label="没有，是一级栏目")
    freshness_days = forms.IntegerField(
        label="更新间隔（日）", required=False, min_value=1, max_value=3650, help_text="多少日没有新内容算更新不及时；不查就留空。"
    )
    description = forms.CharField(label="说明", required=False, max_length=300)
    keywords = forms.CharField(label="关键词", required=False, max_length=200, help_text="用逗号隔开，写进网页标签。")

    def __init__(self, data: Any = None, *, columns: Any, agencies: Any, column: Column | None = None, **kwargs: Any) -> None:
        if column is not None and data is None:
            initial = {name: getattr(column, name) for name in ("name", "kind", "freshness_days", "description", "keywords")}
            kwargs["initial"] = initial | {"agency": column.agency_id, "parent": column.parent_id}
        super().__init__(data, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["parent"].queryset = columns  # type: ignore[attr-defined]
        if column is not None:
            del self.fields["slug"]


class CloseColumnForm(KeyForm):
    reason = forms.CharField(label="关停原因", max_length=500, widget=area(2))
    moved_to = ColumnChoice(None, label="内容迁往", required=False, empty_label="没有内容要迁")
    on = forms.DateField(label="关停日期", required=False, widget=DateInput(), help_text="不填就是今天。")

    def __init__(self, data: Any = None, *, columns: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["moved_to"].queryset = columns  # type: ignore[attr-defined]


class FoundForm(KeyForm):
    agency = AgencyChoice(Agency.objects.none(), label="先由谁负责", empty_label=None, help_text="建好后逐个改给责任单位。")

    def __init__(self, data: Any = None, *, agencies: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]


class TermForm(KeyForm):
    kind = forms.ChoiceField(label="类别", choices=Term.Kind.choices)
    code = forms.CharField(label="代码", max_length=40, help_text="改已有的写它的代码；本地区新增的用小写字母、数字和短横线。")
    name = forms.CharField(label="名称", max_length=60)
    basis = forms.CharField(label="依据", required=False, max_length=200)
    unused = forms.BooleanField(label="本地区不用", required=False)


class PlaceFilter(forms.Form):
    """Which place a page of columns or coverage is about."""

    place: Any = forms.ModelChoiceField(None, label="地区", required=False, empty_label=None)

    def __init__(self, data: Any = None, *, places: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
