"""移交: an open obligation changes its owner. Clock, evidence and steps stay; what the old owner arranged inside (section, person) goes.

Where the new owner already owes the same (source, rule, record, share, period), the handed one ends in the existing one; nothing is asked
twice. A series follows its obligation, so that the periods to come are the new owner's too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency, Jurisdiction, Membership, Section, User
from gongkai.journal.actions import Change, record, record_many
from gongkai.obligations.models import Helper, Obligation, Series, Step
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.verbs import ended_words

USED = "这张表单已经用于另一条记录，请刷新页面后再提交"
FIELDS = ("owner", "jurisdiction", "section", "person", "inner_due_on", "share", "replaced_on", "merged_into")


@dataclass(frozen=True, slots=True)
class Moved:
    """How many obligations went to their new owner, and how many of these ended in one it owed already."""

    moved: int = 0
    merged: int = 0
    series: int = 0

    def __add__(self, other: Moved) -> Moved:
        return Moved(self.moved + other.moved, self.merged + other.merged, self.series + other.series)

    @property
    def sentence(self) -> str:
        """移交 37 项，其中 2 项与现有任务合并."""
        merged = f"，其中 {self.merged} 项与现有任务合并" if self.merged else ""
        return f"移交 {self.moved} 项{merged}" + (f"；周期任务 {self.series} 个以后各期归新单位" if self.series else "")


@dataclass(frozen=True, slots=True)
class Handover:
    """What is the same for every row of one hand-over. `key` is the beginning of every step's key; `actor` None is the operator."""

    to: Agency
    actor: User | None
    key: str
    reason: str
    on: date
    agency_id: int | None = None
    """In whose name it is done."""
    sections: Mapping[int, Section] | None = None
    """The old owner's section → the same at the new owner, where it moved along."""


def role_reason(obligation: Obligation, to: Agency | None, actor: Any) -> str:
    """Why this is not for this person to hand over, or an empty string.

    Within the place and those below it is the openness office of the obligation's place; to an agency elsewhere, an office above both.
    """
    scope = scope_of(actor)
    if scope.is_office_of(obligation.jurisdiction_id) and (to is None or to.jurisdiction_id in scope.seen_ids):
        return ""
    both = {obligation.jurisdiction_id, to.jurisdiction_id if to else obligation.jurisdiction_id}
    across = to is None or to.jurisdiction_id != obligation.jurisdiction_id
    if across and both <= scope.seen_ids:
        return ""
    return "移交由本地区政务公开主管部门办理，移交给其他地区的由共同的上级办理"


def state_reasons(obligation: Obligation, to: Agency | None = None) -> list[str]:
    """Why it cannot be handed over now."""
    if obligation.waived_at:
        return ["这项任务已经免除"]
    if words := ended_words(obligation):
        return [words]
    if obligation.fulfilled_on:
        return ["这项任务已经办结，留在原单位"]
    if to is None:
        return []
    if to.pk == obligation.owner_id:
        return [f"这项任务已经由{to.name}负责"]
    return [] if to.existed_on(timezone.localdate()) else [f"{to.name}已经撤销，请移交给职责承接单位"]


def failure_reasons(obligation: Obligation, actor: Any, to: Agency | None = None) -> list[str]:
    """Sentences that stand between this person and the hand-over; empty means it may be done."""
    role = role_reason(obligation, to, actor)
    return [role] if role else state_reasons(obligation, to)


def words_reasons(reason: str, on: date) -> list[str]:
    reasons = []
    if not reason.strip():
        reasons.append("请写明移交的理由")
    if len(reason) > 500:
        reasons.append("移交的理由不能超过 500 个字")
    if "\x00" in reason:
        reasons.append("理由里有不能保存的字符，请重新输入")
    if on > timezone.localdate():
        reasons.append("移交日期不能晚于今天，请到那一天再办")
    return reasons


