"""HTML elements into paragraphs and tables, as a browser would set them on separate lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.reading.files import limits
from gongkai.reading.files.blocks import Block, Table, TableCell, is_layout
from gongkai.reading.files.numerals import written
from gongkai.reading.files.safe_xml import Element

_BLOCK = frozenset(
    {"address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption"}
    | {"figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "ol"}
    | {"p", "pre", "section", "summary", "ul", "tr", "tbody", "thead", "tfoot", "td", "th"}
)
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
# A line end in the source between two Chinese characters is the writer's wrapping, not a space.
_WRAPPED = re.compile(r"(?<=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])[ \t]*[\r\n]\s*(?=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])")
_INVISIBLE = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\xad")
_LIST_STYLES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_MAX_SPAN = 1000


@dataclass(slots=True)
class Flow:
    """What a run of elements says: `blocks` in order, `notes` the footnotes set apart."""

    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _line: list[str] = field(default_factory=list)
    _numbers: dict[Element, int] = field(default_factory=dict)

    def read(self, element: Element) -> Flow:
        self._element(element, False)
        self._end_line()
        return self

    def _element(self, element: Element, verbatim: bool) -> None:
        tag = element.tag
        if tag == "br":
            self._end_line()
        elif tag == "table":
            self._end_line()
            self._table(element)
        elif _is_notes(element):
            self._end_line()
            self.notes.extend(block for block in _inside(element).blocks if isinstance(block, str))
        elif not _is_note_mark(element):
            verbatim = verbatim or tag in ("pre", "listing", "xmp")
            is_block = tag in _BLOCK
            if is_block:
                self._end_line()
            if tag == "li":
                self._line.append(self._item_number(element))
            self._children(element, verbatim)
            if is_block:
                self._end_line()

    def _children(self, element: Element, verbatim: bool) -> None:
        self._say(element.text, verbatim)
        for item in element:
            if isinstance(item.tag, str):
                self._element(item, verbatim)
            self._say(item.tail, verbatim)

    def _say(self, text: str | None, verbatim: bool) -> None:
        if not text:
            return
        if verbatim and "\n" in text:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self._line.append(first)
            for line in rest:
                self._end_line()
                self._line.append(line)
        else:
            self._line.append(text)

    def _end_line(self) -> None:
        if not self._line:
            return
        text = "".join(self._line).translate(_INVISIBLE)
        self._line.clear()
        text = _SPACES.sub(" ", _WRAPPED.sub("", text)).strip(" ")
        if text.strip():
            self.blocks.append(text)

    def _item_number(self, item: Element) -> str:
        """The number a browser draws before a list item. Lists with a style of their own may draw none, so they get none."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol" or parent.get("style") or parent.get("class"):
            return ""
        following = self._numbers.get(parent, _integer(parent.get("start"), 1) - 1) + 1
        number = self._numbers[parent] = _integer(item.get("value"), following)
        return written(number, _LIST_STYLES.get(parent.get("type") or "1", "decimal")) + ". "

    def _table(self, element: Element) -> None:
        for caption in element.iterchildren("caption"):
            self._element(caption, False)
        groups = _row_groups(element)
        if sum(len(row) for group in groups for row in group) > limits.GRID_CELLS:
            for group in groups:
                for row in group:
                    self._element(row, False)
            return
        rows: list[list[tuple[Element, int, int]]] = []
        group_ends: list[int] = []
        for group in groups:
            for row in group:
                rows.append([(cell, _span(cell, "colspan"), _span(cell, "rowspan")) for cell in row if cell.tag in ("td", "th")])
            group_ends += [len(rows)] * (len(rows) - len(group_ends))
        if rows:
            table = Table(self._expand(rows, group_ends))
            if element.get("role") in ("presentation", "none") or is_layout(table):
                for row in table.rows:
                    # Spans do not matter to a layout; each cell is read once, where it begins.
                    for cell in dict.fromkeys(cell for cell in row if cell is not None):
                        self.blocks.extend(cell.blocks)
                        cell.blocks = []
            else:
                self.blocks.append(table)

    def _expand(self, rows: list[list[tuple[Element, int, int]]], group_ends: list[int]) -> list[list[TableCell | None]]:
        """Every place of the grid, a spanning cell in each place it covers. A row span ends with its row group."""
        spans = [[(min(high or len(rows), group_ends[at] - at), wide) for _, wide, high in row] for at, row in enumerate(rows)]
        if sum(high * wide for row in spans for high, wide in row) > limits.GRID_CELLS:
            spans = [[(1, 1) for _ in row] for row in spans]
        places: list[dict[int, TableCell]] = [{} for _ in rows]
        for at, row in enumerate(rows):
            column = 0
            for (element, _, _), (high, wide) in zip(row, spans[at], strict=True):
                while column in places[at]:
                    column += 1
                inner = _inside(element)
                self.notes.extend(inner.notes)
                cell = TableCell(inner.blocks)
                for below in range(at, at + high):
                    for beside in range(column, column + wide):
                        places[below].setdefault(beside, cell)
                column += wide
        return [[row.get(column) for column in range(max(row, default=-1) + 1)] for row in places]


def _inside(element: Element) -> Flow:
    flow = Flow()
    flow._children(element, False)
    flow._end_line()
    return flow


def _row_groups(table: Element) -> list[list[Element]]:
    groups: list[list[Element]] = []
    loose: list[Element] | None = None
    for item in table:
        if item.tag in ("thead", "tbody", "tfoot"):
            groups.append([row for row in item if row.tag == "tr"])
            loose = None
        elif item.tag == "tr":
            if loose is None:
                groups.append(loose := [])
            loose.append(item)
    return groups


def _span(cell: Element, name: str) -> int:
    """A colspan of 1 to 1000, a rowspan of 1 or more; 0 for a rowspan that runs to the end of its group."""
    value = (cell.get(name) or "").strip()
    if not re.fullmatch(r"\d{1,6}", value):
        return 1
    number = int(value)
    return number if name == "rowspan" else max(1, min(number, _MAX_SPAN))


def _integer(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"\d{1,6}", value) else default


def _is_note_mark(element: Element) -> bool:
    return element.tag == "a" and bool(re.match(r"#_(?:ftn|edn)\d", element.get("href") or ""))


def _is_notes(element: Element) -> bool:
    """Where Word puts the footnotes of a page it saves."""
    return element.tag == "div" and bool(re.search(r"mso-element:\s*(?:footnote|endnote)-list", element.get("style") or ""))
