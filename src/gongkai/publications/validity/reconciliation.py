"""底数: how many documents were made, ended and are in force, year by year, so that the numbers can be checked against each other (S3-9).

opening + made − repealed − lapsed should be closing. Opening and closing are counted from the state on the last day of each year, made and
ended from the dates; what keeps the two apart is counted too, document by document: `opening + made − ended + others == closing` always.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.publications.models import Document, Revision, ValidityChange
from gongkai.publications.validity.state import (
    AMENDED,
    LAPSED,
    NOT_YET,
    REPEALED,
    SUSPENDED,
    VALID,
    Terms,
    compute,
    ends_by_itself,
    terms,
)

OTHERS = {
    "not_yet": "制发了还没有生效",
    "began": "以前制发，本年生效",
    "never": "没有生效就终止",
    "resumed": "恢复效力",
    "suspended": "停止执行",
    "undated": "没有成文日期",
    "contrary": "日期前后矛盾，请核对",
}
"""Why a document counts as made or ended and yet does not move the number in force as the sum would have it."""
COUNTED = ("opening", "made", "repealed", "lapsed", "amended", "closing")
NUMBERS = {
    "opening": "上年末有效的文件",
    "made": "制发的文件",
    "repealed": "废止的文件",
    "lapsed": "失效的文件",
    "amended": "修改的文件",
    "closing": "年末有效的文件",
    **{code: f"差额：{words}" for code, words in OTHERS.items()},
}
"""Every number that opens its documents."""
FIELDS = ("issued_on", "effective_on", "repealed_on", "term", "title", "doc_number")


@dataclass(slots=True)
class Year:
    """Documents behind every number of one year. `others`: reason → [(document id, +1 or −1)]."""

    year: int
    opening: list[int] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    repealed: list[int] = field(default_factory=list)
    lapsed: list[int] = field(default_factory=list)
    amended: list[int] = field(default_factory=list)
    closing: list[int] = field(default_factory=list)
    others: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def expected(self) -> int:
        """上年末 + 制发 − 废止 − 失效."""
        return len(self.opening) + len(self.made) - len(self.repealed) - len(self.lapsed)

    @property
    def difference(self) -> int:
        return len(self.closing) - self.expected

    @property
    def reasons(self) -> list[tuple[str, str, int]]:
        """(code, words, how much it adds) of what makes the difference."""
        return [(code, OTHERS[code], sum(n for _pk, n in rows)) for code, rows in sorted(self.others.items())]

    def documents(self, what: str) -> list[int]:
        """The documents behind a number; `what` is of NUMBERS."""
        if what in OTHERS:
            return [pk for pk, _n in self.others.get(what, [])]
        return list(getattr(self, what)) if what in COUNTED else []


@dataclass(frozen=True, slots=True)
class Life:
    """The state of one document from each day on which it may have changed: [(day, code)], ascending."""

    turns: tuple[tuple[date, str], ...]

    def on(self, day: date) -> str:
        code = self.turns[0][1]
        for since, state in self.turns:
            if since > day:
                break
            code = state
        return code


def life_of(document: Document, revision: Revision | None, changes: list[ValidityChange], known: Terms) -> Life:
    """Computed at the few days on which anything can change."""
    days = {date.min}
    begins = (revision.effective_on or revision.issued_on) if revision else None
    end = ends_by_itself(document, revision, known)
    days |= {begins} if begins else set()
    days |= {end + timedelta(1)} if end and end < date.max else set()
    for change in changes:
        days.add(change.on)
        if change.until is not None and change.until < date.max:
            days.add(change.until + timedelta(1))
    return Life(tuple((day, compute(document, revision, changes, day, known).code) for day in sorted(days)))


def reconcile(rows: QuerySet[Any], today: date | None = None) -> list[Year]:
    """Year by year from the first document to this year, of a stock (register.stock), the newest first. Four queries."""
    day = today or timezone.localdate()
    documents = list(rows)
    known = terms({row.jurisdiction_id for row in documents})
    revisions = {row.pk: row for row in Revision.objects.only(*FIELDS).filter(pk__in=[d.standing_id for d in documents if d.standing_id])}
    changes: dict[int, list[ValidityChange]] = defaultdict(list)
    for change in ValidityChange.objects.filter(document__in=[row.pk for row in documents]):
        changes[change.document_id].append(change)
    lives = []
    for row in documents:
        revision = revisions.get(row.standing_id)
        lives.append((row.pk, revision, life_of(row, revision, changes[row.pk], known), changes[row.pk]))
    first = min((_first_year(revision, life) for _pk, revision, life, _c in lives), default=day.year)
    years = [Year(number) for number in range(min(first, day.year), day.year + 1)]
    for pk, revision, life, own in lives:
        for year in years:
            _enter(year, pk, revision, life, own, day)
    return years[::-1]


def _first_year(revision: Revision | None, life: Life) -> int:
    days = [turn for turn, _code in life.turns if turn != date.min]
    if revision is not None and revision.issued_on:
        days.append(revision.issued_on)
    return min((d.year for d in days), default=date.max.year)


def _enter(year: Year, pk: int, revision: Revision | None, life: Life, changes: Iterable[ValidityChange], today: date) -> None:
    """Counts one document in one year."""
    last = min(date(year.year, 12, 31), today)
    before, after = life.on(date(year.year, 1, 1) - timedelta(1)), life.on(last)
    issued = revision.issued_on if revision else None
    opening = _stands(before) and _existed(issued, year.year - 1)
    closing = _stands(after) and _existed(issued, year.year)
    made = issued is not None and issued.year == year.year
    ended = after if after in (REPEALED, LAPSED) and before != after and _existed(issued, year.year) else ""
    if before in (REPEALED, LAPSED):
        ended = ""  # it had ended before; a second decision ends nothing
    if opening:
        year.opening.append(pk)
    if closing:
        year.closing.append(pk)
    if made:
        year.made.append(pk)
    if ended == REPEALED:
        year.repealed.append(pk)
    if ended == LAPSED:
        year.lapsed.append(pk)
    if any(c.effect == AMENDED and c.on.year == year.year for c in changes):
        year.amended.append(pk)
    if rest := closing - opening - made + bool(ended):
        year.others[_why(rest, issued, before, after, made)].append((pk, rest))


def _stands(code: str) -> bool:
    return code in VALID


def _existed(issued: date | None, year: int) -> bool:
    """A document that was not made yet is in no stock, whatever its dates say; one without a day of issue always is."""
    return issued is None or issued.year <= year


def _why(rest: int, issued: date | None, before: str, after: str, made: bool) -> str:
    if issued is None:
        return "undated"
    if SUSPENDED in (before, after):
        return "suspended"
    if made and after == NOT_YET:
        return "not_yet"
    if before == NOT_YET and not made:
        return "began" if _stands(after) else "never"
    if rest > 0 and before in (REPEALED, LAPSED):
        return "resumed"
    return "contrary"


COLUMNS = (
    Column("year", "年度", 4, "center"),
    Column("opening", "上年末有效", 6, "center"),
    Column("made", "本年制发", 6, "center"),
    Column("repealed", "本年废止", 6, "center"),
    Column("lapsed", "本年失效", 6, "center"),
    Column("expected", "应有", 5, "center"),
    Column("closing", "年末有效", 6, "center"),
    Column("difference", "差额", 4, "center"),
    Column("why", "差额原因", 20),
    Column("amended", "本年修改", 6, "center"),
)


def table(years: list[Year], title: str, issuer: str) -> LedgerTable:
    """The sheet, for the screen's download."""
    rows = [
        LedgerRow(
            {
                "year": year.year,
                **{name: len(getattr(year, name)) for name in ("opening", "made", "repealed", "lapsed", "closing", "amended")},
                "expected": year.expected,
                "difference": year.difference,
                "why": "；".join(f"{words} {n:+d}" for _code, words, n in year.reasons),
            }
        )
        for year in years
    ]
    notes = ["应有 = 上年末有效 + 本年制发 − 本年废止 − 本年失效；差额 = 年末有效 − 应有，逐件列明原因。本年统计到今天。"]
    return LedgerTable(title, COLUMNS, rows, issuer=issuer, notes=notes)
