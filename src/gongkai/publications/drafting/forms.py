"""Forms of drafting. What may be done, and what may be kept, is the actions' to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from gongkai.agencies.models import Agency, Jurisdiction, Section
from gongkai.catalogue import grounds
from gongkai.catalogue.models import Column, Item
from gongkai.obligations.forms import DateInput, KeyForm
from gongkai.publications.drafting import attachments
from gongkai.publications.metadata import labels_of
from gongkai.publications.models import Document, Edition, Revision
from gongkai.publications.references import Reference, from_lines
from gongkai.publications.vocabularies import genres, label_sets, themes

ACCEPT = ",".join(f".{kind}" for kind in attachments.CONTENT_TYPES)
DOCX = ".docx"


class OneOf(forms.ModelChoiceField):
    """A choice whose rows are given when the form is made."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(None, **kwargs)


class SomeOf(forms.ModelMultipleChoiceField):
    """Several of the rows given when the form is made."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(None, **kwargs)


class AgencyChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class AgencyChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """Several files in one field, as a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=ManyFilesInput(attrs={"accept": ACCEPT, "multiple": True}), allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            super().clean(None, initial)
        return [super(ManyFiles, self).clean(file, initial) for file in files]


def issuers_for(place: Jurisdiction) -> QuerySet[Agency]:
    """Agencies of the place, and of the places above and directly below with whom documents are issued together."""
    above = [p for p in (place.parent_id, place.parent.parent_id if place.parent else None) if p]
    near = Q(jurisdiction=place) | Q(jurisdiction__in=above) | Q(jurisdiction__parent=place)
    return Agency.objects.filter(near, valid_to__isnull=True).order_by("jurisdiction__code", "code")


