"""What is read of a revision besides its attachments: title, metadata, abstract, body, the rows of a list, and what it refers to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gongkai.publications.models import Revision, RevisionReference
from gongkai.publications.models.editions import WORKING
from gongkai.publications.screening.rules import places_above
from gongkai.screening import masking
from gongkai.screening.copies import Chooser
from gongkai.screening.copies.html import fragment as masked_html
from gongkai.screening.model import Passage
from gongkai.screening.places import html

FIELDS = {
    "title": "标题",
    "abstract": "内容概述",
    "keywords": "主题词",
    "doc_number": "发文字号",
    "source": "信息来源",
    "ground_words": "理由说明",
}
_TITLE = re.compile(r"《([^《》\n]{4,120})》")
_NUMBER = re.compile(r"([\u4e00-\u9fff]{1,12})〔(\d{4})〕(\d{1,5})号")
MOST_CITED = 200
"""Titles and numbers that are looked up in this system."""
Attribute = Revision.Attribute


def size_of(revision: Revision) -> int:
    """Characters, about: how long reading it takes."""
    return len(revision.body) + len(revision.abstract) + len(revision.ground_words) + 40 * len(revision.rows)


def passages(revision: Revision) -> Iterator[Passage]:
    """Raises ReadingError for a body that no browser would read either."""
    for name, words in FIELDS.items():
        yield Passage(words, getattr(revision, name))
    if revision.edition.change_note:
        yield Passage("变更说明", revision.edition.change_note)
    body = html.fragment(revision.body)
    yield Passage("正文", body.text, marks=[(at, f"正文 {where}") for at, where in body.marks])
    if revision.rows:
        yield _rows(revision.rows)
    for link in revision.attachment_links.all():
        yield Passage(f"附件名称 {link.position}", f"{link.title}\n{link.version.name}")
    yield from _references(revision, body.text)


def _cells(rows: Iterable[Any]) -> Iterator[tuple[int, str, str]]:
    """(row from 1, column, value) of typed rows, whether a row is a mapping or a list."""
    for number, row in enumerate(rows, 1):
        pairs = row.items() if isinstance(row, Mapping) else enumerate(row, 1) if isinstance(row, list | tuple) else [("", row)]
        for column, value in pairs:
            yield number, str(column), "" if value is None else str(value)


def _rows(rows: list[Any]) -> Passage:
    marks: list[tuple[int, str]] = []
    words: list[str] = []
    size = 0
    for number, column, value in _cells(rows):
        marks.append((size, f"清单 row {number} {column}".rstrip()))
        words.append(value)
        size += len(value) + 1
    return Passage("清单", "\t".join(words), marks=marks, header=_header(rows))


def _header(rows: list[Any]) -> str:
    return "\t".join(dict.fromkeys(column for _, column, _ in _cells(rows[:1])))[:400]


def _references(revision: Revision, body: str) -> Iterator[Passage]:
    """Files of this system that are not public: forwarded, cited by link, or named in the text (不予公开的上级文件)."""
    links = [link for link in revision.references.select_related("target") if link.target_id is not None]
    closed = _closed_documents({link.target_id for link in links if link.target_id is not None})
    for link in links:
        attribute, title = closed.get(link.target_id or 0, ("", ""))
        if attribute:
            forwarded = link.relation == RevisionReference.Relation.FORWARDS
            yield _quoted(f"相关文件（{link.get_relation_display()}）", attribute, title, forwarded)
    for title, attribute in _closed_by_name(revision, body).items():
        yield _quoted("正文", attribute, title, False)


def _quoted(where: str, attribute: str, title: str, forwarded: bool) -> Passage:
    blocks = attribute == Attribute.WITHHELD or forwarded
    shown = f"《{title[:6]}***》（{Attribute(attribute).label}）"
    return Passage(where, "", "secrecy.quoted" if blocks else "secrecy.cited", shown)


def _closed_documents(ids: set[int]) -> dict[int, tuple[str, str]]:
    """Document → (attribute, title) of those that are not public: by the live edition, else by the one being worked on."""
    if not ids:
        return {}
    rows = Revision.objects.filter(current_of__document__in=ids, current_of__state__in=["live", *WORKING])
    found: dict[int, tuple[str, str]] = {}
    for document, state, attribute, title in rows.values_list("current_of__document", "current_of__state", "attribute", "title"):
        if state == "live" or document not in found:
            found[document] = (attribute, title)
    return {document: row for document, row in found.items() if row[0] != Attribute.PROACTIVE}


def _closed_by_name(revision: Revision, body: str) -> dict[str, str]:
    """Title → attribute of non-public files of this place and those above that the text names by title or number."""
    text = f"{revision.title}\n{revision.abstract}\n{body}"
    titles = list(dict.fromkeys(_TITLE.findall(text)))[:MOST_CITED]
    numbers = {
        f"{words[-size:]}〔{year}〕{number}号"
        for words, year, number in list(dict.fromkeys(_NUMBER.findall(text)))[:MOST_CITED]
        for size in range(2, len(words) + 1)
    }
    if not titles and not numbers:
        return {}
    document = revision.edition.document
    rows = Revision.objects.filter(
        current_of__isnull=False,
        current_of__state__in=["live", *WORKING],
        attribute__in=[Attribute.WITHHELD, Attribute.ON_REQUEST],
        edition__document__jurisdiction__in=places_above(document.jurisdiction_id),
    ).exclude(edition__document=document)
    by_title = rows.filter(title__in=titles).values_list("title", "attribute")
    by_number = rows.filter(doc_number__in=sorted(numbers)).values_list("title", "attribute")
    return dict([*by_title, *by_number])


def masked_content(revision: Revision, choose: Chooser) -> dict[str, Any]:
    """The fields that change when the chosen values are masked, as `drafting.save` takes them."""
    changed: dict[str, Any] = {}
    for name in FIELDS:
        value = getattr(revision, name)
        if (masked := masking.apply(value, choose(value, ""))) != value:
            changed[name] = masked
    if (body := masked_html(revision.body, choose)) != revision.body:
        changed["body"] = body
    if revision.rows and (rows := _masked_rows(revision.rows, choose)) != revision.rows:
        changed["rows"] = rows
    return changed


def _masked_rows(rows: list[Any], choose: Chooser) -> list[Any]:
    values = [value for _, _, value in _cells(rows)]
    masked = iter(masking.over(values, choose("\t".join(values), _header(rows))))
    return [_with_cells(row, masked) for row in rows]


def _with_cells(row: Any, masked: Iterator[str]) -> Any:
    """The row with its cells taken from `masked`; a cell that did not change keeps its type."""
    if isinstance(row, Mapping):
        return {column: _kept(value, next(masked)) for column, value in row.items()}
    if isinstance(row, list | tuple):
        return [_kept(value, next(masked)) for value in row]
    return _kept(row, next(masked))


def _kept(value: Any, masked: str) -> Any:
    return value if ("" if value is None else str(value)) == masked else masked
