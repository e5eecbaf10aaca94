"""How a revision comes to be: every save, restore, attachment and import writes one whole new row and never touches an old one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.agencies.models import Agency, User
from gongkai.publications.drafting.cleaning import clean
from gongkai.publications.models import AttachmentVersion, Edition, Revision, RevisionAttachment, RevisionIssuer, RevisionReference
from gongkai.publications.references import Reference
from gongkai.publications.screening import runs as screening_runs

FIELDS = (
    "title", "body", "abstract", "keywords", "doc_number", "issued_on", "effective_on", "repealed_on", "term", "theme", "genre", "source",
    "attribute", "label", "redacted", "ground", "ground_words", "needs_interpretation", "in_gazette", "rows",
)  # fmt: skip
"""What a person writes in a revision, beside its issuers, references and attachments."""
BODY_MOST = 1_500_000
"""Characters of html in one text: some thousand pages, and as much as one form may bring (DATA_UPLOAD_MAX_MEMORY_SIZE)."""
LENGTHS = {"title": 300, "keywords": 200, "doc_number": 80, "source": 200, "label": 40, "theme": 20, "genre": 20, "ground": 30}
WORDS_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as it stands with a revision."""

    version: AttachmentVersion
    title: str
    accessible: bool = True
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A whole revision before it is written: `fields` of FIELDS, issuers with the leading one first."""

    fields: Mapping[str, Any]
    issuers: Sequence[int]
    references: Sequence[Reference] = ()
    attached: Sequence[Attached] = ()

    @property
    def words(self) -> tuple[Any, ...]:
        """What two texts are compared by: everything but the attachments."""
        return (
            tuple(_plain(self.fields.get(name)) for name in FIELDS),
            tuple(self.issuers),
            tuple(sorted((r.relation, r.title, r.doc_number) for r in self.references)),
        )

    @property
    def sha256(self) -> str:
        files = [(a.version.sha256, a.version.pk, a.title, a.accessible, a.contact) for a in self.attached]
        told = json.dumps([self.words, files], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else json.dumps(value, sort_keys=True) if isinstance(value, list) else value


def _field(name: str) -> Any:
    return Revision._meta.get_field(name)


def defaults() -> dict[str, Any]:
    """What a field holds that nobody filled in."""
    return {name: _field(name).get_default() for name in FIELDS}


def normal(content: Mapping[str, Any]) -> dict[str, Any]:
    """Every field, the html cleaned, white space of one-line fields put right. Unknown names raise KeyError."""
    if strange := set(content) - set(FIELDS):
        raise KeyError(f"no fields of a revision: {sorted(strange)}")
    values = {**defaults(), **content}
    for name in LENGTHS:
        values[name] = " ".join(str(values[name]).split())
    for name in ("abstract", "ground_words"):
        values[name] = str(values[name]).replace("\r\n", "\n").strip()
    values["body"] = clean(values["body"]) if values["body"].strip() else ""
    if values["attribute"] != Revision.Attribute.WITHHELD:
        values["ground"], values["ground_words"] = "", ""
    return values


def faults(values: Mapping[str, Any]) -> list[str]:
    """Why these fields cannot be kept at all: saving a draft is lenient, but what the database refuses is told first."""
    names = {name: str(_field(name).verbose_name) for name in FIELDS}
    found = [] if values["title"] else ["请写标题"]
    found += [f"{names[name]}不能超过 {most} 个字" for name, most in LENGTHS.items() if len(values[name]) > most]
    found += [f"{names[name]}不能超过 {WORDS_MOST} 个字" for name in ("abstract", "ground_words") if len(values[name]) > WORDS_MOST]
    if len(values["body"]) > BODY_MOST:
        found.append("正文太长，请把附表放到附件里")
    if any("\x00" in str(values[name]) for name in FIELDS):
        found.append("文字里有不能保存的字符，请重新输入")
    if values["attribute"] == Revision.Attribute.WITHHELD and not values["ground"]:
        found.append("选了不予公开，请同时选法定理由")
    if values["effective_on"] and values["repealed_on"] and values["repealed_on"] < values["effective_on"]:
        found.append("废止日期不能早于实施日期")
    return found


def text_of_revision(revision: Revision) -> Text:
    """The whole of a saved revision. Three queries."""
    links = revision.attachment_links.select_related("version").order_by("position", "pk")
    return Text(
        fields={name: getattr(revision, name) for name in FIELDS},
        issuers=list(revision.issuer_links.order_by("position", "pk").values_list("agency_id", flat=True)),
        references=[Reference(r.relation, r.title, r.doc_number, r.target_id) for r in revision.references.order_by("pk")],
        attached=[Attached(link.version, link.title, link.accessible, link.contact) for link in links],
    )


def write(edition: Edition, author: User, text: Text, *, at: datetime | None = None) -> Revision:
    """Writes the next revision and makes it the edition's own, inside the caller's transaction, the edition locked."""
    number = (edition.revisions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    revision = Revision.objects.create(
        edition=edition, number=number, author=author, saved_at=at or timezone.now(), sha256=text.sha256, **text.fields
    )
    hang(revision, text)
    edition.revision = revision
    edition.save(update_fields=["revision"])
    screening_runs.ask(revision)
    return revision


def hang(revision: Revision, text: Text) -> None:
    RevisionIssuer.objects.bulk_create(issuers_of(revision, text.issuers))
    RevisionReference.objects.bulk_create(
        RevisionReference(revision=revision, relation=r.relation, title=r.title, doc_number=r.doc_number, target_id=r.target_id)
        for r in text.references
    )
    RevisionAttachment.objects.bulk_create(
        RevisionAttachment(
            revision=revision, version=one.version, position=n, title=one.title, accessible=one.accessible, contact=one.contact
        )
        for n, one in enumerate(text.attached, 1)
    )


def issuers_of(revision: Revision, agencies: Iterable[int | Agency]) -> list[RevisionIssuer]:
    ids = dict.fromkeys(one.pk if isinstance(one, Agency) else one for one in agencies)
    return [RevisionIssuer(revision=revision, agency_id=pk, position=n) for n, pk in enumerate(ids, 1)]
