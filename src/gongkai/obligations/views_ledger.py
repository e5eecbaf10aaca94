"""The ledger: filters, figures, rows, exports. Its cost is bounded by what a page shows, not by the size of the scope."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from gongkai.agencies.access import scope_of
from gongkai.agencies.auth import staff_required
from gongkai.obligations import choices, exports, queries
from gongkai.obligations.forms import LedgerFilter
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.oversight import GROUPS
from gongkai.obligations.paging import BoundedPaginator
from gongkai.obligations.queries import STATE_WORDS
from gongkai.obligations.tables import LedgerRows, LedgerTable
from gongkai.obligations.views_urging import urges_many

PER_PAGE = 50
MAX_EXPORT = 20_000
MAX_LISTED = 2_000
"""Rows of one page when somebody wants to print them all, and of all pages where the scope is too wide to be counted."""


def _filtered(request: HttpRequest) -> tuple[LedgerFilter, dict[str, Any]]:
    form = LedgerFilter(request.GET, choices=choices.ledger_choices(request.user, request.GET))
    return form, form.filters()


def _counts(request: HttpRequest, filters: dict[str, Any], edges: Any) -> dict[str, int] | None:
    """State → number under every other filter; None where there are too many to count while somebody waits."""
    others = {k: v for k, v in filters.items() if k != "state"}
    return queries.counts_within(queries.ledger_parts(request.user, others, edges=edges))


def _known(counts: dict[str, int] | None, state: str) -> int | None:
    """How many rows are listed, where the figures say it."""
    if counts is None or state == "replaced":  # these are in no other figure
        return None
    return sum(counts.get(one, 0) for one in (GROUPS[state][1] if state in GROUPS else [state] if state else counts))


def _figures(request: HttpRequest, form: LedgerFilter, filters: dict[str, Any], counts: dict[str, int] | None) -> list[dict[str, Any]]:
    """The counts on top: under every other filter, each opens its rows; the one that is open closes again."""
    chosen = filters.get("state", "")
    figures = []

    def address(state: str) -> str:
        query = request.GET.copy()
        for gone in ("page", "state", *(["window"] if query.get("window") in ("overdue", "none") else [])):
            query.pop(gone, None)
        if state:
            query["state"] = state
        return "?" + query.urlencode()

    everything = None if counts is None else sum(counts.values())
    figures.append({"label": "全部", "n": everything, "url": address(""), "current": not chosen})
    for state, (word, *_rest) in STATE_WORDS.items():
        if counts is None or counts.get(state) or state in ("overdue", "due_soon", chosen):
            figures.append(
                {
                    "label": word,
                    "n": None if counts is None else counts.get(state, 0),
                    "url": address("" if state == chosen else state),
                    "current": state == chosen,
                    "alarm": state == "overdue",
                }
            )
    return figures


def _table(request: HttpRequest, filters: dict[str, Any], wide: bool, edges: Any) -> LedgerTable:
    """What is late stands first until somebody sorts. Of more rows than are counted: what is open, by its date, never all sorted."""
    rows, parts = queries.ledger(request.user, filters, edges=edges), queries.ledger_parts(request.user, filters, edges=edges)
    if not wide:
        return LedgerTable(LedgerRows(rows, parts), order_by="state")
    if "state" not in filters:
        rows, parts = rows.filter(OPEN), [part.filter(OPEN) for part in parts]
    return LedgerTable(LedgerRows(rows.order_by(F("due_on").asc(nulls_last=True), "pk"), parts, queries.DUE_FIRST), orderable=False)


@staff_required
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    form, filters = _filtered(request)
    edges = queries.soon_edges(timezone.localdate())
    counts = _counts(request, filters, edges)
    wide = counts is None
    table = _table(request, filters, wide, edges)
    table.several_places = len(scope_of(request.user).seen_ids) > 1 or "jurisdiction" in form.fields
    per_page = MAX_LISTED if request.GET.get("all") == "1" else PER_PAGE
    known = queries.count_up_to(table.data.parts, MAX_LISTED + 1) if wide else _known(counts, filters.get("state", ""))
    bound: dict[str, Any] = {"most": MAX_LISTED if wide else queries.MOST, "known": known}
    paginate = {"per_page": per_page, "silent": True, "paginator_class": BoundedPaginator, **bound}
    RequestConfig(request, paginate=paginate).configure(table)
    query = request.GET.copy()
    for gone in ("page", "all"):
        query.pop(gone, None)
    context = {
        "form": form,
        "table": table,
        "figures": _figures(request, form, filters, counts),
        "wide": wide,
        "most": queries.MOST,
        "filtered": bool(filters) or not form.is_valid(),
        "query": query.urlencode(),
        "may_urge": urges_many(request.user),
        "today": timezone.localdate(),
        "soon": settings.DUE_SOON_DAYS,
    }
    return render(request, "obligations/ledger.html", context)


@staff_required
@require_GET
def export(request: HttpRequest, fmt: str) -> HttpResponse:
    """The same rows as the screen in the same order, all pages."""
    form, filters = _filtered(request)
    edges = queries.soon_edges(timezone.localdate())
    wide = queries.too_many(queries.ledger_parts(request.user, filters, edges=edges))
    asked = _table(request, filters, wide, edges)
    if not wide:
        asked.order_by = request.GET.get("sort") or "state"
    rows = list(asked.rows.data.data[: MAX_EXPORT + 1])
    notes = [f"导出时间 {timezone.localtime():%Y-%m-%d %H:%M}，共 {min(len(rows), MAX_EXPORT)} 项。"]
    if wide:
        notes.append("范围太大，只含没有办结的；选一个地区、单位或状态可以得到全部。")
    if len(rows) > MAX_EXPORT:
        notes.append(f"超过 {MAX_EXPORT} 项，只导出前 {MAX_EXPORT} 项，请用条件分批导出。")
    words = {state: word for state, (word, *_rest) in STATE_WORDS.items()}
    laid_out = exports.printed_table if fmt == "docx" else exports.ledger_table
    table = laid_out(rows[:MAX_EXPORT], words, "政务公开任务台账", notes)
    return exports.as_file(table, fmt, f"台账 {timezone.localdate():%Y-%m-%d}")
