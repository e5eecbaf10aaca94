"""Letters to those who follow a document when its force changes, as for a major change: in the transaction of the mark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone

from gongkai.formats.ledger import chinese_date
from gongkai.publications.models import Subscription, ValidityChange
from gongkai.publications.public import subscriptions
from gongkai.reminders.letters import address
from gongkai.reminders.models import Message


def tell(changes: Sequence[ValidityChange], titles: dict[int, str]) -> int:
    """One letter for each mark and address; how many. Three statements for any number of marks."""
    followers: dict[int, list[Subscription]] = defaultdict(list)
    rows = Subscription.objects.filter(document__in=[row.document_id for row in changes], confirmed_at__isnull=False)
    for one in rows.order_by("pk").iterator(chunk_size=500):
        followers[one.document_id or 0].append(one)
    letters = [
        _letter(one, change, titles.get(change.document_id, change.document.index_number))
        for change in changes
        for one in followers[change.document_id]
    ]
    if letters:
        subscriptions.send(letters)
    return len(letters)


def _letter(row: Subscription, change: ValidityChange, title: str) -> Message:
    effect = change.get_effect_display()
    page = address(reverse("documents:document", args=[change.document_id]))
    body = (
        f"《{title}》自{chinese_date(change.on)}起{effect}。\n依据：{change.cause_words}\n\n"
        f"全文和标注：{page}\n\n--\n退订（打开后按一下）：{subscriptions.way_out(row)}"
    )
    subject = f"{effect}：{title}"
    return subscriptions.letter(row, f"mark:{change.pk}", change.document.agency_id, subject, body, timezone.now())
