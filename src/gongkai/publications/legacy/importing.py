"""Pages of an old site into documents: in batches, each whole or not at all. A run that was killed is simply run again.

The old address of a page (`origin_url`, unique) says whether it is here already. A page with a fault is refused with the reason in the
report and costs no other page anything; put right, the same run takes it. What is imported waits for review like any draft, unless a
decision to take over what the old site had published is named, with the person who answers for it (条例第十七条): then it is public, and
every step of its review records that decision.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency, Membership, User
from gongkai.catalogue.models import Column
from gongkai.formats import document_number, index_number
from gongkai.journal.actions import Change, record, record_many
from gongkai.obligations.uploads import kept_name
from gongkai.publications.access import acts_for
from gongkai.publications.actions.writing import Attached, Text, faults, issuers_of, normal
from gongkai.publications.drafting.attachments import CONTENT_TYPES, extension_of, file_reasons, likely_accessible
from gongkai.publications.drafting.cleaning import text_of
from gongkai.publications.drafting.proposing import abstract_of
from gongkai.publications.index_numbers import index_numbers_for
from gongkai.publications.legacy.manifest import MOST_ATTACHED, Page, Source, pages
from gongkai.publications.legacy.rewriting import decoded, local_files, rewritten
from gongkai.publications.models import (
    Attachment,
    AttachmentVersion,
    Deed,
    Document,
    Edition,
    Review,
    Revision,
    RevisionAttachment,
    RevisionIssuer,
)
from gongkai.publications.reviewing import workflow
from gongkai.publications.screening import runs as screening_runs
from gongkai.publications.vocabularies import genre_of_title

BATCH = 100
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision to take over as published what the old site had published, and who answers for it."""

    words: str
    reviewer: User


@dataclass(slots=True)
class Outcome:
    """One line of the report. `what`: 导入, 已有, 拒绝."""

    page: Page
    what: str
    reasons: list[str] = field(default_factory=list)
    document_id: int | None = None


@dataclass(slots=True)
class _Ready:
    """A page that can be written: read, checked, not yet in the database."""

    page: Page
    html: str
    files: dict[str, ContentFile[bytes]]
    column: Column | None
    notes: list[str]
    on: date


def start_reasons(agency: Agency, actor: User, decision: Decision | None) -> None:
    """Raises NotAllowed or ActionRefused for a run that must not begin."""
    if not acts_for(scope_of(actor), agency):
        raise NotAllowed(f"{actor}不是{agency.name}的人员，不能以它的名义导入")
    if decision is None:
        return
    if not decision.words.strip():
        raise ActionRefused("直接公开要写明依据哪个决定")
    if decision.reviewer.pk == actor.pk:
        raise ActionRefused("直接公开要由导入人以外的另一个人负责审查")
    roles = scope_of(decision.reviewer).roles.get(agency.pk, frozenset())
    if not roles & {Membership.Role.SECRECY.value, Membership.Role.HEAD.value}:
        raise ActionRefused(f"{decision.reviewer}不是{agency.name}的保密审查人员或负责人")


def run(
    source: Source, agency: Agency, actor: User, *, decision: Decision | None = None, batch: int = BATCH, told: Told | None = None
) -> Iterator[Outcome]:
    """Imports every page that is not here yet, and yields what became of each, in the order of the manifest."""
    start_reasons(agency, actor, decision)
    columns = {column.name: column for column in Column.objects.filter(jurisdiction=agency.jurisdiction_id, closed_on__isnull=True)}
    seen: set[str] = set()
    rows = pages(source)
    done = taken = 0
    while chunk := list(islice(rows, batch)):
        here = dict(Document.objects.filter(origin_url__in=[p.url for p in chunk if p.url]).values_list("origin_url", "pk"))
        outcomes: list[Outcome] = []
        ready: list[_Ready] = []
        for page in chunk:
            if page.url in here:
                outcomes.append(Outcome(page, "已有", document_id=here[page.url]))
                continue
            reasons = ["同一个网址在清单里出现两次"] if page.url in seen else []
            made = _read(page, source, columns, reasons)
            seen.add(page.url)
            outcomes.append(Outcome(page, "导入", made.notes) if made else Outcome(page, "拒绝", reasons))
            if made:
                ready.append(made)
        written = _write(ready, agency, actor, decision) if ready else {}
        for outcome in outcomes:
            outcome.document_id = outcome.document_id or written.get(outcome.page.line)
        done += len(chunk)
        taken += len(written)
        if told is not None:
            told(done, taken)
        yield from outcomes


