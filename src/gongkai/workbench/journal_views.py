"""变更记录 for the openness office: who changed what in its place and below, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.agencies.access import scope_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.journal import words
from gongkai.journal.models import Entry
from gongkai.obligations.exports import as_file
from gongkai.obligations.paging import BoundedPaginator
from gongkai.workbench.journal_words import field_name, kind_name, value_text

PER_PAGE = 50
MAX_EXPORT = 20_000
COLUMNS = (
    Column("at", "时间", 10, "center"),
    Column("actor", "操作人", 6),
    Column("action", "事项", 10),
    Column("object", "对象", 12),
    Column("old", "原值", 20),
    Column("new", "新值", 20),
    Column("note", "说明", 16),
    Column("seq", "封存序号", 6, "center"),
    Column("hash", "校验值", 20),
)


class JournalFilter(forms.Form):
    """What makes no sense is named on the screen and does not filter."""

    since = forms.DateField(label="自", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="至", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    actor = forms.CharField(label="操作人", required=False, max_length=40)
    action = forms.ChoiceField(label="事项", required=False, choices=lambda: [("", "全部"), *words.declared().items()])
    kind = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    id = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in words. `changes`: (field, old, new)."""

    entry: Any
    action: str
    kind: str
    changes: list[tuple[str, str, str]]


def _visible(user: Any) -> QuerySet[Entry]:
    """The entries of the places one is openness office of, and of those below; NotAllowed for everybody else."""
    scope = scope_of(user)
    if not scope.office_ids:
        raise NotAllowed("变更记录由本地区政务公开主管部门查看")
    return Entry.objects.filter(place__in=scope.seen_ids).select_related("seal").order_by("-pk")


def _filtered(request: HttpRequest) -> tuple[JournalFilter, QuerySet[Entry], bool]:
    """The form, the rows it leaves, and whether anything was asked."""
    rows = _visible(request.user)
    form = JournalFilter(request.GET)
    form.is_valid()
    asked = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
    if since := asked.get("since"):
        rows = rows.filter(at__gte=_midnight(since))
    if until := asked.get("until"):
        rows = rows.filter(at__lt=_midnight(until + timedelta(days=1)))
    if actor := asked.get("actor"):
        rows = rows.filter(actor__icontains=actor)
    if action := asked.get("action"):
        rows = rows.filter(action=action)
    if "kind" in asked and "id" in asked:
        rows = rows.filter(object_kind=asked["kind"], object_id=asked["id"])
    return form, rows, bool(asked) or bool(form.errors)


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _row(entry: Any) -> Row:
    kind = entry.object_kind
    changes = [(field_name(kind, name), value_text(old), value_text(new)) for name, old, new in entry.changes]
    return Row(entry, words.name_of(entry.action), kind_name(kind), [row for row in changes if row[1] or row[2]])


@staff_required
@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    form, rows, asked = _filtered(request)
    page = BoundedPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    kind, key = form.cleaned_data.get("kind") or "", form.cleaned_data.get("id") or ""
    context = {
        "form": form,
        "page_obj": page,
        "rows": [_row(entry) for entry in page],
        "asked": asked,
        "query": query.urlencode(),
        "about": f"{kind_name(kind)} {key}" if kind and key else "",
    }
    return render(request, "workbench/journal.html", context)


@staff_required
@require_GET
def journal_export(request: HttpRequest, fmt: str) -> HttpResponse:
    """The same rows, all pages, values whole."""
    _form, rows, _asked = _filtered(request)
    entries = list(rows[: MAX_EXPORT + 1])
    notes = [f"导出时间 {timezone.localtime():%Y-%m-%d %H:%M}，共 {min(len(entries), MAX_EXPORT)} 条。"]
    if len(entries) > MAX_EXPORT:
        notes.append(f"超过 {MAX_EXPORT} 条，只导出最近的 {MAX_EXPORT} 条，请按日期分批导出。")
    table = LedgerTable("变更记录", COLUMNS, [_exported(entry) for entry in entries[:MAX_EXPORT]], notes=notes)
    return as_file(table, fmt, f"变更记录 {timezone.localdate():%Y-%m-%d}")


def _exported(entry: Any) -> LedgerRow:
    seal = getattr(entry, "seal", None)
    return LedgerRow(
        {
            "at": f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
            "actor": entry.actor or "系统",
            "action": words.name_of(entry.action),
            "object": f"{kind_name(entry.object_kind)} {entry.object_id}",
            "old": entry.old if entry.old != "{}" else "",
            "new": entry.new if entry.new != "{}" else "",
            "note": entry.note,
            "seq": seal.seq if seal else None,
            "hash": seal.hash if seal else "",
        }
    )
