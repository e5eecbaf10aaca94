"""What the tests of screening begin with: drafts with attachments, whose values are made up and pass their checks."""

from __future__ import annotations

import hashlib
import io
import uuid
from typing import Any

import openpyxl
from django.core.files.base import ContentFile
from django.utils import timezone
from docx import Document as Word

from gongkai.conftest import Cast
from gongkai.publications.models import Attachment, AttachmentVersion, Edition, Revision, RevisionAttachment
from gongkai.publications.screening import runs as screening_runs
from gongkai.publications.tests.making import draft
from gongkai.screening.checksums import id_check_digit

ID = "33010219900307123" + id_check_digit("33010219900307123")
OTHER_ID = "11010519851112004" + id_check_digit("11010519851112004")
MOBILE = "13812345678"
MASKED = f"{ID[:2]}{'*' * 13}{ID[-3:]}"
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "txt": "text/plain", "pdf": "application/pdf"}


def key() -> str:
    return str(uuid.uuid4())


def bytes_of(save: Any) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def workbook(shown: str = "一切正常", hidden: str = "") -> bytes:
    """A sheet of one cell; with `hidden` another sheet that nobody sees. Its author is 林小舟."""
    book = openpyxl.Workbook()
    book.properties.creator = "林小舟"
    book.active.append([shown])
    if hidden:
        sheet = book.create_sheet("名单")
        sheet.sheet_state = "hidden"
        sheet.append([hidden])
    return bytes_of(book.save)


def paper(words: str) -> bytes:
    document = Word()
    document.add_paragraph(words)
    return bytes_of(document.save)


def version(document: Any, by: Any, name: str, data: bytes) -> AttachmentVersion:
    """A file as uploaded, straight as rows."""
    attachment = Attachment.objects.create(document=document)
    made = AttachmentVersion(
        attachment=attachment,
        number=1,
        name=name,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        content_type=TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream"),
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    made.original.save(name, ContentFile(data), save=False)
    made.save()
    return made


def with_files(cast: Cast, files: dict[str, bytes], *, author: Any = None, **content: Any) -> Edition:
    """A draft of 市发改委 with attachments, as the drafter's upload leaves it: asked for, the files not looked at yet."""
    from gongkai.publications.tests.making import revise

    who = author or cast.drafter
    edition = draft(cast.reform, who, **content)
    versions = [version(edition.document, who, name, data) for name, data in files.items()]
    return again_with(edition, who, versions, revise, **content)


def again_with(edition: Edition, who: Any, versions: list[AttachmentVersion], revise: Any, **content: Any) -> Edition:
    """A further revision with these attachments."""
    revision: Revision = revise(edition, who, ask=False, **content)
    for n, one in enumerate(versions, 1):
        RevisionAttachment.objects.create(revision=revision, version=one, position=n, title=one.name.rsplit(".", 1)[0])
    screening_runs.ask(revision)
    return edition


def looked(edition: Edition) -> Any:
    """The screening of the present revision, done as the worker does it; the findings are read anew."""
    from gongkai.publications.tasks import screen_revision

    assert edition.revision is not None
    found = screening_runs.ask(edition.revision)
    screen_revision.func(found.pk)
    found.refresh_from_db()
    return found
