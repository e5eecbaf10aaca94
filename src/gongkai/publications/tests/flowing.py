"""Documents taken through their verbs by the fixed cast, for the tests of reviewing, publishing and the public page."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from gongkai.conftest import Cast
from gongkai.publications.actions import reviewing
from gongkai.publications.actions.reviewing import Verdict, parts_of
from gongkai.publications.models import Attachment, AttachmentVersion, Edition, Review, RevisionAttachment
from gongkai.publications.reviewing import workflow
from gongkai.publications.tests.making import draft, revise

WHO = {"check": "reviewer", "secrecy": "secrecy_reviewer", "office": "openness_officer", "approve": "head"}
BASIS = "政府信息公开条例第十七条"


def keys() -> str:
    return str(uuid.uuid4())


def whole(**content: Any) -> dict[str, Any]:
    """What a text needs to be submitted."""
    values: dict[str, Any] = {
        "title": "关于做好示例工作的通知",
        "body": "<p>正文。</p>",
        "doc_number": "清发改〔2026〕8号",
        "issued_on": date(2026, 3, 2),
        "abstract": "做好示例工作的要求。",
        "theme": "0201",
        "genre": "notice",
        "effective_on": date(2026, 4, 1),
        "label": "此件公开发布",
    }
    return {**values, **content}


def proposed(cast: Cast, kind: str = "other", document: Any = None, **content: Any) -> Edition:
    """A complete draft that its drafter has submitted."""
    edition = draft(cast.reform, cast.drafter, kind=kind, document=document, **whole(**content))
    return reviewing.submit(edition, cast.user("drafter"), key=keys())


def agree(
    cast: Cast,
    edition: Edition,
    step: str,
    *,
    by: Any = None,
    conclusion: str = "passed",
    opinion: str = "",
    items: Sequence[Verdict] | None = None,
    key: str = "",
) -> Review:
    """One step by whom the cast has for it; `edition` is refreshed. A secrecy review says the same of every part unless told otherwise."""
    found = next((one for one in workflow.steps_for(edition) if one.id == step), None)
    assert edition.revision is not None
    if items is None and found is not None and found.kind == "secrecy" and conclusion != "returned":
        items = [Verdict(part, conclusion, BASIS) for part in parts_of(edition.revision)]
    who = by or cast.user(WHO.get(step, "reviewer" if found is None or found.kind == "content" else "secrecy_reviewer"))
    try:
        return reviewing.review(
            edition,
            who,
            key=key or keys(),
            step=step,
            revision_id=edition.revision_id or 0,
            conclusion=conclusion,
            basis=BASIS,
            opinion=opinion,
            items=items or (),
        )
    finally:
        edition.refresh_from_db()


def through(cast: Cast, kind: str = "other", document: Any = None, **content: Any) -> Edition:
    """審核通過: agreed by three people, ready to be opened."""
    edition = proposed(cast, kind, document, **content)
    conclusion = "withheld" if content.get("attribute") == "withheld" else "passed"
    for step in workflow.steps_for(edition):
        agree(cast, edition, step.id, conclusion=conclusion)
    return edition


def put_file(edition: Edition, who: Any, name: str, data: bytes = b"PK") -> AttachmentVersion:
    """A further revision with one more attachment."""
    assert edition.revision is not None
    old = edition.revision
    attachment = Attachment.objects.create(document=edition.document)
    version = AttachmentVersion(
        attachment=attachment,
        number=1,
        name=name,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        content_type="application/octet-stream",
        uploaded_by=who,
        uploaded_at=timezone.now(),
    )
    version.original.save(name, ContentFile(data), save=False)
    version.save()
    fields = ("title", "body", "abstract", "doc_number", "issued_on", "label", "attribute", "theme", "genre", "source")
    new = revise(edition, who, **{field: getattr(old, field) for field in fields})
    for link in old.attachment_links.all():
        RevisionAttachment.objects.create(revision=new, version=link.version, position=link.position, title=link.title)
    RevisionAttachment.objects.create(revision=new, version=version, position=new.attachment_links.count() + 1, title=name)
    return version


def fresh(edition: Edition) -> Edition:
    """As the next request reads it."""
    return Edition.objects.select_related("document__agency", "document__jurisdiction", "revision").get(pk=edition.pk)


def next_edition(cast: Cast, before: Edition, *, change: str = "major", change_note: str = "第二条有修改", **content: Any) -> Edition:
    """A further edition of a document that was opened, agreed by all."""
    edition = draft(cast.reform, cast.drafter, document=before.document, **whole(body="<p>改过的正文。</p>", **content))
    Edition.objects.filter(pk=edition.pk).update(change=change, change_note=change_note)
    edition = reviewing.submit(fresh(edition), cast.user("drafter"), key=keys())
    for step in workflow.steps_for(edition):
        agree(cast, edition, step.id)
    return edition
