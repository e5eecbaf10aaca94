"""文件清理: the list of clean-ups, one of them with its stock, the proposals of a page at a time, the decision, the notice."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms.fields import DateField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.obligations.exports import attachment
from gongkai.obligations.forms import KeyForm
from gongkai.publications.access import agencies_of
from gongkai.publications.actions import cleanups as actions
from gongkai.publications.actions.cleanups import Proposal
from gongkai.publications.models import Cleanup
from gongkai.publications.validity import cleanups, cleanups_notice
from gongkai.publications.validity.forms import AnnounceForm, DecideForm, StartCleanupForm
from gongkai.publications.validity.state import attach

PER_PAGE = 50
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _offered(request: HttpRequest) -> list[tuple[int, str]]:
    return list(agencies_of(request.user).order_by("code").values_list("pk", "name"))


@staff_required
@require_GET
def cleanup_list(request: HttpRequest) -> HttpResponse:
    rows = cleanups.counted(cleanups.cleanups_for(request.user)).order_by("-on", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    offered = _offered(request)
    form = StartCleanupForm(agencies=offered, auto_id="start_%s") if offered else None
    return render(request, "publications/validity/cleanups.html", {"page_obj": page, "form": form})


@staff_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    form = StartCleanupForm(request.POST, agencies=_offered(request), auto_id="start_%s")

    def deed() -> Cleanup:
        values = form.arguments()
        agency = agencies_of(request.user).get(pk=values.pop("agency"))
        return actions.start(agency, actor_of(request), key=str(form.cleaned_data["key"]), **values)

    made = attempt(request, form, deed, "清理已经建立，先选入文件。")
    if made is None:
        rows = cleanups.counted(cleanups.cleanups_for(request.user)).order_by("-on", "-pk")
        page = Paginator(rows, PER_PAGE).get_page(1)
        context = {"page_obj": page, "form": form, "opened": "start"}
        return render(request, "publications/validity/cleanups.html", context, status=status_of(form))
    return back("validity:cleanup", made.pk)


def _page(request: HttpRequest, record: Cleanup, bound: tuple[str, Any] | None = None, status: int = 200) -> HttpResponse:
    entries = record.entries.order_by("effect", "document_id")
    if chosen := request.GET.get("effect"):
        entries = entries.filter(effect="" if chosen == "none" else chosen)
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    reasons = {verb: actions.failure_reasons(verb, record, request.user) for verb in ("take", "propose", "draft", "decide", "announce")}
    forms: dict[str, Any] = {}
    if not reasons["decide"]:
        forms["decide"] = DecideForm(user=request.user, auto_id="decide_%s")
    if not reasons["announce"] and record.notice_id is None:
        forms["announce"] = AnnounceForm(user=request.user, auto_id="announce_%s")
    if bound:
        forms[bound[0]] = bound[1]
    return render(
        request,
        "publications/validity/cleanup.html",
        {
            "cleanup": record,
            "page_obj": page,
            "lines": cleanups.lines(record, page.object_list),
            "lists": [(effect, name, len(rows)) for effect, name, rows in cleanups.by_list(record)],
            "left": record.entries.filter(effect="").count(),
            "total": record.entries.count(),
            "choices": [("", "待定"), *((one.value, one.label) for one in cleanups.CHOICES)],
            "key": KeyForm(auto_id="rows_%s"),
            "reasons": reasons,
            "forms": forms,
            "opened": bound[0] if bound else "",
            "drafted": actions.drafted(record),
            "disagreements": cleanups.disagreements(record),
        },
        status=status,
    )


@staff_required
@require_GET
def cleanup(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, cleanups.access_cleanup(request.user, pk))


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """The stock that may be taken in: all of it, or what is ticked."""
    record = cleanups.access_cleanup(request.user, pk)
    if request.method == "POST":
        form = KeyForm(request.POST)
        chosen = None if request.POST.get("all") else _numbers(request.POST.getlist("document"))

        def deed() -> Cleanup:
            return actions.take(record, actor_of(request), key=str(form.cleaned_data["key"]), documents=chosen)

        if try_or_tell(request, form, deed, "已选入。") is not None:
            return back("validity:cleanup", pk)
        return back("validity:cleanup_take", pk)
    page = Paginator(cleanups.open_stock(record, request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cleanup": record,
        "page_obj": page,
        "documents": attach(page.object_list, record.on),
        "form": KeyForm(),
        "reasons": actions.failure_reasons("take", record, request.user),
    }
    return render(request, "publications/validity/cleanup_take.html", context)


def _numbers(values: list[str]) -> list[int]:
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]


@staff_required
@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposals of one page, saved together; with `suggest` what the dates say for all that have none."""
    record = cleanups.access_cleanup(request.user, pk)
    form = KeyForm(request.POST)

    def deed() -> Cleanup:
        key = str(form.cleaned_data["key"])
        if request.POST.get("suggest"):
            return actions.accept_suggestions(record, actor_of(request), key=key)
        return actions.propose(record, actor_of(request), key=key, proposals=_proposals(request))

    try_or_tell(request, form, deed, "处理意见已保存。")
    return back("validity:cleanup", pk)


