"""Workbooks, streamed row by row: shown cells, and hidden sheets, rows and columns apart; comments, drawings, properties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import limits
from gongkai.reading.files.package import Budget, Package
from gongkai.reading.files.safe_xml import DAMAGED_MEND, Element, child, local, parse, stream
from gongkai.screening import masking
from gongkai.screening.model import Passage
from gongkai.screening.places import ooxml

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SPACES = (_MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
_COLUMN = re.compile(r"[A-Z]+")
BATCH = 200_000
"""Characters scanned at a time."""
_WIDEST = 16_384


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    member: str
    hidden: bool


@dataclass(slots=True)
class _Bag:
    """Cells of one visibility of one sheet, until there are enough to be scanned."""

    rule: str
    place: str
    parts: list[str] = field(default_factory=list)
    marks: list[tuple[int, str]] = field(default_factory=list)
    size: int = 0
    rows: int = 0
    cells: int = 0
    first: str = ""
    header: str = ""

    def add(self, cells: list[tuple[str, str]]) -> None:
        for reference, text in cells:
            self.first = self.first or reference
            self.marks.append((self.size, f"{self.place}!{reference}"))
            self.parts.append(text + "\t")
            self.size += len(text) + 1
        self.parts.append("\n")
        self.size += 1
        self.rows += 1
        self.cells += len(cells)
        self.header = self.header or "\t".join(text for _, text in cells)[:400]

    def taken(self) -> Passage:
        passage = Passage(self.place, "".join(self.parts), marks=self.marks, header=self.header)
        self.parts, self.marks, self.size = [], [], 0
        return passage


def passages(data: bytes, name: str, budget: Budget) -> Iterator[Passage]:
    package = Package(data, name, budget)
    strings = shared_strings(package, name)
    for sheet in sheets(package, name):
        yield from _sheet(package, sheet, strings, name)
        yield from _comments(package, sheet, name)
    yield from _names(package, name)
    for info in package.infos():
        if re.match(r"/?xl/(?:drawings/drawing|charts/chart)\d*\.xml$", info.filename, re.IGNORECASE):
            yield Passage(info.filename, ooxml.plain_text(parse(package.read(info), name)))
    yield from ooxml.properties(package, name)
    yield from ooxml.stowed(package, name)


def sheets(package: Package, name: str) -> list[Sheet]:
    """In the order of the tabs. Raises ReadingError when the workbook names no sheet that is there."""
    main = package.find("xl/workbook.xml")
    if not main:
        raise ReadingError(name, "文件里没有工作簿部分", DAMAGED_MEND)
    members = {ident: member for ident, _, member in ooxml.relations(package, main, name)}
    listed = child(parse(package.read(main), name), "sheets")
    found = []
    for item in listed if listed is not None else ():
        member = next((members[value] for key, value in item.attrib.items() if key.endswith("}id") and value in members), None)
        if member:
            found.append(Sheet(item.get("name") or "", member, (item.get("state") or "visible") != "visible"))
    if not found:
        raise ReadingError(name, "工作簿里没有工作表", DAMAGED_MEND)
    return found


def shared_strings(package: Package, name: str) -> list[str]:
    found = package.find("xl/sharedStrings.xml")
    strings: list[str] = []
    size = 0
    if found:
        with package.open(found, limits.XML_BYTES) as source:
            for item in stream(source, [f"{{{space}}}si" for space in _SPACES], name):
                strings.append(string_of(item))
                size += len(strings[-1]) + 8
                if size > limits.TEXT_CHARS:
                    raise ReadingError(name, f"表格文字超过 {limits.TEXT_CHARS // 10_000} 万字", "请把工作簿拆成几份再试")
                source.let_go()
                element_done(item)
    return strings


def string_of(item: Element) -> str:
    """The text of a shared or inline string, its phonetic guide left out."""
    return "".join(text.text or "" for text in item.iter() if local(text) == "t" and local(text.getparent()) != "rPh")


def element_done(element: Element) -> None:
    """Frees an element that was read from a stream, and its empty forerunners."""
    element.clear(keep_tail=False)
    while element.getprevious() is not None:
        del element.getparent()[0]


def value_of(cell: Element, strings: list[str]) -> str:
    """What a cell says. Long numbers are written out: 3.30102E+17 hides a number that the cell shows."""
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        inline = child(cell, "is")
        return string_of(inline) if inline is not None else ""
    value = child(cell, "v")
    text = (value.text or "") if value is not None else ""
    if kind == "s":
        return strings[int(text)] if text.isdecimal() and int(text) < len(strings) else ""
    if kind == "n" and "E" in text.upper():
        try:
            number = Decimal(text)
            return format(number, "f") if abs(number.adjusted()) < 40 else text
        except InvalidOperation:
            return text
    return text


def hidden_columns(item: Element) -> range:
    """Numbers (from 1) of the columns that a `col` hides; empty when it shows them."""
    if not is_set(item.get("hidden")) and item.get("width") != "0":
        return range(0)
    low, high = (int(item.get(key) or 0) if (item.get(key) or "").isdecimal() else 0 for key in ("min", "max"))
    return range(max(low, 1), min(high, _WIDEST) + 1)


def is_set(value: str | None) -> bool:
    return value in ("1", "true", "on")


def column_number(reference: str) -> int:
    found = _COLUMN.match(reference.upper())
    number = 0
    for letter in found[0][:3] if found else "":
        number = number * 26 + ord(letter) - 64
    return number


def _sheet(package: Package, sheet: Sheet, strings: list[str], name: str) -> Iterator[Passage]:
    place = f"sheet {sheet.name}"
    bags = {rule: _Bag(rule, place) for rule in (("hidden.sheet",) if sheet.hidden else ("", "hidden.row", "hidden.column"))}
    columns: set[int] = set()
    tags = [f"{{{space}}}{tag}" for space in _SPACES for tag in ("col", "row", "headerFooter")]
    number = 0
    with package.open(sheet.member, limits.XML_BYTES) as source:
        for item in stream(source, tags, name):
            tag = local(item)
            if tag == "col":
                columns.update(hidden_columns(item))
                continue
            if tag == "headerFooter":
                yield Passage(f"{place} header", ooxml.plain_text(item))
                continue
            number = int(item.get("r") or 0) if (item.get("r") or "").isdecimal() else number + 1
            for rule, cells in _cells(item, number, strings, columns, sheet.hidden).items():
                bags[rule].add(cells)
            source.let_go()
            element_done(item)
            for bag in bags.values():
                if bag.size > BATCH:
                    yield bag.taken()
    for rule, bag in bags.items():
        if bag.parts:
            yield bag.taken()
        if rule and (bag.cells or rule == "hidden.sheet"):
            yield Passage(f"{place}!{bag.first}" if bag.first else place, "", rule, f"{bag.rows} 行，{bag.cells} 个单元格")


def _cells(row: Element, number: int, strings: list[str], columns: set[int], hidden: bool) -> dict[str, list[tuple[str, str]]]:
    """Rule ("" for what is shown) → (reference, text) of the cells that say something."""
    found: dict[str, list[tuple[str, str]]] = {}
    whole = "hidden.sheet" if hidden else "hidden.row" if is_set(row.get("hidden")) or row.get("ht") == "0" else ""
    for cell in row:
        text = value_of(cell, strings) if local(cell) == "c" else ""
        if text:
            reference = cell.get("r") or f"?{number}"
            rule = whole or ("hidden.column" if columns and column_number(reference) in columns else "")
            found.setdefault(rule, []).append((reference, text))
    return found


def _comments(package: Package, sheet: Sheet, name: str) -> Iterator[Passage]:
    for _, kind, member in ooxml.relations(package, sheet.member, name):
        if kind in ("comments", "threadedComment"):
            for item in parse(package.read(member), name).iter():
                if local(item) in ("comment", "threadedComment"):
                    text = "".join(piece.text or "" for piece in item.iter() if local(piece) in ("t", "text"))
                    yield Passage(f"sheet {sheet.name}!{item.get('ref')}", text, "hidden.comment", f"批注 {len(text)} 字")


def _names(package: Package, name: str) -> Iterator[Passage]:
    for item in parse(package.read(package.find("xl/workbook.xml") or ""), name).iter():
        # Filters leave hidden names of their own, which say only where they were.
        if local(item) == "definedName" and is_set(item.get("hidden")) and not (item.get("name") or "").startswith("_xlnm."):
            yield Passage("xl/workbook.xml", item.text or "", "hidden.defined_name", masking.words(item.get("name") or ""))


def first_sheet(data: bytes, name: str, budget: Budget, most: int) -> list[list[str]]:
    """The rows of the first sheet as text, at most `most` of them; empty cells between filled ones are kept."""
    package = Package(data, name, budget)
    strings = shared_strings(package, name)
    rows: list[list[str]] = []
    with package.open(sheets(package, name)[0].member, limits.XML_BYTES) as source:
        for item in stream(source, [f"{{{space}}}row" for space in _SPACES], name):
            row: list[str] = []
            for cell in item:
                at = column_number(cell.get("r") or "")
                row += [""] * (min(at, 50) - 1 - len(row))
                row.append(value_of(cell, strings))
            rows.append(row)
            source.let_go()
            element_done(item)
            if len(rows) >= most:
                break
    return rows
