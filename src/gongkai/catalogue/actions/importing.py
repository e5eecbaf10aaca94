"""上传目录表 for the dry run, and 导入: the whole table or nothing. The same table again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files import File
from django.db import models
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.catalogue.actions.base import insist, keeper_reason, lock, not_draft, perform
from gongkai.catalogue.actions.catalogues import drop_unused_items
from gongkai.catalogue.copying import next_codes, next_position
from gongkai.catalogue.importing import Outlook, Step, outlook, written
from gongkai.catalogue.models import CatalogueVersion, Deed, Import, Item, ItemStandard
from gongkai.catalogue.tables import TableError
from gongkai.journal.actions import Change, record_many
from gongkai.obligations.uploads import described, kept_name

MAX_SIZE = 20 * 1024 * 1024
CONTENT_TYPES = {"html": "text/html"}


def file_reasons(file: File[Any] | None) -> list[str]:
    """What can be seen before the file is read."""
    if file is None:
        return ["请选择要导入的目录表"]
    name = kept_name(file.name or "")
    if not file.size:
        return [f"“{name}”是空文件"]
    if file.size > MAX_SIZE:
        return [f"“{name}”超过 {MAX_SIZE // 1024 // 1024} MB，请拆成几份再导入"]
    if not name.lower().endswith((".xlsx", ".docx", ".html", ".htm")):
        return [f"“{name}”的类型不能导入，请用 xlsx、docx 或 html 文件"]
    return []


def upload(version: CatalogueVersion, actor: User, *, key: str, file: File[Any] | None, drop_missing: bool = False) -> Import:
    """Keeps the file and reads it once, so that what cannot be read is refused at once in one sentence."""
    reasons = file_reasons(file)
    saved: list[Any] = []

    def work() -> Import:
        locked = lock(version)
        insist(keeper_reason(locked.catalogue.agency, actor), not_draft(locked) or reasons)
        assert file is not None
        file.seek(0)
        look(locked, file.read(), kept_name(file.name or ""))
        file.seek(0)
        made = Import(version=locked, drop_missing=drop_missing, uploaded_by=actor)
        facts = _described(file)
        made.name, made.size, made.sha256, made.content_type = (facts[k] for k in ("name", "size", "sha256", "content_type"))
        made.file.save(made.name, file, save=False)
        saved.append(made.file)
        made.save()
        return made

    try:
        return perform(Deed.Kind.UPLOADED, actor, key, version, work, agency_id=version.catalogue.agency_id)
    except BaseException:
        for one in saved:
            one.storage.delete(one.name)
        raise


def _described(file: File[Any]) -> dict[str, Any]:
    name = kept_name(file.name or "")
    if name.lower().endswith((".html", ".htm")):
        import hashlib

        digest = hashlib.sha256(b"".join(file.chunks())).hexdigest()
        file.seek(0)
        return {"name": name, "size": file.size, "sha256": digest, "content_type": CONTENT_TYPES["html"]}
    return described(file)


def look(version: CatalogueVersion, data: bytes, name: str) -> Outlook:
    """The dry run. Raises ActionRefused with one sentence for a file that cannot be read."""
    try:
        return outlook(version, data, name)
    except TableError as error:
        raise ActionRefused(str(error)) from error


def looked(imported: Import) -> Outlook:
    """What importing a kept file would do now."""
    with imported.file.open("rb") as file:
        return look(imported.version, file.read(), imported.name)


def state_reasons(imported: Import, seen: Outlook) -> list[str]:
    if imported.applied_at:
        return ["这张表已经导入；再次导入请重新上传"]
    found = not_draft(imported.version)
    if not found and seen.faults:
        found = [f"表里有 {seen.counts['wrong']} 行要改，改好后重新上传；没有导入任何一行"]
    if not found and not seen.steps:
        found = ["表头下面没有事项"]
    return found


def apply(imported: Import, actor: User, *, key: str) -> Import:
    """导入: new items are added, changed ones changed; with `drop_missing`, what the table has not is dropped. The order is the table's."""

    def work() -> Import:
        version = lock(imported.version)
        locked = lock(imported)
        insist(keeper_reason(version.catalogue.agency, actor), [])
        seen = looked(locked)
        insist("", state_reasons(locked, seen))
        take_over(version, seen, actor, locked.drop_missing)
        locked.applied_at = timezone.now()
        locked.summary = seen.counts | {"dropped": len(seen.missing) if locked.drop_missing else 0}
        locked.save(update_fields=["applied_at", "summary"])
        return locked

    return perform(Deed.Kind.IMPORTED, actor, key, imported, work, text=imported.name, agency_id=imported.version.catalogue.agency_id)


