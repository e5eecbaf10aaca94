"""The ledger as a table on the screen; workbench/table.html draws it, on a phone as stacked rows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django_tables2.data import TableQuerysetData

from gongkai.obligations.fulfilment import NOTHING, progress_words, totals_of
from gongkai.obligations.models import Obligation
from gongkai.obligations.periods import period_words
from gongkai.obligations.queries import STATE_WORDS, URGENT_FIRST, keys_in_order, part_of, working_days_late, working_days_left


class LedgerRows(TableQuerysetData):
    """The rows of the ledger, read a page at a time: their keys first (queries.keys_in_order, queries.part_of).

    `parts`: the same rows as queries.ledger_parts has them; sorted `by` these columns, or by the state, each part is asked by itself.
    """

    def __init__(self, data: Any, parts: Sequence[Any], by: Sequence[str] = ()) -> None:
        super().__init__(data)
        self.parts, self.by = parts, by

    def order_by(self, aliases: Any) -> None:
        super().order_by(aliases)
        self.by = URGENT_FIRST if [str(alias) for alias in aliases] == ["state"] else ()

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, slice):
            return super().__getitem__(key)
        keys = keys_in_order(self.parts, self.by, key) if self.by else list(self.data.values_list("pk", flat=True)[key])
        return part_of(self.data, keys)


class LedgerTable(tables.Table):
    title = tables.Column(verbose_name="事项", order_by=("title", "pk"))
    owner = tables.Column(verbose_name="责任单位", order_by=("owner__code", "pk"))
    due_on = tables.Column(verbose_name="期限", empty_values=())
    state = tables.Column(verbose_name="状态", empty_values=())
    acknowledged = tables.Column(verbose_name="签收", order_by=("acknowledged", "pk"))

    class Meta:
        empty_text = "没有符合条件的任务。放宽或清除条件再看。"
        attrs = {"class": "stack"}

    def render_title(self, record: Any) -> SafeString:
        section = f"　{record.section.name}" if record.section else ""
        period = period_words(record)
        return format_html(
            '<a href="{}"><b>{}</b>{}</a><span class="sub">{}{}</span>',
            reverse("obligations:detail", args=[record.pk]),
            record.title,
            f"　{period}" if period else "",
            record.basis,
            section,
        )

    def render_owner(self, record: Any) -> SafeString:
        helpers = [helper.agency.display_name for helper in record.helpers.all()]
        shown = "、".join(helpers[:4]) + (f"等 {len(helpers)} 个单位" if len(helpers) > 4 else "")
        full = getattr(self, "several_places", False)  # 市财政局 is enough where there is one city
        return format_html(
            '{} <span class="sub">{}{}</span>',
            record.owner.name if full else record.owner.display_name,
            record.get_role_display() + ("（分别）" if record.joint else ""),
            f"　{shown} 配合" if helpers else "",
        )

    def render_due_on(self, record: Any) -> SafeString | str:
        if record.due_on:
            return format_html(
                '<time datetime="{0}" class="nowrap">{0}</time> <span class="muted small nowrap">周{1}</span>',
                record.due_on.isoformat(),
                "一二三四五六日"[record.due_on.weekday()],
            )
        return record.standing or "—"

    def render_state(self, record: Any) -> SafeString:
        word, css, shape = STATE_WORDS[record.state]
        if record.state == "overdue" and (late := working_days_late(record)):
            word = f"逾期 {late} 个工作日"
        elif record.state == "due_soon":
            left = working_days_left(record)
            word = f"还剩 {left} 个工作日" if left else "今天到期"
        waiting = mark_safe(' <span class="state warn">待核查</span>') if record.awaiting_check else ""
        words = progress_words(record, self.totals.get(record.pk, NOTHING))
        progress = format_html('<span class="sub">{}</span>', words) if words else ""
        return format_html('<span class="state {} {}">{}</span>{}{}', css, shape, word, waiting, progress)

    @cached_property
    def totals(self) -> dict[int, Decimal]:
        """How much is shown for the quotas on this page; one query for all its rows."""
        return totals_of(row.record for row in self.paginated_rows)

    def render_acknowledged(self, value: bool) -> SafeString:
        return format_html('<span class="nowrap{}">{}</span>', "" if value else " muted", "已签收" if value else "未签收")

    def order_due_on(self, queryset: QuerySet[Obligation], is_descending: bool) -> tuple[QuerySet[Obligation], bool]:
        """A duty without a date stands last either way."""
        by = F("due_on").desc(nulls_last=True) if is_descending else F("due_on").asc(nulls_last=True)
        return queryset.order_by(by, "pk"), True

    def order_state(self, queryset: QuerySet[Obligation], is_descending: bool) -> tuple[QuerySet[Obligation], bool]:
        """By urgency, as STATE_WORDS lists them."""
        by = "-urgency" if is_descending else "urgency"
        return queryset.order_by(by, F("due_on").asc(nulls_last=True), "pk"), True
