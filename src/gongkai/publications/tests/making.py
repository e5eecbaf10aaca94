"""Documents in every state for the tests, made straight as rows: what is under test makes its own through its verbs."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.utils import timezone

from gongkai.agencies.models import Agency, User
from gongkai.publications.models import Document, Edition, Review, Revision, RevisionIssuer
from gongkai.publications.screening import runs as screening_runs

_numbers = count(1)


def draft(agency: Agency, author: User, *, document: Document | None = None, kind: str = "other", **content: Any) -> Edition:
    """An edition in draft with one revision; `content` are fields of Revision. Without `document` a new one."""
    if document is None:
        document = Document.objects.create(
            jurisdiction=agency.jurisdiction, agency=agency, kind=kind, index_number=f"TEST/{next(_numbers):06}", created_by=author
        )
    number = document.editions.count() + 1
    change = {"change": "first"} if number == 1 else {"change": "major", "change_note": "内容有修改"}
    edition = Edition.objects.create(document=document, number=number, author=author, **change)
    revise(edition, author, **content)
    return edition


def revise(edition: Edition, author: User, *, ask: bool = True, **content: Any) -> Revision:
    """A further revision, now the edition's own, its text screened as in a save."""
    number = edition.revisions.count() + 1
    values = {"title": "关于做好示例工作的通知", "body": "<p>正文。</p>", "source": edition.document.agency.name, "sha256": f"{number:064}"}
    revision = Revision.objects.create(edition=edition, number=number, author=author, saved_at=timezone.now(), **{**values, **content})
    RevisionIssuer.objects.create(revision=revision, agency=edition.document.agency)
    edition.revision = revision
    edition.save(update_fields=["revision"])
    if ask:
        screening_runs.ask(revision)
    return revision


def passed(edition: Edition, reviewer: User, step: str = "check", kind: str = "content") -> Review:
    assert edition.revision is not None
    return Review.objects.create(
        edition=edition,
        revision=edition.revision,
        step=step,
        kind=kind,
        reviewer=reviewer,
        conclusion="passed",
        basis="政府信息公开条例第十七条",
        at=timezone.now(),
    )


def live(agency: Agency, author: User, *, document: Document | None = None, kind: str = "other", **content: Any) -> Edition:
    """An edition that the public sees; an earlier live one becomes a past one."""
    edition = draft(agency, author, document=document, kind=kind, **content)
    edition.document.editions.filter(state="live").update(state="past", ended_at=timezone.now())
    edition.state = Edition.State.LIVE
    edition.published_at = timezone.now()
    edition.published_by = author
    edition.save()
    if edition.document.first_published_at is None:
        edition.document.first_published_at = edition.published_at
        edition.document.save(update_fields=["first_published_at"])
    return edition
