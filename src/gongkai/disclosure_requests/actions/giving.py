"""The files of a reply: found, put into the case, given as they are or with areas covered (条例第三十七条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files import File
from django.db import transaction

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.disclosure_requests import casefiles
from gongkai.disclosure_requests.actions.base import insist, lock, locked, no_role, perform
from gongkai.disclosure_requests.actions.reply_base import draft_reasons
from gongkai.disclosure_requests.models import CaseFile, Deed, DisclosureRequest, Reply, ReplyFile
from gongkai.disclosure_requests.replying import tasks

MOST_AREAS = 2000
"""Areas and words of one file."""


def attach(request: DisclosureRequest, actor: User, *, key: str, files: Sequence[File[Any]]) -> DisclosureRequest:
    """检索到的政府信息 comes into the case; whether it is given the reply says."""
    insist(no_role(actor, request), draft_reasons(request))
    if not files:
        raise ActionRefused("请选择文件")
    if found := casefiles.file_reasons(files):
        raise ActionRefused(found)
    kept: list[CaseFile] = []

    def work() -> DisclosureRequest:
        case = locked(request)
        kept.extend(casefiles.add(case, CaseFile.Kind.FOUND, files, actor))
        return case

    try:
        return perform(Deed.Kind.ATTACHED, actor, key, request, work, request=request, text=f"检索到的政府信息 {len(files)} 件")
    except BaseException:
        casefiles.forget(kept)
        raise


def give_reasons(reply: Reply, source: CaseFile) -> list[str]:
    """Only what the agency found is given: never an identity proof or a letter of somebody."""
    found = draft_reasons(reply.request)
    if source.request_id != reply.request_id or source.kind != CaseFile.Kind.FOUND or source.removed_at is not None:
        found.append("只能提供这件申请案卷里检索到的政府信息")
    return found


def give(reply: Reply, actor: User, *, key: str, source: CaseFile, areas: Sequence[Mapping[str, Any]] = ()) -> ReplyFile:
    """A file of the case goes with the reply, as it is or with areas covered; the worker makes and screens the copy. What was reviewed is
    what goes out, so that this is a new version of the draft."""
    request = reply.request
    insist(no_role(actor, request), give_reasons(reply, source))
    if len(areas) > MOST_AREAS:
        raise ActionRefused(f"一份文件最多遮盖 {MOST_AREAS} 处，请按文字遮盖，或者把文件拆成几份")
    if any(not str(area.get("reason", "")).strip() for area in areas):
        raise ActionRefused("每处遮盖都要写明依据（条例第三十七条）")
    fresh = {"given": "", "given_name": "", "given_sha256": "", "given_size": 0, "made_at": None, "failed": "", "findings": []}

    def work() -> ReplyFile:
        locked(request)
        row = lock(reply)
        insist("", give_reasons(row, source))
        old = ReplyFile.objects.filter(reply=row, source=source).first()
        if old is not None and old.given:
            _later_delete(old)
        values = {**fresh, "areas": list(areas), "pages_done": 0, "pages": 0}
        made, _new = ReplyFile.objects.update_or_create(reply=row, source=source, defaults=values)
        row.version += 1
        row.save(update_fields=["version"])
        tasks.after_commit(tasks.make_given, made.pk)
        return made

    return perform(Deed.Kind.REDACTED, actor, key, reply, work, request=request, text=f"遮盖 {len(areas)} 处" if areas else "原样提供")


def _later_delete(row: ReplyFile) -> None:
    """The copy that is not given any more leaves the disk when the verb is done."""
    storage, name = row.given.storage, str(row.given.name)
    transaction.on_commit(lambda: storage.delete(name), robust=True)


def take_away(file: ReplyFile, actor: User, *, key: str) -> Reply:
    """The file does not go with the reply after all."""
    reply = file.reply
    request = reply.request
    insist(no_role(actor, request), draft_reasons(request))

    def work() -> Reply:
        row = lock(reply)
        insist("", draft_reasons(row.request))
        gone = lock(file)
        if gone.given:
            _later_delete(gone)
        gone.delete()
        row.version += 1
        row.save(update_fields=["version"])
        return row

    return perform(Deed.Kind.REDACTED, actor, key, reply, work, request=request, text="移出提供的文件")
