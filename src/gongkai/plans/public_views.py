"""What the public sees of issued plans: the tasks with their state, the document, the file, the comparison with the level below."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.obligations.exports import safe_headers
from gongkai.obligations.proofs import PublicLink, public_links
from gongkai.obligations.queries import STATE_WORDS
from gongkai.plans import access, listing, queries
from gongkai.plans.duties import Share
from gongkai.plans.forms import PublicFilter
from gongkai.plans.models import Plan, Task
from gongkai.plans.original import Pin, document_html, highlights, legend, quote_html
from gongkai.plans.pairs import FILTERS, comparison_context
from gongkai.plans.rows import RowView, numbers, row_view
from gongkai.twins import of_list

PER_PAGE = 20
LAST = 3
"""Of a duty that comes back, the proofs of so many periods stand on the page."""
_LABEL = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.．、]|[①-⑳])\s*")


@require_GET
def plan_list(request: HttpRequest) -> HttpResponse:
    plans = listing.with_counts(access.listed_plans()).defer("source_text").order_by("-issued_on", "-pk")
    page = Paginator(plans, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "plans/public_list.html", {"page_obj": page, "twins": of_list("plans", "承诺与进展")})


@dataclass(slots=True)
class PublicTask:
    """A task with its state, as page and JSON show it."""

    row: RowView
    state: str
    obligations: list[Any]
    agencies: set[int] = field(default_factory=set)
    quote: str = ""


@dataclass(slots=True)
class Group:
    """The tasks under one heading path; `opens` are the headings that begin here, (level, words)."""

    opens: list[tuple[int, str]]
    tasks: list[PublicTask] = field(default_factory=list)


def public_tasks(plan: Plan) -> list[PublicTask]:
    """The confirmed tasks in the order of the document. Constant queries."""
    tasks = [task for task in queries.review_tasks(plan) if task.review == Task.Review.CONFIRMED]
    number = numbers(tasks)
    states = queries.task_states(plan, timezone.localdate())
    links = _links(plan)
    result = []
    for task in tasks:
        state = states.get(task.pk)
        obligations = list(state.obligations) if state else []
        word = state.state if state else queries.state_of_task(())
        for ob in obligations:
            ob.links = links.get((ob.subject_id, ob.owner_id, ob.share), [])
        agencies = {u.agency_id for u in task.units.all() if u.agency_id} | {ob.owner_id for ob in obligations}
        agencies |= {helper.agency_id for ob in obligations for helper in ob.helpers.all()}
        result.append(PublicTask(row_view(task, number[task.pk]), word, obligations, agencies))
    return result


def _links(plan: Plan) -> dict[Share, list[PublicLink]]:
    """Where each owner's share of each task is shown done; of a rhythm, by its last periods. Three queries."""
    done = list(queries.duties_of(plan).filter(fulfilled_on__isnull=False).order_by("-fulfilled_on", "-pk"))
    found: dict[Share, list[PublicLink]] = {}
    kept: dict[Share, list[Any]] = {}
    for ob in done:
        kept.setdefault((ob.subject_id, ob.owner_id, ob.share), []).append(ob)
    links = public_links(ob for rows in kept.values() for ob in rows[:LAST])
    for share, rows in kept.items():
        by_url = {link.url or link.name: link for ob in rows[:LAST] for link in links.get(ob.pk, [])}
        found[share] = list(by_url.values())
    return found


def headings(task: Task) -> list[str]:
    """The headings above a task. A run-in title that the task's text begins with is not said twice."""
    path = list(task.path)
    if path and (own := _LABEL.sub("", path[-1]).strip("。．. 　")) and task.text.startswith(own):
        path.pop()
    return path


def grouped(tasks: list[PublicTask]) -> list[Group]:
    groups: list[Group] = []
    last: list[str] = []
    for item in tasks:
        path = headings(item.row.task)
        if not groups or path != last:
            same = 0
            while same < min(len(last), len(path)) and last[same] == path[same]:
                same += 1
            groups.append(Group([(min(2 + depth, 4), words) for depth, words in enumerate(path) if depth >= same]))
            last = path
        groups[-1].tasks.append(item)
    return groups


def _agency_choices(tasks: list[PublicTask]) -> list[tuple[int, str]]:
    names: dict[int, str] = {}
    for item in tasks:
        for unit in item.row.task.units.all():
            if unit.agency is not None:
                names[unit.agency.pk] = unit.agency.name
        for ob in item.obligations:
            names[ob.owner_id] = ob.owner.name
            names |= {helper.agency_id: helper.agency.name for helper in ob.helpers.all()}
    return sorted(names.items(), key=lambda pair: pair[1])


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.access_public_plan(pk)
    tasks = public_tasks(plan)
    form = PublicFilter(request.GET, agencies=_agency_choices(tasks))
    form.is_valid()
    agency, state = form.cleaned_data.get("agency"), form.cleaned_data.get("state")
    of_agency = [t for t in tasks if not agency or agency in t.agencies]
    shown = [t for t in of_agency if not state or t.state == state]
    totals = queries.state_totals(t.state for t in of_agency)
    if request.GET.get("format") == "json":
        return JsonResponse(as_json(request, plan, shown, totals), json_dumps_params={"ensure_ascii": False})
    for item in shown:
        item.quote = quote_html(plan.source_text, item.row.task)
    context = {
        "plan": plan,
        "groups": grouped(shown),
        "shown": len(shown),
        "figures": _figures(plan, totals, agency, state),
        "form": form,
        "filtered": bool(agency or state),
        "json_url": "?" + _query(agency, state, format="json"),
        "lower": queries.lower_plans(plan),
    }
    return render(request, "plans/public_detail.html", context)


