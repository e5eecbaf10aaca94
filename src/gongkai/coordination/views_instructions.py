"""上级交办: the list with its states, one instruction with everybody it went to, giving out, passing on, withdrawing, exports."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.coordination import access, choices, exports_instructions
from gongkai.coordination.actions import instructing as actions
from gongkai.coordination.forms_instructions import InstructionFilter, IssueInstructionForm, PassOnForm, WithdrawForm, addressees
from gongkai.coordination.models import Deed, Instruction
from gongkai.coordination.queries import instructions as queries
from gongkai.coordination.views import attempt, back, file_response, status_of
from gongkai.obligations.exports import as_file

PER_PAGE = 30
MAX_EXPORT = 5_000


@staff_required
@require_GET
def instruction_list(request: HttpRequest) -> HttpResponse:
    form = InstructionFilter(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name, "") for name in ("view", "q")}
    page = Paginator(queries.instruction_rows(request.user, **asked), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page_obj": page,
        "rows": queries.add_figures(request.user, list(page.object_list)),
        "filtered": any(asked.values()),
        "is_office": bool(scope_of(request.user).office_ids),
        "query": query.urlencode(),
    }
    return render(request, "coordination/instructions.html", context)


@staff_required
@require_GET
def export(request: HttpRequest, fmt: str) -> HttpResponse:
    """The same rows as the list, all pages."""
    form = InstructionFilter(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name, "") for name in ("view", "q")}
    rows = queries.add_figures(request.user, list(queries.instruction_rows(request.user, **asked)[:MAX_EXPORT]))
    return as_file(exports_instructions.list_table(rows), fmt, f"上级交办 {timezone.localdate()}")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request.user)
    if not scope.office_ids:
        raise NotAllowed("交办由政务公开主管部门办理")
    people = addressees(scope.office_ids, scope.seen_ids)
    offer = {"jurisdiction": choices.own_jurisdictions(request.user), "recipients": people, "helpers": people}
    form = IssueInstructionForm(*((request.POST, request.FILES) if request.method == "POST" else ()), offer=offer)
    if form.is_bound:

        def deed() -> Instruction:
            data = form.arguments()
            return actions.issue(data.pop("jurisdiction"), actor_of(request), key=str(form.cleaned_data["key"]), **data)

        made = attempt(request, form, deed, "已交办，各单位在台账和待办里看到。")
        if made is not None:
            return back("instructions:detail", made.pk)
    return render(request, "coordination/instruct.html", {"form": form}, status=status_of(form) if form.errors else 200)


def _page(request: HttpRequest, row: Instruction, bound: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """`bound`: a form that came back with mistakes, by name (pass_on, withdraw)."""
    kept, scope = bound or {}, scope_of(request.user)
    whole = actions.family(row)
    received = None if row.withdrawn_at else actions.received_by(row, scope.office_ids)
    may_withdraw = row.withdrawn_at is None and not actions.role_reason("withdraw", row.jurisdiction_id, request.user)
    listed = queries.recipients(request.user, row, whole)
    offer = {}
    if received:
        people = addressees([received.owner.jurisdiction_id], scope.seen_ids).exclude(pk=received.owner_id)
        offer = {"recipients": people, "helpers": people}
    context = {
        "row": row,
        "recipients": listed,
        "figures": queries.add_figures(request.user, [row])[0].figures,
        "received": received,
        "pass_form": kept.get("pass_on") or (PassOnForm(auto_id="pass_on_%s", offer=offer) if received else None),
        "pass_open": "pass_on" in kept,
        "withdraw_form": kept.get("withdraw") or (WithdrawForm(auto_id="withdraw_%s") if may_withdraw else None),
        "withdraw_open": "withdraw" in kept,
        "parent": row.parent if row.parent_id and access.instructions_for(request.user).filter(pk=row.parent_id).exists() else None,
        "deeds": Deed.objects.filter(subject="instruction", subject_id=row.pk).select_related("actor", "agency"),
    }
    return render(request, "coordination/instruction.html", context, status=status)


@staff_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access.access_instruction(request.user, pk))


@staff_required
@require_POST
def pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.access_instruction(request.user, pk)
    scope = scope_of(request.user)
    received = actions.received_by(row, scope.office_ids)
    if received is None:
        raise NotAllowed("没有交办给您所在的主管部门，不能转办")
    people = addressees([received.owner.jurisdiction_id], scope.seen_ids).exclude(pk=received.owner_id)
    form = PassOnForm(request.POST, auto_id="pass_on_%s", offer={"recipients": people, "helpers": people})

    def deed() -> Instruction:
        return actions.pass_on(row, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    made = attempt(request, form, deed, "已转办，各单位在台账和待办里看到。")
    if made is None:
        return _page(request, row, {"pass_on": form}, status_of(form))
    return back("instructions:detail", made.pk)


@staff_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.access_instruction(request.user, pk)
    if refusal := actions.role_reason("withdraw", row.jurisdiction_id, request.user):
        raise NotAllowed(refusal)
    form = WithdrawForm(request.POST, auto_id="withdraw_%s")

    def deed() -> Instruction:
        return actions.withdraw(row, actor_of(request), key=str(form.cleaned_data["key"]), reason=form.cleaned_data["reason"])

    if attempt(request, form, deed, "交办已撤回，没有办完的不再要求办理。") is None:
        return _page(request, row, {"withdraw": form}, status_of(form))
    return back("instructions:detail", pk)


@staff_required
@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of the instruction, or of the one from which it was passed on."""
    row = access.access_instruction(request.user, pk)
    here: Instruction | None = row
    while here is not None and not here.file:
        here = here.parent
    if here is None:
        raise Http404("这项交办没有附件")
    return file_response(here)


@staff_required
@require_GET
def recipients_export(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    row = access.access_instruction(request.user, pk)
    listed = queries.recipients(request.user, row, actions.family(row))
    return as_file(exports_instructions.recipients_table(row, listed), fmt, f"{row.title[:60]}办理情况")
