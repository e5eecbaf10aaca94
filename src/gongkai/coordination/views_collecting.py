"""材料收集: list, open, matrix, one submission with its verbs, receipt, exports."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.coordination import access, choices, exports
from gongkai.coordination.actions import collecting as actions
from gongkai.coordination.forms import OpenCollectionForm, PrefixForm, ReasonForm, ReceiveForm, RemindForm, SubmitForm
from gongkai.coordination.models import Collection, Submission
from gongkai.coordination.queries import collecting
from gongkai.coordination.queries.collecting import STATE_WORDS
from gongkai.coordination.queries.front import with_words
from gongkai.coordination.receipts import usual_prefix, written
from gongkai.coordination.views import attempt, back, file_response, status_of, try_or_tell
from gongkai.obligations.exports import as_file
from gongkai.obligations.forms import KeyForm


@staff_required
@require_GET
def collection_list(request: HttpRequest) -> HttpResponse:
    places = list(choices.own_jurisdictions(request.user))
    context = {
        "collections": collecting.collection_rows(request.user),
        "is_office": bool(places),
        "today": timezone.localdate(),
        "prefix_form": PrefixForm(offer={"jurisdiction": choices.own_jurisdictions(request.user)}) if places else None,
        "prefixes": [(p.name, written(usual_prefix(p), timezone.localdate().year, 1)) for p in places],
    }
    return render(request, "coordination/collections.html", context)


@staff_required
@require_POST
def prefix(request: HttpRequest) -> HttpResponse:
    form = PrefixForm(request.POST, offer={"jurisdiction": choices.own_jurisdictions(request.user)})
    try_or_tell(
        request,
        form,
        lambda: actions.set_receipt_prefix(
            form.cleaned_data["jurisdiction"], actor_of(request), key=str(form.cleaned_data["key"]), prefix=form.cleaned_data["words"]
        ),
        "回执字头已设定。",
    )
    return back("coordination:collections", at="prefix")


@staff_required
@require_http_methods(["GET", "POST"])
def open_collection(request: HttpRequest) -> HttpResponse:
    if not scope_of(request.user).office_ids:
        raise NotAllowed("材料由政务公开主管部门收集")
    offer = {
        "jurisdiction": choices.own_jurisdictions(request.user),
        "agencies": choices.below(request.user),
        "plan": choices.issued_plans(request.user),
    }
    if request.method == "GET":
        form = OpenCollectionForm(offer=offer, initial={"plan": request.GET.get("plan")})
    else:
        form = OpenCollectionForm(request.POST, offer=offer)

        def deed() -> Collection:
            data = form.arguments()
            place = data.pop("jurisdiction")
            return actions.open_collection(place, actor_of(request), key=str(form.cleaned_data["key"]), **data)

        made = attempt(request, form, deed, "已发起，各单位在待办里看到。")
        if made is not None:
            return back("coordination:collection", made.pk)
    return render(request, "coordination/open.html", {"form": form}, status=status_of(form) if form.errors else 200)


@staff_required
@require_GET
def collection(request: HttpRequest, pk: int) -> HttpResponse:
    """The matrix of units and materials; `?state=` keeps the rows of one state as a plain list."""
    record = access.access_collection(request.user, pk)
    state = request.GET.get("state", "")
    rows = with_words(collecting.rows_of(record, request.user), STATE_WORDS)
    counts = {name: sum(row.state == name for row in rows) for name in STATE_WORDS}
    page = reverse("coordination:collection", args=[pk])
    figures = [{"label": "应报", "n": len(rows), "url": page, "current": state not in STATE_WORDS}]
    for name, (word, *_rest) in STATE_WORDS.items():
        if counts[name] or name in ("overdue", "received"):
            figures.append(
                {"label": word, "n": counts[name], "url": f"{page}?state={name}", "current": name == state, "alarm": name == "overdue"}
            )
    office = scope_of(request.user).is_office_of(record.jurisdiction_id)
    context = {
        "collection": record,
        "figures": figures,
        "state": state if state in STATE_WORDS else "",
        "rows": [row for row in rows if row.state == state] if state in STATE_WORDS else [],
        "matrix": collecting.matrix(record, rows),
        "is_office": office,
        "remind_form": RemindForm() if office and not record.closed_at else None,
        "close_form": KeyForm() if office and not record.closed_at else None,
        "overdue": sum(row.state == "overdue" or (row.state == "returned" and row.is_past) for row in rows),
        "deeds": collecting.deeds_of("collection", pk) if office else [],
        "today": timezone.localdate(),
        "shares": record.plan_id and sorted({(row.agency_id, row.agency.name) for row in rows if row.agency_id in _own(request)}),
    }
    return render(request, "coordination/collection.html", context)


def _own(request: HttpRequest) -> set[int]:
    scope = scope_of(request.user)
    return {pk for pk in scope.agency_ids if scope.acts_for(pk)}


@staff_required
@require_GET
def export(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The matrix as this person sees it."""
    record = access.access_collection(request.user, pk)
    table = exports.matrix_table(record, collecting.matrix(record, collecting.rows_of(record, request.user)))
    return as_file(table, fmt, f"{record.title[:60]}报送情况 {timezone.localdate()}")


