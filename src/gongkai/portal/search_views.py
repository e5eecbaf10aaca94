"""Search for the public: the page, its JSON twin, suggestions while typing, and the description browsers take it up by."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.portal import searching
from gongkai.search.model import QueryTooLong, SearchDown

RETRY_SECONDS = 60
LONGEST_TYPED = 60
"""Characters of what is being typed that are looked at."""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything public in one list. An outage is a page that says so (503), never an empty list (invariant 10)."""
    results = searching.asked(request.GET)
    context: dict[str, Any] = {"results": results, "query": results.query}
    status = 200
    try:
        searching.find(results)
    except QueryTooLong as error:
        context["problem"] = str(error)
    except SearchDown:
        context["down"], status = True, 503
    answer = render(request, "portal/search.html", context, status=status)
    if status == 503:
        answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


@require_safe
def search_json(request: HttpRequest) -> HttpResponse:
    """The same search for programs: {query, total, page, pages, results: [{title, url, kind, on, snippet, notes}], facets}."""
    results = searching.asked(request.GET)
    try:
        searching.find(results)
    except QueryTooLong as error:
        return JsonResponse({"error": str(error)}, status=400)
    except SearchDown:
        answer = JsonResponse({"error": "检索服务暂时不能用，请稍后再试"}, status=503)
        answer["Retry-After"] = str(RETRY_SECONDS)
        return answer
    rows = [
        {
            "title": line.shown.title,
            "url": request.build_absolute_uri(line.shown.url),
            "kind": line.kind,
            "on": line.on.isoformat(),
            "snippet": line.snippet.text,
            "notes": list(line.shown.notes),
        }
        for line in results.lines
    ]
    facets = {facet.label: {choice.label: choice.n for choice in (*facet.choices, *facet.more)} for facet in results.facets}
    told = {"query": results.query, "total": results.total, "page": results.page, "pages": results.pages}
    return JsonResponse({**told, "results": rows, "facets": facets}, json_dumps_params={"ensure_ascii": False})


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Titles in which what is typed stands, in the shape of OpenSearch suggestions: [typed, [titles]]. Empty while the index is down."""
    typed = request.GET.get("q", "").replace("\x00", "")[:LONGEST_TYPED].strip()
    try:
        titles = searching.suggestions(typed)
    except SearchDown:
        titles = []
    kind = "application/x-suggestions+json"
    return JsonResponse([typed, titles], safe=False, content_type=kind, json_dumps_params={"ensure_ascii": False})


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/opensearch.xml", content_type="application/opensearchdescription+xml")
