"""The rows of a typed list, written from a spreadsheet: all of them or none, as a further revision of the edition being drafted."""

from __future__ import annotations

from typing import Any

from django.core.files import File

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, User
from gongkai.obligations.uploads import kept_name, upload_reasons
from gongkai.publications.actions import drafting
from gongkai.publications.actions.writing import text_of_revision
from gongkai.publications.lists import content as lists
from gongkai.publications.lists.xlsx import Imported, read
from gongkai.publications.models import Document, Edition, Revision


def failure_reasons(edition: Edition, actor: Any) -> list[str]:
    """What stands between this person and writing rows."""
    if edition.document.kind != Document.Kind.LIST:
        return ["这不是清单"]
    if lists.schema_of(edition.document) is None:
        return ["没有选清单的种类，请先在归类里选"]
    return drafting.failure_reasons("save", edition, actor)


def preview(edition: Edition, file: File[Any]) -> Imported:
    """What an import would bring, nothing written. Raises ActionRefused for a file that is no spreadsheet."""
    schema = lists.schema_of(edition.document)
    reasons = [] if schema else ["没有选清单的种类，请先在归类里选"]
    reasons = reasons or upload_reasons([file])
    if not reasons and not kept_name(file.name or "").lower().endswith(".xlsx"):
        reasons = ["请上传 xlsx 文件"]
    if reasons or schema is None:
        raise ActionRefused(reasons)
    file.seek(0)
    return read(file.read(), schema)


def import_rows(edition: Edition, actor: User, *, key: str, file: File[Any], base_revision_id: int | None) -> Revision:
    """Replaces the rows by those of the file. Any fault refuses the whole with its sentences; Conflict when somebody saved in between."""
    if reasons := failure_reasons(edition, actor):
        raise ActionRefused(reasons)
    found = preview(edition, file)
    if found.faults:
        raise ActionRefused(found.faults)
    return write_rows(edition, actor, key=key, rows=found.rows, base_revision_id=base_revision_id)


def write_rows(edition: Edition, actor: User, *, key: str, rows: list[dict[str, str]], base_revision_id: int | None) -> Revision:
    """The edition's text as it stands, with these rows."""
    if edition.revision is None:
        raise ActionRefused("还没有保存过文稿")
    text = text_of_revision(edition.revision)
    agencies = {row.pk: row for row in Agency.objects.filter(pk__in=text.issuers)}
    return drafting.save(
        edition,
        actor,
        key=key,
        base_revision_id=base_revision_id,
        content={**text.fields, "rows": rows},
        issuers=[agencies[pk] for pk in text.issuers],
        references=text.references,
    )
