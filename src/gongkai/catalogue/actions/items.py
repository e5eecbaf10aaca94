"""增加, 修改, 删去事项 in a draft; 对应栏目, which belongs to the item and not to a version; 从清单建立事项 (S1-1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gongkai.agencies.models import Agency, User
from gongkai.catalogue import signals, sources
from gongkai.catalogue.actions.base import insist, keeper_reason, lock, not_draft, office_reason, perform, text_reasons
from gongkai.catalogue.actions.catalogues import drop_unused_items
from gongkai.catalogue.copying import next_codes, next_position
from gongkai.catalogue.importing import FIELDS, LABELS
from gongkai.catalogue.limits import parse_limit
from gongkai.catalogue.models import Catalogue, CatalogueVersion, Column, Deed, Item, ItemSource, ItemStandard
from gongkai.catalogue.rulebook import standard
from gongkai.catalogue.table_rows import LENGTHS
from gongkai.catalogue.tables import clean_text
from gongkai.clocks.limits import UNITS
from gongkai.journal.actions import Change, record_many

MOST_TEXT = 5000


def failure_reasons(version: CatalogueVersion, actor: Any) -> list[str]:
    """Why the rows of a version cannot be changed by this person."""
    role = keeper_reason(version.catalogue.agency, actor)
    return [role] if role else not_draft(version)


def add(version: CatalogueVersion, actor: User, *, key: str, values: Mapping[str, Any], subjects: Iterable[Agency] = ()) -> ItemStandard:
    """A new item at the end of a draft. `values`: fields of ItemStandard; 公开时限 is read from its words."""
    clean = cleaned(values)
    reasons = value_reasons(clean)

    def work() -> ItemStandard:
        locked = lock(version)
        insist(keeper_reason(locked.catalogue.agency, actor), not_draft(locked) or reasons)
        (code,) = next_codes(locked.catalogue_id, 1)
        item = Item.objects.create(catalogue_id=locked.catalogue_id, code=code)
        row = ItemStandard.objects.create(version=locked, item=item, position=next_position(locked), **clean)
        row.subjects.set(subjects)
        return row

    return perform(
        Deed.Kind.ADDED, actor, key, version, work, text=name_of(clean), agency_id=version.catalogue.agency_id, clash="已经有这个事项"
    )


def edit(row: ItemStandard, actor: User, *, key: str, values: Mapping[str, Any], subjects: Iterable[Agency] | None = None) -> ItemStandard:
    """`values`: the fields to change. `subjects` None leaves them."""
    clean = cleaned(values)

    def work() -> ItemStandard:
        lock(row.version)
        locked = lock(row)
        for name, value in clean.items():
            setattr(locked, name, value)
        insist(
            keeper_reason(row.version.catalogue.agency, actor),
            not_draft(locked.version) or value_reasons({n: getattr(locked, n) for n in FIELDS}),
        )
        locked.save(update_fields=list(clean))
        if subjects is not None:
            locked.subjects.set(subjects)
        return locked

    return perform(Deed.Kind.EDITED, actor, key, row, work, text=str(row), agency_id=row.version.catalogue.agency_id)


def drop(row: ItemStandard, actor: User, *, key: str) -> CatalogueVersion:
    """The item leaves the draft; what is in force keeps it until the draft is approved."""

    def work() -> CatalogueVersion:
        locked = lock(row.version)
        insist(keeper_reason(row.version.catalogue.agency, actor), not_draft(locked))
        ItemStandard.objects.filter(pk=row.pk).delete()
        drop_unused_items(locked.catalogue_id)
        return locked

    return perform(Deed.Kind.DROPPED, actor, key, row, work, text=str(row), agency_id=row.version.catalogue.agency_id)


def bind_reason(catalogue: Catalogue, actor: Any) -> str:
    """Columns are given by who keeps the catalogue or by the openness office of the place."""
    keeper = keeper_reason(catalogue.agency, actor)
    return keeper if keeper and office_reason(catalogue.jurisdiction_id, actor) else ""


def bind(catalogue: Catalogue, actor: User, *, key: str, columns: Mapping[int, Column | None]) -> Catalogue:
    """Item id → the column its content stands in; None takes it out (S1-9)."""
    reasons = []
    for column in {column.pk: column for column in columns.values() if column is not None}.values():
        if column.jurisdiction_id != catalogue.jurisdiction_id:
            reasons.append(f"“{column.name}”不是本地区的栏目")
        if column.closed_on:
            reasons.append(f"“{column.name}”已经关停，请选别的栏目")

    def work() -> Catalogue:
        locked = lock(catalogue)
        insist(bind_reason(catalogue, actor), reasons)
        changes = []
        for item in Item.objects.select_for_update().filter(catalogue=locked, pk__in=list(columns)):
            column = columns[item.pk]
            if item.column_id == (column.pk if column else None):
                continue
            old, item.column = item.column_id, column
            item.save(update_fields=["column"])
            new = {"column_id": item.column_id}
            changes.append(Change("catalogue.bound", item, actor, {"column_id": old}, new, locked.agency_id, locked.jurisdiction_id))
            signals.item_bound.send(Item, item=item, actor=actor)
        record_many(changes)
        return locked

    return perform(Deed.Kind.BOUND, actor, key, catalogue, work, text=f"{len(columns)} 项", agency_id=catalogue.agency_id)


def add_from_list(
    version: CatalogueVersion, actor: User, *, key: str, source: sources.ListRef, rows: Iterable[sources.ListRow]
) -> CatalogueVersion:
    """An item for each chosen row of a list that has none yet; each keeps where it comes from (S1-1)."""
    chosen = list(rows)
    reasons = [] if chosen else ["请勾选要建立事项的清单行"]

    def work() -> CatalogueVersion:
        locked = lock(version)
        insist(keeper_reason(locked.catalogue.agency, actor), not_draft(locked) or reasons)
        traced = set(ItemSource.objects.filter(item__standards__version=locked, document_id=source.id).values_list("row_key", flat=True))
        fresh = [row for row in chosen if row.key not in traced]
        position = next_position(locked)
        changes = []
        for n, (row, code) in enumerate(zip(fresh, next_codes(locked.catalogue_id, len(fresh)), strict=True)):
            item = Item.objects.create(catalogue_id=locked.catalogue_id, code=code)
            made = ItemStandard.objects.create(
                version=locked, item=item, position=position + n, level1=row.name[:200], basis=row.basis, elements=row.elements
            )
            ItemSource.objects.create(
                item=item,
                list_kind=source.kind,
                document_id=source.id,
                title=source.title[:200],
                row_key=row.key[:80],
                row_name=row.name[:300],
            )
            new = {"level1": made.level1, "list": source.title, "row": row.key}
            changes.append(Change("catalogue.traced", made, actor, {}, new, locked.catalogue.agency_id, locked.catalogue.jurisdiction_id))
        record_many(changes)
        return locked

    text = f"《{source.title}》{len(chosen)} 行"
    return perform(Deed.Kind.TRACED, actor, key, version, work, text=text, agency_id=version.catalogue.agency_id)


def cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """Known fields, texts as a table would give them; the limit read from its words unless a person has given it."""
    clean = {name: clean_text(value) if isinstance(value, str) else value for name, value in values.items() if name in FIELDS}
    if "limit_words" in clean and not clean.get("limit"):
        parsed = parse_limit(clean["limit_words"])
        clean["limit"] = parsed.limit
        if parsed.cycle and not clean.get("cycle"):
            clean["cycle"] = parsed.cycle
    return clean


def value_reasons(values: Mapping[str, Any]) -> list[str]:
    """Why a row cannot be saved in a draft. A draft may lack much; what it has must make sense."""
    texts = [value for value in values.values() if isinstance(value, str)]
    reasons = text_reasons(*texts, most=MOST_TEXT)
    if not values.get("level1"):
        reasons.append("请填写一级事项")
    for name, (label, most) in LENGTHS.items():
        if len(values.get(name) or "") > most:
            reasons.append(f"{label}不能超过 {most} 个字")
    rules = standard()
    for name, which in (("audience", "audience"), ("method", "method"), ("stage", "stage"), ("cycle", "cycle")):
        if values.get(name) and values[name] not in rules.names(which):
            reasons.append(f"{LABELS[name]}不是规定的分类，请重新选择")
    limit = values.get("limit") or {}
    if limit.get("kind") in ("within", "before") and (
        limit.get("unit") not in UNITS or not isinstance(limit.get("n"), int) or limit["n"] < 1
    ):
        reasons.append("公开时限的天数要是大于 0 的整数")
    return reasons


def name_of(values: Mapping[str, Any]) -> str:
    return str(values.get("level2") or values.get("level1") or "")