def hand_over(obligation: Obligation, to_agency: Agency, actor: User, *, key: str, reason: str, on: date | None = None) -> Obligation:
    """Gives one open obligation to another agency. Returns the obligation that asks from now on: this one, or the one it ended in.

    The same key again returns the same. Raises NotAllowed or ActionRefused.
    """
    if not key or len(key) > 100:
        raise ActionRefused("表单不完整，请刷新页面后再提交")
    day = on or timezone.localdate()
    try:
        with transaction.atomic():
            locked = Obligation.objects.select_for_update().get(pk=obligation.pk)
            if (earlier := Step.objects.filter(key=key).first()) is not None:
                if (earlier.obligation_id, earlier.kind, earlier.actor_id) != (locked.pk, Step.Kind.HANDED_OVER, actor.pk):
                    raise ActionRefused(USED)
            else:
                if refusal := role_reason(locked, to_agency, actor):
                    raise NotAllowed(refusal)
                if reasons := [*state_reasons(locked, to_agency), *words_reasons(reason, day)]:
                    raise ActionRefused(reasons)
                how = Handover(to_agency, actor, key, reason.strip(), day, office_of(actor))
                _move([locked], how, {locked.pk: key})
                if locked.series_id:
                    move_series(Series.objects.filter(pk=locked.series_id, owner=obligation.owner_id), how)
    except IntegrityError as error:
        raise ActionRefused("这项任务刚刚有了变动，请刷新页面后再提交") from error
    obligation.refresh_from_db()
    return obligation.merged_into if obligation.replaced_on and obligation.merged_into else obligation


def open_of(agency: Agency, section: Section | None = None) -> QuerySet[Obligation]:
    """What the agency (or one of its sections) still owes."""
    rows = Obligation.objects.filter(OPEN, owner=agency).order_by("pk")
    return rows.filter(section=section) if section is not None else rows


def within(rows: QuerySet[Obligation], to: Agency, actor: Any) -> QuerySet[Obligation]:
    """Of these, what this person may hand over to `to`; the same rule as role_reason, as a query."""
    scope = scope_of(actor)
    if to.jurisdiction_id not in scope.seen_ids:
        return rows.none()
    places = Q(jurisdiction__in=scope.office_ids)
    return rows.filter(places | (Q(jurisdiction__in=scope.seen_ids) & ~Q(jurisdiction=to.jurisdiction_id)))


def hand_over_all(
    agency: Agency,
    to_agency: Agency,
    actor: User,
    *,
    key: str,
    reason: str,
    on: date | None = None,
    section: Section | None = None,
    dry_run: bool = False,
) -> Moved:
    """All open obligations and series of an agency, or of one section of it, in one transaction; a dry run counts and changes nothing.

    What belongs to a place this person is not the office of stays. The same key again finds nothing left and moves nothing.
    """
    if not key or len(key) > 60:
        raise ActionRefused("表单不完整，请刷新页面后再提交")
    day = on or timezone.localdate()
    reasons = words_reasons(reason, day)
    if to_agency.pk == agency.pk:
        reasons.append("请选择另一个单位")
    elif not to_agency.existed_on(timezone.localdate()):
        reasons.append(f"{to_agency.name}已经撤销，请移交给职责承接单位")
    if to_agency.jurisdiction_id not in scope_of(actor).seen_ids:
        raise NotAllowed("移交由本地区政务公开主管部门办理，移交给其他地区的由共同的上级办理")
    if reasons:
        raise ActionRefused(reasons)
    how = Handover(to_agency, actor, key, reason.strip(), day, office_of(actor))
    with transaction.atomic():
        rows = list(within(open_of(agency, section), to_agency, actor).select_for_update(of=("self",)))
        running = Series.objects.filter(owner=agency, closed_on__isnull=True, jurisdiction__in=scope_of(actor).office_ids)
        done = move(rows, how) + move_series(running.filter(section=section) if section else running, how)
        if dry_run:
            transaction.set_rollback(True)
    return done


