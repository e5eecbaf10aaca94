"""A report is begun, its text is written, numbers that this system does not know are added with their reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, User
from gongkai.formats.annual_report.layout import TABLES, Place, TableName, layouts
from gongkai.reports import access
from gongkai.reports.actions.base import insist, lock, perform, text_reasons
from gongkai.reports.counting import DOCUMENT_ROWS, NEW, TOTAL, TOTAL_ROW
from gongkai.reports.models import Addition, AnnualReport, Deed
from gongkai.reports.states import STATES, state_of

LONGEST = 20_000
MOST = 10**9
"""No agency decides a thousand million licences; what is typed beyond that is a slip."""
FIRST_YEAR = 2008
"""The 条例 has been in force since 2008-05-01."""
NOT_YOURS = "年度报告由本单位的人员编制"


def begin(agency: Agency, actor: User, *, key: str, year: int, covers_place: bool = False) -> AnnualReport:
    """One report of an agency on a year; beginning it again gives the one there is."""
    insist("" if access.may_write(actor, agency) else NOT_YOURS, begin_reasons(agency, year, covers_place))
    existing = AnnualReport.objects.filter(agency=agency, year=year, covers_place=covers_place).first()
    if existing is not None:
        return existing

    def work() -> AnnualReport:
        return AnnualReport.objects.create(agency=agency, year=year, covers_place=covers_place)

    try:
        return perform(Deed.Kind.BEGUN, actor, key, None, work, report=None, clash="这个年度的报告已经在编制")
    except ActionRefused:
        # Two began it at the same moment: there is one, and both are shown it.
        existing = AnnualReport.objects.filter(agency=agency, year=year, covers_place=covers_place).first()
        if existing is None:
            raise
        return existing


def begin_reasons(agency: Agency, year: int, covers_place: bool) -> list[str]:
    today = timezone.localdate()
    if not FIRST_YEAR <= year <= today.year:
        return [f"年度写 {FIRST_YEAR} 到 {today.year} 之间的年份"]
    if covers_place and agency.kind != Agency.Kind.GOVERNMENT:
        return ["只有一级政府的报告汇总本地区各单位"]
    return []


def write_reasons(report: AnnualReport) -> list[str]:
    state = state_of(report)
    if state in ("published", "imported"):
        return ["报告已经公布，不能再改"]
    return [] if state == "drafting" else [f"报告{STATES[state]}，退回以后才能修改"]


def write(report: AnnualReport, actor: User, *, key: str, sections: Mapping[str, str], version: int) -> AnnualReport:
    """Saves the text of the six sections. `version` is the one that was being edited: a second saver is told and loses nothing."""
    insist("" if access.may_write(actor, report.agency) else NOT_YOURS, write_reasons(report))
    texts = {str(n): str(sections.get(str(n), "")).replace("\r\n", "\n").strip() for n in range(1, 7)}
    if found := text_reasons(*texts.values(), most=LONGEST):
        raise ActionRefused(found)

    def work() -> AnnualReport:
        row = lock(report)
        insist("", write_reasons(row))
        if row.version != version:
            raise ActionRefused("别人刚刚保存过这份报告，您写的还在页面上，请对照后再保存")
        row.sections, row.version = texts, row.version + 1
        row.save(update_fields=["sections", "version"])
        return row

    return perform(Deed.Kind.WRITTEN, actor, key, report, work, report=report)


def add(report: AnnualReport, actor: User, *, key: str, table: str, row: str, column: str, amount: Decimal, reason: str) -> Addition:
    """A number by hand to one cell, and with it to the totals above it, so that the table still adds up."""
    insist("" if access.may_write(actor, report.agency) else NOT_YOURS, write_reasons(report))
    if table not in TABLES:
        raise ActionRefused("没有这张表")
    name: TableName = table
    layout = layouts()[report.layout]
    if (row, column) not in layout.places[name]:
        raise ActionRefused("表里没有这一格")
    if TOTAL in (column, column.partition(".")[2]) or row == TOTAL_ROW:
        raise ActionRefused("总计由各格相加得出，请填在具体的一格")
    if not amount.is_finite() or abs(amount) >= MOST:
        raise ActionRefused(f"数字太大，或者不是数字；请填写绝对值小于 {MOST:,} 的数")
    if amount != round(amount, 2):
        raise ActionRefused("金额最多写两位小数")
    whole = amount == amount.to_integral_value()
    if not amount and counts_itself(table, row):
        raise ActionRefused("这一格由记录计数，没有的就是 0，不用填写")
    if not whole and layout.column(name, (row, column)).unit != "万元":
        raise ActionRefused("请填写整数（金额可以有两位小数）")
    if not reason.strip():
        raise ActionRefused("手工填写的数字要写明理由和来源")

    def work() -> Addition:
        locked = lock(report)
        insist("", write_reasons(locked))
        now = timezone.now()
        rows = [
            Addition(report=locked, table=table, row=r, column=c, amount=amount, reason=reason.strip()[:300], added_by=actor, added_at=now)
            for r, c in with_totals(name, (row, column))
        ]
        for one in rows:
            one.save()
        return rows[0]

    return perform(Deed.Kind.ADDED, actor, key, report, work, report=report, text=reason)


def counts_itself(table: str, row: str) -> bool:
    """Whether records of this system are counted in the row; the others are blank until somebody fills them in."""
    return table != "two" or row in DOCUMENT_ROWS.values()


def blanks(report: AnnualReport) -> list[Place]:
    """Cells of table two that nobody has filled in."""
    filled = set(Addition.objects.filter(report=report, table="two", removed_at__isnull=True).values_list("row", "column"))
    return [place for place in layouts()[report.layout].places["two"] if not counts_itself("two", place[0]) and place not in filled]


def fill_blanks(report: AnnualReport, actor: User, *, key: str, reason: str) -> AnnualReport:
    """没有的填 0: every cell of table two that is blank says that there was none (“不得遗漏”: 国办公开办函〔2021〕30号)."""
    insist("" if access.may_write(actor, report.agency) else NOT_YOURS, write_reasons(report))
    if not reason.strip():
        raise ActionRefused("手工填写的数字要写明理由和来源")
    if not blanks(report):
        raise ActionRefused("表二没有空白的格")

    def work() -> AnnualReport:
        locked = lock(report)
        insist("", write_reasons(locked))
        now = timezone.now()
        for n, (row, column) in enumerate(blanks(locked)):
            # A moment of its own: each can be taken back by itself.
            given = {"reason": reason.strip()[:300], "added_by": actor, "added_at": now + timedelta(microseconds=n)}
            Addition.objects.create(report=locked, table="two", row=row, column=column, amount=0, **given)
        return locked

    return perform(Deed.Kind.ADDED, actor, key, report, work, report=report, text=f"表二空白的格填 0：{reason}")


def with_totals(table: TableName, place: Place) -> list[Place]:
    """The cell and the totals it is part of."""
    row, column = place
    if table == "three":
        rows = [row] if row in (NEW, "2", "4") else [row, TOTAL_ROW]
        return [(r, c) for r in rows for c in (column, TOTAL)]
    if table == "four":
        return [place, (row, f"{column.partition('.')[0]}.{TOTAL}")]
    return [place]


def remove(addition: Addition, actor: User, *, key: str, reason: str) -> Addition:
    """Takes back what was added by hand, with what it added to the totals; both stay in sight."""
    report = addition.report
    insist("" if access.may_write(actor, report.agency) else NOT_YOURS, write_reasons(report))
    if addition.removed_at is not None:
        raise ActionRefused("已经取消")
    if not reason.strip():
        raise ActionRefused("请写明取消的理由")

    def work() -> Addition:
        lock(report)
        row = lock(addition)
        now = timezone.now()
        Addition.objects.filter(report=report, added_at=row.added_at, reason=row.reason, removed_at__isnull=True).update(removed_at=now)
        row.removed_at = now
        return row

    return perform(Deed.Kind.REMOVED, actor, key, addition, work, report=report, text=reason)
