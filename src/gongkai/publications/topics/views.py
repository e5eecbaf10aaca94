"""专题专栏 and 汇编 in the workbench."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.obligations.exports import safe_headers
from gongkai.obligations.forms import KeyForm
from gongkai.publications.access import agencies_of
from gongkai.publications.actions import topics as actions
from gongkai.publications.models import Booklet, Topic
from gongkai.publications.topics import queries as topics
from gongkai.publications.topics.forms import BindForm, GatherForm, StartTopicForm, TopicForm

PER_PAGE = 50
VERBS = ("change", "gather", "arrange", "open", "close", "bind")
DONE = {"open": "专题已公开。", "close": "专题已归档，页面保留。", "arrange": "次序已保存。"}


def _offered(request: HttpRequest) -> list[tuple[int, str]]:
    return list(agencies_of(request.user).order_by("code").values_list("pk", "name"))


def _listed(request: HttpRequest, form: Any, opened: str = "", status: int = 200) -> HttpResponse:
    page = Paginator(topics.counted(topics.topics_for(request.user)).order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "publications/topics/list.html", {"page_obj": page, "form": form, "opened": opened}, status=status)


@staff_required
@require_GET
def topic_list(request: HttpRequest) -> HttpResponse:
    offered = _offered(request)
    return _listed(request, StartTopicForm(agencies=offered, auto_id="start_%s") if offered else None)


@staff_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    form = StartTopicForm(request.POST, agencies=_offered(request), auto_id="start_%s")

    def deed() -> Topic:
        values = form.arguments()
        agency = agencies_of(request.user).get(pk=values.pop("agency"))
        return actions.start(agency, actor_of(request), key=str(form.cleaned_data["key"]), **values)

    made = attempt(request, form, deed, "专题已建立，先编入文件。")
    return back("topics:topic", made.pk) if made else _listed(request, form, "start", status_of(form))


def _page(request: HttpRequest, record: Topic, bound: tuple[str, Any] | None = None, status: int = 200) -> HttpResponse:
    reasons = {verb: actions.failure_reasons(verb, record, request.user) for verb in VERBS}
    forms: dict[str, Any] = {}
    if not reasons["change"]:
        forms["change"] = TopicForm(auto_id="change_%s", initial={"title": record.title, "introduction": record.introduction})
    if not reasons["gather"]:
        forms["gather"] = GatherForm(user=request.user, auto_id="gather_%s")
    if not reasons["bind"]:
        forms["bind"] = BindForm(auto_id="bind_%s")
    if bound:
        forms[bound[0]] = bound[1]
    booklets = list(record.booklets.select_related("asked_by", "topic")[:20])
    for row in booklets:
        row.stale = bool(row.file) and topics.is_stale(row)  # type: ignore[attr-defined]
    return render(
        request,
        "publications/topics/topic.html",
        {
            "topic": record,
            "entries": topics.entries(record, public=False),
            "reasons": reasons,
            "forms": forms,
            "key": KeyForm(auto_id="rows_%s"),
            "booklets": booklets,
            "working": any(row.finished_at is None for row in booklets),
            "opened": bound[0] if bound else "",
        },
        status=status,
    )


@staff_required
@require_GET
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, topics.access_topic(request.user, pk))


@staff_required
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    record = topics.access_topic(request.user, pk)
    form = TopicForm(request.POST, auto_id="change_%s")

    def deed() -> Topic:
        return actions.change(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    made = attempt(request, form, deed, "已保存。")
    return back("topics:topic", pk) if made else _page(request, record, ("change", form), status_of(form))


@staff_required
@require_POST
def gather(request: HttpRequest, pk: int) -> HttpResponse:
    record = topics.access_topic(request.user, pk)
    form = GatherForm(request.POST, user=request.user, auto_id="gather_%s")

    def deed() -> Topic:
        return actions.gather(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    made = attempt(request, form, deed, "已编入。")
    return back("topics:topic", pk) if made else _page(request, record, ("gather", form), status_of(form))


@staff_required
@require_POST
def remove(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    record = topics.access_topic(request.user, pk)
    row = record.entries.select_related("topic__agency", "document").filter(pk=entry).first()
    if row is None:
        raise Http404("这份文件不在专题里")
    form = KeyForm(request.POST)
    try_or_tell(request, form, lambda: actions.remove(row, actor_of(request), key=str(form.cleaned_data["key"])), "已移出。")
    return back("topics:topic", pk)


@staff_required
@require_POST
def press(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """open, close and arrange: one button each."""
    record = topics.access_topic(request.user, pk)
    if verb not in DONE:
        raise Http404("没有这个操作")
    form = KeyForm(request.POST)

    def deed() -> Topic:
        key = str(form.cleaned_data["key"])
        if verb == "arrange":
            return actions.arrange(record, actor_of(request), key=key, places=_places(request))
        return (actions.open_up if verb == "open" else actions.close)(record, actor_of(request), key=key)

    try_or_tell(request, form, deed, DONE[verb])
    return back("topics:topic", pk)


def _places(request: HttpRequest) -> dict[int, tuple[int, str]]:
    """position-N and heading-N of the posted page."""
    found = {}
    for name in request.POST:
        value = request.POST.get(name, "")
        if name.startswith("position-") and name[9:].isdigit() and len(name) < 28:
            number = int(value) if value.isascii() and value.isdigit() and len(value) < 7 else 999_999
            found[int(name[9:])] = (number, request.POST.get(f"heading-{name[9:]}", ""))
    return found


@staff_required
@require_POST
def bind(request: HttpRequest, pk: int) -> HttpResponse:
    record = topics.access_topic(request.user, pk)
    form = BindForm(request.POST, auto_id="bind_%s")

    def deed() -> Booklet:
        return actions.bind(record, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    made = attempt(request, form, deed, "正在后台编制，可以离开，回来看进度。")
    return back("topics:topic", pk, at="booklets") if made else _page(request, record, ("bind", form), status_of(form))


def file_of(booklet: Booklet) -> HttpResponseBase:
    """The bound file as a download; 404 where it is not there."""
    if not booklet.file:
        raise Http404("汇编还没有编好")
    kind = {
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf": "application/pdf",
    }[booklet.form]
    try:
        response = FileResponse(booklet.file.open("rb"), content_type=kind)
    except FileNotFoundError as error:
        raise Http404("文件不在存储里，请重新编制") from error
    safe_headers(response, f"{booklet.topic.title[:80]}.{booklet.form}")
    return response


@staff_required
@require_GET
def booklet(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    record = topics.access_topic(request.user, pk)
    row = record.booklets.select_related("topic").filter(pk=number).first()
    if row is None:
        raise Http404("没有这本汇编")
    return file_of(row)
