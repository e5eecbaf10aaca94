"""负责人: appointed and leaving, by the openness office of the place or the agency's own head; a table of them at the command line.

They are published with their agency (条例第二十条第二项) and counted where a rule names leaders (S4-46).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency, Leader, User
from gongkai.agencies.names import normal
from gongkai.agencies.people import LivingAgencies, RowsRefused
from gongkai.agencies.signals import leaders_changed
from gongkai.journal.actions import record


def role_reason(agency: Agency, actor: Any) -> str:
    """Why this person may not keep the agency's leaders, or an empty string. `None` is the operator at the command line."""
    if actor is None:
        return ""
    scope = scope_of(actor)
    if scope.is_office_of(agency.jurisdiction_id) or scope.heads(agency.pk):
        return ""
    return "负责人由本单位负责人或本地区政务公开主管部门登记"


def serving(agency: Agency) -> QuerySet[Leader]:
    """Who leads it, in order."""
    return agency.leaders.filter(valid_to__isnull=True).order_by("position", "pk")


def _faults(agency: Agency, name: str, post: str, division: str, since: date | None) -> list[str]:
    faults = []
    if len(division) > 300:
        faults.append("分工不能超过 300 个字")
    if not name or len(name) > 40:
        faults.append("请写姓名，不超过 40 个字")
    if not post or len(post) > 80:
        faults.append("请写职务，不超过 80 个字")
    if agency.valid_to is not None:
        faults.append(f"{agency.name}已于 {agency.valid_to} 撤销")
    if since is not None and since > timezone.localdate():
        faults.append("任职日期不能晚于今天")
    return faults


def appoint(
    agency: Agency,
    actor: User | None,
    *,
    name: str,
    post: str,
    is_chief: bool = False,
    position: int | None = None,
    since: date | None = None,
    division: str = "",
) -> Leader:
    """任职. Somebody who leads this agency already gets the new post, division of work and place.

    Without `position` one stands behind the others; without `division` that of before stays.
    """
    if refusal := role_reason(agency, actor):
        raise NotAllowed(refusal)
    name, post, division = normal(name), " ".join(post.split()), " ".join(division.split())
    try:
        with transaction.atomic():
            agency = Agency.objects.select_for_update().get(pk=agency.pk)
            if faults := _faults(agency, name, post, division, since):
                raise ActionRefused(faults)
            rows = list(serving(agency))
            if is_chief and (other := next((row for row in rows if row.is_chief and row.name != name), None)):
                raise ActionRefused(f"主要负责人现在是{other.name}，请先登记离任")
            leader = next((row for row in rows if row.name == name), None)
            old: dict[str, Any] = {}
            if leader is None:
                last = max((row.position for row in rows), default=0)
                leader = Leader.objects.create(
                    agency=agency,
                    name=name,
                    post=post,
                    division=division,
                    is_chief=is_chief,
                    position=position or last + 1,
                    valid_from=since,
                )
            else:
                old = {"post": leader.post, "division": leader.division, "is_chief": leader.is_chief, "position": leader.position}
                leader.post, leader.is_chief, leader.position = post, is_chief, position or leader.position
                leader.division = division or leader.division
                leader.save(update_fields=["post", "division", "is_chief", "position"])
            new = {"post": post, "division": leader.division, "is_chief": is_chief, "position": leader.position}
            record("leader.appointed", leader, actor=actor, old=old, new=new, agency_id=agency.pk, place=agency.jurisdiction_id, note=name)
            leaders_changed.send(sender=Leader, leader=leader, on=since or timezone.localdate(), actor=actor)
    except IntegrityError as error:
        raise ActionRefused(f"{name}刚刚已经登记，请刷新后再看") from error
    return leader


@transaction.atomic
def leave(leader: Leader, actor: User | None, *, on: date) -> Leader:
    """离任: `on` is the last day. A second time changes nothing."""
    if refusal := role_reason(leader.agency, actor):
        raise NotAllowed(refusal)
    locked = Leader.objects.select_for_update(of=("self",)).select_related("agency").get(pk=leader.pk)
    if locked.valid_to == on:
        return locked
    faults = [f"{locked.name}已于 {locked.valid_to} 离任"] if locked.valid_to else []
    if on > timezone.localdate():
        faults.append("离任日期不能晚于今天")
    if locked.valid_from and on < locked.valid_from:
        faults.append(f"离任日期早于任职日期 {locked.valid_from}")
    if faults:
        raise ActionRefused(faults)
    locked.valid_to = on
    locked.save(update_fields=["valid_to"])
    agency = locked.agency
    record("leader.left", locked, actor=actor, new={"valid_to": on}, agency_id=agency.pk, place=agency.jurisdiction_id, note=locked.name)
    leaders_changed.send(sender=Leader, leader=locked, on=on, actor=actor)
    return locked


@dataclass(frozen=True, slots=True)
class LeaderRow:
    """One row of the table: texts as written. `chief` is 是 or empty, `since` 2026-01-05 or empty, `position` a number or empty."""

    line: int
    agency: str
    name: str
    post: str
    chief: str = ""
    position: str = ""
    since: str = ""
    division: str = ""


def import_leaders(rows: Sequence[LeaderRow], dry_run: bool = False, unread: Sequence[tuple[int, str]] = ()) -> int:
    """Appoints all of them or nobody; RowsRefused names every bad row. Returns how many; a dry run writes nothing."""
    agencies = LivingAgencies()
    faults, seen = list(unread), dict[tuple[int, str], int]()
    with transaction.atomic():
        for row in rows:
            wrong: list[str] = []
            agency = agencies.find(row.agency)
            since = _day(row.since, wrong)
            if isinstance(agency, str):
                wrong.append(agency)
            elif (first := seen.setdefault((agency.pk, normal(row.name)), row.line)) != row.line:
                wrong.append(f"与第 {first} 行重复，删去一行")
            if row.chief not in ("", "是", "否"):
                wrong.append(f"“主要负责人”写是或者否，不是“{row.chief[:10]}”")
            if row.position and not (row.position.isascii() and row.position.isdigit() and 0 < int(row.position[:6]) < 1000):
                wrong.append(f"“排序”写 1 到 999 的数，不是“{row.position[:10]}”")
            if not wrong and isinstance(agency, Agency):
                try:
                    appoint(
                        agency,
                        None,
                        name=row.name,
                        post=row.post,
                        is_chief=row.chief == "是",
                        position=int(row.position) if row.position else None,
                        since=since,
                        division=row.division,
                    )
                except ActionRefused as error:
                    wrong = error.reasons
            faults += [(row.line, fault) for fault in wrong]
        if faults or dry_run:
            transaction.set_rollback(True)
    if faults:
        raise RowsRefused(faults)
    return len(rows)


def _day(text: str, wrong: list[str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        wrong.append(f"任职日期“{text[:12]}”写成 2026-01-05 的样子")
        return None
