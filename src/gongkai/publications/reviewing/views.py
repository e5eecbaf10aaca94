"""审核和发布: what waits for me, and one edition with everything that can be done to it and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.catalogue import grounds
from gongkai.obligations.forms import KeyForm
from gongkai.publications.access import access_edition
from gongkai.publications.actions import publishing, reviewing
from gongkai.publications.models import Edition, Inquiry
from gongkai.publications.panels import panels
from gongkai.publications.reviewing import forms, queries, workflow
from gongkai.publications.vocabularies import genre_words, theme_words

FORMS: dict[str, type[KeyForm]] = {
    "submit": forms.TextForm,
    "publish": forms.TextForm,
    "schedule": forms.ScheduleForm,
    "unschedule": forms.TextForm,
    "inquire": forms.InquiryForm,
    "recall": forms.TextForm,
    "force_publish": forms.ReasonForm,
    "confirm": forms.OpinionForm,
    "withdraw": forms.ReasonForm,
}
DONE = {
    "submit": "已送审。",
    "publish": "已发布，公众可以看到了。",
    "schedule": "已定时，到时间自动发布。",
    "unschedule": "已取消定时。",
    "inquire": "已登记送请确定，收到答复后在这里登记。",
    "recall": "已撤回，可以继续修改。",
    "force_publish": "已紧急发布，请另一人尽快补审。",
    "confirm": "已补审。",
    "withdraw": "已撤下，原网址会说明原因。",
}
DANGER = ("force_publish", "withdraw")
ALWAYS = ("submit", "publish", "schedule", "confirm")
"""Verbs whose reasons are shown where their state is near, so that a person knows what is missing; others only when they can be done."""
NEAR = {
    "submit": (Edition.State.DRAFT,),
    "publish": (Edition.State.REVIEW, *publishing.PUBLISHABLE),
    "schedule": (Edition.State.READY, Edition.State.FAILED),
    "confirm": (Edition.State.LIVE, Edition.State.PAST),
}


def _module(verb: str) -> Any:
    return reviewing if verb in reviewing.LABELS else publishing


@staff_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    found = queries.queues(request.user)
    return render(request, "publications/reviewing/home.html", {"queues": found, "figures": queries.figures(found)})


@staff_required
@require_GET
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access_edition(request.user, pk))


def _page(request: HttpRequest, row: Edition, bound: tuple[str, KeyForm] | None = None, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    revision = row.revision
    done = workflow.done_steps(row)
    waiting = {step.id for step in workflow.waiting_steps(row)} if row.state == Edition.State.REVIEW else set()
    latest = workflow.latest_reviews(row)
    steps = [(step, done.get(step.id), latest.get(step.id), step.id in waiting) for step in workflow.steps_for(row)]
    context = {
        "edition": row,
        "document": row.document,
        "revision": revision,
        "body": mark_safe(revision.body) if revision else "",  # noqa: S308 — cleaned by nh3 before it was saved (cleaning.py)
        "facts": _facts(row),
        "files": list(revision.attachment_links.select_related("version")) if revision else [],
        "steps": steps,
        "reviews": _review_forms(row, actor, bound),
        "verbs": _verbs(row, actor, bound),
        "inquiries": _inquiries(row, actor, bound),
        "history": row.reviews.select_related("reviewer", "revision").prefetch_related("items__version").order_by("-at", "-pk"),
        "names": {step.id: step.name for step in workflow.steps_for(row)},
        "deeds": queries.course_of(row),
        "panels": panels(request.user, row.document),
        "is_open": row.state in (Edition.State.LIVE, Edition.State.PAST, Edition.State.WITHDRAWN),
        "ground": grounds.ground(revision.ground) if revision and revision.ground else None,
    }
    return render(request, "publications/reviewing/edition.html", context, status=status)


def _facts(row: Edition) -> list[tuple[str, str]]:
    revision = row.revision
    if revision is None:
        return []
    issuers = "、".join(link.agency.name for link in revision.issuer_links.select_related("agency"))
    facts = [
        ("索引号", row.document.index_number),
        ("发文机关", issuers),
        ("发文字号", revision.doc_number),
        ("成文日期", revision.issued_on),
        ("实施日期", revision.effective_on),
        ("主题分类", theme_words(revision.theme) if revision.theme else ""),
        ("体裁", genre_words(revision.genre) if revision.genre else ""),
        ("公开属性", f"{revision.get_attribute_display()}{'（' + revision.label + '）' if revision.label else ''}"),
        ("删减后公开", "是" if revision.redacted else ""),
        ("栏目", row.document.column.name if row.document.column else ""),
        ("公示截止", row.expires_on),
        ("内容概述", revision.abstract),
    ]
    return [(label, str(value)) for label, value in facts if value]


def _review_forms(row: Edition, actor: Any, bound: tuple[str, KeyForm] | None) -> list[tuple[Any, KeyForm | None, list[str], bool]]:
    """(step, form or None, what stands in the way, whether it is to be done now) for the steps that are this person's by role."""
    found: list[tuple[Any, KeyForm | None, list[str], bool]] = []
    waiting = {step.id for step in workflow.waiting_steps(row)}
    if row.state not in reviewing.REVIEWABLE or row.revision is None:
        return []
    for step in workflow.steps_for(row):
        if not workflow.holds(step, row.document, actor):
            continue
        reasons = reviewing.failure_reasons("review", row, actor, step)
        if bound and bound[0] == f"review-{step.id}":
            found.append((step, bound[1], [], True))
        elif reasons:
            found.append((step, None, reasons, False))
        else:
            found.append((step, forms.ReviewForm(edition=row, step=step, auto_id=f"{step.id}_%s"), [], step.id in waiting))
    return found


