"""What a letter says: for each duty its title, whose it is, one sentence and the address of its page. Never anything of an applicant.

The text is written when the letter is sealed, so that a repeated delivery is the same to the byte.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from gongkai.reminders.kinds import words_of
from gongkai.reminders.models import Message, Told

HERE = "http://localhost:8000"
"""Where links lead while nobody has set GONGKAI_BASE_URL."""


def address(path: str) -> str:
    return (settings.BASE_URL or HERE) + path


def link(obligation_id: int) -> str:
    return address(reverse("obligations:detail", args=[obligation_id]))


def told_in(message: Message) -> list[Told]:
    """What the letter tells, most urgent kind first as the kinds are told, then by date. One query."""
    rows = Told.objects.filter(items__message=message).select_related("obligation__owner", "agency")
    return sorted(rows, key=lambda row: (row.kind not in ("overdue", "escalated", "urged"), str(row.obligation.due_on or "9999"), row.pk))


def write(message: Message) -> tuple[str, str]:
    """(subject, body) of a letter; for a webhook the body is its JSON."""
    rows = told_in(message)
    if message.channel == Message.Channel.WEBHOOK:
        return _subject(rows), json.dumps(_payload(message, rows), ensure_ascii=False, sort_keys=True)
    return _subject(rows), _body(rows)


def _subject(rows: list[Told]) -> str:
    if len(rows) == 1:
        return f"{words_of(rows[0].kind)}：{rows[0].obligation.title}"[:120]
    counted = Counter(words_of(row.kind) for row in rows)
    return f"政务公开提醒 {len(rows)} 项：" + "，".join(f"{words} {n} 项" for words, n in counted.items())


def _closed(row: Told) -> str:
    if row.obligation.fulfilled_on:
        return "（此后已办结）"
    return "（此后已免除）" if row.obligation.waived_at else ""


def _body(rows: list[Told]) -> str:
    of_duty: dict[int, list[Told]] = {}
    for row in rows:
        of_duty.setdefault(row.obligation_id, []).append(row)
    blocks = []
    for number, told in enumerate(of_duty.values(), 1):
        marks = "".join(f"【{words_of(row.kind)}】{'（补发）' if row.late else ''}" for row in told)
        sentences = "".join(f"   {row.text}\n" for row in told)
        duty = told[0].obligation
        blocks.append(f"{number}. {marks}{duty.title}{_closed(told[0])}\n   {duty.owner.name}\n{sentences}   {link(duty.pk)}")
    settings_page = address(reverse("reminders:home"))
    return "\n\n".join(blocks) + f"\n\n--\n{settings.SITE['name']}公开工作台自动发出，请勿回复。\n改提醒的时间和类别：{settings_page}\n"


def _payload(message: Message, rows: list[Told]) -> dict[str, Any]:
    row = rows[0]
    return {
        "id": message.key,
        "agency": row.agency.code,
        "kind": row.kind,
        "words": words_of(row.kind),
        "title": row.obligation.title,
        "owner": row.obligation.owner.name,
        "due_on": row.obligation.due_on.isoformat() if row.obligation.due_on else None,
        "text": row.text,
        "url": link(row.obligation_id),
        "told_at": timezone.localtime(row.at).isoformat(timespec="seconds"),
    }
