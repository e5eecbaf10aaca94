"""政务新媒体账号 for staff: the ledger with what is stale and low in use, one account with its weeks, and its verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.agencies.models import Agency
from gongkai.channels import access, exports, importing, queries
from gongkai.channels.actions import accounts as actions
from gongkai.channels.forms import AccountForm, AccountPostForm, AccountStateForm, CheckForm, ImportForm, OpenAccountForm, ReadingForm
from gongkai.channels.models import Account, Deed
from gongkai.channels.vocabulary import accounts_table, low_use, medium_name
from gongkai.deeds.pages import attempt, back, status_of
from gongkai.obligations.exports import as_file
from gongkai.obligations.forms import KeyForm
from gongkai.obligations.models import Obligation
from gongkai.obligations.statutes import of_fact
from gongkai.obligations.too_large import dropped_files

PER_PAGE = 50
POSTS, READINGS = 30, 12
LABELS = {"post": "登记发布信息", "reading": "登记运行数据", "change": "变更账号信息", "state": "暂停、恢复、注销", "check": "记录检查"}
DONE = {
    "post": "已登记。",
    "reading": "已登记，公众网站的名单里可以看到。",
    "change": "已保存。",
    "state": "已登记，台账里留有记录。",
    "check": "检查已记录。",
}


def _rows(request: HttpRequest) -> tuple[list[Any], list[Any]]:
    """(every account of the ledger, those that are asked for), stale ones first."""
    every = queries.with_freshness(access.accounts_for(request.user), timezone.localdate())
    every.sort(key=lambda row: (not row.fresh.is_stale, not row.fresh.low, row.state == Account.State.CLOSED))
    chosen = queries.SHOWN.get(request.GET.get("show", ""))
    return every, [row for row in every if chosen(row)] if chosen else every


@staff_required
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    every, chosen = _rows(request)
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.marks = exports.marks_of(row)
    context = {
        "page_obj": page,
        "figures": queries.account_figures(every, reverse("channels:accounts")) if every else [],
        "show": request.GET.get("show", "") in queries.SHOWN,
        "is_office": bool(scope_of(request.user).office_ids),
        "floor": next((row.fresh.floor for row in every), None),
        "low_use": low_use(timezone.localdate()),
        "one": accounts_table()["one_per_platform"],
    }
    return render(request, "channels/accounts.html", context)


@staff_required
@require_GET
def export(request: HttpRequest, fmt: str) -> HttpResponse:
    _every, chosen = _rows(request)
    return as_file(exports.accounts_table(chosen), fmt, f"政务新媒体账号 {timezone.localdate()}")


def _office(request: HttpRequest) -> Any:
    scope = scope_of(request.user)
    if not scope.office_ids:
        raise NotAllowed("账号由本地区政务公开主管部门登记")
    return Agency.objects.filter(jurisdiction__in=scope.office_ids, valid_to__isnull=True).order_by("jurisdiction__code", "code")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_account(request: HttpRequest) -> HttpResponse:
    form = OpenAccountForm(request.POST if request.method == "POST" else None, agencies=_office(request))
    if form.is_bound:

        def deed() -> Account:
            given = form.arguments()
            return actions.open_account(given.pop("agency"), actor_of(request), key=str(form.cleaned_data["key"]), **given)

        made = attempt(request, form, deed, "账号已登记，公众网站的名单里可以看到。")
        if made is not None:
            if others := actions.same_platform(made.agency, made.platform, made.pk):
                messages.warning(
                    request, f"{made.agency.name}在{medium_name(made.platform)}已有{'、'.join(others)}；一个单位在同一平台原则上只开一个。"
                )
            return back("channels:account", made.pk)
    return render(request, "channels/open_account.html", {"form": form}, status=status_of(form) if form.errors else 200)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_accounts(request: HttpRequest) -> HttpResponse:
    _office(request)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_bound:
        for name in dropped_files(request):
            form.add_error("file", f"“{name}”太大，没有接收")

        def deed() -> Account:
            return importing.take(form.cleaned_data["file"].read(), actor_of(request), key=str(form.cleaned_data["key"]))

        if attempt(request, form, deed, "已导入，表里已有的账号没有改动。") is not None:
            return back("channels:accounts")
    return render(request, "channels/import.html", {"form": form}, status=status_of(form) if form.errors else 200)


def _form(verb: str, row: Account, data: Any = None) -> KeyForm:
    auto_id = f"{verb}_%s"
    if verb == "change":
        begun = {"name": row.name, "address": row.address, "responsible": row.responsible, "approved_by": row.approved_by}
        return AccountForm(data, initial=begun, auto_id=auto_id)
    if verb == "state":
        return AccountStateForm(data, account=row, auto_id=auto_id)
    return {"post": AccountPostForm, "reading": ReadingForm, "check": CheckForm}[verb](data, auto_id=auto_id)


def _page(request: HttpRequest, row: Account, bound: tuple[str, KeyForm] | None = None, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    (shown,) = queries.with_freshness([row], today)
    folds = []
    for verb, label in LABELS.items():
        if actions.role_reason(verb, row.agency, request.user) or (row.state == Account.State.CLOSED and verb != "check"):
            continue
        mine = bound is not None and bound[0] == verb
        form = bound[1] if bound is not None and mine else _form(verb, row)
        folds.append({"verb": verb, "label": label, "form": form, "open": mine, "danger": verb == "state"})
    weeks = queries.weeks_of_year(row, today)
    duties = Obligation.objects.filter(source=Obligation.Source.STATUTE, rule__in=of_fact("media_account"), subject_id=row.pk)
    context = {
        "row": shown,
        "marks": exports.marks_of(shown),
        "folds": folds,
        "weeks": weeks,
        "weeks_with": sum(1 for _monday, n in weeks if n),
        "posts": row.posts.select_related("delivery", "recorded_by")[:POSTS],
        "readings": row.readings.select_related("recorded_by")[:READINGS],
        "checks": row.checks.select_related("checked_by"),
        "channels": row.channels.select_related("agency"),
        "duties": duties.order_by("-pk")[:5],
        "deeds": (Deed.objects.filter(subject="account", subject_id=row.pk) | Deed.objects.filter(about="account", about_id=row.pk))
        .exclude(kind=Deed.Kind.ACCOUNT_POST)  # they stand in the list of posts
        .select_related("actor", "agency")
        .order_by("at", "pk"),
    }
    return render(request, "channels/account.html", context, status=status)


@staff_required
@require_GET
def account(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access.access_account(request.user, pk))


@staff_required
@require_POST
def verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    row = access.access_account(request.user, pk)
    if verb not in LABELS:
        raise Http404("没有这种操作")
    if role := actions.role_reason(verb, row.agency, request.user):
        raise NotAllowed(role)
    form = _form(verb, row, request.POST)
    verbs: dict[str, Callable[..., Any]] = {
        "post": actions.record_post,
        "reading": actions.record_reading,
        "change": actions.change_account,
        "state": actions.set_state,
        "check": actions.check,
    }
    action = verbs[verb]

    def deed() -> Any:
        return action(row, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, DONE[verb]) is None:
        return _page(request, row, (verb, form), status_of(form))
    return back("channels:account", row.pk)
