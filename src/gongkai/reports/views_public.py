"""政府信息公开年报 for everybody: by year and agency, each as a page of the portal and as files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from gongkai.formats.annual_report.writing_html import body, title
from gongkai.publications.public.page import qr_code
from gongkai.publications.topics.booklets_pdf import NoBooklet
from gongkai.reports import files, queries
from gongkai.reports.access import access_public, listed_reports
from gongkai.reports.composing import checked, composed
from gongkai.twins import address, conditional, of_list

PER_PAGE = 50


class ListForm(forms.Form):
    year = forms.TypedChoiceField(label="年度", coerce=int, required=False, empty_value=None)
    agency = forms.ChoiceField(label="单位", required=False)

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["year"].choices = [("", "全部"), *((one, f"{one} 年") for one in queries.public_years())]  # type: ignore[attr-defined]
        agencies = [(one.code, one.name) for one in queries.public_agencies_of_reports()]
        self.fields["agency"].choices = [("", "全部"), *agencies]  # type: ignore[attr-defined]


def _state() -> Any:
    """One query: another report is published."""
    return listed_reports().order_by().aggregate(n=Count("pk"), last=Max("published_at"))


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    def make() -> HttpResponse:
        form = ListForm(request.GET)
        asked = form.cleaned_data if form.is_valid() else {}
        rows = queries.public_list(asked.get("year"), asked.get("agency", ""))
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        context = {"form": form, "page_obj": page, "filtered": bool(asked.get("year") or asked.get("agency"))}
        return render(request, "reports/public_list.html", context | {"twins": of_list("reports", "政府信息公开年报")})

    return conditional.answer(request, conditional.tag(request, _state()), None, make)


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    row = access_public(pk)

    def make() -> HttpResponse:
        made = composed(row)
        own = address(reverse("reports_public:report", args=[pk]), request)
        text = next((one for one in made.sections.values() if one.strip()), "")
        context = {
            "report": row,
            "title": title(made),
            "body": mark_safe(body(made)),  # noqa: S308 — drawn by the kernel, which escapes every word
            "description": text[:120],
            "formats": list(files.TYPES),
            "own_url": own,
            "qr": qr_code(own),
        }
        return render(request, "reports/public_report.html", context)

    return conditional.answer(request, conditional.tag(request, row.published_at), None, make)


@require_safe
def file(request: HttpRequest, pk: int, fmt: str) -> HttpResponseBase:
    row = access_public(pk)
    made = composed(row)
    try:
        return files.download(row, made, checked(row, made), fmt)
    except NoBooklet as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
