"""The frequent answers as Atom and JSON."""

from __future__ import annotations

from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai import twins
from gongkai.disclosure_requests.models import FrequentAnswer
from gongkai.disclosure_requests.public import offering

TITLE = "依申请公开常见问题"


def links(code: str = "") -> dict[str, str]:
    return twins.links(lambda fmt: reverse("requests:answers_feed", args=[fmt]), TITLE, {"agency": code} if code else None)


def entry(row: FrequentAnswer) -> twins.Entry:
    assert row.published_at is not None
    path = f"{reverse('requests:answers')}#answer-{row.pk}"
    return twins.Entry(path, row.question, row.published_at, row.answer, row.agency.name, row.published_at)


@require_safe
def feed(request: HttpRequest, fmt: str) -> HttpResponse:
    code = request.GET.get("agency", "")[:40]
    rows = offering.published().order_by("-published_at", "-pk")
    rows = rows.filter(agency__code=code) if code else rows
    state = FrequentAnswer.objects.aggregate(n=Count("pk"), last=Max("published_at"), gone=Max("withdrawn_at"))

    def make() -> twins.Twin:
        return twins.of_rows(request, TITLE, reverse("requests:answers"), rows, entry)

    return twins.respond(request, fmt, ["answers", code, state], make)
