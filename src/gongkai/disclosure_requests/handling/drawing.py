"""The rows of the queue as HTML, written at once: a template's loop over 25 rows of a dozen values costs more than the rest of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gongkai.disclosure_requests.access import opens
from gongkai.disclosure_requests.handling.queue import is_open
from gongkai.disclosure_requests.handling.views import STATE_CSS

ROW = (
    '<tr><th scope="row">{}<span class="sub">{}　{} {}</span></th><td data-label="申请人">{}</td>{}'
    '<td data-label="答复期限">{}<span class="{}">{}</span></td><td data-label="状态"><span class="state {}">{}</span></td>'
    '<td data-label="承办">{}</td></tr>\n'
)
LINK = '<a href="{}">{}</a>'
AGENCY = '<td data-label="受理机关">{}</td>'
DUE_DAY = '<span class="due-day">{}</span>'
ANY = 999999999999999999
"""Stands for the number of a case in an address that is made once."""


def drawn(rows: Iterable[Mapping[str, Any]], user: Any, *, several: bool) -> SafeString:
    """`rows` as queue.told tells them; `several`: the agency has a column. The offices above read the register and open no case
    (access.may_read_case), so that theirs are no links."""
    before, after = reverse("request_cases:case", args=[ANY]).split(str(ANY))
    return format_html_join("", ROW, (_cells(row, f"{before}{row['pk']}{after}", user, several) for row in rows))


def _cells(row: Mapping[str, Any], address: str, user: Any, several: bool) -> tuple[Any, ...]:
    led = opens(user, row["agency_id"], row["agency_kind"], row["jurisdiction_id"])
    due_day = format_html(DUE_DAY, row["due_on"]) if row["due_on"] and is_open(row) else ""
    return (
        format_html(LINK, address, row["subject"]) if led else row["subject"],
        row["number"],
        timezone.localdate(row["asked_at"]),
        row["channel_word"],
        row["kind_word"],
        format_html(AGENCY, row["agency"]) if several else "",
        due_day,
        " ".join(filter(None, ("sub" if due_day else "", "late-text" if row["css"] == "late" else ""))),
        row["clock"],
        row["css"] if row["css"] in ("late", "warn") else STATE_CSS.get(row["state"], ""),
        row["state_word"],
        row["hands"] or "还没有交办",
    )
