"""What goes into a booklet or a single document on paper: title, metadata, mark, text. Only what the public may read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from gongkai.formats.ledger import chinese_date
from gongkai.publications.models import Document, Edition, Revision
from gongkai.publications.topics.booklets_blocks import Block, Cell, blocks
from gongkai.publications.validity.state import ValidityState, attach, terms, with_standing
from gongkai.publications.visible import live_editions


@dataclass(frozen=True, slots=True)
class Chapter:
    """One document as it is bound."""

    number: int
    title: str
    heading: str
    facts: tuple[tuple[str, str], ...]
    state: ValidityState
    blocks: tuple[Block, ...]
    signature: str
    date_words: str

    @property
    def anchor(self) -> str:
        return f"chapter{self.number}"

    @property
    def size(self) -> int:
        """Characters, roughly what laying it out costs."""
        tables = sum(len(cell.text) + 20 for block in self.blocks for row in block.cells for cell in row)
        return tables + sum(len(block.text) for block in self.blocks)

    @property
    def mark(self) -> str:
        """The sentence above the text of a document that is not simply in force."""
        return f"本文件{self.state.words}：{self.state.why}。" if self.state.is_marked else ""


@dataclass(slots=True)
class Book:
    """`kind` in words stands on the cover; `headings` are the parts of the table of contents, in order."""

    title: str
    kind: str
    agency: str
    introduction: str
    on: date
    chapters: list[Chapter] = field(default_factory=list)

    @property
    def parts(self) -> list[tuple[str, list[Chapter]]]:
        found: dict[str, list[Chapter]] = {}
        for chapter in self.chapters:
            found.setdefault(chapter.heading, []).append(chapter)
        return list(found.items())


def chapters(wanted: Iterable[tuple[int, str]], tell: Callable[[int], None] | None = None) -> list[Chapter]:
    """(document id, heading) in order; a document that the public cannot read now is left out. `tell` hears how many are done.

    Bodies are read a batch at a time, so that a thousand documents do not stand in memory with all their html.
    """
    listed = list(wanted)
    made: list[Chapter] = []
    for start in range(0, len(listed), BATCH):
        made += _batch(listed[start : start + BATCH], len(made))
        if tell is not None:
            tell(min(start + BATCH, len(listed)))
    return made


BATCH = 50


def _batch(listed: list[tuple[int, str]], before: int) -> list[Chapter]:
    keys = [pk for pk, _heading in listed]
    shown = live_editions().filter(document__in=keys).exclude(revision__attribute=Revision.Attribute.WITHHELD)
    editions = {row.document_id: row for row in shown.select_related("revision").prefetch_related("revision__issuer_links__agency")}
    rows = with_standing(Document.objects.filter(pk__in=list(editions))).select_related("agency", "jurisdiction")
    documents = {row.pk: row for row in attach(rows, known=terms())}
    found: list[Chapter] = []
    for pk, heading in listed:
        if pk in editions:
            found.append(_chapter(before + len(found) + 1, documents[pk], editions[pk], heading))
    return found


def _chapter(number: int, document: Any, edition: Edition, heading: str) -> Chapter:
    revision = edition.revision
    assert revision is not None
    issuers = [link.agency.name for link in revision.issuer_links.all()] or [document.agency.name]
    facts = [
        ("索引号", document.index_number),
        ("发文机关", "、".join(issuers)),
        ("发文字号", revision.doc_number),
        ("成文日期", _day(revision.issued_on)),
        ("实施日期", _day(revision.effective_on)),
        ("发布日期", _day(timezone.localdate(edition.published_at) if edition.published_at else None)),
        ("有效性", document.state.words),
    ]
    return Chapter(
        number,
        revision.title,
        heading,
        tuple((name, words) for name, words in facts if words),
        document.state,
        tuple(blocks(revision.body) + _rows(revision.rows)),
        "　".join(issuers),
        chinese_date(revision.issued_on) if revision.issued_on else "",
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _rows(rows: Any) -> list[Block]:
    """The rows of a typed list as one table."""
    listed = [row for row in rows or [] if isinstance(row, dict)]
    if not listed:
        return []
    names = list(dict.fromkeys(name for row in listed for name in row))
    head = tuple(Cell(name, True) for name in names)
    return [Block("table", cells=(head, *(tuple(Cell(str(row.get(name, ""))) for name in names) for row in listed)))]


def single(document_id: int) -> Chapter | None:
    """One document for its own download; None where the public cannot read it now."""
    found = chapters([(document_id, "")])
    return found[0] if found else None
