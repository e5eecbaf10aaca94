"""/documents/: what the public can read, the newest first, by agency, column, kind and year; the same as an Atom feed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from gongkai.agencies.models import Agency
from gongkai.catalogue.models import Column
from gongkai.publications import public_cache
from gongkai.publications.forms_public import ListFilter
from gongkai.publications.models import Edition
from gongkai.publications.public_page import address
from gongkai.publications.visible import live_editions

PER_PAGE = 20
IN_FEED = 30


def rows(chosen: dict[str, Any]) -> QuerySet[Edition]:
    """Live editions that fit, the newest first, with what a row of the list says."""
    found = live_editions().select_related("document__agency", "document__column", "revision")
    found = found.defer("revision__body", "revision__rows")
    names = {"agency": "document__agency", "column": "document__column", "kind": "document__kind", "year": "published_at__year"}
    for name, path in names.items():
        if chosen.get(name):
            found = found.filter(**{path: chosen[name]})
    return found.order_by("-published_at", "-pk")


def _form(request: HttpRequest) -> ListFilter:
    live = live_editions()
    agencies = (
        Agency.objects.filter(pk__in=live.values("document__agency")).order_by("jurisdiction__code", "code").values_list("pk", "name")
    )
    columns = Column.objects.filter(pk__in=live.values("document__column")).values_list("pk", "name")
    form = ListFilter(request.GET, agencies=list(agencies), columns=list(columns))
    form.is_valid()
    return form


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    def make() -> HttpResponse:
        form = _form(request)
        chosen = {name: value for name, value in form.cleaned_data.items() if value}
        page = Paginator(rows(chosen), PER_PAGE).get_page(request.GET.get("page"))
        feed = reverse("documents:feed") + (f"?{urlencode(chosen)}" if chosen else "")
        context = {"form": form, "page_obj": page, "filtered": bool(chosen), "feed_url": feed}
        return render(request, "publications/public/list.html", context)

    return public_cache.answer(request, public_cache.tag(request), None, make)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Atom of the same list with the same filters."""

    def make() -> HttpResponse:
        form = _form(request)
        own = address(request.get_full_path(), request)
        title = f"{settings.SITE['name']} 政府信息公开"
        atom = Atom1Feed(title=title, link=address(reverse("documents:list"), request), description=title, feed_url=own, language="zh-CN")
        for row in rows({name: value for name, value in form.cleaned_data.items() if value})[:IN_FEED]:
            assert row.revision is not None
            link = address(reverse("documents:document", args=[row.document_id]), request)
            shown = row.revision.abstract if row.revision.attribute == row.revision.Attribute.PROACTIVE else "不予公开"
            atom.add_item(
                title=row.revision.title,
                link=link,
                unique_id=link,
                description=shown,
                author_name=row.document.agency.name,
                pubdate=row.published_at,
                updateddate=row.published_at,
            )
        return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")

    return public_cache.answer(request, public_cache.tag(request), None, make)
