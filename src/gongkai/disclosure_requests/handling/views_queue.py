"""The queue of requests and its export."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from gongkai.agencies.access import scope_of
from gongkai.agencies.auth import memberships_of, staff_required
from gongkai.disclosure_requests.handling import queue as queries
from gongkai.disclosure_requests.handling.drawing import drawn
from gongkai.disclosure_requests.models import DisclosureRequest
from gongkai.disclosure_requests.queries import STATES
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.obligations.exports import as_file
from gongkai.obligations.paging import BoundedPaginator

MOST = 20_000
"""Rows of an export."""
COLUMNS = (
    Column("n", "序号", 3, "center"),
    Column("number", "申请编号", 10),
    Column("subject", "申请事项", 24),
    Column("agency", "受理机关", 9),
    Column("kind_word", "申请人类别", 7),
    Column("channel_word", "渠道", 7),
    Column("received_on", "收到日期", 7, "center"),
    Column("due_on", "答复期限", 7, "center"),
    Column("state_word", "状态", 7, "center"),
    Column("clock", "期限情况", 9),
    Column("hands", "承办", 7),
    Column("closed_on", "办结日期", 7, "center"),
)


CHOSEN = mark_safe(" selected")  # noqa: S308 — a word of ours


class Choice(forms.Select):
    """A list of choices without groups, written at once: Django's own draws a template for each choice."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        marked = "" if value is None else str(value)
        options = ((key, CHOSEN if str(key) == marked else "", label) for key, label in self.choices)
        given = format_html_join("", ' {}="{}"', ((key, text) for key, text in (attrs or {}).items() if text not in (None, False)))
        drawn = format_html_join("", '<option value="{}"{}>{}</option>', options)
        return format_html('<select name="{}"{}>{}</select>', name, given, drawn)


class QueueFilter(forms.Form):
    """A value that makes no sense is named on the screen and does not filter."""

    tab = forms.ChoiceField(choices=[("", ""), *queries.TABS.items()], required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="编号、事项、文号", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *STATES.items()], required=False, widget=Choice)
    due = forms.ChoiceField(label="期限", choices=[("", "不限"), *queries.COUNTERS.items()], required=False, widget=Choice)
    channel = forms.ChoiceField(label="渠道", choices=[("", "全部"), *DisclosureRequest.Channel.choices], required=False, widget=Choice)
    section = forms.TypedChoiceField(label="承办科室", required=False, coerce=int, empty_value=None, widget=Choice)
    agency = forms.TypedChoiceField(label="受理机关", required=False, coerce=int, empty_value=None, widget=Choice)

    def __init__(self, data: Any, *, choices: dict[str, list[tuple[int, str]]]) -> None:
        super().__init__(data)
        for name in ("section", "agency"):
            if choices[name]:
                self.fields[name].choices = [("", "全部"), *choices[name]]  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


@staff_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    form = QueueFilter(request.GET, choices=queries.choices(request.user))
    chosen = form.chosen()
    counted = queries.counted(request.user, today)
    known = counted["open"] if set(chosen) <= {"tab"} and chosen.get("tab", "open") == "open" else None
    found = queries.rows(request.user, chosen, today)
    page = BoundedPaginator(found, queries.PER_PAGE, known=known).get_page(request.GET.get("page"))
    keys = cast(QuerySet[Any], page.object_list).values_list("pk", flat=True)
    rows = [queries.told(row, today) for row in queries.page_of(list(keys))]
    tab = queries.tab_of(chosen)
    kept = {name: value for name, value in chosen.items() if name != "tab"}
    context = {
        "page": page,
        "rows": rows,
        "drawn": drawn(rows, request.user, several="agency" in form.fields),
        "form": form,
        "filtered": bool(kept) or bool(form.errors),
        "counters": queries.counters(counted, chosen.get("due", "")),
        "tabs": [(name, label, urlencode({**kept, "tab": name}), name == tab) for name, label in queries.TABS.items()],
        "order": queries.ORDER_WORDS[tab],
        "query": urlencode(chosen),
        "several": "agency" in form.fields,
        "takes_down": _takes_down(request.user),
        "today": today,
    }
    return render(request, "disclosure_requests/handling/queue.html", context)


def _takes_down(user: Any) -> bool:
    """Whether there is an agency this person may take requests down for; its own posts say so, and they are read already."""
    scope = scope_of(user)
    return any(scope.acts_for(post.agency_id) and post.agency.valid_to is None for post in memberships_of(user))


@staff_required
@require_GET
def export(request: HttpRequest, fmt: str) -> HttpResponse:
    """The same rows by the same door; of applicants the kind alone."""
    today = timezone.localdate()
    chosen = QueueFilter(request.GET, choices=queries.choices(request.user)).chosen()
    found = queries.shown(queries.rows(request.user, chosen, today)[:MOST])
    return as_file(table((queries.told(row, today) for row in found.iterator()), str(today)), fmt, f"依申请公开_{today}")


def table(rows: Iterable[dict[str, Any]], today: str) -> LedgerTable:
    listed = [
        LedgerRow({column.key: row.get(column.key) if column.key != "n" else n for column in COLUMNS}) for n, row in enumerate(rows, 1)
    ]
    return LedgerTable("依申请公开台账", COLUMNS, listed, notes=[f"截至 {today}。不含申请人的任何信息。"])
