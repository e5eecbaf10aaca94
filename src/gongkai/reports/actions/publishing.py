"""提交、批准、公布: a report is looked at by another person than who proposed it, and printed when it is published."""

from __future__ import annotations

from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.formats.annual_report.model import Report
from gongkai.obligations.models import Obligation
from gongkai.obligations.proving import record_proves
from gongkai.reports import access
from gongkai.reports.actions.base import insist, lock, perform
from gongkai.reports.actions.writing import NOT_YOURS
from gongkai.reports.composing import checked, composed
from gongkai.reports.models import AnnualReport, Deed
from gongkai.reports.proofs import KIND
from gongkai.reports.states import STATES, state_of
from gongkai.search import log

SEARCHED = "annual_report"
"""Its kind among what can be found (search_source.py)."""
RULES = {False: ("report.department",), True: ("report.government",)}


def _must_be(report: AnnualReport, wanted: str) -> list[str]:
    state = state_of(report)
    return [] if state == wanted else [f"报告{STATES[state]}"]


def failures(report: AnnualReport) -> list[str]:
    """What the checks say against it, a sentence each; empty when every identity holds."""
    return [one.message for one in checked(report).failures]


def propose(report: AnnualReport, actor: User, *, key: str) -> AnnualReport:
    """Its identities hold and nothing is missing; then another person looks at it."""
    insist("" if access.may_write(actor, report.agency) else NOT_YOURS, [*_must_be(report, "drafting"), *failures(report)])

    def work() -> AnnualReport:
        row = lock(report)
        insist("", _must_be(row, "drafting"))
        row.proposed_at, row.proposed_by = timezone.now(), actor
        row.save(update_fields=["proposed_at", "proposed_by"])
        return row

    return perform(Deed.Kind.PROPOSED, actor, key, report, work, report=report)


def approve_role(actor: User, report: AnnualReport) -> str:
    if not access.may_approve(actor, report.agency):
        return "年度报告由本单位负责人批准"
    return "提交的人不能自己批准" if report.proposed_by_id == actor.pk else ""


def give_back(report: AnnualReport, actor: User, *, key: str, reason: str) -> AnnualReport:
    insist(_return_role(actor, report), [] if _open(report) else ["报告没有在审核中"])
    if not reason.strip():
        raise ActionRefused("请写明退回的理由")

    def work() -> AnnualReport:
        row = lock(report)
        insist("", [] if _open(row) else ["报告没有在审核中"])
        row.proposed_at = row.proposed_by = row.approved_at = row.approved_by = None
        row.save(update_fields=["proposed_at", "proposed_by", "approved_at", "approved_by"])
        return row

    return perform(Deed.Kind.RETURNED, actor, key, report, work, report=report, text=reason)


def _return_role(actor: User, report: AnnualReport) -> str:
    """What waits for the head is given back by the head; what was approved also by those who would publish it."""
    if state_of(report) == "approved" and access.may_write(actor, report.agency):
        return ""
    return approve_role(actor, report)


def _open(report: AnnualReport) -> bool:
    return state_of(report) in ("proposed", "approved")


def approve(report: AnnualReport, actor: User, *, key: str) -> AnnualReport:
    insist(approve_role(actor, report), _must_be(report, "proposed"))

    def work() -> AnnualReport:
        row = lock(report)
        insist("", _must_be(row, "proposed"))
        row.approved_at, row.approved_by = timezone.now(), actor
        row.save(update_fields=["approved_at", "approved_by"])
        return row

    return perform(Deed.Kind.APPROVED, actor, key, report, work, report=report)


def publish_reasons(report: AnnualReport, known: list[str] | None = None) -> list[str]:
    """A year is reported when it is over, and only what was approved with identities that hold. `known`: `failures`, where they are known
    already."""
    found = _must_be(report, "approved")
    if report.year >= timezone.localdate().year:
        found.append(f"{report.year} 年还没有结束，年度报告在下一年公布")
    return [*found, *(failures(report) if known is None else known)]


def publish(report: AnnualReport, actor: User, *, key: str) -> AnnualReport:
    """Prints the numbers as they stand and opens the report; it proves the duty of Article 49."""
    insist("" if access.may_write(actor, report.agency) else NOT_YOURS, publish_reasons(report))

    def work() -> AnnualReport:
        row = lock(report)
        insist("", publish_reasons(row))
        made: Report = composed(row)
        row.printed, row.published_at = made.to_dict(), timezone.now()
        row.save(update_fields=["printed", "published_at"])
        log.changed(SEARCHED, [row.pk])
        for duty in _duties(row):
            record_proves(duty, KIND, row.pk)
        return row

    return perform(Deed.Kind.PUBLISHED, actor, key, report, work, report=report)


def _duties(report: AnnualReport) -> list[Obligation]:
    """The open duties on the year reported: their period is that year, their last day 31 January or 31 March after it (条例第四十九条). A
    government's is that of its competent agency."""
    rows = Obligation.objects.filter(source=Obligation.Source.STATUTE, rule__in=RULES[report.covers_place], period=str(report.year))
    if report.covers_place:
        rows = rows.filter(jurisdiction=report.agency.jurisdiction_id)
    else:
        rows = rows.filter(owner=report.agency_id)
    return [row for row in rows if not row.fulfilled_on and not row.waived_at and not row.replaced_on]