def _read(page: Page, source: Source, columns: dict[str, Column], reasons: list[str]) -> _Ready | None:
    """The page with its files; None with `reasons` filled where it cannot be taken."""
    if not page.title or len(page.title) > 300:
        reasons.append("没有标题" if not page.title else "标题超过 300 个字")
    if not page.url or len(page.url) > 500:
        reasons.append("没有网址" if not page.url else "网址超过 500 个字符")
    if page.on is None or page.on > timezone.localdate():
        reasons.append("日期读不出来" if page.on is None else f"日期 {page.on} 在今天之后")
    html = ""
    if page.html:
        try:
            html = decoded(source.read(page.html))
        except KeyError:
            reasons.append(f"没有正文文件 {page.html}，或者读不出来")
    files = _files(page, html, source, reasons)
    if not reasons and not html.strip() and not files:
        reasons.append("没有正文也没有附件")
    if reasons or page.on is None:
        return None
    notes = []
    if page.column and page.column not in columns:
        notes.append(f"没有“{page.column}”这个栏目，导入后请归类")
    if page.index and not index_number.usable(page.index):
        notes.append(f"索引号“{page.index[:60]}”不能用，另编新号")
    if page.number and document_number.parse(page.number) is None:
        notes.append(f"文号“{page.number[:60]}”不合格式，请核对")
    return _Ready(page, html, files, columns.get(page.column), notes, page.on)


def _files(page: Page, html: str, source: Source, reasons: list[str]) -> dict[str, ContentFile[bytes]]:
    """The listed attachments, and pictures and files of the folder that the html leads to."""
    names = dict.fromkeys(page.attachments)
    for name in local_files(html, page.html):
        if name not in names and extension_of(name) in CONTENT_TYPES and source.size(name) is not None:
            names[name] = None
    if len(names) > MOST_ATTACHED:
        reasons.append(f"附件超过 {MOST_ATTACHED} 个")
        return {}
    found: dict[str, ContentFile[bytes]] = {}
    for name in names:
        size = source.size(name)
        if size is None:
            reasons.append(f"没有附件 {name}")
            continue
        file = ContentFile(b"", name=kept_name(name))
        file.size = size
        if size and (too_large := [r for r in file_reasons([file]) if "超过" in r]):
            reasons += too_large  # told before it is read
            continue
        try:
            file = ContentFile(source.read(name), name=kept_name(name))
        except KeyError:
            reasons.append(f"附件 {name} 读不出来")
            continue
        if wrong := file_reasons([file]):
            reasons += wrong
        else:
            found[name] = file
    return found


@transaction.atomic
def _write(ready: Sequence[_Ready], agency: Agency, actor: User, decision: Decision | None) -> dict[int, int]:
    """Line of the manifest → document, for a batch in one transaction: a constant number of queries beside the screening."""
    now = timezone.now()
    documents = _documents(ready, agency, actor, decision)
    editions = Edition.objects.bulk_create(_edition(document, one, actor, decision) for document, one in zip(documents, ready, strict=True))
    versions = _versions(ready, documents, actor, now)
    texts = [_text(one, document, versions[one.page.line], agency) for one, document in zip(ready, documents, strict=True)]
    revisions = Revision.objects.bulk_create(
        Revision(edition=edition, number=1, author=actor, saved_at=now, sha256=text.sha256, **text.fields)
        for edition, text in zip(editions, texts, strict=True)
    )
    RevisionIssuer.objects.bulk_create(row for r, t in zip(revisions, texts, strict=True) for row in issuers_of(r, t.issuers))
    RevisionAttachment.objects.bulk_create(
        RevisionAttachment(revision=r, version=a.version, position=n, title=a.title, accessible=a.accessible, contact=a.contact)
        for r, t in zip(revisions, texts, strict=True)
        for n, a in enumerate(t.attached, 1)
    )
    own = Revision.objects.filter(edition=OuterRef("pk")).values("pk")[:1]
    Edition.objects.filter(pk__in=[e.pk for e in editions]).update(revision=Subquery(own))
    for edition, revision, document in zip(editions, revisions, documents, strict=True):
        edition.revision, edition.document = revision, document
        revision.edition = edition
    if decision is not None:
        Review.objects.bulk_create(row for edition in editions for row in _reviews(edition, decision, now))
    _journal(documents, agency, actor, decision, now)
    screening_runs.ask_later(revisions, agency.jurisdiction_id)
    return {one.page.line: document.pk for one, document in zip(ready, documents, strict=True)}


def _documents(ready: Sequence[_Ready], agency: Agency, actor: User, decision: Decision | None) -> list[Document]:
    brought = [one.page.index for one in ready if index_number.usable(one.page.index)]
    taken = set(Document.objects.filter(index_number__in=brought).values_list("index_number", flat=True))
    numbers: list[str | None] = []
    for one in ready:
        usable = index_number.usable(one.page.index) and one.page.index not in taken
        numbers.append(one.page.index if usable else None)
        taken.add(one.page.index)
    fresh = iter(index_numbers_for(agency, [one.on for one, number in zip(ready, numbers, strict=True) if number is None]))
    return Document.objects.bulk_create(
        Document(
            jurisdiction=agency.jurisdiction,
            agency=agency,
            column=one.column,
            index_number=number or next(fresh),
            origin_url=one.page.url,
            created_by=actor,
            first_published_at=_moment(one.on) if decision else None,
        )
        for one, number in zip(ready, numbers, strict=True)
    )


