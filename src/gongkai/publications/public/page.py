"""What the public page of a document shows, gathered once for the page and its JSON twin: nothing that the public may not see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

import segno
from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from gongkai.catalogue import grounds
from gongkai.publications.models import (
    Document,
    Edition,
    Revision,
    RevisionAttachment,
    RevisionIssuer,
    RevisionReference,
    ValidityChange,
)
from gongkai.publications.validity import state as validity
from gongkai.publications.visible import is_live, live_editions
from gongkai.publications.vocabularies import genre_words, theme_words
from gongkai.twins import address as address
from gongkai.twins.compiled import GIVEN, Compiled
from gongkai.twins.hosting import main_address

State, Change, Relation = Edition.State, Edition.Change, RevisionReference.Relation
OPENED = (State.LIVE, State.PAST)
INWARD = {Relation.CITES: "引用本文件", Relation.FORWARDS: "转发本文件", Relation.INTERPRETS: "解读", Relation.ATTACHES: "配套文件"}
OUTWARD = {
    Relation.CITES: "引用的文件",
    Relation.FORWARDS: "转发的文件",
    Relation.INTERPRETS: "所解读的文件",
    Relation.ATTACHES: "配套的文件",
}
SHOWN_OF_EDITION = ("document", "number", "state", "change", "change_note", "published_at", "ended_at")
ENOUGH = 50
"""References shown of one relation."""


@dataclass(frozen=True, slots=True)
class Link:
    """A related document; `url` empty where it is not public here."""

    words: str
    title: str
    number: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An opened edition: when the public got it and what changed."""

    edition: Edition
    at: datetime
    words: str
    note: str
    url: str
    compare_url: str = ""


@dataclass(slots=True)
class PublicPage:
    document: Document
    edition: Edition
    revision: Revision
    issuers: list[str]
    force: validity.ValidityState
    cause: Link | None
    effects: list[tuple[str, Link]]
    """What this document did to others: (废止, the other)."""
    history: list[HistoryEntry]
    outward: dict[str, list[Link]]
    inward: dict[str, list[Link]]
    files: list[Any] = field(default_factory=list)
    past: bool = False
    """An edition that is no longer the one in force of its page."""

    @property
    def is_withheld(self) -> bool:
        return self.revision.attribute == Revision.Attribute.WITHHELD

    @property
    def is_forced(self) -> bool:
        """Opened before every step was done, and nobody has confirmed it yet."""
        return bool(self.edition.forced_reason) and self.edition.confirmed_at is None

    @property
    def changed_at(self) -> datetime | None:
        """The last major change, if any."""
        majors = [row.at for row in self.history if row.edition.change == Change.MAJOR]
        return max(majors, default=None)

    @property
    def ground(self) -> grounds.Ground | None:
        return grounds.ground(self.revision.ground) if self.is_withheld else None

    def metadata(self) -> list[tuple[str, str, str]]:
        """(label, value, JSON name) of what is known, in the order of the table."""
        doc, rev, ed = self.document, self.revision, self.edition
        label = f"（{rev.label}）" if rev.label else ""
        rows: Iterable[tuple[str, Any, str]] = [
            ("索引号", doc.index_number, "index_number"),
            ("发文机关", "、".join(self.issuers), "issuers"),
            ("发文字号", rev.doc_number, "doc_number"),
            ("成文日期", rev.issued_on, "issued_on"),
            ("发布日期", ed.published_at, "published_at"),
            ("首次公开", doc.first_published_at if doc.first_published_at != ed.published_at else None, "first_published_at"),
            ("更新", self.changed_at if self.changed_at != ed.published_at else None, "changed_at"),
            ("实施日期", rev.effective_on, "effective_on"),
            ("废止日期", self.ended_on, "repealed_on"),
            ("公示截止", ed.expires_on, "expires_on"),
            ("主题分类", theme_words(rev.theme) if rev.theme else "", "theme"),
            ("体裁", genre_words(rev.genre) if rev.genre else "", "genre"),
            ("有效性", self.force.words, "validity"),
            ("公开属性", f"{rev.get_attribute_display()}{label}", "attribute"),
            ("处理情况", "部分内容已作删减、遮盖" if rev.redacted else "", "redacted"),
            ("公开主体", doc.agency.name if doc.agency.name not in self.issuers else "", "agency"),
            ("信息来源", rev.source if rev.source and rev.source not in (*self.issuers, doc.agency.name) else "", "source"),
            ("主题词", rev.keywords, "keywords"),
            ("内容概述", rev.abstract if not self.is_withheld else "", "abstract"),
        ]
        return [(label, words, name) for label, value, name in rows if (words := _shown(value))]

    @property
    def ended_on(self) -> date | None:
        """The day from which it is not in force any more, or its own last day."""
        if self.force.code in (validity.REPEALED, validity.LAPSED):
            return self.force.since
        return self.revision.repealed_on


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value or "")


@lru_cache(maxsize=1024)
def qr_code(url: str) -> SafeString:
    """The page's address for a phone, as SVG; its words are the address itself. The mask is named because trying all eight is most of
    the work, and phones read any of them."""
    code = segno.make(url, error="m", micro=False, mask=2)
    return mark_safe(code.svg_inline(border=2, omitsize=True, title="本页二维码"))  # noqa: S308 — drawn by segno, not from what anybody typed


