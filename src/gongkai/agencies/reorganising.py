"""机构改革: merging, dividing, abolishing, renaming agencies and moving their sections, each in one transaction with its document.

An agency that ends keeps its row with `valid_to` and `successor`, and everything closed; its names mean the successor from that day. What
the apps above keep for it follows through `signals.reorganised`. It cannot be undone: a dry run says before what will happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.agencies import carrying
from gongkai.agencies.access import require_office, scope_of
from gongkai.agencies.actions import register_agency, rename_agency
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency, Jurisdiction, Reorganisation, Section, User
from gongkai.agencies.names import normal
from gongkai.agencies.signals import directory_changed, reorganised
from gongkai.journal.actions import record

Kind = Reorganisation.Kind
DEED = "机构改革"


@dataclass(frozen=True, slots=True)
class NewAgency:
    """An agency that the decision sets up."""

    name: str
    short_name: str = ""
    kind: str = Agency.Kind.DEPARTMENT


@dataclass(frozen=True, slots=True)
class Order:
    """What every kind has in common. `key` is the form's; `expected` the sentence of the preview, refused when it is no longer true."""

    actor: User | None
    key: str
    on: date
    basis: str
    dry_run: bool = False
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What receivers of `reorganised` follow: the duties of `old` go to `heir`, or where `chosen` says for one thing."""

    old: Agency
    heir: Agency | None
    """None: what was not chosen stays with `old`."""
    on: date
    reason: str
    actor: User | None
    key: str
    """Begins the key of everything written for this change; short."""
    gone: bool
    """`old` ends; nothing that asks for something may stay with it."""
    section: Section | None = None
    """Only what this section of `old` has."""
    sections: Mapping[int, Section] = field(default_factory=dict)
    """Section of `old` → where it goes on."""
    chosen: Mapping[tuple[str, int], Agency] = field(default_factory=dict)
    """(kind, pk) of belongings → agency."""

    def goes_to(self, kind: str, pk: int) -> Agency | None:
        """Where one thing goes; None where it stays."""
        to = self.chosen.get((kind, pk), self.heir)
        return None if to == self.old else to


@dataclass(frozen=True, slots=True)
class Followed:
    """What one app took along: 移交 37 项未完成的任务，其中 2 项与现有任务合并."""

    title: str
    moved: int
    merged: int = 0
    unit: str = "项"

    @property
    def sentence(self) -> str:
        return f"{self.title} {self.moved} {self.unit}" + (f"，其中 {self.merged} {self.unit}与现有的合并" if self.merged else "")


@dataclass(frozen=True, slots=True)
class Outcome:
    names: str
    followed: tuple[Followed, ...]
    agencies: tuple[Agency, ...] = ()
    """Who takes over; in a dry run they may not exist."""

    @property
    def sentence(self) -> str:
        return "；".join(one.sentence for one in self.followed if one.moved) or "没有要移交的内容"


def failure_reasons(agency: Agency, actor: Any) -> list[str]:
    """Why this agency cannot be reorganised by this person; empty means it may."""
    if not scope_of(actor).is_office_of(agency.jurisdiction_id):
        return [f"{DEED}由本地区政务公开主管部门办理"]
    return [] if agency.valid_to is None else [f"{agency.name}已于 {agency.valid_to} 撤销"]


def merge_agencies(olds: Sequence[Agency], into: Agency | NewAgency, order: Order, *, staff: bool = True) -> Outcome:
    """合并: the olds end the day before, `into` takes over. Without `staff`, sections and posts are not moved along."""
    joined = len(olds) > 1 or isinstance(into, NewAgency)
    return _end(Kind.MERGE, olds, into, order, staff, "{olds}合并为{new}" if joined else "{olds}并入{new}")


def abolish_agency(old: Agency, successor: Agency, order: Order, *, staff: bool = False) -> Outcome:
    """撤销: the agency ends the day before, its duties go to the successor."""
    return _end(Kind.ABOLISH, [old], successor, order, staff, "{olds}撤销，职责由{new}承接")


def _end(kind: str, olds: Sequence[Agency], into: Agency | NewAgency, order: Order, staff: bool, words: str) -> Outcome:
    if not olds:
        raise ActionRefused("请选择要合并或者撤销的机构")
    names = words.format(olds="、".join(a.name for a in olds), new=normal(into.name))

    def work(locked: list[Agency], key: str) -> tuple[list[Agency], list[Followed]]:
        heir = _found(into, locked[0].jurisdiction, order)
        faults = [f"{a.name}和承接单位是同一个机构" for a in locked if a.pk == heir.pk]
        if any(a.is_competent for a in locked) and not staff:
            faults.append("主管部门的内设机构和人员要一并转入，否则没有人能办理本地区的政务公开")
        if faults:
            raise ActionRefused(faults)
        followed = []
        for old in locked:
            sections: dict[int, Section] = {}
            if staff:
                sections = carrying.sections(old.sections.filter(valid_to__isnull=True), lambda _s: heir, order.on)
                posts = carrying.posts(old.memberships.all(), lambda _m: heir, sections)
                followed += [Followed("内设机构", len(sections), unit="个"), Followed("人员任职", posts, unit="个")]
            carrying.end(old, heir, order.on, order.actor)
            reason = f"{names}（{order.basis.strip()}）"
            followed += _tell(Change(old, heir, order.on, reason, order.actor, f"{key}:{old.pk}", gone=True, sections=sections))
        return [heir], followed

    return _run(kind, list(olds), names, order, work)


def split_agency(
    old: Agency,
    parts: Sequence[Agency | NewAgency],
    order: Order,
    *,
    chosen: Mapping[tuple[str, int], int] | None = None,
    main: int | None = 0,
) -> Outcome:
    """拆分: what the agency has is divided among `parts`; `chosen` gives the index of the part for (kind, pk) of belongings.

    With `main`, the agency ends and the rest goes to that part; with None it goes on and keeps the rest.
    """
    if not parts:
        raise ActionRefused("请写明拆分成哪些机构")
    if any(not 0 <= n < len(parts) for n in [*(chosen or {}).values(), *([main] if main is not None else [])]):
        raise ActionRefused("请选择每一项归哪个机构")
    joined = "、".join(normal(part.name) for part in parts)
    names = f"{old.name}拆分为{joined}" if main is not None else f"从{old.name}划出职责，由{joined}承担"

    def work(locked: list[Agency], key: str) -> tuple[list[Agency], list[Followed]]:
        (here,) = locked
        heirs = [_found(part, here.jurisdiction, order) for part in parts]
        if here in heirs:
            raise ActionRefused(f"{here.name}不能拆分给自己")
        if here.is_competent and main is None and any(kind == "membership" for kind, _pk in chosen or {}):
            raise ActionRefused("主管部门的人员任职请在人员表里调整")
        where = {thing: heirs[n] for thing, n in (chosen or {}).items()}
        rest = heirs[main] if main is not None else None
        sections = carrying.sections(here.sections.filter(valid_to__isnull=True), lambda s: where.get(("section", s.pk), rest), order.on)
        posts = carrying.posts(here.memberships.all(), lambda m: where.get(("membership", m.pk), rest), sections)
        followed = [Followed("内设机构", len(sections), unit="个"), Followed("人员任职", posts, unit="个")]
        if rest is not None:
            carrying.end(here, rest, order.on, order.actor)
        reason = f"{names}（{order.basis.strip()}）"
        change = Change(here, rest, order.on, reason, order.actor, key, gone=rest is not None, sections=sections, chosen=where)
        return heirs, [*followed, *_tell(change)]

    return _run(Kind.SPLIT, [old], names, order, work)


def move_section(section: Section, to: Agency, order: Order, *, staff: bool = True) -> Outcome:
    """内设机构划转: the section goes on at another agency, with its duties and, with `staff`, its people."""
    old = section.agency
    names = f"{old.name}{section.name}划转{to.name}"

    def work(locked: list[Agency], key: str) -> tuple[list[Agency], list[Followed]]:
        (here,) = locked
        heir = _found(to, here.jurisdiction, order)
        faults = ["请选择另一个单位"] if heir == here else []
        if section.valid_to is not None:
            faults.append(f"{section.name}已经撤销")
        if faults:
            raise ActionRefused(faults)
        sections = carrying.sections(here.sections.filter(pk=section.pk), lambda _s: heir, order.on)
        posts = carrying.posts(here.memberships.filter(section=section), lambda _m: heir, sections) if staff else 0
        reason = f"{names}（{order.basis.strip()}）"
        change = Change(here, heir, order.on, reason, order.actor, key, gone=False, section=section, sections=sections)
        return [heir], [Followed("人员任职", posts, unit="个"), *_tell(change)]

    return _run(Kind.SECTION, [old], names, order, work)


def rename(agency: Agency, name: str, short_name: str, order: Order) -> Outcome:
    """更名: the same agency under a new name; everything stays with it."""

    def work(locked: list[Agency], _key: str) -> tuple[list[Agency], list[Followed]]:
        (here,) = locked
        if normal(name) == normal(here.name) and normal(short_name) == normal(here.short_name):
            raise ActionRefused("新名称和现在的一样")
        return [rename_agency(here, name, order.actor, order.on, short_name=short_name)], []

    return _run(Kind.RENAME, [agency], f"{agency.name}更名为{normal(name)}", order, work)


Work = Callable[[list[Agency], str], tuple[list[Agency], list[Followed]]]


def _run(kind: str, olds: list[Agency], names: str, order: Order, work: Work) -> Outcome:
    """Permission, key, lock of the place, content; then the work, its record and its entry in the journal, or nothing."""
    place_id = olds[0].jurisdiction_id
    require_office(order.actor, place_id, DEED)
    if not order.key or len(order.key) > 60:
        raise ActionRefused("表单不完整，请刷新页面后再提交")
    with transaction.atomic():
        place = Jurisdiction.objects.select_for_update().get(pk=place_id)  # one reorganisation of a place at a time
        if (earlier := Reorganisation.objects.filter(key=order.key).first()) is not None:
            if (earlier.kind, earlier.actor, {a.pk for a in earlier.olds.all()}) != (kind, order.actor, {a.pk for a in olds}):
                raise ActionRefused("这张表单已经用于另一条记录，请刷新页面后再提交")
            return Outcome(earlier.names, (), tuple(earlier.news.all()))
        wanted = {a.pk for a in olds}
        locked = list(Agency.objects.select_for_update(of=("self",)).select_related("jurisdiction").filter(pk__in=wanted).order_by("code"))
        if faults := _faults(locked, place, order):
            raise ActionRefused(faults)
        made = Reorganisation.objects.create(
            kind=kind,
            jurisdiction=place,
            on=order.on,
            basis=order.basis.strip(),
            names=names[:500],
            actor=order.actor,
            at=timezone.now(),
            key=order.key,
        )
        heirs, followed = work(locked, f"reorganised:{made.pk}")
        outcome = Outcome(names, _added(followed), tuple(heirs))
        if order.expected and order.expected != outcome.sentence:
            raise ActionRefused(f"预览之后情况有了变化，现在是：{outcome.sentence}。请看过再确认")
        made.olds.set(locked)
        made.news.set(heirs)
        made.summary = outcome.sentence[:500]
        made.save(update_fields=["summary"])
        told = {"names": names, "on": order.on, "basis": made.basis}
        record("agency.reorganised", made, actor=order.actor, new=told, place=place_id, note=outcome.sentence)
        directory_changed.send(sender=Agency, jurisdiction=place, actor=order.actor)
        if order.dry_run:
            transaction.set_rollback(True)
    return outcome


def _faults(olds: list[Agency], place: Jurisdiction, order: Order) -> list[str]:
    faults = []
    if not order.basis.strip() or len(order.basis) > 300 or "\x00" in order.basis:
        faults.append("请写明依据文件，不超过 300 个字")
    if order.on > timezone.localdate():
        faults.append("生效日期不能晚于今天，请到那一天再办")
    for old in olds:
        if old.jurisdiction_id != place.pk:
            faults.append(f"{old.name}不属于{place.name}")
        elif old.valid_to is not None:
            faults.append(f"{old.name}已于 {old.valid_to} 撤销")
        elif old.valid_from is not None and order.on <= old.valid_from:
            faults.append(f"生效日期要晚于{old.name}的设立日期 {old.valid_from}")
    return faults


def _found(asked: Agency | NewAgency, place: Jurisdiction, order: Order) -> Agency:
    """The agency that takes over, set up on the day where it is new."""
    if isinstance(asked, NewAgency):
        return register_agency(place, asked.name, asked.short_name, asked.kind, order.actor, valid_from=order.on, announce=False)
    heir = Agency.objects.select_for_update(of=("self",)).select_related("jurisdiction").get(pk=asked.pk)
    if heir.jurisdiction_id != place.pk:
        raise NotAllowed(f"{heir.name}不属于{place.name}，跨地区的职责调整请逐项移交")
    if not heir.existed_on(timezone.localdate()):
        raise ActionRefused(f"{heir.name}已经撤销，请选择现在的机构")
    return heir


def _tell(change: Change) -> list[Followed]:
    answers: list[Any] = [answer for _receiver, answer in reorganised.send(sender=Agency, change=change)]
    return [answer for answer in answers if isinstance(answer, Followed)]


def _added(followed: Iterable[Followed]) -> tuple[Followed, ...]:
    """Those of several agencies in one line each."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for one in followed:
        moved, merged = sums.get((one.title, one.unit), (0, 0))
        sums[one.title, one.unit] = (moved + one.moved, merged + one.merged)
    return tuple(Followed(title, moved, merged, unit) for (title, unit), (moved, merged) in sums.items())
