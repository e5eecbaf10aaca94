"""设立, 修改, 关停栏目; 修改本地区词表. An address never changes; a closed column says where its content went (S4-52)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from gongkai.agencies.models import Agency, Jurisdiction, User
from gongkai.catalogue import signals
from gongkai.catalogue.actions.base import insist, lock, office_reason, perform, text_reasons
from gongkai.catalogue.models import Column, Deed, Term
from gongkai.catalogue.rulebook import column_types, default_columns, standard
from gongkai.catalogue.terms import standard_fields
from gongkai.journal.actions import Change, record_many

DEEPEST = 4
MOST_DAYS = 3650
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,58}")
_ENTRY = re.compile(r"(?:https?://[^\s<>\"]+|/(?!/)[^\s<>\"\\]*)")


def value_reasons(values: dict[str, Any], column: Column | None = None) -> list[str]:
    """Why a column cannot be like this."""
    reasons = text_reasons(values.get("name", ""), values.get("description", ""), values.get("keywords", ""), most=300)
    if not values.get("name", "").strip() or len(values["name"]) > 60:
        reasons.append("请填写栏目名称，不超过 60 个字")
    if column is None and not _SLUG.fullmatch(values.get("slug", "")):
        reasons.append("地址只能用小写字母、数字和短横线，以字母或数字开头")
    if values.get("kind") and values["kind"] not in column_types():
        reasons.append("栏目类型要用网页标签规范列举的类型")
    reasons += entry_reasons(values.get("interactive", ""), values.get("entry_url", ""))
    days = values.get("freshness_days")
    if days is not None and not 1 <= days <= MOST_DAYS:
        reasons.append(f"更新间隔填 1 到 {MOST_DAYS} 日，不查就留空")
    agency = values.get("agency")
    if agency is not None and agency.valid_to is not None and agency.valid_to < timezone.localdate():
        reasons.append(f"{agency.name}已经撤销，请选现在的单位")
    return reasons + _parent_reasons(values.get("parent"), values.get("place"), column)


def entry_reasons(interactive: str, entry_url: str) -> list[str]:
    """An interactive column leads somewhere on this site or, with its scheme, elsewhere."""
    if interactive and interactive not in Column.Interactive.values:
        return ["请选择互动方式"]
    if entry_url and not interactive:
        return ["只有互动栏目有参与入口，请先选互动方式"]
    if entry_url and (len(entry_url) > 300 or not _ENTRY.fullmatch(entry_url)):
        return ["参与入口写本站地址（以 / 开头）或者以 https:// 开头的网址，不超过 300 个字符"]
    return []


def _parent_reasons(parent: Column | None, place: Jurisdiction | None, column: Column | None) -> list[str]:
    if parent is None:
        return []
    if place is not None and parent.jurisdiction_id != place.pk:
        return ["上级栏目不是本地区的"]
    if parent.closed_on:
        return ["上级栏目已经关停，请选别的栏目"]
    depth, here, seen = 1, parent, set()
    while here is not None and here.pk not in seen:
        if column is not None and here.pk == column.pk:
            return ["栏目不能放到自己或者自己的下级栏目之下"]
        seen.add(here.pk)
        depth, here = depth + 1, here.parent  # type: ignore[assignment]
    return ["栏目最多四层"] if depth > DEEPEST else []


def make(place: Jurisdiction, actor: User, *, key: str, **values: Any) -> Column:
    """设立栏目. `values`: slug, name, kind, agency, parent, description, keywords, freshness_days, interactive, entry_url."""
    reasons = value_reasons(values | {"place": place})
    if values.get("agency") is None:
        reasons.append("请选择责任单位")

    def work() -> Column:
        insist(office_reason(place.pk, actor), reasons)
        last = Column.objects.filter(jurisdiction=place, parent=values.get("parent")).aggregate(n=Max("position"))["n"] or 0
        return Column.objects.create(jurisdiction=place, position=last + 1, **_kept(values))

    return perform(
        Deed.Kind.COLUMN_MADE,
        actor,
        key,
        None,
        work,
        text=values.get("name", ""),
        agency_id=_agency_id(values),
        clash="这个地址已经用过，请换一个",
    )


def change(column: Column, actor: User, *, key: str, **values: Any) -> Column:
    """改名称、责任单位、上级栏目、更新间隔; never the address."""
    values.pop("slug", None)
    reasons = value_reasons(values | {"place": column.jurisdiction}, column)

    def work() -> Column:
        locked = lock(column)
        insist(office_reason(locked.jurisdiction_id, actor), _closed(locked) or reasons)
        kept = _kept(values)
        for name, value in kept.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(kept))
        return locked

    return perform(Deed.Kind.COLUMN_CHANGED, actor, key, column, work, text=column.name, agency_id=column.agency_id)


def close_reasons(column: Column, moved_to: Column | None = None) -> list[str]:
    """Why a column cannot be closed now. What stands in it must have somewhere to go."""
    reasons = _closed(column)
    if children := list(column.children.filter(closed_on__isnull=True)[:3]):
        reasons.append(f"还有下级栏目“{'”“'.join(child.name for child in children)}”，请先移走或者关停")
    if moved_to is None:
        if n := column.items.count():
            reasons.append(f"还有 {n} 个公开事项对应这个栏目，请写明内容迁往哪个栏目")
    elif moved_to.pk == column.pk or moved_to.jurisdiction_id != column.jurisdiction_id or moved_to.closed_on:
        reasons.append("内容只能迁往本地区另一个没有关停的栏目")
    return reasons


def close(column: Column, actor: User, *, key: str, reason: str, moved_to: Column | None = None, on: date | None = None) -> Column:
    """关停: its items go to `moved_to`; its address stays and leads there."""
    missing = text_reasons(reason, most=500) or ([] if reason.strip() else ["请写明为什么关停"])
    day = on or timezone.localdate()
    if day > timezone.localdate():
        missing.append("关停日期不能晚于今天")

    def work() -> Column:
        locked = lock(column)
        insist(office_reason(locked.jurisdiction_id, actor), close_reasons(locked, moved_to) + missing)
        changes = []
        for item in locked.items.select_for_update().select_related("catalogue"):
            item.column = moved_to
            item.save(update_fields=["column"])
            old, new = {"column_id": locked.pk}, {"column_id": item.column_id}
            changes.append(Change("catalogue.bound", item, actor, old, new, item.catalogue.agency_id, locked.jurisdiction_id))
            signals.item_bound.send(type(item), item=item, actor=actor)
        record_many(changes)
        locked.closed_on, locked.moved_to = day, moved_to
        locked.save(update_fields=["closed_on", "moved_to"])
        signals.column_closed.send(Column, column=locked, actor=actor)
        return locked

    return perform(Deed.Kind.COLUMN_CLOSED, actor, key, column, work, text=reason, agency_id=column.agency_id)


def found(place: Jurisdiction, actor: User, *, key: str, agency: Agency) -> Column:
    """The columns of rules/columns.toml that the place has not, all `agency`'s until they are given to others; the first of them."""

    def work() -> Column:
        insist(office_reason(place.pk, actor), [] if agency.jurisdiction_id == place.pk else ["责任单位要是本地区的单位"])
        here = {column.slug: column for column in Column.objects.filter(jurisdiction=place)}
        made = []
        for n, rule in enumerate(default_columns(), 1):
            if rule.slug in here:
                continue
            parent = here.get(rule.parent)
            here[rule.slug] = Column.objects.create(
                jurisdiction=place,
                agency=agency,
                parent=parent if parent and not parent.closed_on else None,
                slug=rule.slug,
                name=rule.name,
                kind=rule.type,
                freshness_days=rule.freshness_days,
                position=n,
            )
            made.append(here[rule.slug])
        insist("", [] if made else ["标准栏目都已经有了"])
        record_many([Change("catalogue.column_made", one, actor, {}, {"name": one.name}, agency.pk, place.pk) for one in made[1:]])
        return made[0]

    return perform(Deed.Kind.COLUMN_MADE, actor, key, None, work, text="按标准栏目设立", agency_id=agency.pk)


