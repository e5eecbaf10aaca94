"""负面清单 (S2-28, S2-29; 条例第十四条至第十六条、第十八条): who makes information proposes what class of it stays closed, another
approves, and every class in force is reviewed on the place's cycle (negative_reviews.py).

What is on no class is open in principle (第五条 以公开为常态): `matches` tells a person which class a text may fall under, and decides
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, Section, User
from gongkai.catalogue.access import acts_for, one, own
from gongkai.catalogue.grounds import Ground, ground
from gongkai.catalogue.keeping import limits_in
from gongkai.catalogue.models import Deed, NegativeClass, NegativeReview
from gongkai.catalogue.negative_reviews import ask_for_reviews, duties, no_more_reviews, reviewed
from gongkai.deeds import performing
from gongkai.deeds.performing import insist, lock, text_reasons
from gongkai.obligations.models.obligation import OPEN

perform = partial(performing.perform, Deed)
Conclusion = NegativeReview.Conclusion


def classes_for(user: Any) -> QuerySet[NegativeClass]:
    """One's own agencies' and, as openness office, those of the places one reads: proposals and what was, too."""
    rows = NegativeClass.objects.select_related("agency__jurisdiction", "jurisdiction", "section", "proposed_by", "approved_by")
    scope = scope_of(user)
    return rows.filter(own(scope)) if scope.is_staff_member else rows.none()


def access_class(user: Any, pk: int) -> NegativeClass:
    return one(classes_for(user), pk)


def listed(day: date) -> QuerySet[NegativeClass]:
    """The classes in force on a day: what anybody may read."""
    rows = NegativeClass.objects.select_related("agency", "jurisdiction")
    return rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), effective_on__lte=day)


def state_of(row: NegativeClass, day: date) -> tuple[str, str]:
    """(word, css) of a class."""
    if row.refused_at:
        return "不同意列入", "wait cross"
    if row.effective_on is None:
        return "待批准", "warn diamond"
    if row.ended_on and row.ended_on <= day:
        return "已移出", "wait cross"
    return ("适用", "ok circle") if row.effective_on <= day else (f"{row.effective_on} 起适用", "wait dash")


@dataclass(frozen=True, slots=True)
class Match:
    """A class a text may fall under, and the words that say so."""

    negative_class: NegativeClass
    words: tuple[str, ...]


def matches(text: str, place_id: int, day: date | None = None) -> list[Match]:
    """Which classes of the place the text may fall under, most signs first. One query. A hint to a person: an empty list means that nothing
    of the list was seen, and what is outside the list is open in principle.
    """
    found = []
    for row in listed(day or timezone.localdate()).filter(jurisdiction=place_id):
        known = ground(row.ground)
        signs = [row.name, *(row.words or (known.words if known else ()))]
        if seen := tuple(dict.fromkeys(word for word in signs if word and word in text)):
            found.append(Match(row, seen))
    return sorted(found, key=lambda match: -len(match.words))


def propose_role(agency: Agency, actor: Any) -> str:
    return "" if acts_for(scope_of(actor), agency) else "由制作单位的经办人、审核人或负责人提出"


def approve_role(row: NegativeClass, actor: Any) -> str:
    if not scope_of(actor).is_office_of(row.jurisdiction_id):
        return "由本地区政务公开主管部门批准"
    return "提出的人不能批准自己提出的类别，请由其他人批准" if row.proposed_by_id == actor.pk else ""


def review_role(row: NegativeClass, actor: Any) -> str:
    scope = scope_of(actor)
    office = row.agency.kind == Agency.Kind.GOVERNMENT and scope.is_office_of(row.jurisdiction_id)
    return "" if scope.directs(row.agency_id) or office else "由制作单位的审核人或负责人评估"


def proposal_state(row: NegativeClass) -> list[str]:
    if row.refused_at:
        return ["这一类别没有同意列入，请重新提出"]
    return [f"已于 {row.effective_on} 列入"] if row.effective_on else []


def in_force_state(row: NegativeClass) -> list[str]:
    if row.effective_on is None:
        return ["这一类别还没有列入"]
    if row.effective_on > timezone.localdate():
        return [f"这一类别从 {row.effective_on} 起适用，还不用评估"]
    return [f"已于 {row.ended_on} 移出"] if row.ended_on else []


def propose(
    agency: Agency,
    actor: User,
    *,
    key: str,
    name: str,
    description: str,
    clause: str,
    examples: str = "",
    words: Iterable[str] = (),
    section: Section | None = None,
) -> NegativeClass:
    """A class of what this agency makes. `clause` is a ground of rules/grounds.toml in force today."""
    signs = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    known = ground(clause)
    faults = [*text_reasons(name, description, examples, most=1000)]
    if not name.strip() or not description.strip():
        faults.append("请写明类别名称和说明")
    if known is None or not known.holds_on(timezone.localdate()):
        faults.append("请选择现行的法律依据，没有法律依据的不能列入")
    if section is not None and section.agency_id != agency.pk:
        faults.append(f"{section.name}不是{agency.name}的科室")
    if any(not 2 <= len(word) <= 20 for word in signs) or len(signs) > 30:
        faults.append("特征词每个 2 到 20 个字，不超过 30 个")

    def work() -> NegativeClass:
        insist(propose_role(agency, actor), faults)
        return NegativeClass.objects.create(
            jurisdiction=agency.jurisdiction,
            agency=agency,
            section=section,
            name=name.strip()[:120],
            description=description.strip(),
            examples=examples.strip()[:500],
            ground=clause,
            words=signs,
            proposed_by=actor,
            proposed_at=timezone.now(),
        )

    clash = f"{agency.name}已经有“{name.strip()}”这一类别"
    return perform(Deed.Kind.PROPOSED, actor, key, None, work, text=name, agency_id=agency.pk, clash=clash)


def approve(row: NegativeClass, actor: User, *, key: str, effective_on: date | None = None) -> NegativeClass:
    """Lists it from a day on, today unless told; from then it is public, and reviewed on the place's cycle."""
    day = effective_on or timezone.localdate()

    def work() -> NegativeClass:
        locked = lock(row)
        early = ["列入日期不能早于今天"] if day < timezone.localdate() else []
        insist(approve_role(locked, actor), proposal_state(locked) or early)
        locked.approved_by, locked.approved_at, locked.effective_on = actor, timezone.now(), day
        locked.save(update_fields=["approved_by", "approved_at", "effective_on"])
        ask_for_reviews([locked], limits_in(locked.jurisdiction_id).review_cadence, actor)
        return locked

    return perform(Deed.Kind.LISTED, actor, key, row, work, agency_id=row.agency_id)


