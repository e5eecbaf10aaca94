"""The records of this line of work as proof of obligations: receipts, answers, finished checks. Registered in apps.ready()."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.coordination.models import Check, Filing, Opinion, Submission
from gongkai.obligations.models import Obligation
from gongkai.obligations.proving import Candidate, Facts, register


def register_all() -> None:
    """Kinds named as rules/facts.toml of obligations names them, and one of this app's own. Rectifications are findings.py's."""
    register("submission", submission, label="收集材料的回执", candidates=submissions, address=_at("coordination:submission"))
    register("filing", filing, label="备案回执", candidates=filings)
    register("opinion", opinion, label="书面意见", candidates=opinions)
    register("inspection", finished_check, label="检查、抽查报告", candidates=finished_checks, address=_at("coordination:check"))


def _at(name: str) -> Any:
    return lambda pk: reverse(name, args=[pk])


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def submission(pk: int) -> Facts | None:
    """Handed in is the agency's deed; it stands from the day it was received with a number."""
    row = Submission.objects.select_related("collection").filter(pk=pk).first()
    if row is None:
        return None
    return Facts(
        title=f"{row.collection.title}：{row.item}",
        url=reverse("coordination:submission", args=[pk]),
        published_on=_day(row.submitted_at) if row.received_at else None,
        published_at=row.submitted_at if row.received_at else None,
        agency_id=row.agency_id,
        lacking="还没有签收",
    )


def submissions(obligation: Obligation) -> Iterable[Candidate]:
    rows = Submission.objects.filter(agency=obligation.owner_id, received_at__isnull=False).select_related("collection")
    for row in rows.order_by("-submitted_at"):
        if row.submitted_at is not None:
            yield Candidate("submission", row.pk, f"{row.collection.title}：{row.item}", timezone.localdate(row.submitted_at))


def filing(pk: int) -> Facts | None:
    """Sent by the issuer; it stands from the day it was sent, once the receipt is there."""
    row = Filing.objects.select_related("plan").filter(pk=pk).first()
    if row is None:
        return None
    sender = Agency.objects.filter(jurisdiction=row.plan.jurisdiction_id, is_competent=True, valid_to__isnull=True).first()
    return Facts(
        title=f"《{row.plan.title}》报{row.to}备案",
        url=reverse("coordination:flow", args=[row.plan_id]),
        published_on=row.sent_on if row.received_on else None,
        agency_id=sender.pk if sender else None,
        lacking="还没有登记回执",
    )


def filings(obligation: Obligation) -> Iterable[Candidate]:
    rows = Filing.objects.filter(plan__jurisdiction=obligation.owner.jurisdiction_id, received_on__isnull=False).select_related("plan")
    return (Candidate("filing", row.pk, f"《{row.plan.title}》报{row.to}备案", row.sent_on) for row in rows.order_by("-sent_on"))


def opinion(pk: int) -> Facts | None:
    """An answer given by an agency asked about a draft plan."""
    row = Opinion.objects.select_related("plan").filter(pk=pk).first()
    if row is None:
        return None
    return Facts(
        title=f"对《{row.plan.title}》的意见",
        url=reverse("coordination:flow", args=[row.plan_id]),
        published_on=row.answered_on,
        agency_id=row.agency_id,
        lacking="还没有登记答复",
    )


def opinions(obligation: Obligation) -> Iterable[Candidate]:
    rows = Opinion.objects.filter(agency=obligation.owner_id, answered_on__isnull=False).select_related("plan").order_by("-answered_on")
    return (Candidate("opinion", row.pk, f"对《{row.plan.title}》的意见", row.answered_on) for row in rows if row.answered_on)


def finished_check(pk: int) -> Facts | None:
    """A check with its report: the checker's deed, and the checked agency's where it checked itself."""
    row = Check.objects.filter(pk=pk).first()
    if row is None:
        return None
    return Facts(
        title=row.title,
        url=reverse("coordination:check", args=[pk]),
        published_on=_day(row.finished_at),
        published_at=row.finished_at,
        agency_id=row.checker_id,
        lacking="还没有完成",
    )


def finished_checks(obligation: Obligation) -> Iterable[Candidate]:
    rows = Check.objects.filter(checker=obligation.owner_id, finished_at__isnull=False).order_by("-finished_at")
    return (Candidate("inspection", row.pk, row.title, timezone.localdate(row.finished_at)) for row in rows if row.finished_at)