@staff_required
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_collection(request.user, pk)
    form = RemindForm(request.POST)

    def deed() -> Collection:
        chosen = form.cleaned_data["agency"]
        agencies = None if chosen is None else [access.access_collecting_agency(record, chosen)]
        return actions.remind(
            record, actor_of(request), key=str(form.cleaned_data["key"]), agencies=agencies, text=form.cleaned_data["text"]
        )

    try_or_tell(request, form, deed, "已催报，对方在待办里看到。")
    return back("coordination:collection", pk)


@staff_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    record = access.access_collection(request.user, pk)
    form = KeyForm(request.POST)
    try_or_tell(
        request, form, lambda: actions.close(record, actor_of(request), key=str(form.cleaned_data["key"])), "已结束，不再接收材料。"
    )
    return back("coordination:collection", pk)


FORMS: dict[str, type[Any]] = {"submit": SubmitForm, "receive": ReceiveForm, "return_submission": ReasonForm}
DONE = {
    "submit": "已报送，等对方签收。",
    "receive": "已签收，回执可以打印。",
    "return_submission": "已退回，理由已告知报送单位。",
}


def _form(verb: str, record: Submission, data: Any = None, files: Any = None) -> Any:
    kwargs: dict[str, Any] = {"auto_id": f"{verb}_%s"}
    if verb == "submit":
        kwargs["offer"] = {"plan": choices.plans_to_submit(record)}
    return FORMS[verb](data, files, **kwargs)


def _page(request: HttpRequest, record: Submission, bound: tuple[str, Any] | None = None, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    able, unable = [], []
    for verb, label in (("submit", "报送"), ("receive", "签收"), ("return_submission", "退回")):
        if actions.role_reason(verb, record, actor):
            continue
        reasons = actions.state_reasons(verb, record)
        is_bound = bool(bound and bound[0] == verb)
        if reasons and not is_bound:
            unable.append({"label": label, "reasons": reasons})
        else:
            able.append({"name": verb, "label": label, "form": bound[1] if bound and is_bound else _form(verb, record), "open": is_bound})
    (shown,) = with_words(collecting.with_state(access.submissions_for(request.user).filter(pk=record.pk)), STATE_WORDS)
    context = {
        "submission": shown,
        "able": able,
        "unable": unable,
        "deeds": collecting.deeds_of("submission", record.pk),
        "reminders": collecting.reminders_of(record),
    }
    return render(request, "coordination/submission.html", context, status=status)


@staff_required
@require_GET
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access.access_submission(request.user, pk))


@staff_required
@require_POST
def submission_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    record = access.access_submission(request.user, pk)
    if verb not in FORMS:
        raise Http404("没有这个操作")
    form = _form(verb, record, request.POST, request.FILES)

    def deed() -> Submission:
        made: Submission = getattr(actions, verb)(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())
        return made

    if attempt(request, form, deed, DONE[verb]) is None:
        return _page(request, access.access_submission(request.user, pk), (verb, form), status_of(form))
    return back("coordination:submission", pk)


@staff_required
@require_GET
def submission_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    return file_response(access.access_submission(request.user, pk))


@staff_required
@require_GET
def earlier_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    return file_response(access.access_deed_file(request.user, pk))


@staff_required
@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """A page to print: what was received, from whom, when, under which number."""
    record = access.access_submission(request.user, pk)
    if not record.receipt:
        raise Http404("还没有签收，没有回执")
    context = {"submission": record, "receiver": collecting.receiver_of(record)}
    return render(request, "coordination/receipt.html", context)
