"""From a file to a draft plan: everything in one transaction, in a number of statements that does not grow with the tasks."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.agencies.access import require_office
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.matching import Directory
from gongkai.agencies.models import Jurisdiction, User
from gongkai.journal.actions import record
from gongkai.plans.actions.base import GAP, ROLES, Naming, attach, clip, deadline_rows, final_day, issuer_of, note_step
from gongkai.plans.models import Plan, PlanStep, Task, TaskDeadline, TaskUnit
from gongkai.reading import reader
from gongkai.reading.errors import ReadingError
from gongkai.reading.model import Plan as ReadPlan

MAX_SIZE = 50 * 1024 * 1024
NOTHING_READ = "没有从文件中读出任务：如果它是工作方案，请对照原文逐项增加；如果不是，请删除这份草稿"


def import_plan(data: bytes, name: str, jurisdiction: Jurisdiction, actor: User | None, supersedes: Plan | None = None) -> list[Plan]:
    """Reads the file and keeps each plan in it as a draft for review.

    Several plans come of an archive; its members without tasks are left out. Raises ReadingError (file or member unreadable), NotAllowed,
    ActionRefused (the same file is here already; `supersedes` cannot be superseded). Whatever is raised, nothing is kept.
    """
    require_office(actor, jurisdiction.pk, "导入方案")
    name = PurePath(name.replace("\\", "/")).name or "方案"
    if len(data) > MAX_SIZE:
        raise ActionRefused("文件超过 50 MB，请拆分后再导入")
    digest = hashlib.sha256(data).hexdigest()
    _refuse_again(jurisdiction, digest)
    documents = _read(data, name)
    if supersedes is not None and len(documents) > 1:
        raise ActionRefused("代替原方案的文件只能有一份，这个压缩包里有几份，请分别导入")
    saved: list[Plan] = []
    try:
        with transaction.atomic():
            Jurisdiction.objects.select_for_update().get(pk=jurisdiction.pk)
            _refuse_again(jurisdiction, digest)
            if supersedes is not None:
                supersedes = _superseded(supersedes, jurisdiction)
            directory = Directory(jurisdiction)
            for document in documents:
                plan = _head(document, name, jurisdiction, actor, supersedes, digest)
                naming = Naming(plan, directory.with_issuer(issuer_of(plan, directory)))
                plan.warnings = _warnings(document, directory)
                plan.source_file.save(plan.source_name, ContentFile(data), save=False)
                saved.append(plan)
                plan.save()
                _tasks(plan, document, naming)
                note_step(plan, PlanStep.Kind.IMPORTED, actor, text=f"{name}，读出 {len(document.tasks)} 项任务")
    except IntegrityError as error:
        _forget(saved)
        raise ActionRefused("同一份文件刚刚由别人导入，请在方案列表中查看") from error
    except BaseException:
        _forget(saved)
        raise
    return saved


def _forget(saved: list[Plan]) -> None:
    for plan in saved:
        plan.source_file.delete(save=False)


def _refuse_again(jurisdiction: Jurisdiction, digest: str) -> None:
    if existing := Plan.objects.filter(jurisdiction=jurisdiction, source_sha256=digest).first():
        raise ActionRefused(
            f"这份文件已经导入过，就是《{existing.title}》（{existing.get_state_display()}，{timezone.localtime(existing.imported_at):%Y-%m-%d}）"
        )


def _superseded(old: Plan, jurisdiction: Jurisdiction) -> Plan:
    old = Plan.objects.select_for_update().get(pk=old.pk)
    if old.jurisdiction_id != jurisdiction.pk:
        raise ActionRefused("只能代替本地区的方案")
    if old.state != Plan.State.ISSUED:
        raise ActionRefused(f"《{old.title}》{old.get_state_display()}，只有已下达的方案才能被代替")
    if successor := Plan.objects.filter(supersedes=old).first():
        raise ActionRefused(f"《{old.title}》已经有修订方案《{successor.title}》在核对，请先下达或删除它")
    return old


def _read(data: bytes, name: str) -> list[ReadPlan]:
    """Every document, or the first ReadingError. Text that no database can keep is refused like an unreadable file."""
    documents = []
    for item in reader.read_plans(data, name):
        if isinstance(item, ReadingError):
            raise item
        if "\x00" in item.raw_text or any("\ud800" <= c <= "\udfff" for c in item.raw_text):
            raise ReadingError(
                item.source or name, "文字中有不能保存的字符（可能不是文本文件，或编码识别有误）", "用 Word 或记事本另存为 UTF-8 后再导入"
            )
        documents.append(item)
    with_tasks = [d for d in documents if d.tasks]
    if not documents:
        raise ReadingError(name, "里面没有可以读的文件", "选择 txt、html、docx、pdf、ofd 文件，或装有这些文件的 zip")
    if not with_tasks and len(documents) > 1:
        raise ActionRefused("压缩包里的文件都没有读出任务，没有导入；请选择工作要点、实施方案一类的文件")
    return with_tasks or documents


def _head(document: ReadPlan, name: str, jurisdiction: Jurisdiction, actor: User | None, supersedes: Plan | None, digest: str) -> Plan:
    member = document.source.partition("!")[2]
    own_name = PurePath(member).name if member else name
    return Plan(
        jurisdiction=jurisdiction,
        title=clip(document.title or PurePath(own_name).stem or own_name, Plan, "title"),
        issuer=clip(document.issuer, Plan, "issuer"),
        doc_number=clip(document.doc_number, Plan, "doc_number"),
        issued_on=document.issued_on,
        year=document.year or (document.issued_on.year if document.issued_on else None),
        source_name=_short(name),
        source_member=_short(member),
        source_sha256=digest,
        source_text=document.raw_text,
        cited_documents=[c.to_dict() for c in document.cited_documents],
        supersedes=supersedes,
        imported_by=actor,
    )


def _warnings(document: ReadPlan, directory: Directory) -> list[dict[str, Any]]:
    """What the reader should look at. The compiler doubts a unit named only once, for it knows no directory; who is in ours is no doubt."""
    named = {mark.span: mark.text for task in document.tasks for mark in task.marks}
    kept = [w for w in document.warnings if not (w.kind == "unit" and w.span in named and directory.resolve(named[w.span]).resolved)]
    empty = [] if document.tasks else [{"span": [0, 0], "message": NOTHING_READ, "kind": "empty"}]
    return [*empty, *(w.to_dict() for w in kept)]


def _short(name: str) -> str:
    """A file name that fits its column and keeps its extension."""
    suffix = PurePath(name).suffix[:20]
    return name if len(name) <= 255 else name[: 255 - len(suffix)] + suffix


def _tasks(plan: Plan, document: ReadPlan, naming: Naming) -> None:
    tasks: list[Task] = []
    units: list[TaskUnit] = []
    deadlines: list[TaskDeadline] = []
    for n, read in enumerate(document.tasks, 1):
        task = Task(
            plan=plan,
            position=n * GAP,
            path=list(read.path),
            text=read.text or "（原文为空）",
            span_start=read.span[0],
            span_end=read.span[1],
            marks=[m.to_dict() for m in read.marks],
            joint=read.joint,
            inherited=read.inherited,
            channels=list(read.channels),
            quotas=[q.to_dict() for q in read.quotas],
            doubts=list(read.doubts),
        )
        limits: list[dict[str, Any]] = [d.to_dict() for d in read.deadlines]
        rows = deadline_rows(task, limits)
        task.due_on = final_day(rows)
        units += naming.units(task, {role: getattr(read, role) for role in ROLES})
        deadlines += rows
        tasks.append(task)
    Task.objects.bulk_create(tasks)
    attach(units, deadlines)
    TaskUnit.objects.bulk_create(units)
    TaskDeadline.objects.bulk_create(deadlines)
    naming.keep_unknown()


@transaction.atomic
def discard(plan: Plan, actor: User | None) -> None:
    """Deletes a draft with its file, so that the document can be imported anew. An issued plan is never deleted."""
    require_office(actor, plan.jurisdiction_id, "删除草稿")
    locked = Plan.objects.select_for_update().filter(pk=plan.pk).first()
    if locked is None:
        return
    if locked.state != Plan.State.DRAFT:
        raise ActionRefused("已下达的方案不能删除；要调整请导入修订后的方案")
    storage, path = locked.source_file.storage, locked.source_file.name
    was = {"title": locked.title, "state": locked.state, "source_name": locked.source_name, "source_sha256": locked.source_sha256}
    record("plans.discarded", locked, actor=actor, old=was, place=locked.jurisdiction_id)
    locked.delete()
    if path:
        transaction.on_commit(lambda: storage.delete(path))
