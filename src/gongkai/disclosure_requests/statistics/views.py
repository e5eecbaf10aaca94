"""统计: how the office does with its requests. Every number opens the requests it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from gongkai.agencies.auth import staff_required
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.after.pages import paged
from gongkai.disclosure_requests.models import DisclosureRequest
from gongkai.disclosure_requests.queries import STATES, with_state
from gongkai.disclosure_requests.statistics import counting, picture
from gongkai.disclosure_requests.statistics.counting import Figures, Period
from gongkai.disclosure_requests.statistics.forms import PeriodForm
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.obligations.exports import as_file

DUE = [
    ("overdue", "已逾期", True),
    ("due_3", "3 日内到期", False),
    ("due_7", "4—7 日到期", False),
    ("due_later", "7 日以后", False),
    ("paused", "期限中止", False),
    ("not_started", "还没有起算", False),
]
SHARES = [
    ("公开和部分公开的比例", ("opened", "partly"), "closed", "S3-21"),
    ("不予公开经过复核", ("refused_reviewed",), "refused", "S3-33"),
    ("答复经过保密审查", ("secrecy",), "replied", "S2-30"),
    ("答复使用文书模板", ("templated",), "replied", ""),
    ("提交前提示过已公开信息", ("offered",), "received", ""),
    ("点开提示后仍然提交", ("clicked",), "offered", ""),
    ("满意（4 分以上）", ("pleased",), "rated", ""),
]
WORDS = {words: label for words, label, _bad in DUE} | {
    "received": "收到",
    "closed": "办结",
    "open": "正在办理",
    "on_time": "按期办结",
    "late": "逾期办结",
    "reopened": "正在重新答复",
    "opened": "予以公开",
    "partly": "部分公开",
    "refused": "不予公开（含部分）",
    "refused_reviewed": "不予公开，经过复核",
    "replied": "有答复的",
    "secrecy": "答复经过保密审查",
    "templated": "答复使用文书模板",
    "offered": "提交前提示过已公开信息",
    "clicked": "点开提示后仍然提交",
    "rated": "有评价的",
    "pleased": "满意",
}
TIMED = ("outcome", "section")
"""Groups whose requests have days of handling."""
LIMIT = 20
"""Working days of 条例第三十三条 without an extension: spans beyond are marked."""
GROUPS = {"outcome": "按处理结果", "section": "按承办科室", "channel": "按渠道", "kind": "按申请人类别", "rating": "按满意度"}


@dataclass(slots=True)
class Asked:
    form: PeriodForm
    period: Period
    rows: QuerySet[DisclosureRequest]
    query: str
    lead: str


def asked(request: HttpRequest) -> Asked:
    """What the address asks, within what this person may see."""
    user, today = request.user, timezone.localdate()
    seen = access.requests_for(user)
    inside = seen.order_by().values("agency").distinct()
    agencies = Agency.objects.filter(pk__in=inside).order_by("jurisdiction__code", "code")
    places = Jurisdiction.objects.filter(pk__in=seen.order_by().values("jurisdiction").distinct()).order_by("code")
    form = PeriodForm(request.GET or None, places=places, agencies=agencies)
    form.is_valid()
    told: dict[str, Any] = form.cleaned_data if form.is_bound else {}
    first: date = told.get("first") or date(today.year, 1, 1)
    last: date = told.get("last") or today
    if last < first:
        first, last = date(last.year, 1, 1), last
    kept: dict[str, Any] = {"first": first, "last": last}
    lead = f"{first} 至 {last}"
    if (place := told.get("place")) is not None:
        seen, kept["place"], lead = seen.filter(jurisdiction=place), place.pk, f"{lead}，{place.name}"
    if (agency := told.get("agency")) is not None:
        seen, kept["agency"], lead = seen.filter(agency=agency), agency.pk, f"{lead}，{agency.name}"
    return Asked(form, Period(first, last, today), seen, urlencode(kept), lead)


@staff_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    found = asked(request)
    told = counting.figures(found.rows, found.period)
    link = _Link(found.query)
    due = [(words, told.counts[name], bad) for name, words, bad in DUE]
    spread = [(words, n, first > LIMIT) for (words, n), (first, _last) in zip(told.days.spread(), counting.SPANS, strict=True)]
    context = {
        "form": found.form,
        "lead": found.lead,
        "query": found.query,
        "counts": [
            {"label": "收到", "n": told.counts["received"], "url": link("received")},
            {"label": "办结", "n": told.counts["closed"], "url": link("closed")},
            {"label": "正在办理", "n": told.counts["open"], "url": link("open")},
            {"label": "已逾期", "n": told.counts["overdue"], "url": link("overdue"), "alarm": True},
        ],
        "rate": told.rate,
        "on_time": (told.counts["on_time"], link("on_time")),
        "late": (told.counts["late"], link("late")),
        "middle": told.days.middle(),
        "due": [(words, told.counts[name], link(name)) for name, words, _bad in DUE],
        "spread": _spread(told, link),
        "spans": counting.SPAN_WORDS,
        "shares": _shares(told, link),
        "groups": _groups(told, link),
        "satisfaction": told.satisfaction,
        "agencies": _agencies(found),
        "pictures": [
            ("due", "正在办理的，离期限还有几日", _drawn(due, "due")),
            ("days", "办结的，用了几个工作日", _drawn(spread, "days")),
        ],
    }
    return render(request, "disclosure_requests/statistics/page.html", context)


class _Link:
    def __init__(self, query: str) -> None:
        self.base = f"{reverse('request_cases:statistics_rows')}?{query}"

    def __call__(self, name: str, value: str = "") -> str:
        return f"{self.base}&what={name}" + (f"&value={value}" if value else "")


def _drawn(rows: list[tuple[str, int, bool]], key: str) -> list[tuple[str, str]]:
    title = {"due": "正在办理的申请离期限的日数", "days": "办结的申请用的工作日"}[key]
    return [
        (name, mark_safe(picture.bars(rows, key=f"{key}-{name}", title=title, width=width)))  # noqa: S308 — escapes its words
        for name, width in (("wide", picture.WIDE), ("narrow", picture.NARROW))
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a group: what, how many with the address of their list, the median of their days, their spread with addresses."""

    words: str
    n: int
    url: str
    middle: float | None
    spread: list[tuple[str, int, str]]


