"""附件: upload, replace, describe, take away. Each makes a new revision, because what was reviewed must be what goes out.

A stored file outlives no refusal: when the deed is refused the file goes (`forget`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.files import File
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.obligations.uploads import kept_name
from gongkai.publications.actions.base import forget, insist, perform, text_reasons
from gongkai.publications.actions.holding import held, role_reason, state_reasons
from gongkai.publications.actions.writing import Attached, Text, text_of_revision, write
from gongkai.publications.drafting.attachments import described, file_reasons, likely_accessible
from gongkai.publications.models import Attachment, AttachmentVersion, Deed, Document, Edition, Revision

MOST_ATTACHED = 200


def attach(
    edition: Edition,
    actor: User,
    *,
    key: str,
    files: Sequence[File[Any]],
    titles: Sequence[str] = (),
    contact: str = "",
) -> Revision:
    """Uploads files behind those that stand there. A title that is not given is the file's name without its extension."""
    missing = [*file_reasons(files), *text_reasons(contact, *titles, most=200), *([] if files else ["请选择要上传的文件"])]
    saved: list[Any] = []

    def change(text: Text, document: Document) -> Text:
        if len(text.attached) + len(files) > MOST_ATTACHED:
            raise ActionRefused(f"一件信息最多 {MOST_ATTACHED} 个附件")
        made = [
            _attached(store(Attachment.objects.create(document=document), file, actor, saved), given, contact)
            for file, given in zip(files, [*titles, *[""] * len(files)], strict=False)
        ]
        return replace(text, attached=[*text.attached, *made])

    names = "、".join(kept_name(file.name or "") for file in files)[:500]
    return _changed(Deed.Kind.ATTACHED, edition, actor, key, change, missing, names, saved)


def replace_file(edition: Edition, actor: User, *, key: str, attachment: Attachment, file: File[Any]) -> Revision:
    """A new version of an attachment at the same address, in the same place."""
    missing = file_reasons([file])
    saved: list[Any] = []

    def change(text: Text, document: Document) -> Text:
        place = _place_of(text, attachment)
        version = store(attachment, file, actor, saved)
        attached = list(text.attached)
        attached[place] = replace(attached[place], version=version)
        return replace(text, attached=attached)

    words = f"{kept_name(file.name or '')} 替换旧文件"[:500]
    return _changed(Deed.Kind.ATTACHED, edition, actor, key, change, missing, words, saved)


def detach(edition: Edition, actor: User, *, key: str, attachment: Attachment) -> Revision:
    """Takes an attachment out of the draft. Its address and its earlier versions stay with the revisions that had them."""

    def change(text: Text, document: Document) -> Text:
        place = _place_of(text, attachment)
        return replace(text, attached=[one for n, one in enumerate(text.attached) if n != place])

    return _changed(Deed.Kind.DETACHED, edition, actor, key, change, [], str(attachment), [])


def describe(edition: Edition, actor: User, *, key: str, told: Mapping[int, Mapping[str, Any]]) -> Revision:
    """Order, title, whether everybody can read it, whom to ask: by attachment id. What is not named stays as it is."""
    missing = []
    for facts in told.values():
        if not str(facts.get("title", "x")).strip():
            missing.append("附件要有名称")
        missing += text_reasons(str(facts.get("title", "")), str(facts.get("contact", "")), most=200)

    def change(text: Text, document: Document) -> Text:
        attached = [_described(one, told.get(one.version.attachment_id, {})) for one in text.attached]
        places = {one.version.attachment_id: n for n, one in enumerate(text.attached, 1)}
        attached.sort(key=lambda one: told.get(one.version.attachment_id, {}).get("position") or places[one.version.attachment_id])
        return replace(text, attached=attached)

    return _changed(Deed.Kind.SAVED, edition, actor, key, change, list(dict.fromkeys(missing)), "附件说明", [])


def _described(one: Attached, facts: Mapping[str, Any]) -> Attached:
    return replace(
        one,
        title=" ".join(str(facts.get("title", one.title)).split()),
        accessible=bool(facts.get("accessible", one.accessible)),
        contact=" ".join(str(facts.get("contact", one.contact)).split()),
    )


def store(attachment: Attachment, file: File[Any], actor: User, saved: list[Any]) -> AttachmentVersion:
    """Writes the file and its row inside the caller's transaction; `saved` remembers it for `forget`."""
    number = (attachment.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    version = AttachmentVersion(attachment=attachment, number=number, uploaded_by=actor, uploaded_at=timezone.now(), **described(file))
    version.original.save(version.name, file, save=False)
    saved.append((version.original.storage, version.original.name))
    version.save()
    return version


def _attached(version: AttachmentVersion, title: str, contact: str) -> Attached:
    name = " ".join(title.split()) or version.name.rsplit(".", 1)[0] or version.name
    return Attached(version, name[:200], likely_accessible(version.name), " ".join(contact.split()))


def _place_of(text: Text, attachment: Attachment) -> int:
    for n, one in enumerate(text.attached):
        if one.version.attachment_id == attachment.pk:
            return n
    raise ActionRefused("这个附件已经不在草稿里，请刷新页面")


def _changed(
    kind: str,
    edition: Edition,
    actor: User,
    key: str,
    change: Callable[[Text, Document], Text],
    missing: Iterable[str],
    words: str,
    saved: list[Any],
) -> Revision:
    """Under lock: the present revision, changed and written anew."""
    refused = list(missing)

    def work() -> Revision:
        row = held(edition)
        insist(role_reason("save", row.document, actor), state_reasons("save", row) or refused)
        if row.revision is None:
            raise ActionRefused("还没有保存过文稿")
        return write(row, actor, change(text_of_revision(row.revision), row.document))

    stored = len(saved)
    try:
        made = perform(kind, actor, key, edition, work, text=words, agency_id=edition.document.agency_id)
    except BaseException:
        forget(saved)
        raise
    if len(saved) > stored and not made.attachment_links.filter(version__original__in=[name for _, name in saved]).exists():
        forget(saved)  # the same form twice at once: the other one's files stand
    return made
