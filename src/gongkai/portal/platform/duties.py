"""The duty to keep the guide and what an agency tells of itself (条例第十二条, rules publish.guide and publish.directory), and its proof.

The record that proves is a version of the guide: complete, and confirmed within the setting. One that grows old stops proving, and what it
had proved is owed again; confirming it once more proves it anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies import guides
from gongkai.agencies.models import Agency, GuideVersion
from gongkai.agencies.signals import profile_confirmed
from gongkai.obligations.models import Evidence, Obligation, RuleSwitch
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.opening import open_obligations
from gongkai.obligations.owners import Target
from gongkai.obligations.proving import Candidate, Facts, prove_by_fact, record_proves, register
from gongkai.obligations.statutes import current
from gongkai.obligations.triggers import Fact, new_obligation, revive

KIND = "agency_profile"
GUIDE, DIRECTORY = "publish.guide", "publish.directory"
STATUTE = Obligation.Source.STATUTE


def register_all() -> None:
    register(KIND, facts_of, label="机构信息和指南", candidates=candidates)


def facts_of(pk: int) -> Facts | None:
    row = GuideVersion.objects.select_related("agency__profile", "agency__jurisdiction").defer("content").filter(pk=pk).first()
    if row is None:
        return None
    health = guides.health([row.agency], timezone.localdate())[0]
    stands = health.state == "complete"
    return Facts(
        title=f"{row.agency.name}政府信息公开指南（第{row.number}版）",
        url=reverse("portal:platform:guide_version", args=[row.agency.code, row.number]),
        published_on=row.on if stands else None,
        agency_id=row.agency_id,
        public=stands,
        lacking=health.word,
    )


def candidates(obligation: Obligation) -> Iterable[Candidate]:
    rows = GuideVersion.objects.select_related("agency").defer("content").filter(agency=obligation.owner_id).order_by("-number")
    for row in rows[:20]:
        yield Candidate(KIND, row.pk, str(row), row.on)


@receiver(profile_confirmed, dispatch_uid="portal.guides.confirmed")
def prove(agency: Agency, **_kwargs: Any) -> None:
    """The guide in force proves what is owed for this agency, its own duty and that of the office for the directory."""
    version = guides.latest(agency)
    if version is None:
        return
    _look_again(Evidence.objects.filter(record_id__in=agency.guides.values("pk")))
    for duty in Obligation.objects.filter(OPEN, source=STATUTE, rule__in=(GUIDE, DIRECTORY), subject_id=agency.pk).order_by("pk"):
        if KIND in (duty.proof or {}).get("kinds", ()):
            record_proves(duty, KIND, version.pk)


def tick() -> int:
    """Opens the duty of every agency whose guide lacks something, was never confirmed, or has grown old, where the rule is in use. Returns
    how many guides are not in order. Running it twice opens nothing twice.
    """
    today = timezone.localdate()
    rule = current(GUIDE, today)
    switches = {row.jurisdiction_id: row for row in RuleSwitch.objects.filter(rule=GUIDE, on=True, since__lte=today)}
    owing = guides.owing(Agency.objects.filter(jurisdiction__in=list(switches))).order_by("pk")
    bad = [row.agency for row in guides.health(owing, today) if row.state != "complete"]
    if rule is None or not bad:
        return len(bad)
    with transaction.atomic():
        wanted = [
            new_obligation(rule, switches[one.jurisdiction_id].values, one.jurisdiction, Target(one), today, (), _fact(one, today))
            for one in bad
        ]
        revive(open_obligations(wanted, None, text="指南不齐全或者很久没有核对"), None)
        passed = Evidence.objects.filter(result=Evidence.Result.PASSED, withdrawn_at__isnull=True)
        _look_again(passed.filter(record_id__in=GuideVersion.objects.filter(agency__in=bad).values("pk")))
    return len(bad)


def _look_again(rows: QuerySet[Evidence]) -> None:
    for pk in sorted({pk for pk in rows.filter(record_kind=KIND).values_list("record_id", flat=True) if pk is not None}):
        prove_by_fact(KIND, pk)


def _fact(agency: Agency, on: date) -> Fact:
    return Fact("agency_changed", agency.jurisdiction, agency, agency.pk, agency.name, on)