def take_over(version: CatalogueVersion, seen: Outlook, actor: User | None, drop_missing: bool) -> None:
    """Writes what a dry run has shown, with an entry in the journal for every row."""
    changes: list[Change] = []
    agency_id, place_id = version.catalogue.agency_id, version.catalogue.jurisdiction_id
    fresh = [step for step in seen.steps if step.kind == "new"]
    for step, item in zip(fresh, _items(version, fresh), strict=True):
        step.standard = ItemStandard(version=version, item=item, position=0, **written(step))
    at = 0 if not seen.missing or drop_missing else next_position(version)
    for n, step in enumerate(seen.steps, 1):
        assert step.standard is not None
        step.standard.position = at + n
    ItemStandard.objects.bulk_create([step.standard for step in fresh if step.standard])
    for step in fresh:
        changes.append(Change("catalogue.added", step.standard, actor, {}, written(step), agency_id, place_id))  # type: ignore[arg-type]
    known = [step for step in seen.steps if step.kind != "new"]
    for step in known:
        assert step.standard is not None
        if step.kind == "changed":
            new = {name: value for name, value in written(step).items() if name in step.changes}
            old = {name: getattr(step.standard, name) for name in new}
            for name, value in new.items():
                setattr(step.standard, name, value)
            changes.append(Change("catalogue.edited", step.standard, actor, old, new, agency_id, place_id))
    fields = [f.name for f in ItemStandard._meta.concrete_fields if f.name not in ("id", "version", "item")]
    ItemStandard.objects.bulk_update([step.standard for step in known if step.standard], fields, batch_size=200)
    _subjects([step for step in seen.steps if step.kind == "new" or "subject_words" in step.changes])
    if drop_missing and seen.missing:
        for row in seen.missing:
            changes.append(Change("catalogue.dropped", row, actor, {"level1": row.level1, "level2": row.level2}, {}, agency_id, place_id))
        ItemStandard.objects.filter(pk__in=[row.pk for row in seen.missing]).delete()
        drop_unused_items(version.catalogue_id)
    record_many(changes)


def _items(version: CatalogueVersion, steps: Sequence[Step]) -> list[Item]:
    """An item for every new row: known again by the code of an earlier version, else new with the table's code or the next."""
    wanted = [step.row.values["code"] for step in steps]
    earlier = {item.code: item for item in Item.objects.filter(catalogue=version.catalogue_id, code__in=[code for code in wanted if code])}
    spare = iter(next_codes(version.catalogue_id, len(steps) * 2))
    taken = set(wanted)
    items, made = [], []
    for code in wanted:
        if code and code in earlier:
            items.append(earlier[code])
            continue
        item = Item(catalogue_id=version.catalogue_id, code=code or next(c for c in spare if c not in taken))
        made.append(item)
        items.append(item)
    Item.objects.bulk_create(made)
    return items


def _subjects(steps: Sequence[Step]) -> None:
    through: type[models.Model] = ItemStandard.subjects.through
    rows = [step.standard.pk for step in steps if step.standard]
    through._default_manager.filter(itemstandard_id__in=rows).delete()
    through._default_manager.bulk_create(
        through(itemstandard_id=step.standard.pk, agency_id=agency.pk) for step in steps if step.standard for agency in step.subjects
    )
