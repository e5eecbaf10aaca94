"""/documents/valid/: every rule and normative document in force in one place, to search, read and download (S3-8); results of clean-ups."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.obligations.exports import as_file
from gongkai.obligations.middleware import reads_no_states
from gongkai.obligations.paging import BoundedPaginator
from gongkai.publications.models import Cleanup, Document
from gongkai.publications.public import cache as public_cache
from gongkai.publications.public.listed import Listed, Statements, kept, statements
from gongkai.publications.topics import booklets_docx, booklets_ofd, booklets_pdf
from gongkai.publications.topics.booklets_content import Chapter, single
from gongkai.publications.validity import cleanups, register
from gongkai.publications.validity.state import REGISTERED, attach, terms, with_standing
from gongkai.publications.visible import live_editions
from gongkai.twins import LAST_PAGE, hosting, of_list, page_number

PER_PAGE = 20
MOST = 5000
PDF_CHARACTERS = 300_000
"""Of one text that is laid out while somebody waits; a longer one is had as Word."""
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "ofd": "application/ofd",
}


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


def _choices() -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """(places, agencies) that have opened any."""
    opened = Document.objects.filter(kind__in=REGISTERED, first_published_at__isnull=False)
    opened = hosting.narrowed(opened, place="jurisdiction").order_by()
    agencies = Agency.objects.filter(pk__in=opened.values("agency")).order_by("jurisdiction__code", "code")
    places = Jurisdiction.objects.filter(pk__in=opened.values("jurisdiction")).order_by("code")
    return list(places.values_list("pk", "name")), list(agencies.values_list("pk", "name"))


def _filter(request: HttpRequest) -> tuple[LibraryFilter, dict[str, Any]]:
    places, agencies = kept("library", _choices)
    form = LibraryFilter(request.GET, places=places, agencies=agencies)
    form.is_valid()
    return form, {name: value for name, value in form.cleaned_data.items() if value}


def _narrowed(asked: Mapping[str, Any]) -> QuerySet[Any]:
    rows = register.library()
    for name, path in (("kind", "kind"), ("place", "jurisdiction"), ("agency", "agency")):
        if name in asked:
            rows = rows.filter(**{path: asked[name]})
    return register.search(rows, q=asked.get("q", ""), year=asked.get("year")).order_by("-first_published_at", "-pk")


def _dressed(rows: QuerySet[Any]) -> QuerySet[Any]:
    return with_standing(rows).select_related("jurisdiction", "agency").order_by("-first_published_at", "-pk")


@lru_cache(maxsize=256)
def _statements(asked: tuple[tuple[str, Any], ...], day: date, host: str, known: tuple[Any, ...]) -> Statements[Any]:
    """Everything the statements name besides: the day, the site, and the terms the places have set."""
    return statements(_narrowed(dict(asked)), _dressed)


@require_safe
@reads_no_states
def valid(request: HttpRequest) -> HttpResponse:
    def make() -> HttpResponse:
        form, asked = _filter(request)
        known = terms()
        words = statements(_narrowed(asked), _dressed) if "q" in asked else None  # of words each is another one
        found = words or _statements(tuple(asked.items()), timezone.localdate(), hosting.key(), tuple(sorted(known.own.items())))
        rows = Listed(f"library:{urlencode(asked)}", found, lambda: _narrowed(asked))
        most = LAST_PAGE * PER_PAGE
        page = BoundedPaginator(rows, PER_PAGE, most=most, known=rows.count(most)).get_page(page_number(request))
        documents = attach(page.object_list, known=known)
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
    _form, asked = _filter(request)
    lines = []
    for n, row in enumerate(attach(_narrowed(asked)[:MOST], known=terms()), 1):
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
    """One document as docx in the official page, as PDF, or as OFD where a converter is configured."""
    if fmt not in TYPES or (fmt == "ofd" and not booklets_ofd.is_configured()):
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
                (booklets_ofd if fmt == "ofd" else booklets_pdf).write_single(chapter, buffer)
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
