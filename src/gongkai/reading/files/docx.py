"""Word documents (OOXML): paragraphs with their numbers, tables, text boxes, notes. Read from the parts; macros never run."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from gongkai.reading.errors import ReadingError
from gongkai.reading.extracted import Extracted
from gongkai.reading.files import limits
from gongkai.reading.files.blocks import Block, Table, TableCell, assemble, lines_of
from gongkai.reading.files.docx_inline import Inline
from gongkai.reading.files.docx_numbering import Numbering, Styles
from gongkai.reading.files.package import Budget, Package
from gongkai.reading.files.safe_xml import DAMAGED_MEND, Element, attribute, child, local, parse, stream

_NAMESPACES = ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
_MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_BLOCK_TAGS = ("p", "tbl", "tr", "sdt", "customXml", "ins", "del", "moveTo", "moveFrom")
_STREAMED = [f"{{{space}}}{tag}" for space in _NAMESPACES for tag in _BLOCK_TAGS] + [_MARKUP]


def read(data: bytes, name: str, budget: Budget) -> Extracted:
    """The document's text and grids. Raises ReadingError when damaged, empty, too large or carrying macros."""
    package = Package(data, name, budget)
    if any(member.lower().endswith(("vbaproject.bin", "vbadata.xml")) for member in package.names):
        raise ReadingError(name, "文件含有宏", "请用 WPS 或 Word 打开后另存为不含宏的 .docx 再试")
    return _Document(package, name).extracted()


