"""The year of a set of obligations, week by week, as figures and as a picture: the same for a place, an agency and the public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, QuerySet, When
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from gongkai.formats import year_picture
from gongkai.formats.year_picture import Week
from gongkai.obligations.rollup import conditions


@dataclass(frozen=True, slots=True)
class Year:
    """`weeks`: all of the year. `wide` and `narrow`: the drawing for a desk and for a phone; a style sheet shows one of them."""

    year: int
    weeks: list[Week]
    wide: SafeString
    narrow: SafeString
    text: str

    @property
    def busy(self) -> list[Week]:
        """The weeks in which something was due."""
        return [week for week in self.weeks if week.due]

    def __bool__(self) -> bool:
        return any(week.due for week in self.weeks)


def counts_by_day(rows: QuerySet[Any], year: int, today: date, now: datetime | None = None) -> dict[tuple[date, str], int]:
    """(due date, part of the picture) → number, of what is due in the year and neither waived nor replaced. One grouped query."""
    known = conditions(today, now or timezone.now())
    counts: dict[str, Any] = {
        f"n_{name}": Count(Case(When(known[name], then=1))) for name in ("settled", "done_late", "overdue", "waived", "replaced")
    }
    due = rows.order_by().filter(due_on__range=(date(year, 1, 1), date(year, 12, 31)))
    grouped = due.values("due_on").annotate(total=Count("*"), **counts)
    found: dict[tuple[date, str], int] = {}
    for on, total, settled, late, overdue, waived, replaced in grouped.values_list("due_on", "total", *counts):
        found[on, "done"], found[on, "done_late"], found[on, "overdue"] = settled - late, late, overdue
        found[on, "open"] = total - settled - overdue - waived - replaced
    return found


def year_of(rows: QuerySet[Any], year: int, today: date, *, whose: str, key: str = "year") -> Year:
    """`whose`: 清河市, 市发改委 and so on, for the title. `key`: an id of its own on the page."""
    weeks = year_picture.weeks_of(year, counts_by_day(rows, year, today))
    due = sum(week.due for week in weeks)
    parts = {part: sum(getattr(week, part) for week in weeks) for part in year_picture.PARTS}
    words = "，".join(f"{word} {parts[part]} 项" for part, word in year_picture.PARTS.items())
    text = f"{year} 年到期 {due} 项：{words}。各周数字见图下的表。"
    title = f"{whose} {year} 年各周到期的义务和办结情况"
    wide, narrow = (
        mark_safe(year_picture.draw(weeks, key=f"{key}-{name}", title=title, text=text, today=today, width=width))  # noqa: S308 — escapes its words
        for name, width in (("wide", year_picture.WIDE), ("narrow", year_picture.NARROW))
    )
    return Year(year, weeks, wide, narrow, text)
