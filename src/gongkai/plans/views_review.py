"""The review screen: the document on the left, what was read from it on the right, and a person who decides.

Every button is a form that works without a script: POST, then a redirect back to the row. With the header `X-Fragment` the answer to a
verb on one row is that row and the progress line alone, so that the script can put them in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.matching import Directory
from gongkai.plans import access, actions, queries
from gongkai.plans.forms import AddTaskForm, Editor, ReasonForm, ReassignForm, ResolveForm, SplitForm
from gongkai.plans.highlight import WordsNotFound, find_words
from gongkai.plans.listing import task_of
from gongkai.plans.models import Plan, Task
from gongkai.plans.review_screen import Opened, answer, blank, ids_of

DOINGS = ("edit", "split", "reassign", "exclude")
"""What opens a form in a row: `?task=<id>&do=<one of these>`."""


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
            opened.do, opened.form = do, blank(do, task)
    return answer(request, plan, opened)


def _task(plan: Plan, pk: int) -> Task:
    task = task_of(plan, pk)
    if task is None:
        raise Http404("这个方案里没有这项任务")
    return task


def _done(request: HttpRequest, plan: Plan, task: int | None = None) -> HttpResponse:
    """After a deed: the row again (fragment), or a redirect to it."""
    if task is not None and request.headers.get("X-Fragment") == "row":
        return answer(request, plan, Opened(task))
    return redirect(reverse("plans:review", args=[plan.pk]) + (f"#task-{task}" if task else ""))


def _refused(request: HttpRequest, plan: Plan, error: ActionRefused, opened: Opened) -> HttpResponse:
    opened.errors = list(error.reasons)
    return answer(request, plan, opened, status=409)


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
    form = ReasonForm(request.POST, auto_id=ids_of(task))
    opened = Opened(task.pk, "exclude", form)
    if not form.is_valid():
        return answer(request, plan, opened, status=422)
    return _simple(request, plan, task, lambda: actions.exclude(task, actor_of(request), form.cleaned_data["reason"]), opened)


def edit(request: HttpRequest, plan: Plan, task: Task) -> HttpResponse:
    editor = Editor(task, request.POST)
    opened = Opened(task.pk, "edit", editor)
    if not editor.is_valid():
        return answer(request, plan, opened, status=422)
    return _simple(request, plan, task, lambda: actions.edit(task, actor_of(request), **editor.values()), opened)


def reassign(request: HttpRequest, plan: Plan, task: Task) -> HttpResponse:
    form = ReassignForm(request.POST, auto_id=ids_of(task))
    opened = Opened(task.pk, "reassign", form)
    if not form.is_valid():
        return answer(request, plan, opened, status=422)
    return _simple(request, plan, task, lambda: actions.reassign(task, actor_of(request), form.units()), opened)


def split(request: HttpRequest, plan: Plan, task: Task) -> HttpResponse:
    form = SplitForm(request.POST, text=task.text, auto_id=ids_of(task))
    opened = Opened(task.pk, "split", form)
    if not form.is_valid():
        return answer(request, plan, opened, status=422)
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
        return answer(request, plan, Opened(task.pk, errors=[reason]), status=409)
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
def assign_unnamed(request: HttpRequest, pk: int) -> HttpResponse:
    """One statement for all tasks that name nobody."""
    plan = access.access_draft(request.user, pk)
    form = ReassignForm(request.POST, auto_id="unnamed_%s")
    if not form.is_valid():
        messages.error(request, "；".join(str(e) for errors in form.errors.values() for e in errors))
        return _done(request, plan)
    try:
        count = actions.assign_unnamed(plan, actor_of(request), form.units())
    except ActionRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"给 {count} 项任务指派了单位。" if count else "没有还没写明单位的任务。")
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
    return answer(request, plan, add_form=form, status=422)


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
