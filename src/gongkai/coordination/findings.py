"""A finding to be rectified is an obligation of who was checked; the check stays the one place where it is reported and rechecked.

`follow` brings the obligation in line with its point, in the transaction of the verb; pressing the same again changes nothing. What shows
that it is done is the rectification itself (record kind `rectification`), from the day on which it passed its recheck.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.models import Agency, User
from gongkai.coordination.access import checks_for, handed_points
from gongkai.coordination.models import Check, CheckPoint
from gongkai.journal.actions import record
from gongkai.obligations.models import Obligation, Step
from gongkai.obligations.opening import NewObligation, open_obligation
from gongkai.obligations.origins import Origin
from gongkai.obligations.proving import Facts, prove_by_fact, record_proves, withdraw_record

KIND = "rectification"
ELSEWHERE = "在检查页面报整改，复查通过后自动办结"
PROOF = {"kinds": [KIND], "checks": ["published"], "note": ELSEWHERE}
FINDING = Obligation.Source.FINDING


def obligation_of(point: CheckPoint) -> Obligation | None:
    """The finding as an obligation, whoever owns it now; one that was ended in another by a merger leads to that other."""
    rows = Obligation.objects.filter(source=FINDING, subject_id=point.pk).select_related("merged_into").order_by("pk")
    found = next((row for row in rows if row.replaced_on is None), None) or rows.first()
    return found.merged_into if found is not None and found.replaced_on and found.merged_into else found


def owner_of(point: CheckPoint) -> Agency:
    """Who mends it: the agency that was checked, until the finding is handed over to another."""
    found = obligation_of(point)
    return found.owner if found is not None else point.check_record.agency


def follow(point: CheckPoint, actor: User, on: date, key: str, at: datetime | None = None) -> None:
    """After a result was recorded, a rectification reported, passed or sent back. `key` is the form's, `at` for what happened before."""
    found = obligation_of(point)
    if point.result != CheckPoint.Result.FAILED:
        if found is not None and not (found.waived_at or found.fulfilled_on):
            _put_aside(found, actor, f"检查结果改为“{point.get_result_display()}”", key)
        return
    if found is None:
        found = _open(point, actor, on, at)
    elif found.waived_at or _title(point) != found.title or found.due_on != point.due_on:
        _bring_up(found, point, actor, key)
    if point.rectified_on:
        record_proves(found, KIND, point.pk)
    if point.rechecked_on:
        prove_by_fact(KIND, point.pk)


def sent_back(point: CheckPoint, actor: User, on: date, key: str, reason: str) -> None:
    """复查不通过: the report proves nothing any more, the finding stays open, by its new day where it has one."""
    withdraw_record(KIND, point.pk, f"复查不通过：{reason}"[:500])
    follow(point, actor, on, key)


def _title(point: CheckPoint) -> str:
    return f"整改：{point.finding}"[:300]


def _open(point: CheckPoint, actor: User, on: date, at: datetime | None) -> Obligation:
    check = point.check_record
    new = NewObligation(
        jurisdiction=check.agency.jurisdiction,
        owner=check.agency,
        source=FINDING,
        document_id=check.pk,
        subject_id=point.pk,
        title=_title(point),
        basis=f"{check.title} 第 {point.position} 项：{point.text}",
        starts_on=on,
        due_on=point.due_on,
        proof=PROOF,
    )
    return open_obligation(new, actor, text=f"{check.checker.name}检查发现的问题，{point.due_on} 前整改。", at=at)


def _bring_up(found: Obligation, point: CheckPoint, actor: User, key: str) -> None:
    """The checker wrote it anew: other words, another day, or failed after all."""
    old = {"title": found.title, "due_on": found.due_on, "waived_at": found.waived_at}
    found.title, found.due_on = _title(point), point.due_on
    found.waived_at, found.waived_by, found.waiver_reason = None, None, ""
    found.save(update_fields=["title", "due_on", "waived_at", "waived_by", "waiver_reason"])
    new = {"title": found.title, "due_on": found.due_on, "waived_at": None}
    _say(found, Step.Kind.CHANGED, actor, f"检查单位改定：{point.finding}，{point.due_on} 前整改。", f"finding:{key}")
    record("obligation.changed", found, actor=actor, old=old, new=new, agency_id=found.owner_id, place=found.jurisdiction_id)


def _put_aside(found: Obligation, actor: User, reason: str, key: str) -> None:
    found.waived_at, found.waived_by, found.waiver_reason = timezone.now(), actor, reason
    found.save(update_fields=["waived_at", "waived_by", "waiver_reason"])
    _say(found, Step.Kind.WAIVED, actor, reason, f"finding:{key}")
    new = {"waived_at": found.waived_at}
    record("obligation.waived", found, actor=actor, new=new, agency_id=found.owner_id, place=found.jurisdiction_id, note=reason)


def _say(found: Obligation, kind: str, actor: User, text: str, key: str) -> None:
    Step.objects.create(obligation=found, kind=kind, actor=actor, at=timezone.now(), text=text[:5000], key=key[:100])


def facts_of(pk: int) -> Facts | None:
    """A rectification as proof: it stands from the day it was done, once another person has rechecked it."""
    point = CheckPoint.objects.select_related("check_record").filter(pk=pk).first()
    if point is None or point.rectified_on is None:
        return None
    return Facts(
        title=point.rectification[:120],
        url=address(point),
        published_on=point.rectified_on if point.rechecked_on else None,
        agency_id=owner_of(point).pk,
        lacking="已报整改，等复查通过",
    )


def address(point: CheckPoint) -> str:
    return reverse("coordination:check", args=[point.check_record_id]) + f"#p{point.pk}"


def obligations_by_point(check: Check) -> dict[int, Obligation]:
    """Point id → its obligation with the owner, for the page of a check. One query."""
    rows = Obligation.objects.filter(source=FINDING, document_id=check.pk, replaced_on__isnull=True).order_by("pk")
    return {row.subject_id: row for row in rows.select_related("owner")}


class Findings:
    """The provider for obligations with source `finding`: the check, what it asked, what it found."""

    def origin(self, obligation: Obligation, user: Any) -> Origin | None:
        point = CheckPoint.objects.select_related("check_record__checker").filter(pk=obligation.subject_id).first()
        if point is None:
            return None
        check = point.check_record
        may_go = checks_for(user).filter(pk=check.pk).exists() or handed_points(user).filter(pk=point.pk).exists()
        url = address(point) if may_go else ""
        facts = [
            ("检查单位", check.checker.name),
            ("要求", point.text),
            ("依据", point.basis),
            ("怎样办结", f"{ELSEWHERE}，不用在这里再报" if url else ""),
        ]
        shown = tuple((label, value) for label, value in facts if value)
        return Origin(document=check.title, document_url=url, place_url="", words=point.finding, facts=shown)

    def documents(self, ids: Iterable[int], user: Any) -> dict[int, str]:
        return dict(checks_for(user).filter(pk__in=list(ids)).order_by().values_list("pk", "title"))

    def elsewhere(self, obligation: Obligation) -> str:
        return f"请{ELSEWHERE}"

    def text(self, obligation: Obligation) -> str:
        return CheckPoint.objects.filter(pk=obligation.subject_id).values_list("finding", flat=True).first() or ""
