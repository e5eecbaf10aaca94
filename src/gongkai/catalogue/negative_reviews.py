"""The cycle on which classes of the negative list are looked at again (条例第十八条): a series of the class's agency, proved by the review.

The law names no period; the place does (keeping.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.models import Jurisdiction, User
from gongkai.catalogue.models import NegativeClass, NegativeReview
from gongkai.obligations.models import Obligation, Series
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.periods import NewSeries, close_series
from gongkai.obligations.proving import Facts, record_proves
from gongkai.obligations.series_again import open_again
from gongkai.obligations.triggers import end, revive

RULE = "negative"
RECORD = "negative_review"
SOURCE = Obligation.Source.CATALOGUE
BASIS = "政府信息公开条例（国令711号，2019修订）第十八条"


def duties(ids: Iterable[int]) -> QuerySet[Obligation]:
    """The reviews owed for these classes."""
    return Obligation.objects.filter(source=SOURCE, rule=RULE, subject_id__in=list(ids))


def ask_for_reviews(rows: Iterable[NegativeClass], cadence: str, actor: User | None) -> None:
    """From the day a class is in force; one that has its series goes on."""
    today = timezone.localdate()
    wanted = [
        NewSeries(
            jurisdiction=row.jurisdiction,
            owner=row.agency,
            role=Obligation.Role.RESPONSIBLE,
            source=SOURCE,
            rule=RULE,
            subject_id=row.pk,
            title=f"评估负面清单类别：{row.name}",
            basis=BASIS,
            cadence=cadence,
            since=max(row.effective_on or today, today),
            proof={"kinds": [RECORD], "checks": ["published", "by_owner"], "note": "在负面清单页面评估，自动办结"},
        )
        for row in rows
    ]
    opened = open_again(wanted, actor, text="列入负面清单")
    running = Obligation.objects.filter(series__in=opened, replaced_on__isnull=False, due_on__gte=today)
    revive(list(running), actor, "按这个周期评估，继续办理。")


def reviewed(row: NegativeClass, made: NegativeReview, today: date) -> None:
    """The review proves every period that asks for one."""
    for duty in duties([row.pk]).filter(OPEN, starts_on__lte=today).order_by("pk"):
        record_proves(duty, RECORD, made.pk)


def no_more_reviews(row: NegativeClass, actor: User, today: date) -> None:
    why = f"“{row.name}”移出负面清单"
    close_series(SOURCE, on=today, reason=why, actor=actor, rule=RULE, subject_id=row.pk)
    end(duties([row.pk]).filter(OPEN).select_for_update(of=("self",)), actor, why, today)


def follow_cadence(place: Jurisdiction, cadence: str, actor: User) -> None:
    """The place reviews in another rhythm from now on; what was late stays owed."""
    today = timezone.localdate()
    in_force = NegativeClass.objects.filter(jurisdiction=place, effective_on__isnull=False, ended_on__isnull=True)
    rows = list(in_force.select_related("agency", "jurisdiction"))
    ids = [row.pk for row in rows]
    others = [one for one in Series.Cadence.values if one != cadence]
    reason = "本地区改定评估周期"
    running = duties(ids).filter(OPEN, due_on__gte=today, series__cadence__in=others)
    close_series(SOURCE, on=today, reason=reason, actor=actor, rule=RULE, subject_id__in=ids, cadence__in=others)
    end(running.select_for_update(of=("self",)), actor, reason, today)
    ask_for_reviews(rows, cadence, actor)


def facts_of(pk: int) -> Facts | None:
    """A review as proof of the period it was made in."""
    row = NegativeReview.objects.select_related("negative_class").filter(pk=pk).first()
    if row is None:
        return None
    return Facts(
        title=f"{row.negative_class.name}：{row.get_conclusion_display()}",
        url=address(row.negative_class_id),
        published_on=row.on,
        agency_id=row.agency_id,
    )


def address(class_id: int) -> str:
    return reverse("catalogue_keeping:negative_class", args=[class_id])
