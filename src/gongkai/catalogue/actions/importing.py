"""上传目录表, 隐藏工作表的取舍, 导入: what a person does with a table. A short one is read and taken over at once, a long one by the worker
(import_runs.py). The same table again changes nothing."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files import File
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.catalogue import import_runs
from gongkai.catalogue.actions.base import insist, keeper_reason, lock, not_draft, perform
from gongkai.catalogue.importing import Outlook, outlook
from gongkai.catalogue.models import CatalogueVersion, Deed, Import
from gongkai.catalogue.tables import TableError, rows_in
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
    """Keeps the file. One of few rows is read at once; one of many is looked at from outside and goes to the worker. What cannot be read is
    refused in one sentence, and nothing is kept of it."""
    reasons = file_reasons(file)
    saved: list[Any] = []

    def work() -> Import:
        locked = lock(version)
        insist(keeper_reason(locked.catalogue.agency, actor), not_draft(locked) or reasons)
        assert file is not None
        made = Import(version=locked, drop_missing=drop_missing, uploaded_by=actor)
        made.rows = _counted(file)
        facts = _described(file)
        made.name, made.size, made.sha256, made.content_type = (facts[k] for k in ("name", "size", "sha256", "content_type"))
        made.file.save(made.name, file, save=False)
        saved.append(made.file)
        made.save()
        _look(made, saved)
        return made

    try:
        return perform(Deed.Kind.UPLOADED, actor, key, version, work, agency_id=version.catalogue.agency_id)
    except BaseException:
        for one in saved:
            one.storage.delete(one.name)
        raise


def _counted(file: File[Any]) -> int:
    file.seek(0)
    try:
        return rows_in(file.read(), kept_name(file.name or ""))
    except TableError as error:
        raise ActionRefused(str(error)) from error
    finally:
        file.seek(0)


def _look(kept: Import, saved: list[Any]) -> None:
    """Reads a short table; a long one is the worker's."""
    if kept.rows > import_runs.AT_ONCE:
        import_runs.enqueue(kept.pk)
        return
    import_runs.keep(kept, looked(kept))
    if kept.rejected:
        saved.append(kept.rejected)


def choose_hidden(imported: Import, actor: User, *, key: str, include: bool) -> Import:
    """Whether hidden sheets are read too; the table is read anew."""
    saved: list[Any] = []

    def work() -> Import:
        version = lock(imported.version)
        locked = lock(imported)
        insist(keeper_reason(version.catalogue.agency, actor), state_reasons(locked))
        locked.include_hidden = include
        locked.read_at, locked.problem, locked.attempts, locked.done, locked.total = None, "", 0, 0, 0
        locked.save(update_fields=["include_hidden", "read_at", "problem", "attempts", "done", "total"])
        _look(locked, saved)
        return locked

    try:
        return perform(Deed.Kind.HIDDEN_CHOSEN, actor, key, imported, work, agency_id=imported.version.catalogue.agency_id)
    except BaseException:
        for one in saved:
            one.storage.delete(one.name)
        raise


def _described(file: File[Any]) -> dict[str, Any]:
    name = kept_name(file.name or "")
    if name.lower().endswith((".html", ".htm")):
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
    """What importing a kept file would do now. Raises ActionRefused, also where the file is gone."""
    try:
        return import_runs.looked(imported)
    except TableError as error:
        raise ActionRefused(str(error)) from error
    except FileNotFoundError as error:
        raise ActionRefused(import_runs.MISSING_FILE) from error


def state_reasons(imported: Import) -> list[str]:
    """Why a table cannot be taken over now, whoever asks; what its rows say is counted when it is (import_runs.stopping)."""
    if imported.applied_at:
        return ["这张表已经导入；再次导入请重新上传"]
    if imported.is_applying:
        return ["正在导入，请等它完成"]
    if imported.problem:
        return [imported.problem]
    if imported.is_reading:
        return ["表还没有读完，请稍后再确认"]
    return not_draft(imported.version)


def row_reasons(imported: Import, *, partial: bool = False) -> list[str]:
    """What the dry run as kept says against taking the table over, whole or in part."""
    counts = imported.outlook.get("counts", {})
    wrong, good = counts.get("wrong", 0), sum(counts.get(kind, 0) for kind in ("new", "changed", "same"))
    if wrong and not partial:
        return [f"表里有 {wrong} 行要改，改好后重新上传；没有导入任何一行"]
    return [] if good else ["表头下面没有能导入的事项" if wrong else "表头下面没有事项"]


def apply(imported: Import, actor: User, *, key: str, partial: bool = False) -> Import:
    """导入: new items are added, changed ones changed; with `drop_missing`, what the table has not is dropped. The order is the table's.

    `partial` takes the good rows and leaves the others (nothing is dropped then); without it one bad row keeps the whole table out.
    """
    agency_id = imported.version.catalogue.agency_id
    at_once = imported.rows <= import_runs.AT_ONCE

    def work() -> Import:
        version = lock(imported.version)
        locked = lock(imported)
        insist(keeper_reason(version.catalogue.agency, actor), state_reasons(locked) or row_reasons(locked, partial=partial))
        locked.partial, locked.asked_by = partial, actor
        if at_once:
            import_runs.take_at_once(locked, version)
            locked.save(update_fields=["partial", "asked_by", "applied_at", "summary"])
            return locked
        locked.asked_at, locked.base, locked.summary, locked.attempts, locked.done, locked.total = timezone.now(), None, {}, 0, 0, 0
        locked.save(update_fields=["partial", "asked_by", "asked_at", "base", "summary", "attempts", "done", "total"])
        import_runs.enqueue(locked.pk)
        return locked

    kind = Deed.Kind.IMPORTED if at_once else Deed.Kind.IMPORT_ASKED
    return perform(kind, actor, key, imported, work, text=imported.name, agency_id=agency_id, clash="这一版正在导入另一张表，请等它完成")