class _Document:
    def __init__(self, package: Package, name: str) -> None:
        self._package = package
        self._name = name
        self._main = self._find_main()
        self._related = self._relations()
        self._styles = Styles(self._part("styles"))
        self._numbering = Numbering(self._part("numbering"), self._styles)
        self._inline = Inline()
        self._carried = ""
        self._places = 0

    def extracted(self) -> Extracted:
        return assemble(self._name, "docx", self._body(), self._notes())

    # Parts

    def _find_main(self) -> str:
        found = self._package.find("_rels/.rels")
        if found:
            for relation in parse(self._package.read(found), self._name):
                if (attribute(relation, "Type") or "").endswith("/officeDocument"):
                    target = self._package.find(posixpath.normpath(attribute(relation, "Target") or ""))
                    if target:
                        return target
        target = self._package.find("word/document.xml")
        if not target:
            raise ReadingError(self._name, "文件里没有 Word 正文部分", DAMAGED_MEND)
        return target

    def _relations(self) -> dict[str, str]:
        """Last word of the relationship type → member."""
        folder, file = posixpath.split(self._main)
        found = self._package.find(f"{folder}/_rels/{file}.rels")
        related: dict[str, str] = {}
        for relation in parse(self._package.read(found), self._name) if found else ():
            target = attribute(relation, "Target") or ""
            path = target if target.startswith("/") else posixpath.join(folder, target)
            member = self._package.find(posixpath.normpath(path))
            if member and attribute(relation, "TargetMode") != "External":
                related[(attribute(relation, "Type") or "").rsplit("/", 1)[-1]] = member
        return related

    def _part(self, kind: str) -> Element | None:
        member = self._related.get(kind)
        return parse(self._package.read(member), self._name) if member else None

    # Blocks

    def _body(self) -> Iterator[Block]:
        """The body as a stream: each paragraph and each table row is let go once read, so memory follows the largest of them."""
        rows: _Rows | None = None
        with self._package.open(self._main, limits.XML_BYTES) as source:
            source.let_go()
            for element in stream(source, _STREAMED, self._name):
                parent = element.getparent()
                if parent is None:
                    continue
                place = local(parent)
                if place == "body":
                    if local(element) == "tbl":
                        yield from self._flush()
                        yield (rows or _Rows()).table
                        rows = None
                    else:
                        yield from self._block(element)
                elif place == "tbl" and (outer := parent.getparent()) is not None and local(outer) == "body":
                    rows = rows or _Rows()
                    self._add_rows(rows, element)
                else:
                    continue
                _release(element)
                source.let_go()
        yield from self._flush()

    def _notes(self) -> Iterator[Block]:
        for kind, tag in (("footnotes", "footnote"), ("endnotes", "endnote")):
            root = self._part(kind)
            for note in root if root is not None else ():
                if local(note) == tag and attribute(note, "type") in (None, "normal"):
                    self._inline = Inline()
                    text = "\n".join(line.strip() for line in lines_of(self._blocks(note)) if line.strip())
                    if text:
                        yield text

    def _blocks(self, parent: Iterable[Element]) -> Iterator[Block]:
        for element in parent:
            yield from self._block(element)
        yield from self._flush()

    def _block(self, element: Element) -> Iterator[Block]:
        tag = local(element)
        if tag == "p":
            yield from self._paragraph(element)
        elif tag == "tbl":
            yield from self._flush()
            yield self._table(element)
        elif tag == "sdt":
            gallery = child(child(child(element, "sdtPr"), "docPartObj"), "docPartGallery")
            content = child(element, "sdtContent")
            if content is not None and (gallery is None or attribute(gallery, "val") != "Table of Contents"):
                for inner in content:
                    yield from self._block(inner)
        elif tag in ("customXml", "ins", "moveTo"):
            for inner in element:
                yield from self._block(inner)
        elif tag == "AlternateContent" and len(element):
            for inner in element[0]:
                yield from self._block(inner)

    def _paragraph(self, element: Element) -> Iterator[Block]:
        read = self._inline.paragraph(element)
        properties = child(element, "pPr")
        style = child(properties, "pStyle")
        contents = read.in_contents or self._styles.is_contents(attribute(style, "val") if style is not None else None)
        if read.joined:
            # Its end was deleted in a tracked change: what is left of it begins the next paragraph.
            self._carried += read.text
        elif not contents or self._carried:
            label = self._numbering.label(properties)
            yield label + self._carried + read.text
            self._carried = ""
        for box in read.boxes:
            # A box is read aside: its paragraphs may stand in the middle of a field of the paragraph that holds it.
            outer, self._inline = self._inline, Inline()
            yield from self._blocks(box)
            self._inline = outer

    def _flush(self) -> Iterator[Block]:
        if self._carried:
            yield self._carried
            self._carried = ""

    # Tables

    def _table(self, element: Element) -> Table:
        rows = _Rows()
        for item in element:
            self._add_rows(rows, item)
        return rows.table

    def _add_rows(self, rows: _Rows, element: Element) -> None:
        tag = local(element)
        if tag == "tr":
            properties = child(element, "trPr")
            if child(properties, "del") is None:
                rows.add(self._cells(element), _integer(child(properties, "gridBefore"), 0))
        elif tag in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            for inner in element:
                self._add_rows(rows, inner)

    def _cells(self, element: Element) -> Iterator[tuple[TableCell | None, int, bool]]:
        """(cell or None where it continues the one above, columns it spans, whether rows below may continue it)."""
        self._count_place()
        for item in element:
            tag = local(item)
            if tag in ("sdt", "sdtContent", "customXml"):
                yield from self._cells(item)
            elif tag == "tc":
                self._count_place()
                properties = child(item, "tcPr")
                merge = child(properties, "vMerge")
                span = _integer(child(properties, "gridSpan"), 1)
                if merge is not None and attribute(merge, "val") != "restart":
                    yield None, span, True
                else:
                    yield TableCell(list(self._blocks(item))), span, merge is not None

    def _count_place(self) -> None:
        self._places += 1
        if self._places > limits.TABLE_PLACES:
            raise ReadingError(self._name, f"表格单元格超过 {limits.TABLE_PLACES // 10_000} 万个", "请把表格拆成几份再试")


class _Rows:
    """Rows of one table with spans written out as they come."""

    def __init__(self) -> None:
        self.table = Table()
        self._open: dict[int, TableCell] = {}
        self._places = 0

    def add(self, cells: Iterable[tuple[TableCell | None, int, bool]], skipped: int) -> None:
        row: list[TableCell | None] = [None] * min(skipped, 64)
        for given, width, continues in cells:
            column = len(row)
            cell = given if given is not None else self._open.get(column)
            # A span can claim more columns than any table has; past the limit each cell takes one place.
            width = width if self._places < limits.GRID_CELLS else 1
            row.extend([cell] * width)
            self._places += width
            if cell is not None and continues:
                self._open[column] = cell
            else:
                self._open.pop(column, None)
        self.table.rows.append(row)


def _integer(element: Element | None, default: int) -> int:
    """A span as written; Word allows 63 columns, so nothing larger is believed."""
    value = (attribute(element, "val") if element is not None else None) or ""
    return max(default, min(int(value), 64)) if re.fullmatch(r"\d{1,6}", value) else default


def _release(element: Element) -> None:
    element.clear()
    parent = element.getparent()
    while element.getprevious() is not None:
        del parent[0]