def set_term(place: Jurisdiction, actor: User, *, key: str, kind: str, code: str, name: str, basis: str = "", unused: bool = False) -> Term:
    """How this place words a field or channel: renames the rules' own, leaves it out, or adds one of its own (S1-2)."""
    reasons = text_reasons(name, basis, most=200)
    if kind not in Term.Kind.values:
        reasons.append("请选择词表的类别")
    if not _SLUG.fullmatch(code.replace("_", "-")) or len(code) > 40:
        reasons.append("代码只能用小写字母、数字、短横线和下划线，不超过 40 个")
    if not name.strip() or len(name) > 60:
        reasons.append("请填写名称，不超过 60 个字")
    if kind == Term.Kind.CHANNEL and code == "other":
        reasons.append("“其他”是固定的一项，不改动")
    known = {f.code for f in standard_fields()} if kind == Term.Kind.FIELD else set(standard().names("channel"))
    if unused and code not in known and not Term.objects.filter(jurisdiction=place, kind=kind, code=code).exists():
        reasons.append("词表里没有这个代码，不能停用")
    before = Term.objects.filter(jurisdiction=place, kind=kind, code=code).first()

    def work() -> Term:
        insist(office_reason(place.pk, actor), reasons)
        values = {"name": name.strip(), "basis": basis.strip(), "unused": unused}
        made, _new = Term.objects.update_or_create(jurisdiction=place, kind=kind, code=code, defaults=values)
        return made

    return perform(Deed.Kind.TERM_SET, actor, key, before, work, text=name)


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    names = ("slug", "name", "kind", "agency", "parent", "description", "keywords", "freshness_days", "interactive", "entry_url")
    return {name: values[name].strip() if isinstance(values[name], str) else values[name] for name in names if name in values}


def _closed(column: Column) -> list[str]:
    return [f"“{column.name}”已于 {column.closed_on} 关停"] if column.closed_on else []


def _agency_id(values: dict[str, Any]) -> int | None:
    agency = values.get("agency")
    return agency.pk if agency is not None else None
