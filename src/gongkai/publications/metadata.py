"""The metadata of a document: which labels its place prints, what is still missing before it may be submitted, what looks wrong.

`reasons` stand in the way; `warnings` are told and may be gone past.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils import timezone

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.catalogue import grounds
from gongkai.formats import document_number
from gongkai.publications.index_numbers import index_number_for
from gongkai.publications.models import Document, Edition, PlaceLabels, Revision, RevisionIssuer
from gongkai.publications.vocabularies import Label, LabelSet, genres, label_sets, required, themes

__all__ = ["index_number_for", "label_of", "labels_of", "reasons", "same_number", "set_of", "warnings"]

Attribute = Revision.Attribute
NUMBERED = frozenset({Document.Kind.RULE, Document.Kind.NORMATIVE, Document.Kind.POLICY})
"""Kinds whose number must be one (三统一: registered, numbered and published together); others are only warned."""
_FIRST_YEAR = date(1949, 10, 1)


def set_of(place: Jurisdiction) -> LabelSet:
    """The labels a place prints: its choice, else the national ones. One query."""
    chosen = PlaceLabels.objects.filter(jurisdiction=place).values_list("labels", flat=True).first()
    sets = label_sets()
    return sets.get(chosen or "", next(iter(sets.values())))


def labels_of(place: Jurisdiction) -> tuple[Label, ...]:
    return set_of(place).labels


def label_of(place: Jurisdiction, text: str) -> Label | None:
    """The label of these words, or None where the place does not print it."""
    return next((label for label in labels_of(place) if label.text == text), None)


def reasons(edition: Edition) -> list[str]:
    """What is missing or contradicts itself, in sentences; empty when the edition may be submitted. Three queries."""
    revision = edition.revision
    if revision is None:
        return ["还没有保存过文稿"]
    document = edition.document
    found = [] if revision.issuer_links.exists() else ["没有选发文机关"]
    found += [
        need.sentence
        for need in required()
        if need.holds_for(document.kind, revision.attribute) and getattr(revision, need.field) in ("", None)
    ]
    found += _contradictions(document, revision)
    if not document.index_number:
        found.append("没有索引号")
    return found


def _contradictions(document: Document, revision: Revision) -> list[str]:
    found = []
    if revision.theme and revision.theme not in themes():
        found.append("主题分类不在分类表里，请重新选")
    if revision.genre and revision.genre not in genres():
        found.append("体裁不在分类表里，请重新选")
    if document.kind in NUMBERED and (wrong := _number_fault(revision)):
        found.append(wrong)
    if revision.label:
        found += _label_reasons(document, revision)
    if revision.attribute == Attribute.WITHHELD:
        found += _ground_reasons(revision)
    if revision.effective_on and revision.issued_on and revision.effective_on < revision.issued_on:
        found.append("实施日期早于成文日期")
    return found


def _number_fault(revision: Revision) -> str:
    if not revision.doc_number or document_number.parse(revision.doc_number) is not None:
        return ""
    return f"发文字号“{revision.doc_number}”不合格式，应如“清政办发〔2026〕12号”"


def _label_reasons(document: Document, revision: Revision) -> list[str]:
    printed = set_of(document.jurisdiction)
    label = next((one for one in printed.labels if one.text == revision.label), None)
    if label is None:
        return [f"“{revision.label}”不是本地区的标识，只能用{'、'.join(one.text for one in printed.labels)}"]
    if label.attribute != revision.attribute:
        return [f"标识“{label.text}”和公开属性“{revision.get_attribute_display()}”不一致"]
    if label.redacted != revision.redacted and any(one.redacted for one in printed.labels):
        return ["删减后公开的，标识和“删减后公开”要一致"]
    return []


def _ground_reasons(revision: Revision) -> list[str]:
    row = grounds.ground(revision.ground)
    if row is None:
        return ["不予公开要选法定理由"]
    if not row.holds_on(revision.issued_on or timezone.localdate(revision.saved_at)):
        return [f"理由“{row.name}”在成文日期还没有施行或者已经失效"]
    return [] if revision.ground_words.strip() else ["不予公开要写明具体理由"]


def warnings(edition: Edition) -> list[str]:
    """What a person should look at: the number of another agency, a document that may be here already, a strange date. Four queries."""
    revision = edition.revision
    if revision is None:
        return []
    found = []
    number = document_number.parse(revision.doc_number) if revision.doc_number else None
    if edition.document.kind not in NUMBERED and (wrong := _number_fault(revision)):
        found.append(wrong)
    if number is not None:
        if number.canonical != revision.doc_number:
            found.append(f"发文字号的规范写法是“{number.canonical}”")
        issuers = [link.agency_id for link in revision.issuer_links.all()]
        if others := code_used_by(number.agency, edition.document, issuers):
            found.append(f"“{number.agency}”此前是{'、'.join(others)}的文号，请核对发文机关")
        for other in same_number(revision.doc_number, edition.document):
            found.append(f"“{revision.doc_number}”已经有一件：{other.index_number}，可能是同一份文件")
        if revision.issued_on and number.year and abs(number.year - revision.issued_on.year) > 1:
            found.append(f"发文字号的年份是 {number.year} 年，成文日期是 {revision.issued_on.year} 年，请核对")
    if revision.issued_on and not _FIRST_YEAR <= revision.issued_on <= timezone.localdate(revision.saved_at):
        found.append(f"成文日期 {revision.issued_on} 请核对")
    if revision.attribute != Attribute.WITHHELD and (signs := grounds.suggested(f"{revision.title}\n{revision.abstract}")):
        row, words = signs[0]
        found.append(f"标题或概述里有“{words[0]}”，可能涉及“{row.name}”（{row.clause}），请审查时留意")
    return found


def same_number(number: str, document: Document | None, place: Jurisdiction | None = None) -> list[Document]:
    """Other documents of the same place whose text carries this number, as written or as the standard writes it; newest first."""
    written = {number.strip(), document_number.canonical(number)} - {""}
    if not written:
        return []
    rows = Document.objects.filter(editions__revision__doc_number__in=written)
    if document is not None:
        rows = rows.filter(jurisdiction=document.jurisdiction_id).exclude(pk=document.pk)
    elif place is not None:
        rows = rows.filter(jurisdiction=place)
    return list(rows.distinct().order_by("-pk")[:3])


def code_used_by(code: str, document: Document, issuers: Iterable[int]) -> list[str]:
    """Names of agencies of the place that have numbered their documents with this 机关代字, when none of `issuers` ever has."""
    used = (
        RevisionIssuer.objects.filter(position=1, revision__edition__document__jurisdiction=document.jurisdiction_id)
        .filter(Q(revision__doc_number__startswith=f"{code}〔"), revision__current_of__isnull=False)
        .exclude(revision__edition__document=document)
        .order_by()
        .values_list("agency", flat=True)
        .distinct()
    )
    agencies = set(used[:20])
    if not agencies or agencies & set(issuers):
        return []
    return list(Agency.objects.filter(pk__in=agencies).order_by("code").values_list("name", flat=True)[:3])
