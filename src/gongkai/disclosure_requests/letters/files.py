"""Letters that were sent, kept sealed in the case as PDF and Word; `letter_file` hands one out, made now where it is not kept yet."""

from __future__ import annotations

import io

from django.core.files.base import ContentFile
from django.db import transaction

from gongkai.disclosure_requests import casefiles
from gongkai.disclosure_requests.letters import content, docx, pdf
from gongkai.disclosure_requests.models import CaseFile, Reply, Service

MEDIA = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
FORMATS = tuple(MEDIA)


def letter_file(service: Service, fmt: str) -> tuple[str, bytes]:
    """(file name, content) of a letter as it was sent, with the applicant's name: who may have it is the view's to say.

    `fmt` is one of FORMATS. Raises pdf.NoBooklet, with a sentence, where a PDF cannot be made on this server.
    """
    kept = service.file if fmt == "pdf" else service.word_file
    if kept is not None and kept.removed_at is None and kept.file:
        return kept.name, casefiles.content_of(kept.file)
    return written(content.of_service(service), fmt)


def preview(reply: Reply, fmt: str, *, named: bool) -> tuple[str, bytes]:
    """The letter of a reply as it would go out now."""
    return written(content.of_reply(reply, named=named), fmt)


def written(letter: content.Letter, fmt: str) -> tuple[str, bytes]:
    stream = io.BytesIO()
    (pdf if fmt == "pdf" else docx).write(letter, stream)
    return f"{letter.title}（{letter.number.strip('（）')}）.{fmt}", stream.getvalue()


def keep(service_id: int) -> None:
    """Puts both files of a sent letter into its case, once however often it runs. A server that prints no PDF keeps the Word file."""
    with transaction.atomic():
        row = (
            Service.objects.select_for_update(of=("self",))
            .select_related("request__agency__jurisdiction", "reply", "agency", "consultation__agency")
            .get(pk=service_id)
        )
        if row.word_file_id is None:
            row.word_file = _kept(row, "docx")
        if row.file_id is None:
            try:
                row.file = _kept(row, "pdf")
            except pdf.NoBooklet:
                row.file = None
        row.save(update_fields=["file", "word_file"])


def _kept(row: Service, fmt: str) -> CaseFile:
    name, data = written(content.of_service(row), fmt)
    return casefiles.add(row.request, CaseFile.Kind.LETTER, [ContentFile(data, name=name)], None)[0]
