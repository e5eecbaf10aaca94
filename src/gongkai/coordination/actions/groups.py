"""领导小组: establish, add a member, replace a person, let one go, dissolve (S1-12, S2-1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, User
from gongkai.coordination.actions.base import insist, lock, perform, text_reasons
from gongkai.coordination.models import Deed, GroupMember, LeadingGroup

LABELS = {"establish": "设立领导小组", "add_member": "增加成员", "replace": "换人", "leave": "离任", "dissolve": "撤销"}


def role_reason(verb: str, agency: Agency, actor: Any) -> str:
    """A group is kept by the head or a reviewer of the agency that made it, or by the openness office of the jurisdiction."""
    scope = scope_of(actor)
    if scope.directs(agency.pk) or scope.is_office_of(agency.jurisdiction_id):
        return ""
    return f"{LABELS[verb]}由设立单位的负责人、审核人或本地区政务公开主管部门办理"


def state_reasons(verb: str, record: LeadingGroup | GroupMember) -> list[str]:
    """Why the verb cannot be done now, whoever asks."""
    group = record.group if isinstance(record, GroupMember) else record
    if group.ended_on:
        return [f"领导小组已于 {group.ended_on} 撤销"]
    if isinstance(record, GroupMember) and record.until:
        return [f"{record.name}已于 {record.until} 离任"]
    return []


def failure_reasons(verb: str, record: Agency | LeadingGroup | GroupMember, actor: Any) -> list[str]:
    """Sentences that stand between this person and the verb; empty means it may be done."""
    if isinstance(record, Agency):
        role = role_reason(verb, record, actor)
        return [role] if role else []
    group = record.group if isinstance(record, GroupMember) else record
    role = role_reason(verb, group.agency, actor)
    return [role] if role else state_reasons(verb, record)


def establish(
    agency: Agency,
    actor: User,
    *,
    key: str,
    name: str,
    established_on: date,
    basis: str = "",
    duties: str = "",
    at: datetime | None = None,
) -> LeadingGroup:
    """设立 by a document; one living group of a name in an agency."""
    missing = text_reasons(name, basis, duties, most=500)
    if not name.strip() or len(name) > 120:
        missing.append("请填写名称，不超过 120 个字")
    if len(basis) > 200:
        missing.append("设立文件不超过 200 个字")

    def work() -> LeadingGroup:
        insist(role_reason("establish", agency, actor), missing)
        return LeadingGroup.objects.create(
            agency=agency, name=name.strip(), basis=basis.strip(), duties=duties.strip(), established_on=established_on
        )

    return perform(
        Deed.Kind.ESTABLISHED, actor, key, None, work, text=name, at=at, agency_id=agency.pk, clash="这个单位已经有同名的领导小组"
    )


def _person_reasons(group: LeadingGroup, name: str, post: str, since: date) -> list[str]:
    missing = text_reasons(name, post)
    if not name.strip() or len(name) > 40:
        missing.append("请填写姓名，不超过 40 个字")
    if len(post) > 120:
        missing.append("职务不超过 120 个字")
    if since < group.established_on:
        missing.append(f"任职不能早于领导小组设立的日子（{group.established_on}）")
    return missing


def add_member(
    group: LeadingGroup,
    actor: User,
    *,
    key: str,
    place: str,
    name: str,
    since: date,
    post: str = "",
    agency: Agency | None = None,
    at: datetime | None = None,
) -> GroupMember:
    """A person takes a place. There is one head at a time: another one comes by `replace`."""
    missing = _person_reasons(group, name, post, since)
    if place not in GroupMember.Place.values:
        missing.append("请选择分工")

    def work() -> GroupMember:
        locked = lock(group)
        insist(role_reason("add_member", locked.agency, actor), state_reasons("add_member", locked) or missing)
        head = locked.members.filter(place=GroupMember.Place.HEAD, until__isnull=True).first()
        if place == GroupMember.Place.HEAD and head is not None:
            raise ActionRefused(f"组长是{head.name}；换组长请在他那一行办理“换人”")
        return GroupMember.objects.create(group=locked, place=place, name=name.strip(), post=post.strip(), agency=agency, since=since)

    return perform(Deed.Kind.JOINED, actor, key, group, work, text=name, at=at, agency_id=group.agency_id, clash=f"{name.strip()}已经在任")


def replace(
    member: GroupMember,
    actor: User,
    *,
    key: str,
    name: str,
    on: date,
    post: str = "",
    agency: Agency | None = None,
    at: datetime | None = None,
) -> GroupMember:
    """换人: the old term ends the day before, the new one begins on `on` in the same place."""
    missing = _person_reasons(member.group, name, post, on)
    if on <= member.since:
        missing.append(f"接任要晚于{member.name}任职的日子（{member.since}）")

    def work() -> GroupMember:
        group, locked = lock(member.group), lock(member)
        insist(role_reason("replace", group.agency, actor), state_reasons("replace", locked) or missing)
        locked.until = on - timedelta(1)
        locked.save(update_fields=["until"])
        return GroupMember.objects.create(
            group=group, place=locked.place, name=name.strip(), post=post.strip(), agency=agency or locked.agency, since=on
        )

    words = f"{name.strip()}接替{member.name}任{member.get_place_display()}"
    return perform(
        Deed.Kind.REPLACED, actor, key, member, work, text=words, at=at, agency_id=member.group.agency_id, clash=f"{name.strip()}已经在任"
    )


def leave(member: GroupMember, actor: User, *, key: str, on: date, at: datetime | None = None) -> GroupMember:
    """离任 with nobody in the place; `on` is the last day."""

    def work() -> GroupMember:
        group, locked = lock(member.group), lock(member)
        insist(
            role_reason("leave", group.agency, actor),
            state_reasons("leave", locked) or ([] if on >= locked.since else [f"离任不能早于任职的日子（{locked.since}）"]),
        )
        locked.until = on
        locked.save(update_fields=["until"])
        return locked

    return perform(Deed.Kind.LEFT, actor, key, member, work, text=member.name, at=at, agency_id=member.group.agency_id)


def dissolve(group: LeadingGroup, actor: User, *, key: str, on: date, text: str = "", at: datetime | None = None) -> LeadingGroup:
    """撤销: the group and every term in it end on the same day; the roster of earlier days stays."""

    def work() -> LeadingGroup:
        locked = lock(group)
        last = locked.members.filter(until__isnull=True).order_by("-since").values_list("since", flat=True).first()
        first = max(locked.established_on, last or locked.established_on)
        insist(
            role_reason("dissolve", locked.agency, actor),
            state_reasons("dissolve", locked) or ([] if on >= first else [f"撤销不能早于 {first}（设立或最近一次任职）"]),
        )
        locked.members.filter(until__isnull=True).update(until=on)
        locked.ended_on = on
        locked.save(update_fields=["ended_on"])
        return locked

    return perform(Deed.Kind.DISSOLVED, actor, key, group, work, text=text, at=at, agency_id=group.agency_id)