def theme_choices() -> list[Any]:
    """Two levels, as groups of a select."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for theme in themes().values():
        groups.setdefault(theme.parent or theme.code, []).append((theme.code, theme.name))
    return [("", "请选择"), *[(themes()[code].name, rows) for code, rows in groups.items()]]


class DraftForm(KeyForm):
    """The whole text of an edition. `base` is the revision it began from."""

    GROUPS = (
        ("正文", ("title", "body", "change_note")),
        ("发文", ("issuer", "joint", "doc_number", "issued_on", "effective_on", "repealed_on", "term", "genre", "references")),
        ("公开属性", ("attribute", "label", "redacted", "ground", "ground_words", "expires_on")),
        ("检索", ("theme", "keywords", "abstract", "source")),
        ("公开之后", ("needs_interpretation", "in_gazette")),
    )

    base = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    title = forms.CharField(label="标题", max_length=300)
    body = forms.CharField(
        label="正文",
        required=False,
        widget=forms.Textarea(attrs={"rows": 24, "data-editor": "", "spellcheck": "false"}),
        help_text="从 WPS、Word 粘贴后，保存时去掉多余的格式。清单、名单、只有附件的可以不写正文。",
    )
    change_note = forms.CharField(label="变更说明", required=False, max_length=500, help_text="改了什么，公众看得到。")
    issuer = AgencyChoice(None, label="发文机关", empty_label=None)
    joint = AgencyChoices(None, label="联合发文机关", required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "agencies"}))
    doc_number = forms.CharField(label="发文字号", required=False, max_length=80, help_text="如：清政办发〔2026〕12号")
    issued_on = forms.DateField(label="成文日期", required=False, widget=DateInput())
    effective_on = forms.DateField(label="实施日期", required=False, widget=DateInput())
    repealed_on = forms.DateField(label="废止日期", required=False, widget=DateInput(), help_text="文件自己写明有效期至何日的才填。")
    term = forms.ChoiceField(label="有效期", choices=Revision.Term.choices)
    genre = forms.ChoiceField(label="体裁", required=False)
    references = forms.CharField(
        label="相关文件",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一件，如“转发：《标题》（文号）”，可以是引用、转发、解读、配套。留空则从正文里找。",
    )
    attribute = forms.ChoiceField(label="公开属性", choices=Revision.Attribute.choices, widget=forms.RadioSelect)
    label = forms.ChoiceField(label="印制标识", required=False)
    redacted = forms.BooleanField(label="删减后公开", required=False)
    ground = forms.ChoiceField(label="不予公开的理由", required=False)
    ground_words = forms.CharField(
        label="理由说明",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不予公开的，写明哪些内容属于所选情形。",
    )
    expires_on = forms.DateField(
        label="公示截止", required=False, widget=DateInput(), help_text="名单、处罚决定填公示的最后一天，次日自动撤下；长期公开的不填。"
    )
    theme = forms.ChoiceField(label="主题分类", required=False)
    keywords = forms.CharField(label="主题词", required=False, max_length=200, help_text="用空格隔开。")
    abstract = forms.CharField(label="内容概述", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))
    source = forms.CharField(label="信息来源", required=False, max_length=200)
    needs_interpretation = forms.BooleanField(label="公开后三个工作日内发布解读", required=False)
    in_gazette = forms.BooleanField(label="报送政府公报", required=False)

    def __init__(self, edition: Edition, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        fields: Any = self.fields
        place = edition.document.jurisdiction
        fields["issuer"].queryset = fields["joint"].queryset = issuers_for(place)
        fields["genre"].choices = [("", "请选择"), *((g.code, g.name) for g in genres().values())]
        fields["theme"].choices = theme_choices()
        fields["ground"].choices = [("", "请选择"), *grounds.choices()]
        printed = [label.text for label in labels_of(place)]
        present = self.initial.get("label") or ""
        fields["label"].choices = [("", "不印标识"), *((text, text) for text in dict.fromkeys([*printed, *([present] if present else [])]))]
        if edition.change == Edition.Change.FIRST:
            del fields["change_note"]
        elif edition.change == Edition.Change.MAJOR:
            fields["change_note"].required = True

    def clean_references(self) -> list[Reference] | None:
        lines = [line for line in self.cleaned_data["references"].splitlines() if line.strip()]
        found, wrong = from_lines(lines)
        if wrong:
            raise forms.ValidationError(wrong)
        return found if lines else None

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields as they stand on the page."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.GROUPS]

    def arguments(self) -> dict[str, Any]:
        """What actions.drafting.save takes."""
        data = self.cleaned_data
        issuers = list(dict.fromkeys([data["issuer"], *data["joint"]]))
        content = {name: data[name] for name in self.fields if name not in NOT_CONTENT}
        told = {"change_note": data.get("change_note", ""), "expires_on": data["expires_on"]}
        return {"base_revision_id": data["base"], "content": content, "issuers": issuers, "references": data["references"], **told}


NOT_CONTENT = {"key", "base", "issuer", "joint", "references", "change_note", "expires_on"}


def initial_of(edition: Edition) -> dict[str, Any]:
    """What the form shows of a saved edition. Three queries."""
    revision = edition.revision
    if revision is None:
        return {}
    issuers = [link.agency_id for link in revision.issuer_links.order_by("position", "pk")]
    values = {name: getattr(revision, name) for name in DraftForm.base_fields if name not in NOT_CONTENT}
    return {
        **values,
        "base": revision.pk,
        "issuer": issuers[0] if issuers else edition.document.agency_id,
        "joint": issuers[1:],
        "references": "\n".join(
            Reference(r.relation, r.title or r.doc_number, r.doc_number, r.target_id).line for r in revision.references.order_by("pk")
        ),
        "change_note": edition.change_note,
        "expires_on": edition.expires_on,
    }


class StartForm(KeyForm):
    agency = AgencyChoice(None, label="公开主体", empty_label=None)
    kind = forms.ChoiceField(label="类别", choices=Document.Kind.choices, help_text="规章、规范性文件要填实施日期。")
    column = OneOf(label="栏目", required=False, empty_label="以后再选")
    title = forms.CharField(label="标题", required=False, max_length=300, help_text="上传文件的可以不填，从文件里读。")
    file = forms.FileField(
        label="从 Word 文件开始",
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": DOCX}),
        help_text="docx 文件，保留标题层次、表格、编号和脚注，并读出文号、日期和印制标识。",
    )

    def __init__(self, agencies: QuerySet[Agency], data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        fields: Any = self.fields
        fields["agency"].queryset = agencies
        places = agencies.order_by().values("jurisdiction")
        fields["column"].queryset = Column.objects.filter(jurisdiction__in=places, closed_on__isnull=True)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("title") and not data.get("file") and "file" not in self.errors:
            self.add_error("title", "请写标题，或者上传文件")
        return data


class ArrangeForm(KeyForm):
    kind = forms.ChoiceField(label="类别", choices=Document.Kind.choices)
    column = OneOf(label="栏目", required=False, empty_label="不选")
    section = OneOf(label="承办内设机构", required=False, empty_label="不选")
    items = SomeOf(
        label="公开事项", required=False, widget=forms.SelectMultiple(attrs={"size": 8}), help_text="公开后算完成目录里的哪些事项。"
    )

    def __init__(self, document: Document, data: Any = None, **kwargs: Any) -> None:
        links = document.item_links.values_list("item_id", flat=True)
        initial = {"kind": document.kind, "column": document.column_id, "section": document.section_id, "items": list(links)}
        super().__init__(data, initial=initial, **kwargs)
        fields: Any = self.fields
        fields["column"].queryset = Column.objects.filter(jurisdiction=document.jurisdiction_id, closed_on__isnull=True)
        fields["section"].queryset = Section.objects.filter(agency=document.agency_id, valid_to__isnull=True)
        mine = Q(standards__subjects=document.agency_id) | Q(catalogue__agency=document.agency_id)
        rows = Item.objects.filter(mine, standards__version__state="current") | Item.objects.filter(pk__in=list(links))
        fields["items"].queryset = rows.distinct().select_related("catalogue")
        fields["items"].label_from_instance = item_words


def item_words(item: Item) -> str:
    return f"{item.code}（{item.catalogue.title}）"


class BeginForm(KeyForm):
    change = forms.ChoiceField(
        label="变更",
        choices=[c for c in Edition.Change.choices if c[0] != Edition.Change.FIRST],
        widget=forms.RadioSelect,
        help_text="重要修改有新的日期，并告知订阅的人；文字订正只改错别字。",
    )
    note = forms.CharField(label="改了什么", required=False, max_length=500, help_text="重要修改必填，公众看得到。")


class DiscardForm(KeyForm):
    reason = forms.CharField(label="说明", required=False, max_length=500)


class RestoreForm(KeyForm):
    base = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


class ImportForm(KeyForm):
    file = forms.FileField(
        label="Word 文件",
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": DOCX}),
        help_text="读出的正文放进编辑页，您看过、保存才算数。",
    )


class AttachForm(KeyForm):
    files = ManyFiles(label="文件")  # type: ignore[assignment]
    contact = forms.CharField(
        label="索取其他格式的联系方式", required=False, max_length=200, help_text="图片、扫描件、压缩包必填，如：0000-1234567，办公室。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = f"可以选多个，{attachments.ALLOWED_WORDS}，每个不超过 {attachments.limit_words()}。"
        self.fields["files"].help_text = limit


class ReplaceForm(KeyForm):
    file = forms.FileField(label="新文件", allow_empty_file=True, widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}))


class PatternForm(KeyForm):
    place = OneOf(label="地区", empty_label=None)
    pattern = forms.CharField(
        label="索引号格式", max_length=80, help_text="可以用 {code} 机构代码、{place} 行政区划代码、{year}、{month}、{n:05d} 流水号。"
    )
    labels = forms.ChoiceField(label="印制标识", widget=forms.RadioSelect)

    def __init__(self, places: QuerySet[Jurisdiction], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        fields: Any = self.fields
        fields["place"].queryset = places
        fields["labels"].choices = [(s.code, f"{s.name}：{'、'.join(x.text for x in s.labels)}") for s in label_sets().values()]


class DocumentFilter(forms.Form):
    """The filters of the list. A value that makes no sense is named on the screen and does not filter."""

    STATES = [("", "全部"), ("working", "在办"), *[c for c in Edition.State.choices if c[0] not in ("past",)]]

    q = forms.CharField(label="标题、文号、索引号", required=False, max_length=100)
    state = forms.ChoiceField(label="状态", choices=STATES, required=False)
    kind = forms.ChoiceField(label="类别", choices=[("", "全部"), *Document.Kind.choices], required=False)
    agency = AgencyChoice(None, label="公开主体", required=False, empty_label="全部")
    column = OneOf(label="栏目", required=False, empty_label="全部")

    def __init__(self, agencies: QuerySet[Agency], columns: QuerySet[Column], data: Any = None) -> None:
        super().__init__(data)
        fields: Any = self.fields
        fields["agency"].queryset, fields["column"].queryset = agencies, columns

    def conditions(self) -> dict[str, Any]:
        """What filters, of the values that make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
