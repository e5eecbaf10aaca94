"""负面清单 for staff: the list, one class with its course, proposing, approving, reviewing, and what a text may fall under."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.agencies.models import Agency
from gongkai.catalogue import exports_keeping, grounds, negative
from gongkai.catalogue.forms_keeping import ApproveForm, MatchForm, ProposeForm, ReasonForm, ReviewForm
from gongkai.catalogue.models import Deed, NegativeClass, NegativeReview
from gongkai.deeds.pages import attempt, back, status_of
from gongkai.obligations.exports import as_file

VERBS: dict[str, tuple[str, type[Any], str]] = {
    "approve": ("批准列入", ApproveForm, "已列入负面清单，公众网站可以看到。"),
    "refuse": ("不同意列入", ReasonForm, "已退回，理由记在经过里。"),
    "review": ("评估", ReviewForm, "评估已登记。"),
    "remove": ("移出清单", ReasonForm, "已移出，从今天起以公开为原则。"),
}
"""Verb: (label, form, what is said when it is done)."""


def _rows(request: HttpRequest) -> list[negative.Shown]:
    return negative.shown(negative.classes_for(request.user), timezone.localdate())


@staff_required
@require_GET
def class_list(request: HttpRequest) -> HttpResponse:
    context = {"rows": _rows(request), "may_propose": _makers(request.user).exists()}
    return render(request, "catalogue/keeping/negative.html", context)


@staff_required
@require_GET
def export(request: HttpRequest, fmt: str) -> HttpResponse:
    return as_file(exports_keeping.negative_table(_rows(request)), fmt, f"负面清单 {timezone.localdate()}")


def _makers(user: Any) -> Any:
    """Agencies in whose name this person may propose."""
    scope = scope_of(user)
    acting = [pk for pk in scope.agency_ids if scope.acts_for(pk)]
    rows = Agency.objects.filter(pk__in=acting) | Agency.objects.filter(kind=Agency.Kind.GOVERNMENT, jurisdiction__in=scope.office_ids)
    return rows.filter(valid_to__isnull=True).order_by("code")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    makers = _makers(request.user)
    if not makers.exists():
        raise NotAllowed("由制作单位的经办人、审核人或负责人提出")
    form = ProposeForm(request.POST if request.method == "POST" else None, agencies=makers)
    if form.is_bound:

        def deed() -> NegativeClass:
            data = form.arguments()
            return negative.propose(data.pop("agency"), actor_of(request), key=str(form.cleaned_data["key"]), **data)

        made = attempt(request, form, deed, "已提出，等本地区政务公开主管部门批准。")
        if made is not None:
            return back("catalogue_keeping:negative_class", made.pk)
    context = {"form": form, "grounds": grounds.grounds(timezone.localdate())}
    return render(request, "catalogue/keeping/propose.html", context, status=status_of(form) if form.errors else 200)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def match(request: HttpRequest) -> HttpResponse:
    """What a text may fall under. Posted, so that the words stand in no address; nothing is kept."""
    form = MatchForm(request.POST if request.method == "POST" else None)
    found: list[Any] = []
    hints: list[Any] = []
    asked = form.is_bound and form.is_valid()
    if asked:
        text = form.cleaned_data["text"]
        here = Agency.objects.filter(pk__in=scope_of(request.user).agency_ids).values_list("jurisdiction", flat=True)
        for place in sorted(set(here)):
            found += negative.matches(text, place)
        hints = grounds.suggested(text, timezone.localdate())
    context = {"form": form, "asked": asked, "found": [(m, grounds.ground(m.negative_class.ground)) for m in found], "hints": hints}
    return render(request, "catalogue/keeping/match.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, row: NegativeClass, bound: tuple[str, Any] | None = None, status: int = 200) -> HttpResponse:
    roles = {
        "approve": negative.approve_role(row, request.user) or "".join(negative.proposal_state(row)[:1]),
        "review": negative.review_role(row, request.user) or "".join(negative.in_force_state(row)[:1]),
    }
    office = scope_of(request.user).is_office_of(row.jurisdiction_id)
    roles["refuse"] = roles["approve"]
    directs = not negative.review_role(row, request.user)
    roles["remove"] = ("" if directs or office else "不能移出") or "".join(negative.in_force_state(row)[:1])
    folds = []
    for verb, (label, form, _done) in VERBS.items():
        if bound and bound[0] == verb:
            folds.append({"verb": verb, "label": label, "form": bound[1], "open": True})
        elif not roles[verb]:
            folds.append({"verb": verb, "label": label, "form": form(auto_id=f"{verb}_%s"), "open": False})
    here, made = Q(about="negativeclass", about_id=row.pk), Q(subject="negativeclass", subject_id=row.pk)
    context = {
        "one": negative.shown([row], timezone.localdate())[0],
        "row": row,
        "folds": folds,
        "waits": negative.approve_role(row, request.user) if not negative.proposal_state(row) else "",
        "reviews": row.reviews.select_related("by", "agency"),
        "deeds": Deed.objects.filter(here | made).select_related("actor", "agency").order_by("at", "pk"),
    }
    return render(request, "catalogue/keeping/negative_class.html", context, status=status)


@staff_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, negative.access_class(request.user, pk))


@staff_required
@require_POST
def verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    row = negative.access_class(request.user, pk)
    if verb not in VERBS:
        raise Http404("没有这种操作")
    _label, kind, done = VERBS[verb]
    form = kind(request.POST, auto_id=f"{verb}_%s")

    def deed() -> NegativeClass | NegativeReview:
        action: Any = getattr(negative, verb)
        return action(row, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, done) is None:
        return _page(request, row, (verb, form), status_of(form))
    return back("catalogue_keeping:negative_class", pk)