def _spread(told: Figures, link: _Link, group: str = "", code: str = "") -> list[tuple[str, int, str]]:
    value = f".{group}.{code}" if group else ""
    return [(words, n, link(counting.DAYS, f"{at}{value}")) for at, (words, n) in enumerate(told.days.spread(group, code))]


def _groups(told: Figures, link: _Link) -> list[tuple[str, str, bool, list[Line]]]:
    """(heading, what is counted, whether it has days, lines)."""
    counted = {"outcome": "办结", "section": "办结", "rating": "评价"}
    found = []
    for name, title in GROUPS.items():
        timed = name in TIMED
        lines = [
            Line(
                words,
                n,
                link(name, code),
                told.days.middle(name, code) if timed else None,
                _spread(told, link, name, code) if timed else [],
            )
            for code, words, n in getattr(told, name)
        ]
        found.append((title, counted.get(name, "收到"), timed, lines))
    return found


def _agencies(found: Asked) -> list[tuple[dict[str, Any], dict[str, str]]]:
    listed = []
    for row in counting.by_agency(found.rows, found.period):
        link = _Link(f"{found.query}&agency={row['pk']}")
        listed.append((row, {name: link(name) for name in ("received", "closed", "on_time", "open", "overdue")}))
    return listed


def _shares(told: Figures, link: _Link) -> list[tuple[str, list[tuple[str, int, str]], int, str, float | None]]:
    found = []
    for words, parts, whole, _clause in SHARES:
        n = sum(told.counts[part] for part in parts)
        rate = 100 * n / told.counts[whole] if told.counts[whole] else None
        listed = [(WORDS[part], told.counts[part], link(part)) for part in parts]
        found.append((words, listed, told.counts[whole], link(whole), rate))
    return found


@staff_required
@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The requests one number counts; register rows alone, nothing of an applicant."""
    found = asked(request)
    name, value = request.GET.get("what", ""), request.GET.get("value", "")
    condition = counting.conditions(found.period).get(name)
    title = WORDS.get(name, "")
    if name == counting.DAYS and len(value) < 60:
        listed_ids = counting.handling_days(found.rows.select_related(None).order_by().filter(found.period.closed())).requests(value)
        if listed_ids is not None:
            condition, title = Q(pk__in=listed_ids), f"办结用了 {counting.SPAN_WORDS[int(value.partition('.')[0])]}"
    if condition is None:
        condition = counting.valued(found.period, name, value) if len(value) < 18 else None
        title = GROUPS.get(name, "")
    if condition is None:
        raise Http404("没有这个数字")
    listed = with_state(found.rows.filter(condition)).defer("description", "features", "purpose", "satisfaction_words", "likeness")
    page = paged(request, listed.order_by("-received_on", "-pk"))
    shown = [(row, STATES[row.state], access.may_read_case(request.user, row)) for row in page]
    context = {"title": title, "page": page, "rows": shown, "lead": found.lead, "query": found.query}
    return render(request, "disclosure_requests/statistics/rows.html", context)


@staff_required
@require_GET
def export(request: HttpRequest, fmt: str) -> HttpResponse:
    """All numbers as one table, without any request."""
    found = asked(request)
    told = counting.figures(found.rows, found.period)
    lines: list[tuple[str, str, Any]] = [("总数", WORDS[name], n) for name, n in told.counts.items()]
    lines += [("处理结果", words, n) for _code, words, n in told.outcome]
    lines += [("承办科室", words, n) for _code, words, n in told.section]
    lines += [("渠道", words, n) for _code, words, n in told.channel]
    lines += [("申请人类别", words, n) for _code, words, n in told.kind]
    lines += [("满意度", words, n) for _code, words, n in told.rating]
    lines += [("办理工作日", words, n) for words, n in told.days.spread()]
    lines += [("办理工作日", "中位数", told.days.middle()), ("按期率", "按期率（%）", told.rate)]
    for group in TIMED:
        for code, name, _n in getattr(told, group):
            lines += [(f"{name}：办理工作日", words, n) for words, n in told.days.spread(group, code)]
            lines += [(f"{name}：办理工作日", "中位数", told.days.middle(group, code))]
    for row in counting.by_agency(found.rows, found.period):
        lines += [(row["name"], WORDS[name], row[name]) for name in ("received", "closed", "on_time", "late", "open", "overdue")]
    columns = [Column("group", "分组", 14), Column("what", "项目", 20), Column("n", "件数", 6, "center")]
    table = LedgerTable(f"依申请公开统计（{found.lead}）", columns, [LedgerRow({"group": a, "what": b, "n": c}) for a, b, c in lines])
    return as_file(table, fmt, "依申请公开统计")