def access_public(pk: int) -> tuple[Document, Edition | None]:
    """A document that the public has seen and its live edition; None once it is withdrawn. Never opened is 404. One query where it is
    open, two otherwise."""
    if found := _open(timezone.localdate())(pk):
        return found[0].document, found[0]
    document = Document.objects.select_related("jurisdiction", "agency", "column").filter(pk=pk, first_published_at__isnull=False).first()
    if document is None:
        raise Http404("没有这份文件，或者还没有公开")
    return document, None


@lru_cache(maxsize=4)
def _open(day: date) -> Compiled[Edition]:
    """The live edition of a document, and whether there is any of what may hang on it: only that is asked for, and most have nothing."""
    rows = live_editions(day).filter(document=GIVEN, document__first_published_at__isnull=False).order_by()
    rows = rows.select_related("revision", "document__jurisdiction", "document__agency", "document__column")
    same, text = {"document": OuterRef("document")}, {"revision": OuterRef("revision")}
    notice = {"cause__isnull": True, "cleanup__notice": OuterRef("document")}
    return Compiled(
        rows.annotate(
            has_changes=Exists(ValidityChange.objects.filter(**same)),
            has_effects=Exists(ValidityChange.objects.filter(cause=OuterRef("document"))) | Exists(ValidityChange.objects.filter(**notice)),
            has_outward=Exists(RevisionReference.objects.filter(**text)),
            has_inward=Exists(RevisionReference.objects.filter(target=OuterRef("document"))),
            has_files=Exists(RevisionAttachment.objects.filter(**text)),
        )
    )


def access_opened(document: Document, number: int) -> Edition:
    """An earlier edition that stood on the page, while the page shows its text at all."""
    row = document.editions.filter(number=number, state__in=OPENED).select_related("revision").first()
    if row is None or row.revision is None or row.revision.attribute != Revision.Attribute.PROACTIVE:
        raise Http404("没有这个版次")
    return row


def gather(document: Document, live: Edition, past: Edition | None = None) -> PublicPage:
    """The page of the live edition, or of a `past` one of the same document. A constant number of queries, six of most documents."""
    edition = past or live
    revision = edition.revision
    assert revision is not None and live.revision is not None
    force = _force(document, live)
    effects = validity.caused_by(document) if _may(live, "has_effects") else []
    outward = list(revision.references.order_by("pk")) if past or _may(live, "has_outward") else []
    inward = _incoming(document) if _may(live, "has_inward") else []
    wanted = {row.target_id for row in outward if row.target_id} | {change.document_id for change in effects}
    if force.cause is not None:
        wanted.add(force.cause.pk)
    titles = titles_of(wanted)
    return PublicPage(
        document=document,
        edition=edition,
        revision=revision,
        issuers=_issuers()(revision.pk),
        force=force,
        cause=_to(force.cause.pk, titles, force.change.cause_words if force.change else "") if force.cause else None,
        effects=[(_effect(change), _to(change.document_id, titles, "")) for change in effects if change.document_id in titles],
        history=history_of(document, live),
        outward=_grouped(OUTWARD, ((row.relation, _outward(row, titles)) for row in outward)),
        inward=_grouped(INWARD, inward),
        past=past is not None,
    )


def _may(live: Edition, what: str) -> bool:
    """Whether there may be some of what `_open` tells of; of an edition that was read otherwise, always."""
    return bool(getattr(live, what, True))


@cache
def _issuers() -> Compiled[str]:
    return Compiled(RevisionIssuer.objects.filter(revision=GIVEN).order_by("position", "pk").values_list("agency__name", flat=True))


def _force(document: Document, live: Edition) -> validity.ValidityState:
    """有效性 today: what the public has open speaks for the document (validity.standing_revision). Two queries at most."""
    standing = live.revision
    assert standing is not None
    changes = document.validity_changes.select_related("cause", "cleanup__notice") if _may(live, "has_changes") else ()
    known = validity.Terms({}) if standing.term == Revision.Term.NONE else validity.terms([document.jurisdiction_id])
    return validity.compute(document, standing, changes, timezone.localdate(), known)


def _effect(change: ValidityChange) -> str:
    return {"amended": "修改", "continued": "继续有效"}.get(change.effect, change.get_effect_display())


