"""年度报告收集: what every agency of a place has of the year's report, its checks, and the sum the government's report makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.formats.annual_report.checking import check
from gongkai.formats.annual_report.findings import Finding, place_words
from gongkai.formats.annual_report.layout import TABLES, Place, TableName, layouts
from gongkai.formats.annual_report.model import Number, Report, from_dict
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.obligations.models import Obligation, Step
from gongkai.reports.actions.publishing import RULES
from gongkai.reports.composing import live, live_of_each
from gongkai.reports.models import AnnualReport
from gongkai.reports.states import CSS, STATES, state_of

NOT_BEGUN = "还没有开始"
NOT_ASKED = "不单独报告"
"""The government itself, whose own cases stand in the sum; party organs, public enterprises and others (条例第四十九条 asks none)."""
WITHOUT_REPORT = frozenset({Agency.Kind.GOVERNMENT, Agency.Kind.PARTY, Agency.Kind.PUBLIC, Agency.Kind.OTHER})
SHOWN: tuple[tuple[TableName, Place, str], ...] = (
    ("three", ("1", "total"), "新收"),
    ("three", ("2", "total"), "上年结转"),
    ("three", ("3.7", "total"), "办结"),
    ("three", ("4", "total"), "结转下年"),
    ("four", ("cases", "review.total"), "复议"),
    ("four", ("cases", "direct.total"), "直接起诉"),
    ("four", ("cases", "after_review.total"), "复议后起诉"),
    ("two", ("normative", "made"), "制发规范性文件"),
    ("two", ("normative", "valid"), "现行有效"),
)
"""Numbers of the board; the export has every cell."""


@dataclass(slots=True)
class Line:
    """One agency of the place, or the place itself (`government`)."""

    agency: Agency
    report: AnnualReport | None = None
    state: str = ""
    duty: Obligation | None = None
    late: int = 0
    """Days since the day it was due, while it is not published; of a published one, the days it came late."""
    urged: int = 0
    failures: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    differs: list[str] = field(default_factory=list)
    """Cells whose printed number is not the live one any more."""
    made: Report | None = None
    government: bool = False

    @property
    def words(self) -> str:
        return STATES[self.state] if self.state else NOT_BEGUN if self.is_asked else NOT_ASKED

    @property
    def is_asked(self) -> bool:
        """Whether it has to report by itself."""
        return self.government or self.agency.kind not in WITHOUT_REPORT or self.duty is not None

    @property
    def css(self) -> str:
        return "late" if self.late and not self.is_published else CSS.get(self.state, "wait")

    @property
    def is_published(self) -> bool:
        return self.state in ("published", "imported")

    @property
    def numbers(self) -> list[Number]:
        return [_number(self.made, table, place) for table, place, _words in SHOWN] if self.made else []


@dataclass(slots=True)
class Board:
    place: Jurisdiction
    year: int
    lines: list[Line]
    government: list[Line]
    """The government's own report, which sums the lines. Empty where the place has no government here."""

    @property
    def sums(self) -> list[tuple[str, Number, Number | None]]:
        """(words, sum of the lines, what the government's report says)."""
        made = self.government[0].made if self.government else None
        return [
            (
                words,
                sum(_number(line.made, table, place) for line in self.lines if line.made),
                _number(made, table, place) if made else None,
            )
            for table, place, words in SHOWN
        ]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many lines are in each state, in order."""
        found = Counter(line.words for line in [*self.government, *self.lines] if line.report or line.is_asked)
        return [(words, found[words]) for words in (NOT_BEGUN, *STATES.values()) if found[words]]

    @property
    def late(self) -> int:
        return sum(1 for line in self.lines if line.late and not line.is_published)


def _number(made: Report | None, table: TableName, place: Place) -> Number:
    return (made.number(table, *place) if made else None) or 0


def agencies_of(place: Jurisdiction, year: int) -> list[Agency]:
    """Every agency of the place that existed in the year: those that went have a report of their last year too."""
    rows = Agency.objects.filter(jurisdiction=place.pk).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=date(year, 1, 1)))
    rows = rows.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=date(year, 12, 31)))
    return list(rows.select_related("jurisdiction").order_by("code"))


def board(place: Jurisdiction, year: int, today: date | None = None) -> Board:
    """A constant number of queries, however many agencies the place has."""
    today = today or timezone.localdate()
    agencies = agencies_of(place, year)
    rows = list(AnnualReport.objects.filter(agency__in=agencies, year__in=(year, year - 1)).select_related("agency__jurisdiction"))
    mine = {(row.agency_id, row.covers_place): row for row in rows if row.year == year}
    last = {(row.agency_id, row.covers_place): row for row in rows if row.year == year - 1 and row.printed}
    duties = _duties(place, year)
    urged = _urged([duty.pk for duty in duties.values()])
    own = live_of_each((mine.get((a.pk, False)) or AnnualReport(agency=a, year=year) for a in agencies), today)
    lines: list[Line] = []
    government: list[Line] = []
    for agency in agencies:
        line = Line(agency, mine.get((agency.pk, False)))
        duty = duties.get((agency.pk, False))
        _fill(line, own[agency.pk], last.get((agency.pk, False)), duty, urged, today)
        # A government reports as a place; what is asked of it itself belongs to the sum.
        lines.append(line)
        if agency.kind == Agency.Kind.GOVERNMENT and not government:
            whole = Line(agency, mine.get((agency.pk, True)), government=True)
            made = live(whole.report or AnnualReport(agency=agency, year=year, covers_place=True), today)
            _fill(whole, made, last.get((agency.pk, True)), duties.get((0, True)), urged, today)
            government.append(whole)
    return Board(place, year, lines, government)


def _fill(line: Line, now: Report, last: AnnualReport | None, duty: Obligation | None, urged: Mapping[int, int], today: date) -> None:
    line.duty, line.made = duty, now
    line.urged = urged.get(duty.pk, 0) if duty else 0
    report = line.report
    line.state = state_of(report) if report else ""
    if duty is not None and duty.due_on is not None:
        ended = timezone.localdate(report.published_at) if report and report.published_at else duty.fulfilled_on or today
        line.late = max(0, (ended - duty.due_on).days)
    if report is None:
        return
    if report.printed is not None:
        printed = from_dict(report.printed)
        line.differs = [] if report.imported else differences(printed, now)
        line.made = printed
    found = check(line.made, from_dict(last.printed) if last and last.printed else None)
    line.failures, line.warnings = found.failures, found.warnings


def differences(printed: Report, now: Report) -> list[str]:
    """“表三·…印的是 3，现在是 4” for every cell of table three and four, and of what the register of documents knows."""
    found = []
    for table in TABLES:
        for (row, column), value in printed.table(table).items():
            current = now.number(table, row, column)
            if current is not None and value.number is not None and current != value.number:
                found.append(f"{place_words(printed.form, table, row, column)}印的是 {value.number}，现在是 {current}")
    return found


def _duties(place: Jurisdiction, year: int) -> dict[tuple[int, bool], Obligation]:
    """(agency, False) → the duty of a department; (0, True) → that of the place."""
    codes = [code for rules in RULES.values() for code in rules]
    rows = Obligation.objects.filter(source=Obligation.Source.STATUTE, rule__in=codes, period=str(year), jurisdiction=place.pk)
    found: dict[tuple[int, bool], Obligation] = {}
    for row in rows.filter(replaced_on__isnull=True).order_by("pk"):
        whole = row.rule in RULES[True]
        found[0 if whole else row.owner_id, whole] = row
    return found


def _urged(ids: Sequence[int]) -> dict[int, int]:
    rows = Step.objects.filter(obligation__in=ids, kind=Step.Kind.URGED).order_by().values_list("obligation").annotate(n=Count("pk"))
    return dict(rows)


# -- every cell × every agency -----------------------------------------------------------------------------------------


def table(board: Board) -> LedgerTable:
    """Every cell of the three tables, a column for each agency, their sum and the government's report."""
    columns = [Column("cell", "表、行、列", 24), *(Column(f"a{line.agency.pk}", line.agency.display_name, 6) for line in board.lines)]
    columns += [Column("sum", "合计", 6), Column("report", "本级政府报告", 6), Column("difference", "差", 4)]
    layout = layouts()["2021"]
    made = board.government[0].made if board.government else None
    rows = []
    for name in TABLES:
        for row, column in layout.places[name]:
            cells: dict[str, Any] = {f"a{line.agency.pk}": _number(line.made, name, (row, column)) for line in board.lines}
            total = sum(cells.values())
            cells["cell"], cells["sum"] = place_words(layout, name, row, column), total
            if made:
                cells["report"] = _number(made, name, (row, column))
                cells["difference"] = cells["report"] - total
            rows.append(LedgerRow(cells))
    return LedgerTable(f"{board.place.name}{board.year}年政府信息公开工作年度报告汇总表", columns, rows)
