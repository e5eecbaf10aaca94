"""内容检查: what was found in a text and its attachments, where, why, and what is done about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.deeds.pages import back, try_or_tell
from gongkai.obligations.forms import KeyForm
from gongkai.publications import access
from gongkai.publications.actions import screening as verbs
from gongkai.publications.models import Revision, Screening
from gongkai.publications.screening import gate as screening_gate
from gongkai.publications.screening import history as history_screening
from gongkai.publications.screening import page as screening_page
from gongkai.publications.screening import runs as screening_runs
from gongkai.publications.screening.forms import DecideForm

PER_PAGE = 50
MASKED = "已处理。正文遮盖后存为新的一稿，附件的公开件由后台制作，原件留存。"


@staff_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    page = Paginator(screening_page.waiting(request.user), PER_PAGE).get_page(request.GET.get("page"))
    scope = scope_of(request.user)
    context = {
        "page": page,
        "is_office": bool(scope.office_ids),
        "public": history_screening.results_for(request.user, scope.agency_ids)[:PER_PAGE],
    }
    return render(request, "publications/screening/index.html", context)


def _found(revision: Revision) -> Screening | None:
    found = screening_page.screening_of(revision)
    if found is not None:
        found.revision = revision
    return found


@staff_required
@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    revision = access.access_revision(request.user, pk)
    found = _found(revision)
    edition = revision.edition
    parts = screening_page.parts_of(found) if found else []
    current = edition.revision_id == revision.pk
    actor = actor_of(request)
    refused = {verb: verbs.failure_reasons(verb, revision, actor) for verb in verbs.LABELS}
    done, total = screening_runs.progress(found) if found else (0, 0)
    context = {
        "revision": revision,
        "edition": edition,
        "found": found,
        "parts": parts,
        "current": current,
        "refused": refused,
        "may": {verb: not reasons for verb, reasons in refused.items()},
        "gate": screening_gate.reasons(edition) if current else [],
        "done": done,
        "total": total,
        "blocking": sum(part.blocking for part in parts),
        "maskable": sum(part.maskable for part in parts),
        "key": KeyForm().initial["key"],
    }
    return render(request, "publications/screening/page.html", context)


@staff_required
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The line that says how far it is, asked for every two seconds; when it is done the whole page is asked for again."""
    revision = access.access_revision(request.user, pk)
    found = _found(revision)
    if found is None:
        raise Http404("这一稿还没有检查")
    done, total = screening_runs.progress(found)
    context = {"revision": revision, "found": found, "done": done, "total": total}
    response = render(request, "publications/screening/parts/progress.html", context)
    if found.finished_at is not None:
        response["HX-Refresh"] = "true"
    return response


@staff_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    revision = access.access_revision(request.user, pk)
    form = DecideForm(request.POST)
    at = pk

    def deed() -> Any:
        data = form.cleaned_data
        found = _found(revision)
        ticked = request.POST.getlist("finding")
        ids = screening_page.chosen(found, data["verb"], data["part"], ticked, data["whole"]) if found else []
        given: dict[str, Any] = {"key": str(data["key"]), "findings": ids}
        if data["verb"] == "overrule":
            return verbs.overrule(revision, actor_of(request), reason=data["reason"], **given)
        return verbs.mask(revision, actor_of(request), **given)

    overruled = request.POST.get("verb") == "overrule"
    made = try_or_tell(request, form, deed, "已认定可以公开。" if overruled else MASKED)
    if isinstance(made, Revision):
        at = made.pk
    part = request.POST.get("part", "")
    return back("screening:page", at, at=f"part-{part}" if part.isdecimal() else "")


@staff_required
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    revision = access.access_revision(request.user, pk)
    form = KeyForm(request.POST)

    def deed() -> Screening:
        return verbs.again(revision, actor_of(request), key=str(form.cleaned_data["key"]))

    try_or_tell(request, form, deed, "已按现行规则和用语表检查，附件由后台继续。")
    return back("screening:page", pk)


@staff_required
@require_GET
def latest(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of an edition's present text, for links that know the edition."""
    edition = access.access_edition(request.user, pk)
    if edition.revision_id is None:
        messages.info(request, "还没有保存过文稿，没有可以检查的。")
        return back("screening:index")
    return back("screening:page", edition.revision_id)


def address(revision_id: int) -> str:
    return reverse("screening:page", args=[revision_id])
