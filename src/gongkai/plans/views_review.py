"""The review screen: the document on the left, what was read from it on the right, and a person who decides.

Every button is a form that works without a script: POST, then a redirect back to the row. With the header `X-Fragment` the answer to a
verb on one row is that row and the progress line alone, so that the script can put them in place.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.matching import Directory
from gongkai.plans import access, actions, queries
from gongkai.plans.forms import AddTaskForm, Editor, ReasonForm, ReassignForm, ResolveForm, SplitForm
from gongkai.plans.highlight import WordsNotFound, find_words
from gongkai.plans.listing import place_of_task, task_of
from gongkai.plans.models import Plan, Task
from gongkai.plans.original import Pin, document_html, highlights, legend, quote_html
from gongkai.plans.row_html import buttons, row_html
from gongkai.plans.rows import RowView, numbers, row_view

DOINGS = ("edit", "split", "reassign", "exclude")
"""What opens a form in a row: `?task=<id>&do=<one of these>`."""


@dataclass(slots=True)
class Opened:
    """The one row that stands open: its form, and why the deed was refused."""

    task: int
    do: str = ""
    form: Any = None
    errors: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Unresolved:
    """A wording of the plan that nobody knows, where it stands, and what it may mean."""

    text: str
    rows: list[RowView]
    suggestions: list[Any]
    doubt: str = ""
    """For wordings that name nobody in particular (相关部门): why a person has to say who is meant."""


@staff_required
@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.access_plan(request.user, pk)
    if plan.state != Plan.State.DRAFT:
        messages.info(request, "这个方案已经下达，内容不再改动。要调整请导入修订后的方案。")
        return redirect("plans:detail", pk)
    plan = access.access_draft(request.user, pk)
    asked, do = request.GET.get("task", ""), request.GET.get("do", "")
    opened = None
    if asked.isdecimal() and len(asked) < 19:
        task = _task(plan, int(asked))
        opened = Opened(task.pk)
        if do in DOINGS and task.review != Task.Review.NOT_A_TASK:
            opened.do, opened.form = do, _blank(do, task)
    return _answer(request, plan, opened)


def _task(plan: Plan, pk: int) -> Task:
    task = task_of(plan, pk)
    if task is None:
        raise Http404("这个方案里没有这项任务")
    return task


def _ids(task: Task) -> str:
    """Several rows may stand open at once; their fields must not share an id."""
    return f"r{task.pk}_%s"


def _blank(do: str, task: Task) -> Any:
    if do == "edit":
        return Editor(task)
    if do == "split":
        return SplitForm(text=task.text, auto_id=_ids(task), initial={"key": uuid.uuid4()})
    if do == "reassign":
        units = list(task.units.all())
        names = {role: [u.text for u in units if u.role == role] for role in ("lead", "responsible", "support")}
        return ReassignForm(initial=names, auto_id=_ids(task))
    return ReasonForm(auto_id=_ids(task))


def _rows(plan: Plan) -> list[RowView]:
    """In the order of the review; numbered in the order of the document."""
    tasks = [row.task for row in queries.review_rows(plan)]
    number = numbers(tasks)
    rows = [row_view(task, number[task.pk]) for task in tasks]
    following = 0
    for row in sorted(rows, key=lambda r: -r.number):
        row.following = following
        if row.task.review != Task.Review.NOT_A_TASK:
            following = row.task.pk
    return rows


def _answer(
    request: HttpRequest, plan: Plan, opened: Opened | None = None, add_form: AddTaskForm | None = None, status: int = 200
) -> HttpResponse:
    """The whole screen, or with X-Fragment the opened row alone."""
    base = reverse("plans:task_verb", args=[plan.pk, 1, "accept"]).removesuffix("1/accept/")
    if opened is not None and request.headers.get("X-Fragment") == "row":
        return _fragment(request, plan, opened, base, status)
    rows = _rows(plan)
    context: dict[str, Any] = {
        "plan": plan,
        "total": len(rows),
        "done": sum(row.task.review != Task.Review.PENDING for row in rows),
        "base": base,
    }
    context |= {
        "rows": rows,
        "attend": sum(row.attend for row in rows),
        "clear": sum(row.task.review == Task.Review.PENDING and not row.attend for row in rows),
        "rows_html": mark_safe("".join(_row_html(request, plan, row, base, opened) for row in rows)),
        "original": original_html(plan, rows),
        "legend": legend(),
        "add_form": add_form or AddTaskForm(auto_id="add_%s", initial={"key": uuid.uuid4()}),
        "adding": "add" in request.GET,
        **_unresolved(plan, rows),
    }
    return render(request, "plans/review.html", context, status=status)


def _fragment(request: HttpRequest, plan: Plan, opened: Opened, base: str, status: int) -> HttpResponse:
    """One row and the progress line, without reading the other rows."""
    place = place_of_task(plan, opened.task)
    row = row_view(place.task, place.number)
    row.following = place.following
    counts = queries.review_counts(plan)
    context = {
        "plan": plan,
        "total": counts["total"],
        "done": counts["total"] - counts["pending"],
        "attend": counts["attention"],
        "clear": counts["clear"],
        "row_html": _row_html(request, plan, row, base, opened),
    }
    response = render(request, "plans/parts/fragment.html", context, status=status)
    response["Cache-Control"] = "no-store"  # the same address without the header is the whole screen
    return response


def _row_html(request: HttpRequest, plan: Plan, row: RowView, base: str, opened: Opened | None) -> SafeString:
    quote = quote_html(plan.source_text, row.task)
    if opened is None or opened.task != row.task.pk:
        return row_html(row, quote, buttons(row, base))
    body = buttons(row, base)
    if opened.do:
        context = {"base": base, "row": row, "editor" if opened.do == "edit" else "form": opened.form}
        body = mark_safe(render_to_string(f"plans/parts/do_{opened.do}.html", context, request))
    return row_html(row, quote, body, opened.errors)


def original_html(plan: Plan, rows: list[RowView]) -> SafeString:
    """The left pane. What is not a task keeps its pin and loses its colours."""
    kept = [row.task for row in rows if row.task.review != Task.Review.NOT_A_TASK]
    pins = {row.task.pk: Pin(row.number, f"#task-{row.task.pk}") for row in rows}
    return document_html(plan.source_text, highlights(kept), pins, title=plan.title)


def _unresolved(plan: Plan, rows: list[RowView]) -> dict[str, Any]:
    where: dict[str, list[RowView]] = {}
    for row in rows:
        if row.task.review != Task.Review.NOT_A_TASK:
            for name in dict.fromkeys(row.unresolved):
                where.setdefault(name, []).append(row)
    if not where:
        return {"unresolved": []}
    directory = Directory(plan.jurisdiction)
    matches = {text: directory.resolve(text) for text in where}
    return {
        "unresolved": [Unresolved(text, found, matches[text].suggestions[:4], matches[text].doubt) for text, found in where.items()],
        "agency_names": sorted({agency.name for agency in directory.agencies.values()}),
        "collectives": list(directory.collectives.values()),
    }


def _done(request: HttpRequest, plan: Plan, task: int | None = None) -> HttpResponse:
    """After a deed: the row again (fragment), or a redirect to it."""
    if task is not None and request.headers.get("X-Fragment") == "row":
        return _answer(request, plan, Opened(task))
    return redirect(reverse("plans:review", args=[plan.pk]) + (f"#task-{task}" if task else ""))


def _refused(request: HttpRequest, plan: Plan, error: ActionRefused, opened: Opened) -> HttpResponse:
    opened.errors = list(error.reasons)
    return _answer(request, plan, opened, status=409)


@staff_required
@require_POST
def task_verb(request: HttpRequest, pk: int, task: int, verb: str) -> HttpResponse:
    plan = access.access_draft(request.user, pk)
    handler = VERBS.get(verb)
    if handler is None:
        raise Http404("没有这个操作")
    return handler(request, plan, _task(plan, task))


def _simple(request: HttpRequest, plan: Plan, task: Task, deed: Callable[[], Any], opened: Opened | None = None) -> HttpResponse:
    """A deed that may be refused; afterwards its row."""
    try:
        deed()
    except ActionRefused as error:
        return _refused(request, plan, error, opened or Opened(task.pk))
    return _done(request, plan, task.pk)


def accept(request: HttpRequest, plan: Plan, task: Task) -> HttpResponse:
    return _simple(request, plan, task, lambda: actions.accept(task, actor_of(request)))


def restore(request: HttpRequest, plan: Plan, task: Task) -> HttpResponse:
    return _simple(request, plan, task, lambda: actions.restore(task, actor_of(request)))


def exclude(request: HttpRequest, plan: Plan, task: Task) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id=_ids(task))
    opened = Opened(task.pk, "exclude", form)
    if not form.is_valid():
        return _answer(request, plan, opened, status=422)
    return _simple(request, plan, task, lambda: actions.exclude(task, actor_of(request), form.cleaned_data["reason"]), opened)


def edit(request: HttpRequest, plan: Plan, task: Task) -> HttpResponse:
    editor = Editor(task, request.POST)
    opened = Opened(task.pk, "edit", editor)
    if not editor.is_valid():
        return _answer(request, plan, opened, status=422)
    return _simple(request, plan, task, lambda: actions.edit(task, actor_of(request), **editor.values()), opened)


def reassign(request: HttpRequest, plan: Plan, task: Task) -> HttpResponse:
    form = ReassignForm(request.POST, auto_id=_ids(task))
    opened = Opened(task.pk, "reassign", form)
    if not form.is_valid():
        return _answer(request, plan, opened, status=422)
    return _simple(request, plan, task, lambda: actions.reassign(task, actor_of(request), form.units()), opened)


def split(request: HttpRequest, plan: Plan, task: Task) -> HttpResponse:
    form = SplitForm(request.POST, text=task.text, auto_id=_ids(task))
    opened = Opened(task.pk, "split", form)
    if not form.is_valid():
        return _answer(request, plan, opened, status=422)
    try:
        actions.split(task, actor_of(request), form.cleaned_data["at"], key=str(form.cleaned_data["key"]))
    except ActionRefused as error:
        return _refused(request, plan, error, opened)
    messages.success(request, "已拆成两项，请分别核对单位和时限。")
    return _done(request, plan, task.pk)


def merge(request: HttpRequest, plan: Plan, task: Task) -> HttpResponse:
    """With the row the button named, which must still be the next one: pressed twice, it merges once."""
    tasks = [t for t in queries.review_tasks(plan) if t.review != Task.Review.NOT_A_TASK or t.pk == task.pk]
    at = [t.pk for t in tasks].index(task.pk)
    following = tasks[at + 1] if at + 1 < len(tasks) else None
    asked = request.POST.get("with", "")
    if following is None or (asked and asked != str(following.pk)):
        reason = "下一项已经变了，请看清后再合并" if following else "后面没有任务可以合并"
        return _answer(request, plan, Opened(task.pk, errors=[reason]), status=409)
    try:
        merged = actions.merge([task, following], actor_of(request))
    except ActionRefused as error:
        return _refused(request, plan, error, Opened(task.pk))
    messages.success(request, "已合并，请核对合并后的单位和时限。")
    return _done(request, plan, merged.pk)


VERBS: dict[str, Callable[[HttpRequest, Plan, Task], HttpResponse]] = {
    "accept": accept,
    "edit": edit,
    "split": split,
    "merge": merge,
    "reassign": reassign,
    "exclude": exclude,
    "restore": restore,
}


@staff_required
@require_POST
def accept_all(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.access_draft(request.user, pk)
    try:
        count = actions.accept_all_clear(plan, actor_of(request))
    except ActionRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"确认了 {count} 项。" if count else "没有可以直接确认的；剩下的每项都有要看一眼的地方。")
    return _done(request, plan)


@staff_required
@require_POST
def add_task(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.access_draft(request.user, pk)
    form = AddTaskForm(request.POST, auto_id="add_%s")
    if form.is_valid():
        data = form.cleaned_data
        try:
            if data["start"] is not None and data["end"] is not None and data["start"] < data["end"] <= len(plan.source_text):
                span = data["start"], data["end"]
            else:
                span = find_words(plan.source_text, data["first"], data["last"])
            task = actions.add(plan, actor_of(request), span, units=form.units(), key=str(data["key"]))
        except WordsNotFound as error:
            form.add_error("last" if "之后没有" in str(error) else "first", str(error))
        except ActionRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "已增加一项任务。")
            return _done(request, plan, task.pk)
    return _answer(request, plan, add_form=form, status=422)


@staff_required
@require_POST
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """`choice` is "agency|wording" from a suggestion's button; otherwise `text` with the `name` of an agency or a `collective`."""
    plan = access.access_draft(request.user, pk)
    directory = Directory(plan.jurisdiction)
    data = request.POST.copy()
    if choice := data.get("choice"):
        data["agency"], _, data["text"] = choice.partition("|")
    form = ResolveForm(data, agencies=directory.agencies, collectives={c.pk: c for c in directory.collectives.values()})
    if not form.is_valid():
        messages.error(request, "；".join(str(e) for errors in form.errors.values() for e in errors))
        return redirect(reverse("plans:review", args=[pk]) + "#unresolved")
    text, agency, collective = (form.cleaned_data[k] for k in ("text", "agency", "collective"))
    try:
        count = actions.resolve_unit(plan, text, actor_of(request), agency=agency, collective=collective)
    except ActionRefused as error:
        messages.error(request, str(error))
    else:
        where = f"，{count} 处一并对应" if isinstance(count, int) else ""
        messages.success(request, f"“{text}”对应到{agency or collective}{where}。以后同样的写法不再问。")
    return redirect(reverse("plans:review", args=[pk]) + "#unresolved")