def _query(agency: int | None, state: str | None, **more: str) -> str:
    parts = {"agency": agency, "state": state, **more}
    return "&".join(f"{k}={v}" for k, v in parts.items() if v)


def _figures(plan: Plan, totals: dict[str, int], agency: int | None, state: str | None) -> list[dict[str, Any]]:
    """The totals under the chosen agency; each opens its rows."""
    base = reverse("public_plans:detail", args=[plan.pk])
    figures = [{"label": "任务", "n": sum(totals.values()), "url": f"{base}?{_query(agency, None)}", "current": not state}]
    for key, n in totals.items():
        if n or key == state:
            url = f"{base}?{_query(agency, key)}"
            figures.append({"label": STATE_WORDS[key][0], "n": n, "url": url, "current": key == state, "alarm": key == "overdue"})
    return figures


def as_json(request: HttpRequest, plan: Plan, tasks: list[PublicTask], totals: dict[str, int]) -> dict[str, Any]:
    """The JSON twin of the page, same filters. Units by the name the document uses and by the name of the directory."""
    document = request.build_absolute_uri(reverse("public_plans:document", args=[plan.pk]))
    return {
        "id": plan.pk,
        "url": request.build_absolute_uri(reverse("public_plans:detail", args=[plan.pk])),
        "document": document,
        "file": request.build_absolute_uri(reverse("public_plans:file", args=[plan.pk])),
        "title": plan.title,
        "issuer": plan.issuer,
        "doc_number": plan.doc_number,
        "issued_on": plan.issued_on,
        "year": plan.year,
        "jurisdiction": {"code": plan.jurisdiction.code, "name": plan.jurisdiction.name},
        "state": plan.state,
        "totals": {key: n for key, n in totals.items() if n},
        "tasks": [_task_json(plan, item, document) for item in tasks],
    }


def _task_json(plan: Plan, item: PublicTask, document: str) -> dict[str, Any]:
    task = item.row.task
    units: dict[str, list[dict[str, str]]] = {"lead": [], "responsible": [], "support": []}
    for role, _label, views in item.row.units:
        units[role] = [{"as_written": u.text, "name": u.name} for u in views]
    return {
        "id": task.pk,
        "number": item.row.number,
        "path": task.path,
        "text": task.text,
        "state": item.state,
        "state_word": STATE_WORDS[item.state][0],
        **units,
        "joint": task.joint,
        "deadlines": [
            {"raw": d.raw, "kind": d.kind, "due": d.due, "every": d.every or None, "within": d.within or None} for d in task.deadlines.all()
        ],
        "channels": task.channels,
        "quotas": task.quotas,
        "source": {
            "text": plan.source_text[task.span_start : task.span_end],
            "span": [task.span_start, task.span_end],
            "url": f"{document}#s{task.pk}",
        },
        "obligations": [
            {
                "agency": ob.owner.name,
                "role": ob.role,
                "state": ob.state,
                "period": ob.period or None,
                "due_on": ob.due_on,
                "fulfilled_on": ob.fulfilled_on,
                "periods": {"begun": ob.periods.n, "done": ob.periods.done, "overdue": ob.periods.late} if ob.periods else None,
                "links": [{"name": link.name, "url": link.url} for link in ob.links],
            }
            for ob in item.obligations
        ],
    }


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The full text with a numbered link where each task begins."""
    plan = access.access_public_plan(pk)
    tasks = [task for task in queries.review_tasks(plan) if task.review == Task.Review.CONFIRMED]
    number = numbers(tasks)
    page = reverse("public_plans:detail", args=[pk])
    pins = {task.pk: Pin(number[task.pk], f"{page}#task-{task.pk}") for task in tasks}
    text = document_html(plan.source_text, highlights(tasks), pins, title=plan.title)
    return render(request, "plans/public_document.html", {"plan": plan, "text": text, "legend": legend(), "count": len(tasks)})


@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it was imported: a download, never run."""
    plan = access.access_public_plan(pk)
    if not plan.source_file:
        raise Http404("这个方案没有原文件")
    try:
        response = FileResponse(plan.source_file.open("rb"), content_type="application/octet-stream")
    except FileNotFoundError as error:
        raise Http404("原文件不在存储里") from error
    safe_headers(response, plan.source_name)
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_GET
def compare(request: HttpRequest, upper: int, lower: int) -> HttpResponse:
    """The comparison without buttons. Two different issued plans, or 404."""
    if upper == lower:
        raise Http404("请选两个不同的方案")
    above, below = access.access_public_plan(upper), access.access_public_plan(lower)
    base = reverse("public_plans:compare", args=[upper, lower])
    context = comparison_context(above, below, request.GET.get("show", ""), base + "?show=")
    context["show"] = request.GET.get("show", "") if request.GET.get("show") in FILTERS else ""
    return render(request, "plans/public_compare.html", context)