def move(rows: Iterable[Obligation], how: Handover) -> Moved:
    """The rows, locked by the caller and open, go to their new owner; whoever calls has asked permission. Needs a transaction."""
    listed = list(rows)
    return _move(listed, how, {row.pk: f"{how.key}:{row.pk}" for row in listed})


def _move(rows: list[Obligation], how: Handover, keys: Mapping[int, str]) -> Moved:
    """A constant number of statements, however many rows."""
    if not rows:
        return Moved()
    there = {
        _identity(row): row
        for row in Obligation.objects.filter(
            owner=how.to, source__in={row.source for row in rows}, subject_id__in={row.subject_id for row in rows}
        ).select_for_update(of=("self",))
    }
    olds = {agency.pk: agency for agency in Agency.objects.filter(pk__in={row.owner_id for row in rows})}
    old_of = {row.pk: olds[row.owner_id] for row in rows}
    posts = Membership.objects.filter(agency=how.to, user__in={row.person_id for row in rows if row.person_id})
    known = set(posts.values_list("user_id", flat=True))
    inside = _subtrees({row.jurisdiction_id for row in rows})
    merged: list[tuple[Obligation, Obligation]] = []
    for row in rows:
        same = there.get(_identity(row))
        if same is not None and not (same.fulfilled_on or same.waived_at or same.replaced_on):
            row.replaced_on, row.merged_into = how.on, same
            merged.append((row, same))
            continue
        if same is not None:  # done or waived there already: what is handed over is still owed, as a share of its own
            row.share = _free_share(row, old_of[row.pk], set(there))
        _settle(row, how, known, inside)
        there[_identity(row)] = row
    Obligation.objects.bulk_update(rows, FIELDS, batch_size=200)
    _after_merging(merged)
    ended = {row.pk for row, _same in merged}
    _write_steps(rows, merged, old_of, how, keys)
    Helper.objects.filter(obligation__in=[row.pk for row in rows if row.pk not in ended], agency=how.to).delete()
    return Moved(len(rows), len(merged))


def _settle(row: Obligation, how: Handover, known: set[int], inside: Mapping[int, set[int]]) -> None:
    section = (how.sections or {}).get(row.section_id or 0)
    row.owner = how.to
    row.section = section
    if row.person_id not in known:
        row.person = None
    if section is None and row.person_id is None:  # a date of the old owner's own
        row.inner_due_on = None
    if how.to.jurisdiction_id not in inside[row.jurisdiction_id]:
        row.jurisdiction_id = how.to.jurisdiction_id


def _identity(row: Obligation) -> tuple[str, str, int, str, str]:
    return (row.source, row.rule, row.subject_id, row.share, row.period)


def _free_share(row: Obligation, old: Agency, taken: set[tuple[str, str, int, str, str]]) -> str:
    base, n = f"{row.share}（原{old.display_name}）"[-76:] if row.share else f"原{old.display_name}"[:76], 1
    share = base
    while (row.source, row.rule, row.subject_id, share, row.period) in taken:
        n += 1
        share = f"{base}{n}"
    return share


def _subtrees(places: set[int]) -> dict[int, set[int]]:
    """Each place with all below it; one query."""
    parents = dict(Jurisdiction.objects.order_by().values_list("pk", "parent_id"))
    found: dict[int, set[int]] = {pk: set() for pk in places}
    for pk in parents:
        here: int | None = pk
        walked: set[int] = set()
        while here is not None and here not in walked:
            if here in found:
                found[here].add(pk)
            walked.add(here)
            here = parents.get(here)
    return found


def _after_merging(merged: list[tuple[Obligation, Obligation]]) -> None:
    """Helpers and what was done together with an ended obligation go on with the one it ended in."""
    if not merged:
        return
    target = {row.pk: same for row, same in merged}
    helpers = Helper.objects.filter(obligation__in=target)
    Helper.objects.bulk_create(
        (
            Helper(obligation=same, agency_id=helper.agency_id)
            for helper in helpers
            if (same := target[helper.obligation_id]).owner_id != helper.agency_id
        ),
        ignore_conflicts=True,
    )
    for row in Obligation.objects.filter(merged_into__in=target).exclude(pk__in=target):
        assert row.merged_into_id is not None
        same = target[row.merged_into_id]
        row.merged_into = None if row.pk == same.pk else same
        row.save(update_fields=["merged_into"])


