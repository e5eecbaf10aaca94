"""Forms of topics, booklets and typed lists."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.obligations.forms import KeyForm
from gongkai.publications.finding import named
from gongkai.publications.models import Booklet, Document, Topic


class TopicForm(KeyForm):
    title = forms.CharField(label="名称", max_length=120)
    introduction = forms.CharField(label="导语", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))


class StartTopicForm(TopicForm):
    agency = forms.TypedChoiceField(label="编制单位", coerce=int)
    kind = forms.ChoiceField(label="类别", choices=Topic.Kind.choices)
    field_order = ("agency", "kind", "title", "introduction")

    def __init__(self, data: Any = None, files: Any = None, *, agencies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.fields["agency"].choices = agencies  # type: ignore[attr-defined]


class GatherForm(KeyForm):
    documents = forms.CharField(
        label="文件",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一份，填网址、索引号或者发文字号。",
    )
    heading = forms.CharField(label="分类", required=False, max_length=120, help_text="目录里的小标题，如：综合类。")

    def __init__(self, data: Any = None, files: Any = None, *, user: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.user = user

    def clean_documents(self) -> list[Document]:
        lines = [line.strip() for line in self.cleaned_data["documents"].splitlines() if line.strip()]
        if len(lines) > 200:
            raise forms.ValidationError("一次最多 200 份，请分次编入")
        found: dict[int, Document] = {}
        for n, line in enumerate(lines, 1):
            document, problem = named(self.user, line)
            if document is None:
                self.add_error("documents", f"第 {n} 行：{problem}")
            else:
                found[document.pk] = document
        return list(found.values())


class BindForm(KeyForm):
    form = forms.ChoiceField(label="格式", choices=Booklet.Form.choices, widget=forms.RadioSelect, initial="docx")


class RowsForm(KeyForm):
    file = forms.FileField(
        label="清单（xlsx）",
        allow_empty_file=True,
        help_text="表头用清单的列名，不超过 20 MB；有错的一行都不导入，逐行列出。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )
    base = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
