"""/documents/valid/: every rule and normative document in force in one place, to search, read and download (S3-8); results of clean-ups."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.obligations.exports import as_file
from gongkai.obligations.middleware import reads_no_states
from gongkai.publications.models import Cleanup, Document
from gongkai.publications.public import cache as public_cache
from gongkai.publications.topics import booklets_docx, booklets_pdf
from gongkai.publications.topics.booklets_content import Chapter, single
from gongkai.publications.validity import cleanups, register
from gongkai.publications.validity.state import REGISTERED, attach, terms
from gongkai.publications.visible import live_editions
from gongkai.twins import hosting, of_list

PER_PAGE = 20
MOST = 5000
PDF_CHARACTERS = 300_000
"""Of one text that is laid out while somebody waits; a longer one is had as Word."""
TYPES = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf"}


class LibraryFilter(forms.Form):
    q = forms.CharField(label="标题、文号", required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), *((kind.value, kind.label) for kind in Document.Kind if kind in REGISTERED)]
    )
    place = forms.TypedChoiceField(label="地区", required=False, coerce=int, empty_value=None)
    agency = forms.TypedChoiceField(label="制定机关", required=False, coerce=int, empty_value=None)
    year = forms.IntegerField(label="成文年份", required=False, min_value=1949, max_value=2100)

    def __init__(self, data: Any, *, places: list[tuple[int, str]], agencies: list[tuple[int, str]]) -> None:
        super().__init__(data)
        for name, rows in (("place", places), ("agency", agencies)):
            if len(rows) > 1:
                self.fields[name].choices = [("", "全部"), *rows]  # type: ignore[attr-defined]
            else:
                del self.fields[name]


def _filtered(request: HttpRequest) -> tuple[LibraryFilter, dict[str, Any], QuerySet[Document]]:
    rows = register.library()
    opened = (
        hosting.narrowed(Document.objects.all(), place="jurisdiction")
        .filter(kind__in=REGISTERED, first_published_at__isnull=False)
        .order_by()
    )
    agencies = Agency.objects.filter(pk__in=opened.values("agency")).order_by("jurisdiction__code", "code")
    places = Jurisdiction.objects.filter(pk__in=opened.values("jurisdiction")).order_by("code")
    form = LibraryFilter(request.GET, places=list(places.values_list("pk", "name")), agencies=list(agencies.values_list("pk", "name")))
    form.is_valid()
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    for name, path in (("kind", "kind"), ("place", "jurisdiction"), ("agency", "agency")):
        if name in asked:
            rows = rows.filter(**{path: asked[name]})
    return form, asked, register.search(rows, q=asked.get("q", ""), year=asked.get("year"))


@require_safe
@reads_no_states
def valid(request: HttpRequest) -> HttpResponse:
    def make() -> HttpResponse:
        form, asked, rows = _filtered(request)
        page = Paginator(rows.order_by("-first_published_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
        documents = attach(page.object_list, known=terms())
        decided = hosting.narrowed(Cleanup.objects.all()).filter(decided_at__isnull=False).select_related("agency")[:10]
        context = {"form": form, "filtered": bool(asked), "page_obj": page, "documents": documents, "cleanups": decided}
        context["twins"] = of_list("valid", "现行有效的规章和规范性文件")
        return render(request, "publications/validity/public_valid.html", context | {"query": request.GET.urlencode()})

    return public_cache.answer(request, public_cache.tag(request), None, make)


COLUMNS = (
    Column("n", "序号", 3, "center"),
    Column("title", "标题", 24),
    Column("number", "发文字号", 9),
    Column("agency", "制定机关", 10),
    Column("issued", "成文日期", 6, "center"),
    Column("effective", "实施日期", 6, "center"),
    Column("until", "有效期至", 6, "center"),
    Column("state", "有效性", 4, "center"),
    Column("index", "索引号", 9),
)


@require_safe
@reads_no_states
def valid_export(request: HttpRequest, fmt: str) -> HttpResponse:
    """The directory of all documents in force."""
    _form, _asked, rows = _filtered(request)
    lines = []
    for n, row in enumerate(attach(rows.order_by("-first_published_at", "-pk")[:MOST], known=terms()), 1):
        text = row.standing
        cells = {
            "n": n,
            "title": text.title,
            "number": text.doc_number,
            "agency": row.agency.name,
            "issued": text.issued_on,
            "effective": text.effective_on,
            "until": row.state.until,
            "state": row.state.words,
            "index": row.index_number,
        }
        lines.append(LedgerRow(cells))
    return as_file(LedgerTable("现行有效的规章和行政规范性文件目录", COLUMNS, lines), fmt, "有效文件目录")


@require_safe
@reads_no_states
def download(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """One document as docx in the official page, or as PDF."""
    if fmt not in TYPES:
        raise Http404("没有这种格式")
    live = live_editions().filter(document=pk).values_list("pk", "revision", "revision__title").first()
    if live is None:
        raise Http404("没有这份文件，或者现在不公开")

    def make() -> HttpResponse:
        chapter = single(pk)
        if chapter is None:
            raise Http404("没有这份文件，或者现在不公开")
        return _made(request, chapter, fmt)

    response = public_cache.answer(request, public_cache.tag(request, *live), None, make)
    if response.status_code == 200:
        response["Content-Disposition"] = content_disposition_header(True, f"{live[2][:80]}.{fmt}")
        response["X-Content-Type-Options"] = "nosniff"
    return response


def _made(request: HttpRequest, chapter: Chapter, fmt: str) -> HttpResponse:
    buffer = io.BytesIO()
    if fmt == "docx":
        booklets_docx.write_single(chapter, buffer)
    else:
        problem = "" if chapter.size <= PDF_CHARACTERS else "这份文件太长，不能边看边生成 PDF，请下载 Word 版"
        try:
            if not problem:
                booklets_pdf.write_single(chapter, buffer)
        except booklets_pdf.NoBooklet as error:
            problem = str(error)
        if problem:
            return render(request, "publications/validity/public_no_pdf.html", {"problem": problem}, status=503)
    return HttpResponse(buffer.getvalue(), content_type=TYPES[fmt])


@require_safe
@reads_no_states
def cleanup(request: HttpRequest, pk: int) -> HttpResponse:
    """The result of a clean-up: the same rows that marked the pages."""
    record = Cleanup.objects.select_related("agency", "notice").filter(pk=pk, decided_at__isnull=False).first()
    if record is None:
        raise Http404("没有这次清理，或者还没有公布结果")

    def make() -> HttpResponse:
        lists = cleanups.by_list(record)
        shown = set(live_editions().filter(document__in=record.entries.values("document")).values_list("document", flat=True))
        context = {"cleanup": record, "lists": lists, "shown": shown}
        context["twins"] = of_list("cleanups", "文件清理结果")
        return render(request, "publications/validity/public_cleanup.html", context)

    return public_cache.answer(request, public_cache.tag(request, record.notice_id), record.decided_at, make)
