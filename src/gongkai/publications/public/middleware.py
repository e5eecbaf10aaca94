"""An address of the old site still leads to its page (invariant 4): what nobody answers may be a document's `origin_url`."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from gongkai.publications.models import Document

LONGEST = 500


class OriginAddress:
    """One query, for addresses that would be 404 and for those alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD") or request.path.startswith(("/work/", "/static/")):
            return response
        pk = origin_of(request)
        return HttpResponsePermanentRedirect(reverse("documents:document", args=[pk])) if pk else response


def origin_of(request: HttpRequest) -> int | None:
    """The document that stood at this address of the old site, by its path or its whole address with either scheme."""
    path = request.get_full_path()
    if len(path) > LONGEST or "\x00" in path:
        return None
    host = request.get_host()
    known = [path, f"http://{host}{path}", f"https://{host}{path}"]
    rows = Document.objects.filter(origin_url__in=known, first_published_at__isnull=False).exclude(origin_url="")
    return rows.values_list("pk", flat=True).first()