def titles_of(documents: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Document → (title, number) of those the public can open. One query, none for none."""
    ids = list(documents)
    if not ids:
        return {}
    rows = live_editions().filter(document__in=ids).values_list("document", "revision__title", "revision__doc_number")
    return {pk: (title, number) for pk, title, number in rows}


def _to(pk: int, titles: dict[int, tuple[str, str]], words: str) -> Link:
    if pk not in titles:
        return Link("", words)
    title, number = titles[pk]
    return Link("", title, number, reverse("documents:document", args=[pk]))


def _outward(row: RevisionReference, titles: dict[int, tuple[str, str]]) -> Link:
    if row.target_id in titles:
        return _to(row.target_id, titles, "")
    return Link("", row.title, row.doc_number)


def _incoming(document: Document) -> list[tuple[str, Link]]:
    """Live documents whose text refers to this one. One query."""
    standing = Q(is_live("revision__edition__"), revision__edition__revision=F("revision"))
    rows = RevisionReference.objects.filter(standing, target=document).exclude(revision__edition__document=document)
    found = rows.order_by("-revision__edition__published_at", "-pk").values_list(
        "relation", "revision__title", "revision__doc_number", "revision__edition__document"
    )
    return [(relation, Link("", title, number, reverse("documents:document", args=[pk]))) for relation, title, number, pk in found]


def _grouped(words: dict[Any, str], links: Iterable[tuple[str, Link]]) -> dict[str, list[Link]]:
    """In the order of `words`; what stands nowhere is left out."""
    found: dict[str, list[Link]] = {label: [] for label in words.values()}
    for relation, link in links:
        group = found[words[Relation(relation)]]
        if link.title and link not in group and len(group) < ENOUGH:
            group.append(link)
    return {label: group for label, group in found.items() if group}


def history_of(document: Document, live: Edition) -> list[HistoryEntry]:
    """变更记录, the newest first. A correction came when the edition before it ended; any other edition on its own day. One query, none
    where the first edition is the live one: there is no other."""
    opened = document.editions.filter(state__in=OPENED).order_by("number").select_related("revision")
    rows = [live] if live.number == 1 else list(opened.only(*SHOWN_OF_EDITION, "revision__attribute"))
    entries: list[HistoryEntry] = []
    before: Edition | None = None
    for row in rows:
        minor = row.change == Change.MINOR and before is not None and before.ended_at is not None
        at = before.ended_at if minor and before is not None else row.published_at
        shown = row.revision is not None and row.revision.attribute == Revision.Attribute.PROACTIVE
        comparable = shown and before is not None and before.revision is not None
        comparable = comparable and before.revision.attribute == Revision.Attribute.PROACTIVE  # type: ignore[union-attr]
        entries.append(
            HistoryEntry(
                edition=row,
                at=at or row.published_at,  # type: ignore[arg-type]
                words=row.get_change_display(),
                note=row.change_note,
                url=reverse("documents:edition", args=[document.pk, row.number]) if shown and row.state == State.PAST else "",
                compare_url=reverse("documents:compare", args=[document.pk, before.number, row.number]) if comparable and before else "",
            )
        )
        before = row
    return entries[::-1]


def as_json(page: PublicPage, request: Any) -> dict[str, Any]:
    """The JSON twin: the same things under lasting names. Dates as ISO 8601; empty is null."""
    doc, rev, ed = page.document, page.revision, page.edition
    return {
        "id": doc.pk,
        "url": main_address(reverse("documents:document", args=[doc.pk]), doc.agency_id, doc.jurisdiction_id, request),
        "title": rev.title,
        "index_number": doc.index_number,
        "agency": {"code": doc.agency.code, "name": doc.agency.name},
        "jurisdiction": {"code": doc.jurisdiction.code, "name": doc.jurisdiction.name},
        "column": doc.column.name if doc.column else None,
        "take_part": doc.column.entry_url or None if doc.column and not doc.column.closed_on else None,
        "kind": doc.kind,
        "kind_words": doc.get_kind_display(),
        "issuers": page.issuers,
        "doc_number": rev.doc_number or None,
        "issued_on": rev.issued_on,
        "effective_on": rev.effective_on,
        "repealed_on": page.ended_on,
        "published_at": _iso(ed.published_at),
        "first_published_at": _iso(doc.first_published_at),
        "changed_at": _iso(page.changed_at),
        "expires_on": ed.expires_on,
        "theme": rev.theme or None,
        "theme_words": theme_words(rev.theme) if rev.theme else None,
        "genre": rev.genre or None,
        "genre_words": genre_words(rev.genre) if rev.genre else None,
        "keywords": rev.keywords or None,
        "abstract": None if page.is_withheld else rev.abstract or None,
        "attribute": rev.attribute,
        "label": rev.label or None,
        "validity": {"code": page.force.code, "words": page.force.words, "why": page.force.why, "since": page.force.since},
        "withheld": {"ground": page.ground.name, "article": page.ground.article, "words": rev.ground_words} if page.ground else None,
        "under_confirmation": page.is_forced,
        "edition": ed.number,
        "past": page.past,
        "body": None if page.is_withheld else rev.body,
        "rows": [] if page.is_withheld else rev.rows,
        "attachments": [
            {"title": one.title, "name": one.name, "type": one.type_words, "size": one.size, "url": address(one.url, request)}
            for one in page.files
        ],
        "history": [
            {
                "edition": one.edition.number,
                "change": one.edition.change,
                "note": one.note or None,
                "at": _iso(one.at),
                "url": address(one.url, request) if one.url else None,
            }
            for one in page.history
        ],
        "related": [
            {
                "relation": words,
                "title": link.title,
                "doc_number": link.number or None,
                "url": address(link.url, request) if link.url else None,
            }
            for words, group in [*page.outward.items(), *page.inward.items()]
            for link in group
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None
