"""Whose draft it is, and whether it may be changed now: asked by every verb that writes a revision."""

from __future__ import annotations

from typing import Any

from gongkai.agencies.access import scope_of
from gongkai.publications.access import acts_for
from gongkai.publications.actions.base import lock
from gongkai.publications.models import Document, Edition
from gongkai.publications.models.editions import WORKING

State = Edition.State
LABELS = {"start": "拟稿", "save": "修改", "restore": "恢复旧稿", "discard": "放弃草稿", "begin": "出新版", "arrange": "修改归类"}


def role_reason(verb: str, document: Document, actor: Any) -> str:
    """Why the verb is not this person's, or an empty string."""
    if acts_for(scope_of(actor), document.agency):
        return ""
    return f"{LABELS[verb]}由{document.agency.name}的经办人、审核人或负责人办理"


def state_reasons(verb: str, record: Any) -> list[str]:
    """Why the verb cannot be done now, whoever asks. `record` is an Edition, for `begin` and `arrange` the Document."""
    if verb == "begin":
        editions = list(record.editions.all())
        if any(edition.state in WORKING for edition in editions):
            return ["已经有一版正在拟稿或审核，先办完或放弃它"]
        return [] if editions else ["还没有拟过稿"]
    if verb == "arrange":
        pending = any(edition.state in WORKING and edition.state != State.DRAFT for edition in record.editions.all())
        return ["正在审核或等待发布，要改归类请先撤回送审"] if pending else []
    state = record.state
    if state == State.DRAFT:
        return []
    if state in WORKING:
        return [f"现在是“{record.get_state_display()}”，要改请先撤回送审"]
    return [f"这一版是“{record.get_state_display()}”，不能再改；要改请出新版"]


def failure_reasons(verb: str, record: Any, actor: Any) -> list[str]:
    """Sentences that stand between this person and the verb; empty means it may be done."""
    document = record if isinstance(record, Document) else record.document
    role = role_reason(verb, document, actor)
    return [role] if role else state_reasons(verb, record)


def held(edition: Edition) -> Edition:
    """The edition as it is now with its document, both held until the transaction ends; the document first, as every verb locks."""
    document = lock(edition.document)
    row = lock(edition)
    row.document = document
    return row
