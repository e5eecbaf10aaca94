"""拟稿、保存、恢复、放弃、出新版: what a drafter does until the text is submitted. See base.perform for keys and refusals.

A save names the revision it began from. When somebody else saved in between, nothing is written and `Conflict` carries what stands now: the
page shows the difference and keeps what was typed. Attaching a file is no such conflict, for it changes no word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone

from gongkai.agencies.access import require_reach, scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, Section, User
from gongkai.catalogue.models import Column, Item
from gongkai.publications.access import acts_for
from gongkai.publications.actions.attaching import attach, describe, detach, replace_file
from gongkai.publications.actions.base import insist, lock, perform, text_reasons
from gongkai.publications.actions.holding import failure_reasons, held, role_reason, state_reasons
from gongkai.publications.actions.writing import Text, faults, normal, text_of_revision, write
from gongkai.publications.drafting.cleaning import text_of
from gongkai.publications.index_numbers import index_number_for
from gongkai.publications.models import Deed, Document, DocumentItem, Edition, Revision
from gongkai.publications.references import Reference, found_in, linked

__all__ = [
    "Conflict",
    "arrange",
    "attach",
    "begin_edition",
    "describe",
    "detach",
    "discard",
    "failure_reasons",
    "replace_file",
    "restore",
    "save",
    "start",
]

State, Change = Edition.State, Edition.Change
MOST_ISSUERS = 20


class Conflict(ActionRefused):
    """Somebody saved in between. `current` is what stands now, `mine` what was typed; nothing of either is lost."""

    def __init__(self, current: Revision, mine: Text) -> None:
        super().__init__(f"{current.author}在您编辑时保存了第 {current.number} 稿。请比较后再保存，您写的都还在下面")
        self.current = current
        self.mine = mine


def start(
    agency: Agency,
    actor: User,
    *,
    key: str,
    kind: str = Document.Kind.OTHER,
    list_kind: str = "",
    section: Section | None = None,
    column: Column | None = None,
    items: Iterable[Item] = (),
    issuers: Sequence[Agency] = (),
    references: Iterable[Reference] | None = None,
    content: Mapping[str, Any] | None = None,
) -> Document:
    """拟稿: a document with its lasting index number, its first edition and its first revision."""
    chosen = list(items)
    values = normal({"source": agency.name, **(content or {})})
    role = "" if acts_for(scope_of(actor), agency) else f"只能以您所在单位的名义拟稿，{agency.name}不是"
    missing = [*faults(values), *_place_reasons(agency, column, section, chosen), *_issuer_reasons(issuers)]
    if kind not in Document.Kind.values:
        missing.append("没有这种类别")
    require_reach(agency.jurisdiction_id, issuers)

    def work() -> Document:
        insist(role, missing)
        made = Document.objects.create(
            jurisdiction=agency.jurisdiction,
            agency=agency,
            section=section,
            kind=kind,
            list_kind=list_kind if kind == Document.Kind.LIST else "",
            column=column,
            index_number=index_number_for(agency, values["issued_on"] or timezone.localdate()),
            created_by=actor,
        )
        DocumentItem.objects.bulk_create(DocumentItem(document=made, item=item) for item in chosen)
        edition = Edition.objects.create(document=made, number=1, author=actor)
        write(edition, actor, Text(values, [a.pk for a in issuers or [agency]], _references(references, values, made)))
        return made

    return perform(Deed.Kind.DRAFTED, actor, key, None, work, text=values["title"], agency_id=agency.pk)


def save(
    edition: Edition,
    actor: User,
    *,
    key: str,
    base_revision_id: int | None,
    content: Mapping[str, Any],
    issuers: Sequence[Agency],
    references: Iterable[Reference] | None = None,
    change_note: str | None = None,
    expires_on: date | None = None,
) -> Revision:
    """A new revision. `references` None: those found in the text. Raises Conflict when the text has changed since `base_revision_id`.

    `change_note` None leaves the note and `expires_on` of the edition as they are.
    """
    values = normal(content)
    require_reach(edition.document.jurisdiction_id, issuers)
    missing = [*faults(values), *_issuer_reasons(issuers), *text_reasons(change_note or "", most=500)]
    text = Text(values, [a.pk for a in issuers], _references(references, values, edition.document))

    def work() -> Revision:
        row = held(edition)
        insist(role_reason("save", row.document, actor), state_reasons("save", row) or missing)
        current = row.revision
        whole = text
        if current is not None:
            stands = text_of_revision(current)
            if current.pk != base_revision_id and _changed_since(row, base_revision_id, stands):
                raise Conflict(current, text)
            kept = {} if "rows" in content else {"rows": stands.fields["rows"]}  # the rows of a list are written on a page of their own
            whole = replace(text, fields={**text.fields, **kept}, attached=stands.attached)
            if whole.sha256 == current.sha256:
                _told(row, change_note, expires_on)
                return current
        _told(row, change_note, expires_on)
        return write(row, actor, whole)

    return perform(Deed.Kind.SAVED, actor, key, edition, work, agency_id=edition.document.agency_id)


def _changed_since(edition: Edition, base_revision_id: int | None, stands: Text) -> bool:
    """Whether words were changed since the revision somebody began from; a base that is not of this edition counts as changed."""
    base = edition.revisions.filter(pk=base_revision_id).first() if base_revision_id else None
    return base is None or text_of_revision(base).words != stands.words


def _told(edition: Edition, change_note: str | None, expires_on: date | None) -> None:
    if change_note is not None:
        edition.change_note = " ".join(change_note.split()) if edition.change != Change.FIRST else ""
        edition.expires_on = expires_on
        edition.save(update_fields=["change_note", "expires_on"])


def restore(edition: Edition, actor: User, *, key: str, revision: Revision, base_revision_id: int | None) -> Revision:
    """恢复旧稿: an earlier revision of the document, of whatever edition, is written anew with its attachments."""

    def work() -> Revision:
        row = held(edition)
        wrong = [] if revision.edition.document_id == row.document_id else ["这一稿不是这条信息的"]
        insist(role_reason("restore", row.document, actor), state_reasons("restore", row) or wrong)
        text = text_of_revision(revision)
        if row.revision is not None and row.revision_id != base_revision_id:
            raise Conflict(row.revision, text)
        return write(row, actor, text)

    words = f"恢复第 {revision.edition.number} 版第 {revision.number} 稿"
    return perform(Deed.Kind.RESTORED, actor, key, edition, work, text=words, agency_id=edition.document.agency_id)


def discard(edition: Edition, actor: User, *, key: str, reason: str = "") -> Edition:
    """放弃草稿: the edition is put away with all its revisions; the document keeps its number and what was live stays live."""

    def work() -> Edition:
        row = held(edition)
        insist(role_reason("discard", row.document, actor), state_reasons("discard", row) or text_reasons(reason, most=500))
        row.state, row.ended_at = State.DISCARDED, timezone.now()
        row.save(update_fields=["state", "ended_at"])
        return row

    return perform(Deed.Kind.DISCARDED, actor, key, edition, work, text=reason, agency_id=edition.document.agency_id)


def begin_edition(document: Document, actor: User, *, key: str, change: str, note: str = "") -> Edition:
    """出新版 from what is live, else from the last there was. Major: with a note for the public and a new date; minor: 文字订正."""
    note = " ".join(note.split())
    missing = text_reasons(note, most=500)
    if change not in (Change.MAJOR, Change.MINOR):
        missing.append("请选重要修改或者文字订正")
    if change == Change.MAJOR and not note:
        missing.append("重要修改要写明改了什么，公众看得到")

    def work() -> Edition:
        held_document = lock(document)
        published = held_document.first_published_at is not None
        first = not published
        insist(role_reason("begin", held_document, actor), state_reasons("begin", held_document) or ([] if first else missing))
        editions = list(held_document.editions.select_related("revision").order_by("-number"))
        source = next((e for e in editions if e.state == State.LIVE), editions[0])
        made = Edition.objects.create(
            document=held_document,
            number=editions[0].number + 1,
            author=actor,
            change=Change.FIRST if first else change,
            change_note="" if first else note,
            expires_on=source.expires_on,
        )
        if source.revision is not None:
            write(made, actor, text_of_revision(source.revision))
        return made

    return perform(
        Deed.Kind.DRAFTED,
        actor,
        key,
        document,
        work,
        text=note,
        agency_id=document.agency_id,
        clash="已经有一版正在拟稿或审核，先办完或放弃它",
    )


def arrange(
    document: Document,
    actor: User,
    *,
    key: str,
    kind: str,
    list_kind: str | None = None,
    column: Column | None = None,
    section: Section | None = None,
    items: Iterable[Item] = (),
) -> Document:
    """归类: which rules of law hear of it, where on the site it stands, which catalogue items it fulfils."""
    chosen = list(items)
    missing = _place_reasons(document.agency, column, section, chosen)
    if kind not in Document.Kind.values:
        missing.append("没有这种类别")

    def work() -> Document:
        row = lock(document)
        insist(role_reason("arrange", row, actor), [*_arrange_reasons(row, kind), *missing])
        row.kind, row.column, row.section = kind, column, section
        row.list_kind = "" if kind != Document.Kind.LIST else row.list_kind if list_kind is None else list_kind
        row.save(update_fields=["kind", "list_kind", "column", "section"])
        row.item_links.exclude(item__in=chosen).delete()
        there = set(row.item_links.values_list("item_id", flat=True))
        DocumentItem.objects.bulk_create(DocumentItem(document=row, item=item) for item in chosen if item.pk not in there)
        return row

    return perform(Deed.Kind.SAVED, actor, key, document, work, text="归类", agency_id=document.agency_id)


def _arrange_reasons(document: Document, kind: str) -> list[str]:
    """Under review nothing may change below the reviewers' hands; the kind of what was published decided its duties and stays."""
    if found := state_reasons("arrange", document):
        return found
    if document.first_published_at and kind != document.kind:
        return ["已经公开过，类别不能再改"]
    return []


def _place_reasons(agency: Agency, column: Column | None, section: Section | None, items: Sequence[Item]) -> list[str]:
    found = []
    if column is not None and column.jurisdiction_id != agency.jurisdiction_id:
        found.append("栏目要是本地区的")
    if column is not None and column.closed_on is not None:
        found.append(f"栏目“{column.name}”已经关停，请另选")
    if section is not None and section.agency_id != agency.pk:
        found.append("承办内设机构要是本单位的")
    if any(item.catalogue.jurisdiction_id != agency.jurisdiction_id for item in items):
        found.append("公开事项要是本地区目录里的")
    return found


def _issuer_reasons(issuers: Sequence[Agency]) -> list[str]:
    return [f"发文机关最多 {MOST_ISSUERS} 个"] if len(issuers) > MOST_ISSUERS else []


def _references(given: Iterable[Reference] | None, values: Mapping[str, Any], document: Document) -> list[Reference]:
    """Those a person named, else those of the text; each linked to what it means here."""
    references = list(given) if given is not None else found_in(values["title"], text_of(values["body"]))
    return linked(references, document.jurisdiction, document)
