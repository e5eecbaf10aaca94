"""A Word document as html, as it stands: headings, lists, tables with merged cells, footnotes, links. Not clean yet.

Read from the parts with the kernel's guards against bombs and entities (reading/files). Tracked changes are taken as accepted, hidden text
and fields' instructions are left out. A part that is missing or broken costs what was in it, never the whole; pictures are counted, so that
the drafter attaches them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from html import escape

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import limits
from gongkai.reading.files.docx_numbering import Numbering, Styles
from gongkai.reading.files.package import Package
from gongkai.reading.files.safe_xml import DAMAGED_MEND, Element, attribute, child, local, parse

_MARKS = {"b": "strong", "i": "em", "u": "u", "strike": "s"}
_OFF = ("0", "false", "off", "none")
_ALIGN = {"center": "center", "right": "right", "end": "right"}
_HEADING_STYLE = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.I)
_FIRST = re.compile(r"^[一二三四五六七八九十]{1,3}、[^。]{1,60}$")
_SECOND = re.compile(r"^[（(][一二三四五六七八九十]{1,3}[)）][^。]{1,60}$")
_BULLETS = frozenset("·•●○◦▪■□◆◇➢➤✓o-—")
_DEEPEST = 40


class DocxHtml:
    """One document; `told` says in sentences what was lost of it."""

    def __init__(self, package: Package, name: str) -> None:
        self._package = package
        self._name = name
        self.told: list[str] = []
        self._main = package.find("word/document.xml") or self._by_relation()
        self._parts, self._links = self._relations()
        self._styles = Styles(self._part("styles"))
        self._headings = self._heading_styles()
        self._numbering = Numbering(self._part("numbering"), self._styles)
        self._notes = {kind: self._note_bodies(kind) for kind in ("footnote", "endnote")}
        self._used: list[tuple[str, str]] = []
        self._pictures = 0
        self._places = 0

    def html(self) -> str:
        body = child(parse(self._package.read(self._main, limits.XML_BYTES), self._name), "body")
        if body is None:
            raise ReadingError(self._name, "文件里没有 Word 正文部分", DAMAGED_MEND)
        made = self._blocks(body, 0) + self._footnotes()
        if self._pictures:
            self.told.append(f"文件里有 {self._pictures} 幅图片没有放进正文，请作为附件上传，并写明图里的文字")
        return made

    # Parts

    def _by_relation(self) -> str:
        found = self._package.find("_rels/.rels")
        for relation in parse(self._package.read(found), self._name) if found else ():
            if (attribute(relation, "Type") or "").endswith("/officeDocument"):
                target = self._package.find(posixpath.normpath(attribute(relation, "Target") or ""))
                if target:
                    return target
        raise ReadingError(self._name, "文件里没有 Word 正文部分", DAMAGED_MEND)

    def _relations(self) -> tuple[dict[str, str], dict[str, str]]:
        """Kind of part → member, and id → address of links. A relationship that leads nowhere is told."""
        folder, file = posixpath.split(self._main)
        found = self._package.find(f"{folder}/_rels/{file}.rels")
        parts: dict[str, str] = {}
        links: dict[str, str] = {}
        broken = 0
        for relation in parse(self._package.read(found), self._name) if found else ():
            target = attribute(relation, "Target") or ""
            kind = (attribute(relation, "Type") or "").rsplit("/", 1)[-1]
            if attribute(relation, "TargetMode") == "External":
                links[attribute(relation, "Id") or ""] = target
                continue
            member = self._package.find(posixpath.normpath(target if target.startswith("/") else posixpath.join(folder, target)))
            if member:
                parts[kind] = member
            elif kind in ("styles", "numbering", "footnotes", "endnotes", "image"):
                broken += 1
        if broken:
            self.told.append(f"文件里有 {broken} 处内部链接断了（图片、样式或脚注），请对照原件核对")
        return parts, links

    def _part(self, kind: str) -> Element | None:
        member = self._parts.get(kind)
        if not member:
            return None
        try:
            return parse(self._package.read(member), self._name)
        except ReadingError:
            self.told.append("文件的样式、编号或脚注部分读不出来，请对照原件核对")
            return None

    def _heading_styles(self) -> dict[str, int]:
        """Style id → level of its heading, by name or by outline level."""
        found: dict[str, int] = {}
        root = self._part("styles")
        for style in root if root is not None else ():
            if local(style) != "style":
                continue
            name = attribute(child(style, "name"), "val") if child(style, "name") is not None else None
            outline = child(child(style, "pPr"), "outlineLvl")
            match = _HEADING_STYLE.match(name or "")
            level = attribute(outline, "val") if outline is not None else None
            if match:
                found[attribute(style, "styleId") or ""] = int(match.group(1))
            elif level and level.isdigit() and int(level) < 6:
                found[attribute(style, "styleId") or ""] = int(level) + 1
        return found

    def _note_bodies(self, kind: str) -> dict[str, Element]:
        root = self._part(f"{kind}s")
        return {attribute(note, "id") or "": note for note in (root if root is not None else ()) if local(note) == kind}

    # Blocks

    def _blocks(self, parent: Element, depth: int) -> str:
        if depth > _DEEPEST:
            return ""
        made: list[str] = []
        items: list[tuple[str, str]] = []
        for html, listed in self._each(parent, depth):
            if listed:
                items.append((listed, html))
                continue
            made += [_list(items), html]
            items = []
        return "".join([*made, _list(items)])

    def _each(self, parent: Element, depth: int) -> Iterator[tuple[str, str]]:
        """(html, kind of list or empty) of each block."""
        for element in parent:
            tag = local(element)
            if tag == "p":
                yield from self._paragraph(element, depth)
            elif tag == "tbl":
                yield self._table(element, depth), ""
            elif tag == "sdt":
                gallery = child(child(child(element, "sdtPr"), "docPartObj"), "docPartGallery")
                content = child(element, "sdtContent")
                if content is not None and (gallery is None or attribute(gallery, "val") != "Table of Contents"):
                    yield from self._each(content, depth)
            elif tag in ("customXml", "ins", "moveTo"):
                yield from self._each(element, depth)

    def _paragraph(self, element: Element, depth: int) -> Iterator[tuple[str, str]]:
        properties = child(element, "pPr")
        label = self._numbering.label(properties)
        words = self._inline(element)
        plain = re.sub(r"<[^>]+>", "", words).strip()
        style = child(properties, "pStyle")
        level = self._headings.get(attribute(style, "val") or "") if style is not None else None
        outline = child(properties, "outlineLvl")
        given = (attribute(outline, "val") or "") if outline is not None else ""
        if level is None and given.isdigit() and int(given) < 6:
            level = int(given) + 1
        whole = escape(label) + words
        if level is None and plain:
            level = 1 if _FIRST.match(label + plain) else 2 if _SECOND.match(label + plain) else None
        if not plain and not words:
            pass
        elif level is not None and not depth:
            yield f"<h{min(level + 1, 6)}>{re.sub('</?strong>', '', whole)}</h{min(level + 1, 6)}>", ""
        elif label and label.strip()[:1] in _BULLETS:
            yield words, "ul"
        else:
            side = _ALIGN.get(attribute(child(properties, "jc"), "val") or "") if child(properties, "jc") is not None else None
            yield (f'<p class="{side}">{whole}</p>' if side else f"<p>{whole}</p>"), ""
        for box in element.iter():
            if isinstance(box.tag, str) and local(box) == "txbxContent" and not _in_fallback(box):
                yield self._blocks(box, depth + 1), ""

    def _table(self, element: Element, depth: int) -> str:
        """Merged cells as spans; a row that repeats on each page is the header."""
        rows: list[list[tuple[Element, int, str]]] = []
        heads: list[bool] = []
        for row in _rows(element):
            properties = child(row, "trPr")
            if child(properties, "del") is not None:
                continue
            header = child(properties, "tblHeader")
            heads.append(header is not None and attribute(header, "val") not in _OFF)
            rows.append([self._cell(cell) for cell in _cells(row)])
        made = []
        for n, cells in enumerate(rows):
            column, out = 0, []
            for cell, width, merge in cells:
                if merge != "continue":
                    below = _height(rows, n, column) if merge == "restart" else 1
                    spans = (f' colspan="{width}"' if width > 1 else "") + (f' rowspan="{below}"' if below > 1 else "")
                    tag = "th" if heads[n] else "td"
                    out.append(f"<{tag}{spans}>{self._blocks(cell, depth + 1)}</{tag}>")
                column += width
            made.append(f"<tr>{''.join(out)}</tr>")
        head = sum(1 for _ in _leading(heads))
        inside = (f"<thead>{''.join(made[:head])}</thead>" if head else "") + f"<tbody>{''.join(made[head:])}</tbody>"
        return f"<table>{inside}</table>"

    def _cell(self, cell: Element) -> tuple[Element, int, str]:
        self._places += 1
        if self._places > limits.TABLE_PLACES:
            raise ReadingError(self._name, f"表格单元格超过 {limits.TABLE_PLACES // 10_000} 万个", "请把大表作为附件上传")
        properties = child(cell, "tcPr")
        span = child(properties, "gridSpan")
        value = (attribute(span, "val") if span is not None else None) or "1"
        merge = child(properties, "vMerge")
        kind = "" if merge is None else "restart" if attribute(merge, "val") == "restart" else "continue"
        return cell, max(1, min(int(value), 64)) if value.isdigit() else 1, kind

    # Words

    def _inline(self, element: Element) -> str:
        return "".join(_joined(self._runs(element, _Fields())))

    def _runs(self, element: Element, fields: _Fields, depth: int = 0) -> Iterator[tuple[tuple[str, ...], str]]:
        """(marks around it, html) of each piece."""
        if depth > _DEEPEST:
            return
        for item in element:
            tag = local(item) if isinstance(item.tag, str) else ""
            if tag == "r":
                yield from self._run(item, fields)
            elif tag == "hyperlink":
                address = self._links.get(attribute(item, "id") or "", "")
                inner = "".join(_joined(self._runs(item, fields, depth + 1)))
                yield (), f'<a href="{escape(address)}">{inner}</a>' if address else inner
            elif tag in ("ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo"):
                yield from self._runs(item, fields, depth + 1)

    def _run(self, run: Element, fields: _Fields) -> Iterator[tuple[tuple[str, ...], str]]:
        properties = child(run, "rPr")
        if _on(properties, "vanish"):
            return
        marks = tuple(name for tag, name in _MARKS.items() if _on(properties, tag))
        raised = attribute(child(properties, "vertAlign"), "val") if child(properties, "vertAlign") is not None else None
        if raised in ("superscript", "subscript"):
            marks = (*marks, "sup" if raised == "superscript" else "sub")
        for item in run:
            tag = local(item) if isinstance(item.tag, str) else ""
            if tag == "fldChar":
                fields.seen(attribute(item, "fldCharType"))
            elif tag == "t" and fields.shows:
                yield marks, escape((item.text or "").replace("\n", " "), quote=False)
            elif tag == "tab" and fields.shows:
                yield (), " "
            elif tag in ("br", "cr") and attribute(item, "type") != "page":
                yield (), "<br>"
            elif tag == "noBreakHyphen":
                yield marks, "-"
            elif tag in ("footnoteReference", "endnoteReference"):
                yield (), self._mark(tag.removesuffix("Reference"), attribute(item, "id") or "")
            elif tag in ("drawing", "pict", "object"):
                self._pictures += sum(1 for e in item.iter() if isinstance(e.tag, str) and local(e) in ("blip", "imagedata"))

    def _mark(self, kind: str, number: str) -> str:
        if number not in self._notes[kind]:
            return ""
        self._used.append((kind, number))
        n = len(self._used)
        return f'<sup><a id="ref{n}" href="#note{n}">[{n}]</a></sup>'

    def _footnotes(self) -> str:
        made = []
        for n, (kind, number) in enumerate(self._used, 1):
            body = " ".join(self._inline(p) for p in self._notes[kind][number].iter() if isinstance(p.tag, str) and local(p) == "p")
            made.append(f'<li id="note{n}">{body.strip()} <a href="#ref{n}">↑</a></li>')
        return f'<ol class="footnotes">{"".join(made)}</ol>' if made else ""


class _Fields:
    """Whether the words now read are shown: instructions of a field are not, its result is."""

    def __init__(self) -> None:
        self._open: list[bool] = []

    def seen(self, kind: str | None) -> None:
        if kind == "begin":
            self._open.append(False)
        elif kind == "separate" and self._open:
            self._open[-1] = True
        elif kind == "end" and self._open:
            self._open.pop()

    @property
    def shows(self) -> bool:
        return all(self._open)


def _on(properties: Element | None, tag: str) -> bool:
    found = child(properties, tag)
    return found is not None and attribute(found, "val") not in _OFF


def _joined(pieces: Iterator[tuple[tuple[str, ...], str]]) -> Iterator[str]:
    """Neighbours with the same marks under one."""
    marks: tuple[str, ...] = ()
    words: list[str] = []

    def close() -> str:
        inner = "".join(words)
        if not inner.strip():
            return inner
        for mark in marks:
            inner = f"<{mark}>{inner}</{mark}>"
        return inner

    for around, piece in pieces:
        if around != marks:
            yield close()
            marks, words = around, []
        words.append(piece)
    yield close()


def _list(items: list[tuple[str, str]]) -> str:
    return f"<ul>{''.join(f'<li>{html}</li>' for _, html in items)}</ul>" if items else ""


def _in_fallback(element: Element) -> bool:
    """The same box is written twice, for new and for old programs."""
    return any(local(up) == "Fallback" for up in element.iterancestors() if isinstance(up.tag, str))


def _rows(table: Element) -> Iterator[Element]:
    for item in table:
        tag = local(item) if isinstance(item.tag, str) else ""
        if tag == "tr":
            yield item
        elif tag in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _rows(item)


def _cells(row: Element) -> Iterator[Element]:
    for item in row:
        tag = local(item) if isinstance(item.tag, str) else ""
        if tag == "tc":
            yield item
        elif tag in ("sdt", "sdtContent", "customXml"):
            yield from _cells(item)


def _height(rows: list[list[tuple[Element, int, str]]], at: int, column: int) -> int:
    """How many rows a cell that begins a merge spans: those below that continue in the same column."""
    height = 1
    for cells in rows[at + 1 :]:
        start = 0
        merges: dict[int, str] = {}
        for _, width, merge in cells:
            merges[start] = merge
            start += width
        if merges.get(column) != "continue":
            return height
        height += 1
    return height


def _leading(heads: list[bool]) -> Iterator[bool]:
    for head in heads[:-1]:  # a table of headers alone has no header
        if not head:
            return
        yield head
