"""The notice of a clean-up as an official document: the three lists 继续有效, 废止, 失效, made from the same rows as the marks (S0-25)."""

from __future__ import annotations

import io
from html import escape

from django.urls import reverse
from django.utils import timezone

from gongkai.formats.docx_official import OfficialDocument, Paragraph, write
from gongkai.formats.ledger import chinese_date
from gongkai.publications.models import Cleanup, ValidityChange
from gongkai.publications.validity.cleanups import Line, by_list

Lists = list[tuple[str, str, list[Line]]]
NUMERALS = "一二三四"
SAYINGS = {
    ValidityChange.Effect.CONTINUED: "继续有效",
    ValidityChange.Effect.AMENDED: "予以修改",
    ValidityChange.Effect.REPEALED: "予以废止",
    ValidityChange.Effect.LAPSED: "宣布失效",
}


def line_words(number: int, line: Line) -> str:
    """1. 《标题》（文号）, with the new last day where one was set."""
    standing = line.document.standing
    doc_number = f"（{standing.doc_number}）" if standing and standing.doc_number else ""
    until = f"，有效期至{chinese_date(line.entry.until)}" if line.entry.until else ""
    return f"{number}. 《{line.title}》{doc_number}{until}"


def notice_title(cleanup: Cleanup) -> str:
    return f"{cleanup.agency.name}关于公布{cleanup.title}结果的公告"[:300]


def _opening(cleanup: Cleanup, lists: Lists) -> str:
    sums = "，".join(f"{SAYINGS[ValidityChange.Effect(effect)]}的 {len(rows)} 件" for effect, _name, rows in lists)
    agency = cleanup.agency.name
    return (
        f"根据{cleanup.basis}，{agency}对规章和行政规范性文件进行了清理，共清理 {sum(len(rows) for *_x, rows in lists)} 件，"
        f"其中{sums}。清理结果自{chinese_date(cleanup.on)}起生效，现将文件目录公布如下。"
        "未列入继续有效目录的文件，不得作为行政管理的依据。"
    )


def notice(cleanup: Cleanup) -> OfficialDocument:
    """The draft: who decided on which basis, how many of each, then the lists."""
    lists, agency = by_list(cleanup), cleanup.agency.name
    paragraphs = [Paragraph(_opening(cleanup, lists))]
    for n, (_effect, name, rows) in enumerate(lists):
        paragraphs.append(Paragraph(f"{NUMERALS[n]}、{name}（{len(rows)} 件）", "heading"))
        paragraphs += [Paragraph(line_words(k, line)) for k, line in enumerate(rows, 1)] or [Paragraph("无。")]
    day = chinese_date(timezone.localdate(cleanup.decided_at)) if cleanup.decided_at else "　　年　　月　　日"
    return OfficialDocument(notice_title(cleanup), paragraphs, signature=agency, date_words=day)


def notice_html(cleanup: Cleanup) -> str:
    """The same as the text of a document of this system: every document of the lists linked to its page."""
    lists = by_list(cleanup)
    parts = [f"<p>{escape(_opening(cleanup, lists))}</p>"]
    for n, (_effect, name, rows) in enumerate(lists):
        parts.append(f"<h2>{NUMERALS[n]}、{escape(name)}（{len(rows)} 件）</h2>")
        parts.append(f"<ol>{''.join(_item(line) for line in rows)}</ol>" if rows else "<p>无。</p>")
    return "".join(parts)


def _item(line: Line) -> str:
    page = reverse("documents:document", args=[line.document.pk])
    words = line_words(0, line).removeprefix("0. ").removeprefix(f"《{line.title}》")
    return f'<li><p><a href="{page}">《{escape(line.title)}》</a>{escape(words)}</p></li>'


def notice_docx(cleanup: Cleanup) -> bytes:
    buffer = io.BytesIO()
    write(notice(cleanup), buffer)
    return buffer.getvalue()
