"""检查: list, start, one check gone through on one page, report and problem list."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.coordination import access, choices, exports, findings
from gongkai.coordination.actions import checking as actions
from gongkai.coordination.forms import (
    KINDS,
    AddPointForm,
    FinishForm,
    PassRecheckForm,
    PointForm,
    RectifyForm,
    SendBackForm,
    StartCheckForm,
)
from gongkai.coordination.models import Check, CheckPoint
from gongkai.coordination.queries import checking as queries
from gongkai.coordination.queries.collecting import deeds_within
from gongkai.coordination.queries.front import with_words
from gongkai.coordination.views import attempt, back, status_of
from gongkai.obligations.exports import as_file
from gongkai.plans.access import access_public_plan, public_plans
from gongkai.plans.models import Plan

FORMS: dict[str, type[Any]] = {"record": PointForm, "rectify": RectifyForm, "pass_recheck": PassRecheckForm, "send_back": SendBackForm}
DONE = {"record": "已记下。", "rectify": "整改已报，等复查。", "pass_recheck": "复查通过。", "send_back": "已退回整改。"}


@staff_required
@require_GET
def check_list(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    context = {
        "checks": queries.check_rows(request.user, kind),
        "kind": kind if kind in KINDS else "",
        "kinds": Check.Kind.choices,
        "startable": [(value, label) for value, label in Check.Kind.choices if choices.to_check(request.user, value, None).exists()],
    }
    return render(request, "coordination/checks.html", context)


@staff_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """`?kind=` and, for a check on a plan, `?plan=`."""
    asked = request.POST if request.method == "POST" else request.GET
    kind = asked.get("kind", "")
    if kind not in KINDS:
        raise Http404("没有这种检查")
    plan = _plan(asked.get("plan", ""))
    offer = {"agency": choices.to_check(request.user, kind, plan), "plan": public_plans().defer("source_text")}
    title = f"{plan.title if plan else timezone.localdate().year}{'' if plan else '年政务公开工作'}{KINDS[kind]}"
    initial = {"kind": kind, "plan": plan.pk if plan else None, "title": title[:200]}
    if request.method == "POST":
        form = StartCheckForm(request.POST, kind=kind, offer=offer)

        def deed() -> Check:
            data = form.arguments()
            return actions.start(data.pop("agency"), actor_of(request), key=str(form.cleaned_data["key"]), **data)

        made = attempt(request, form, deed, "检查已开始，逐项记录结果。")
        if made is not None:
            return back("coordination:check", made.pk)
    else:
        form = StartCheckForm(kind=kind, offer=offer, initial=initial)
    context = {"form": form, "kind": KINDS[kind], "plan": plan}
    return render(request, "coordination/start.html", context, status=status_of(form) if form.errors else 200)


def _plan(text: str) -> Plan | None:
    return access_public_plan(int(text)) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _page(request: HttpRequest, check: Check, bound: tuple[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """Every point with the form this person may use on it; `bound` is a form that came back, as ("record-17", form)."""
    actor = actor_of(request)
    role = {verb: not actions.role_reason(verb, check, actor) for verb in (*FORMS, "add_point", "finish")}
    points = with_words(queries.points_of(check), queries.STATE_WORDS)
    course = check.points.all()
    if not (whole := access.sees_whole(actor, check)):
        course = access.handed_points(actor).filter(check_record=check)
        seen = set(course.values_list("pk", flat=True))
        points = [point for point in points if point.pk in seen]
    duties = findings.obligations_by_point(check)
    for point in points:
        point.duty = duties.get(point.pk)
        point.mends = point.duty.owner if point.duty and point.duty.owner_id != check.agency_id else None
        role["rectify"] = not actions.role_reason("rectify", check, actor, point.mends)
        point.forms = []
        for verb, cls in FORMS.items():
            if not role[verb] or (verb != "record" and point.result != CheckPoint.Result.FAILED):
                continue
            name = f"{verb}-{point.pk}"
            if bound and bound[0] == name:
                point.forms.append((verb, actions.LABELS[verb], bound[1], True))
            elif not actions.state_reasons(verb, check, point, actor):
                kept = {"result": point.result, "finding": point.finding, "due_on": point.due_on} if verb == "record" else {}
                kept |= {"done_on": timezone.localdate()} if verb == "rectify" else {}
                point.forms.append((verb, actions.LABELS[verb], cls(auto_id=f"{name}_%s", initial=kept), False))
    left = sum(point.result == "" for point in points)
    context = {
        "check": check,
        "whole": whole,
        "points": points,
        "left": left,
        "figures": [
            {"label": word, "n": n, "alarm": state == "overdue"}
            for state, (word, *_rest) in queries.STATE_WORDS.items()
            if (n := sum(p.state == state for p in points)) or state == "open"
        ],
        "closure": queries.closure(points),
        "may_record": role["record"] and not check.finished_at,
        "add_form": (bound[1] if bound and bound[0] == "add" else AddPointForm(auto_id="add_%s"))
        if role["add_point"] and not check.finished_at
        else None,
        "add_open": bool(bound and bound[0] == "add"),
        "finish_reasons": actions.state_reasons("finish", check) if role["finish"] else [],
        "finish_form": (bound[1] if bound and bound[0] == "finish" else FinishForm(auto_id="finish_%s"))
        if role["finish"] and not check.finished_at
        else None,
        "deeds": deeds_within("check", check.pk if whole else 0, "checkpoint", course).exclude(kind="pointed"),
    }
    return render(request, "coordination/check.html", context, status=status)


@staff_required
@require_GET
def check(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access.access_part_of_check(request.user, pk))


@staff_required
@require_POST
def point_verb(request: HttpRequest, pk: int, point: int, verb: str) -> HttpResponse:
    """Saves one point and comes back to the next one."""
    record = access.access_point(request.user, pk, point)
    if verb not in FORMS:
        raise Http404("没有这个操作")
    form = FORMS[verb](request.POST, auto_id=f"{verb}-{point}_%s")

    def deed() -> CheckPoint:
        made: CheckPoint = getattr(actions, verb)(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())
        return made

    if attempt(request, form, deed, f"第 {record.position} 项{DONE[verb]}") is None:
        return _page(request, access.access_part_of_check(request.user, pk), (f"{verb}-{point}", form), status_of(form))
    following = queries.next_point(record) if verb == "record" else None
    return back("coordination:check", pk, at=f"p{(following or record).pk}")


@staff_required
@require_POST
def add_point(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_check(request.user, pk)
    form = AddPointForm(request.POST, auto_id="add_%s")

    def deed() -> CheckPoint:
        return actions.add_point(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    made = attempt(request, form, deed, "检查项已增加。")
    if made is None:
        return _page(request, record, ("add", form), status_of(form))
    return back("coordination:check", pk, at=f"p{made.pk}")


@staff_required
@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_check(request.user, pk)
    form = FinishForm(request.POST, auto_id="finish_%s")

    def deed() -> Check:
        return actions.finish(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, "检查已完成，报告可以导出。") is None:
        return _page(request, record, ("finish", form), status_of(form))
    return back("coordination:check", pk)


@staff_required
@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_check(request.user, pk)
    return exports.report(record, queries.points_of(record))


@staff_required
@require_GET
def problems(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    record = access.access_check(request.user, pk)
    kept = queries.problems(queries.points_of(record))
    return as_file(exports.points_table(record, kept, f"{record.title}问题清单"), fmt, f"{record.title[:60]}问题清单")
