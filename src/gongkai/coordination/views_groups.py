"""领导小组: list, roster of any day, who comes and goes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import agencies_for
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.agencies.queries import living
from gongkai.coordination import access, choices, exports
from gongkai.coordination.actions import groups as actions
from gongkai.coordination.forms import DayForm, DissolveForm, EstablishForm, MemberForm, ReplaceForm
from gongkai.coordination.models import GroupMember, LeadingGroup
from gongkai.coordination.queries import groups as queries
from gongkai.coordination.queries.collecting import deeds_within
from gongkai.coordination.views import attempt, back, status_of
from gongkai.obligations.exports import as_file

FORMS: dict[str, type[Any]] = {"replace": ReplaceForm, "leave": DayForm}
DONE = {"replace": "已换人，前任的任期到前一天为止。", "leave": "已登记离任。"}


@staff_required
@require_GET
def group_list(request: HttpRequest) -> HttpResponse:
    may = choices.own_agencies(request.user, directing=True).exists()
    return render(request, "coordination/groups.html", {"groups": queries.group_rows(request.user), "may_establish": may})


@staff_required
@require_http_methods(["GET", "POST"])
def establish(request: HttpRequest) -> HttpResponse:
    offer = {"agency": choices.own_agencies(request.user, directing=True)}
    if not offer["agency"].exists():
        raise NotAllowed("领导小组由单位的负责人、审核人或本地区政务公开主管部门登记")
    form = EstablishForm(request.POST if request.method == "POST" else None, offer=offer)
    if request.method == "POST":

        def deed() -> LeadingGroup:
            data = form.arguments()
            return actions.establish(data.pop("agency"), actor_of(request), key=str(form.cleaned_data["key"]), **data)

        made = attempt(request, form, deed, "已设立，请增加成员。")
        if made is not None:
            return back("coordination:group", made.pk)
    return render(request, "coordination/establish.html", {"form": form}, status=status_of(form) if form.errors else 200)


def _day(request: HttpRequest, group: LeadingGroup) -> date:
    """The day asked for; without one the last day of a dissolved group, else today (or the day it begins)."""
    try:
        asked = parse_date(request.GET.get("on", ""))
    except ValueError:
        asked = None
    return asked or group.ended_on or max(timezone.localdate(), group.established_on)


def _people(group: LeadingGroup, user: Any) -> Any:
    return living(agencies_for(user).filter(jurisdiction=group.agency.jurisdiction_id)).order_by("code")


def _member_form(user: Any, verb: str, member: GroupMember, data: Any = None) -> Any:
    kwargs: dict[str, Any] = {"auto_id": f"{verb}-{member.pk}_%s"}
    if verb == "replace":
        kwargs["offer"] = {"agency": _people(member.group, user)}
        if data is None:
            kwargs["initial"] = {"post": member.post, "agency": member.agency_id, "on": timezone.localdate()}
    elif data is None:
        kwargs["initial"] = {"on": timezone.localdate()}
    return FORMS[verb](data, **kwargs)


def _page(request: HttpRequest, group: LeadingGroup, bound: tuple[str, Any] | None = None, status: int = 200) -> HttpResponse:
    on = _day(request, group)
    actor = actor_of(request)
    may = not actions.failure_reasons("add_member", group, actor)
    members = queries.roster(group, on)
    for member in members:
        member.forms = []  # type: ignore[attr-defined]
        if may and member.until is None:
            for verb in FORMS:
                name = f"{verb}-{member.pk}"
                came_back = bool(bound and bound[0] == name)
                form = bound[1] if bound and came_back else _member_form(request.user, verb, member)
                member.forms.append((verb, actions.LABELS[verb], form, came_back))  # type: ignore[attr-defined]
    forms: dict[str, Any] = {}
    if may:
        forms["add"] = MemberForm(auto_id="add_%s", offer={"agency": _people(group, request.user)}, initial={"since": timezone.localdate()})
        forms["dissolve"] = DissolveForm(auto_id="dissolve_%s", initial={"on": timezone.localdate()})
        if bound and bound[0] in forms:
            forms[bound[0]] = bound[1]
    context = {
        "group": group,
        "on": on,
        "members": members,
        "terms": queries.terms(group),
        "add_form": forms.get("add"),
        "dissolve_form": forms.get("dissolve"),
        "opened": bound[0] if bound else "",
        "deeds": deeds_within("leadinggroup", group.pk, "groupmember", group.members.all()),
    }
    return render(request, "coordination/group.html", context, status=status)


@staff_required
@require_GET
def group(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access.access_group(request.user, pk))


@staff_required
@require_GET
def export(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The roster of the day asked for."""
    record = access.access_group(request.user, pk)
    on = _day(request, record)
    return as_file(exports.roster_table(record, queries.roster(record, on), on), fmt, f"{record.name[:60]}名单 {on}")


@staff_required
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_group(request.user, pk)
    form = MemberForm(request.POST, auto_id="add_%s", offer={"agency": _people(record, request.user)})

    def deed() -> GroupMember:
        return actions.add_member(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, "成员已增加。") is None:
        return _page(request, record, ("add", form), status_of(form))
    return back("coordination:group", pk)


@staff_required
@require_POST
def dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_group(request.user, pk)
    form = DissolveForm(request.POST, auto_id="dissolve_%s")

    def deed() -> LeadingGroup:
        return actions.dissolve(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, "已撤销，名单保留。") is None:
        return _page(request, record, ("dissolve", form), status_of(form))
    return back("coordination:group", pk)


@staff_required
@require_POST
def member_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    member = access.access_member(request.user, pk)
    if verb not in FORMS:
        raise Http404("没有这个操作")
    form = _member_form(request.user, verb, member, request.POST)

    def deed() -> GroupMember:
        made: GroupMember = getattr(actions, verb)(member, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())
        return made

    if attempt(request, form, deed, DONE[verb]) is None:
        return _page(request, member.group, (f"{verb}-{pk}", form), status_of(form))
    return back("coordination:group", member.group_id)