def _edition(document: Document, one: _Ready, actor: User, decision: Decision | None) -> Edition:
    if decision is None:
        return Edition(document=document, number=1, author=actor)
    return Edition(
        document=document, number=1, author=actor, state=Edition.State.LIVE, published_at=_moment(one.on), published_by=decision.reviewer
    )


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _versions(
    ready: Sequence[_Ready], documents: Sequence[Document], actor: User, now: datetime
) -> dict[int, dict[str, AttachmentVersion]]:
    """Line → name in the manifest → the stored version."""
    wanted = [(one, name, file, document) for one, document in zip(ready, documents, strict=True) for name, file in one.files.items()]
    attachments = Attachment.objects.bulk_create(Attachment(document=document) for _, _, _, document in wanted)
    made = []
    for (_, _, file, _), attachment in zip(wanted, attachments, strict=True):
        data = file.read()
        digest = hashlib.sha256(data).hexdigest()
        name = kept_name(file.name or "")
        facts = {"name": name, "size": len(data), "sha256": digest, "content_type": CONTENT_TYPES[extension_of(name)]}
        version = AttachmentVersion(attachment=attachment, number=1, uploaded_by=actor, uploaded_at=now, **facts)
        version.original.name = stored(data, digest, extension_of(name))
        made.append(version)
    AttachmentVersion.objects.bulk_create(made)
    found: dict[int, dict[str, AttachmentVersion]] = {one.page.line: {} for one in ready}
    for (one, name, _, _), version in zip(wanted, made, strict=True):
        found[one.page.line][name] = version
    return found


def stored(data: bytes, digest: str, extension: str) -> str:
    """Keeps the bytes under a name made of them: a run that was killed leaves nothing twice, and half a file is written anew."""
    name = f"publications/originals/legacy/{digest[:2]}/{digest}.{extension}"
    if default_storage.exists(name):
        if default_storage.size(name) == len(data):
            return name
        default_storage.delete(name)
    return default_storage.save(name, ContentFile(data))


def _text(one: _Ready, document: Document, versions: dict[str, AttachmentVersion], agency: Agency) -> Text:
    addresses = {name: f"/documents/{document.pk}/files/{version.attachment_id}/" for name, version in versions.items()}
    number = document_number.parse(one.page.number)
    values = normal(
        {
            "title": one.page.title,
            "body": rewritten(one.html, one.page.html, addresses),
            "doc_number": number.canonical if number else one.page.number[:80],
            "issued_on": one.on,
            "source": agency.name,
            "genre": genre_of_title(one.page.title),
        }
    )
    values["abstract"] = abstract_of(text_of(values["body"])) or one.page.title
    if wrong := faults(values):
        raise ActionRefused(f"第 {one.page.line} 行：{'；'.join(wrong)}")
    attached = [Attached(one, one.name.rsplit(".", 1)[0][:200] or one.name, likely_accessible(one.name)) for one in versions.values()]
    return Text(values, [agency.pk], (), attached)


def _reviews(edition: Edition, decision: Decision, now: datetime) -> Iterator[Review]:
    """Every step of the flow, with the decision as its basis: nothing is public without its record (条例第十七条)."""
    for step in workflow.steps_for(edition):
        yield Review(
            edition=edition,
            revision=edition.revision,
            step=step.id,
            kind=step.kind,
            reviewer=decision.reviewer,
            conclusion=Review.Conclusion.PASSED,
            basis=f"历史信息整体导入：{decision.words}"[:300],
            opinion="原网站已经公开的信息，按整体导入的决定认定",
            at=now,
        )


def _journal(documents: Sequence[Document], agency: Agency, actor: User, decision: Decision | None, now: datetime) -> None:
    """One entry for the batch, one for each document, and the deed that each page shows."""
    words = f"从旧站导入{'并公开：' + decision.words if decision else ''}"
    batch = str(uuid.uuid4())
    told = {"documents": len(documents), "first": documents[0].pk, "last": documents[-1].pk}
    where: dict[str, Any] = {"agency_id": agency.pk, "place": agency.jurisdiction_id}
    record("publications.imported", ("legacy_batch", batch), actor=actor, new=told, note=words, **where)
    record_many(
        Change(
            "publications.imported",
            document,
            actor,
            {},
            {"index_number": document.index_number, "origin_url": document.origin_url},
            agency.pk,
            agency.jurisdiction_id,
        )
        for document in documents
    )
    Deed.objects.bulk_create(
        Deed(
            kind=Deed.Kind.IMPORTED,
            subject="document",
            subject_id=document.pk,
            actor=actor,
            agency=agency,
            at=now,
            text=words[:5000],
            key=f"legacy:{batch}:{n}",
        )
        for n, document in enumerate(documents)
    )