def refuse(row: NegativeClass, actor: User, *, key: str, reason: str) -> NegativeClass:
    def work() -> NegativeClass:
        locked = lock(row)
        insist(approve_role(locked, actor), proposal_state(locked) or _said(reason, "请写明为什么不同意列入"))
        locked.refused_at = timezone.now()
        locked.save(update_fields=["refused_at"])
        return locked

    return perform(Deed.Kind.REFUSED, actor, key, row, work, text=reason, agency_id=row.agency_id)


def review(row: NegativeClass, actor: User, *, key: str, conclusion: str, reason: str, description: str = "") -> NegativeReview:
    """评估: it goes on, its description is narrowed, or it leaves the list today and what it held is open in principle."""

    def work() -> NegativeReview:
        locked = lock(row)
        faults = _said(reason, "请写明评估的理由") + text_reasons(description, most=1000)
        if conclusion not in Conclusion.values:
            faults.append("请选择评估结论")
        if conclusion == Conclusion.NARROW and not description.strip():
            faults.append("缩小范围的，请写明新的说明")
        insist(review_role(locked, actor), in_force_state(locked) or faults)
        today = timezone.localdate()
        made = NegativeReview.objects.create(
            negative_class=locked, conclusion=conclusion, reason=reason.strip(), by=actor, agency=locked.agency, on=today
        )
        if conclusion == Conclusion.NARROW:
            locked.description = description.strip()
            locked.save(update_fields=["description"])
        reviewed(locked, made, today)
        if conclusion == Conclusion.OPEN:
            _take_off(locked, actor, reason)
        return made

    return perform(Deed.Kind.RECONSIDERED, actor, key, row, work, text=reason, agency_id=row.agency_id)


def remove(row: NegativeClass, actor: User, *, key: str, reason: str) -> NegativeClass:
    """移出 outside the cycle: circumstances changed (第十八条), or the office of the place sees no ground any more."""

    def work() -> NegativeClass:
        locked = lock(row)
        mine = not review_role(locked, actor) or scope_of(actor).is_office_of(locked.jurisdiction_id)
        insist("" if mine else "由制作单位或者本地区政务公开主管部门移出", in_force_state(locked) or _said(reason, "请写明移出的理由"))
        _take_off(locked, actor, reason)
        return locked

    return perform(Deed.Kind.UNLISTED, actor, key, row, work, text=reason, agency_id=row.agency_id)


def _said(words: str, missing: str) -> list[str]:
    return text_reasons(words, most=500) if words.strip() else [missing]


def _take_off(locked: NegativeClass, actor: User, reason: str) -> None:
    today = timezone.localdate()
    locked.ended_on, locked.ended_reason = today, reason.strip()[:500]
    locked.save(update_fields=["ended_on", "ended_reason"])
    no_more_reviews(locked, actor, today)


@dataclass(frozen=True, slots=True)
class Shown:
    """A class for a page: with its ground, its state, its last review and the day the next is due."""

    row: NegativeClass
    ground: Ground | None
    word: str
    css: str
    reviewed_on: date | None
    next_on: date | None


def shown(rows: Iterable[NegativeClass], day: date) -> list[Shown]:
    """Two queries however many there are."""
    found = list(rows)
    ids = [row.pk for row in found]
    reviews = NegativeReview.objects.filter(negative_class__in=ids).order_by()
    last = dict(reviews.values_list("negative_class").annotate(Max("on")))
    owed = duties(ids).filter(OPEN, due_on__isnull=False).order_by("-due_on")  # the earliest is written last and stays
    due = dict(owed.values_list("subject_id", "due_on"))
    return [Shown(row, ground(row.ground), *state_of(row, day), last.get(row.pk), due.get(row.pk)) for row in found]
