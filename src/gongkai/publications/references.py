"""Documents that a text cites, forwards or interprets: found in it, written by hand in lines, and linked where they are in this system."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from gongkai.agencies.models import Jurisdiction
from gongkai.formats import document_number
from gongkai.publications.models import Document, RevisionReference
from gongkai.reading.citations import cited_documents
from gongkai.reading.cleaning import clean as clean_words

Relation = RevisionReference.Relation
MOST = 60
"""References kept of one text; a longer list is an index and not a citation."""
_BASIS = 200_000
"""Characters of a text that are looked through; a booklet of a thousand pages names its grounds well before."""
_RELATION = re.compile(r"^(转发|解读|配套|引用)\s*[:：]?\s*")
_NUMBERED = re.compile(r"^(?P<title>.+?)\s*[（(](?P<number>[^（()）]{3,60}号)[)）]$")
_WORD = re.compile(r"[\u4e00-\u9fff]{2}")
_WORDS = {str(label): value for value, label in Relation.choices}


@dataclass(frozen=True, slots=True)
class Reference:
    """One document that is referred to; `target_id` where it is in this system."""

    relation: str
    title: str = ""
    doc_number: str = ""
    target_id: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        return re.sub(r"\W", "", self.title), document_number.canonical(self.doc_number)

    @property
    def line(self) -> str:
        """As it is written in the form."""
        title = f"《{self.title}》" if self.title else ""
        number = f"（{self.doc_number}）" if title and self.doc_number else self.doc_number
        return f"{Relation(self.relation).label}：{title}{number}"


def found_in(title: str, text: str) -> list[Reference]:
    """What the title forwards or interprets, then what the text cites with a 《title》, in order, each once."""
    doc = clean_words(text[:_BASIS])
    cited = cited_documents(doc, [title, _inner(title)], [(0, len(doc.flat))]) if doc.flat else []
    found = [*_of_title(title)]
    keys = {reference.key[0] for reference in found}
    for one in cited:
        reference = Reference(Relation.CITES, one.title[:300], (one.number or "")[:80])
        if reference.key[0] not in keys:
            keys.add(reference.key[0])
            found.append(reference)
    return found[:MOST]


def _inner(title: str) -> str:
    """What is printed with the document itself: 关于印发《…》的通知."""
    match = re.search(r"印发《?([^《》]{2,120}?)》?的(?:通知|公告|通告)$", title)
    return match.group(1) if match else title


def _of_title(title: str) -> list[Reference]:
    shapes = ((r"转发[^《]{0,40}《(.+)》", Relation.FORWARDS), (r"《(.+)》[^《》]{0,6}(?:解读|问答|政策图解)", Relation.INTERPRETS))
    for pattern, relation in shapes:
        if match := re.search(pattern, title):
            return [Reference(relation, match.group(1)[:300])]
    return []


def from_lines(lines: Iterable[str]) -> tuple[list[Reference], list[str]]:
    """What a person wrote, a document a line: 转发：《标题》（文号）. The references and a sentence for every line that is none."""
    found: list[Reference] = []
    wrong = []
    for line in lines:
        words = " ".join(line.split())
        relation_words = _RELATION.match(words)
        rest = words[relation_words.end() :] if relation_words else words
        match = _NUMBERED.match(rest)
        title, printed = (match["title"], match["number"]) if match else (rest, "")
        if not match and (number := document_number.parse(rest)) is not None:
            title, printed = rest, number.canonical
        title = title[1:-1] if title.startswith("《") and title.endswith("》") else title
        if not _WORD.search(title):
            wrong.append(f"“{words[:40]}”看不出是哪份文件，请写成“引用：《标题》（文号）”")
            continue
        relation = _WORDS[relation_words.group(1)] if relation_words else str(Relation.CITES)
        found.append(Reference(relation, title[:300], printed[:80]))
    if len(found) > MOST:
        wrong.append(f"相关文件最多 {MOST} 件")
    return found, wrong


def linked(references: Iterable[Reference], place: Jurisdiction, own: Document | None = None) -> list[Reference]:
    """The same, each with the document of this system that it means: by number, else by its exact title. Only what the public can see, or
    could once, is meant: a draft elsewhere is nobody's reference. One query."""
    wanted = list(references)
    numbers = {document_number.canonical(r.doc_number) for r in wanted if r.doc_number} | {r.doc_number for r in wanted if r.doc_number}
    titles = {r.title for r in wanted if r.title}
    rows = Document.objects.filter(first_published_at__isnull=False, editions__state__in=("live", "withdrawn"))
    if own is not None and own.pk:
        rows = rows.exclude(pk=own.pk)
    found = rows.filter(Q(editions__revision__doc_number__in=numbers) | Q(editions__revision__title__in=titles))
    values = found.values_list("pk", "jurisdiction_id", "editions__revision__doc_number", "editions__revision__title").distinct()[:500]
    by_number: dict[str, list[tuple[bool, int]]] = {}
    by_title: dict[str, list[tuple[bool, int]]] = {}
    for pk, place_id, number, title in values:
        rank = (place_id != place.pk, pk)
        if number:
            by_number.setdefault(document_number.canonical(number), []).append(rank)
        by_title.setdefault(title, []).append(rank)
    made = []
    for reference in wanted:
        hits = by_number.get(document_number.canonical(reference.doc_number), []) if reference.doc_number else []
        hits = hits or by_title.get(reference.title, [])
        made.append(Reference(reference.relation, reference.title, reference.doc_number, min(hits)[1] if hits else None))
    return made