def _proposals(request: HttpRequest) -> dict[int, Proposal]:
    """entry-N, until-N and note-N of the posted page."""
    found = {}
    for name in request.POST:
        if name.startswith("entry-") and name[6:].isdigit() and len(name) < 25:
            number = name[6:]
            until = _day(request.POST.get(f"until-{number}", ""))
            found[int(number)] = Proposal(request.POST[name], until, request.POST.get(f"note-{number}", ""))
    return found


def _day(text: str) -> date | None:
    try:
        value: date | None = DateField(required=False).clean(text)
    except ValidationError:
        return date.min  # refused as too early, with the sentence that says so
    return value


@staff_required
@require_POST
def remove(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    record = cleanups.access_cleanup(request.user, pk)
    row = record.entries.select_related("cleanup__agency", "document").filter(pk=entry).first()
    if row is None:
        raise Http404("这份文件不在这次清理里")
    form = KeyForm(request.POST)
    try_or_tell(request, form, lambda: actions.remove(row, actor_of(request), key=str(form.cleaned_data["key"])), "已移出。")
    return back("validity:cleanup", pk)


@staff_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    record = cleanups.access_cleanup(request.user, pk)
    form = DecideForm(request.POST, user=request.user, auto_id="decide_%s")

    def deed() -> Cleanup:
        return actions.decide(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, "已作出决定，每份文件的页面都标注了。") is None:
        return _page(request, record, ("decide", form), status_of(form))
    return back("validity:cleanup", pk)


@staff_required
@require_POST
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    record = cleanups.access_cleanup(request.user, pk)
    form = AnnounceForm(request.POST, user=request.user, auto_id="announce_%s")

    def deed() -> Cleanup:
        return actions.announce(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, "公告已登记，各文件页面从现在起链接到公告。") is None:
        return _page(request, record, ("announce", form), status_of(form))
    return back("validity:cleanup", pk)


@staff_required
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft of the notice with its three lists."""
    record = cleanups.access_cleanup(request.user, pk)
    return attachment(cleanups_notice.notice_docx(record), f"{record.title[:60]}结果公告.docx", DOCX)


@staff_required
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice becomes a draft of its own; its page is where one goes on."""
    record = cleanups.access_cleanup(request.user, pk)
    form = KeyForm(request.POST)
    made = try_or_tell(
        request,
        form,
        lambda: actions.draft_notice(record, actor_of(request), key=str(form.cleaned_data["key"])),
        "公告已转为拟稿，请核对后送审。",
    )
    return back("drafting:document", made.pk) if made is not None else back("validity:cleanup", pk)