def _write_steps(
    rows: list[Obligation],
    merged: list[tuple[Obligation, Obligation]],
    old_of: Mapping[int, Agency],
    how: Handover,
    keys: Mapping[int, str],
) -> None:
    now, same_of = timezone.now(), {row.pk: same for row, same in merged}

    def step(row: Obligation, text: str, key: str) -> Step:
        return Step(obligation=row, kind=Step.Kind.HANDED_OVER, actor=how.actor, agency_id=how.agency_id, at=now, text=text, key=key)

    steps = []
    for row in rows:
        old = old_of[row.pk]
        text = f"自 {how.on} 起由{old.name}移交{how.to.name}。理由：{how.reason}"
        if (same := same_of.get(row.pk)) is not None:
            text += f"。{how.to.display_name}已有同一任务，并入那一项办理，本项不再单独办理。"
            received = f"{old.name}自 {how.on} 起移交的同一任务并入本项。理由：{how.reason}"
            steps.append(step(same, received, f"into:{same.pk}:{row.pk}"))
        steps.append(step(row, text, keys[row.pk]))
    Step.objects.bulk_create(steps)
    record_many(
        Change(
            "obligation.handed_over",
            row,
            how.actor,
            {"owner_id": old_of[row.pk].pk, "merged_into_id": None},
            {"owner_id": row.owner_id, "merged_into_id": row.merged_into_id},
            old_of[row.pk].pk,
            row.jurisdiction_id,
            how.reason,
        )
        for row in rows
    )


def move_series(series: QuerySet[Series], how: Handover) -> Moved:
    """The open ones among these go to the new owner; where it has the same already, the handed one is closed. Needs a transaction."""
    rows = list(series.filter(closed_on__isnull=True).select_for_update(of=("self",)).select_related("owner"))
    if not rows:
        return Moved()

    def identity(row: Series) -> tuple[str, str, int, str, str]:
        return (row.source, row.rule, row.subject_id, row.share, row.cadence)

    there = {identity(row): row for row in Series.objects.filter(owner=how.to, subject_id__in={row.subject_id for row in rows})}
    inside = _subtrees({row.jurisdiction_id for row in rows})
    for row in rows:
        same = there.get(identity(row))
        if same is not None and same.closed_on is None:
            row.closed_on, row.closed_reason = how.on, f"{how.to.name}已有同一周期任务，以后各期由它办理"[:300]
            row.save(update_fields=["closed_on", "closed_reason"])
            ended = {"closed_on": row.closed_on}
            record(
                "series.handed_over", row, actor=how.actor, new=ended, agency_id=row.owner_id, place=row.jurisdiction_id, note=how.reason
            )
            continue
        while identity(row) in there:
            row.share = f"{row.share}（原{row.owner.display_name}）"[-80:]
        there[identity(row)] = row
        old = row.owner_id
        row.owner = how.to
        row.section = (how.sections or {}).get(row.section_id or 0)
        if how.to.jurisdiction_id not in inside[row.jurisdiction_id]:
            row.jurisdiction_id = how.to.jurisdiction_id
        row.save(update_fields=["owner", "section", "jurisdiction", "share"])
        row.helpers.remove(how.to)
        owners = {"old": {"owner_id": old}, "new": {"owner_id": row.owner_id}}
        record("series.handed_over", row, actor=how.actor, agency_id=old, place=row.jurisdiction_id, note=how.reason, **owners)
    return Moved(series=len(rows))


def office_of(actor: User) -> int | None:
    """The competent agency in whose name this person hands over."""
    posts = Membership.objects.filter(user=actor, role=Membership.Role.OFFICE, agency__is_competent=True)
    return posts.order_by("pk").values_list("agency_id", flat=True).first()