def _verbs(row: Edition, actor: Any, bound: tuple[str, KeyForm] | None) -> list[dict[str, Any]]:
    """Every verb that is this person's here: its form, or the reasons why not yet."""
    found = []
    for verb, form in FORMS.items():
        module = _module(verb)
        if module.role_reason(verb, row, actor):
            continue
        reasons = module.state_reasons(verb, row)
        mine = bound is not None and bound[0] == verb
        if reasons and not mine and row.state not in NEAR.get(verb, ()):
            continue
        if verb == "confirm" and not row.forced_reason:
            continue
        shown = bound[1] if bound is not None and mine else form(auto_id=f"{verb}_%s")
        label = module.LABELS[verb]
        found.append(
            {"verb": verb, "label": label, "form": shown, "reasons": [] if mine else reasons, "open": mine, "danger": verb in DANGER}
        )
    return found


def _inquiries(row: Edition, actor: Any, bound: tuple[str, KeyForm] | None) -> list[tuple[Inquiry, KeyForm | None]]:
    found: list[tuple[Inquiry, KeyForm | None]] = []
    for inquiry in row.inquiries.select_related("asked_by", "answered_by"):
        inquiry.edition = row
        name = f"determine-{inquiry.pk}"
        if bound and bound[0] == name:
            found.append((inquiry, bound[1]))
        else:
            free = not reviewing.failure_reasons("determine", inquiry, actor)
            found.append((inquiry, forms.DetermineForm(auto_id=f"{name}_%s") if free else None))
    return found


def _attempt(request: HttpRequest, form: KeyForm, deed: Callable[[], Any], done: str) -> bool:
    """Runs the deed of a valid form and says so; a refusal goes onto the form."""
    if not form.is_valid():
        return False
    try:
        deed()
    except ActionRefused as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return False
    messages.success(request, done)
    return True


def _status(form: KeyForm) -> int:
    """422 for what was typed wrong, 409 for what the record refuses."""
    return 409 if "__all__" in form.errors and len(form.errors) == 1 else 422


@staff_required
@require_POST
def verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    row = access_edition(request.user, pk)
    if verb not in FORMS:
        raise Http404("没有这个操作")
    form = FORMS[verb](request.POST, auto_id=f"{verb}_%s")

    def deed() -> Any:
        return getattr(_module(verb), verb)(row, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if _attempt(request, form, deed, DONE[verb]):
        return redirect("reviewing:edition", pk)
    return _page(request, access_edition(request.user, pk), (verb, form), _status(form))


@staff_required
@require_POST
def review(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    row = access_edition(request.user, pk)
    found = next((one for one in workflow.steps_for(row) if one.id == step), None)
    if found is None or row.revision is None:
        raise Http404("没有这一步审核")
    form = forms.ReviewForm(request.POST, edition=row, step=found, auto_id=f"{step}_%s")

    def deed() -> Any:
        return reviewing.review(row, actor_of(request), key=str(form.cleaned_data["key"]), **{**form.arguments(), "step": step})

    if _attempt(request, form, deed, f"“{found.name}”的结论已经记下。"):
        return redirect("reviewing:home")
    return _page(request, access_edition(request.user, pk), (f"review-{step}", form), _status(form))


@staff_required
@require_POST
def determine(request: HttpRequest, pk: int, inquiry: int) -> HttpResponse:
    row = access_edition(request.user, pk)
    asked = Inquiry.objects.filter(edition=row, pk=inquiry).first()
    if asked is None:
        raise Http404("没有这次送请确定")
    asked.edition = row
    form = forms.DetermineForm(request.POST, auto_id=f"determine-{inquiry}_%s")

    def deed() -> Any:
        return reviewing.determine(asked, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if _attempt(request, form, deed, "答复已经登记。"):
        return redirect("reviewing:edition", pk)
    return _page(request, access_edition(request.user, pk), (f"determine-{inquiry}", form), _status(form))


def address_of(edition_id: int) -> str:
    return reverse("reviewing:edition", args=[edition_id])
