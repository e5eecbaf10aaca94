"""Workbooks: hidden sheets, rows, columns and names gone, comments and properties gone, values masked cell by cell.

Where something hidden goes, formulas become the values they show: they would be computed anew over what is no longer there.
"""

from __future__ import annotations

from bisect import bisect_right

from lxml import etree

from gongkai.reading.errors import ReadingError
from gongkai.reading.files.package import Budget
from gongkai.reading.files.safe_xml import Element, child, local
from gongkai.screening.copies.package import Parts, detach
from gongkai.screening.copies.values import Chooser
from gongkai.screening.places import xlsx

_REMARKS = r"/?xl/(?:comments|threadedComments/threadedComment|persons/|drawings/vmlDrawing|calcChain|comments/comment)"


def copy(data: bytes, name: str, budget: Budget, choose: Chooser | None) -> bytes:
    parts = Parts(data, name, budget)
    strings = xlsx.shared_strings(parts.package, name)
    listed = xlsx.sheets(parts.package, name)
    kept = [sheet for sheet in listed if not sheet.hidden]
    if not kept:
        raise ReadingError(name, "工作表都是隐藏的", "请先显示要发布的工作表")
    parts.drop(sheet.member for sheet in listed if sheet.hidden)
    _close(parts, listed)
    roots = [parts.tree(sheet.member) for sheet in kept]
    removed = [_strip(root) for root in roots]
    if any(removed) or len(kept) < len(listed):
        for root in roots:
            for formula in list(root.iter("{*}f")):
                detach(formula)
    if choose is not None:
        for root in roots:
            _mask(root, strings, choose)
    _forget_strings(parts, roots)
    parts.drop(parts.names(_REMARKS))
    return parts.written()


def _close(parts: Parts, listed: list[xlsx.Sheet]) -> None:
    """Takes hidden sheets and hidden names out of the workbook's lists; local names follow their sheets to the new places."""
    root = parts.tree(parts.package.find("xl/workbook.xml") or "")
    numbers = {old: new for new, old in enumerate(at for at, sheet in enumerate(listed) if not sheet.hidden)}
    gone = [sheet.name for sheet in listed if sheet.hidden]
    for item in list(root.iter("{*}sheet")):
        if (item.get("state") or "visible") != "visible":
            detach(item)
    for item in list(root.iter("{*}definedName")):
        at = item.get("localSheetId")
        refers = any(f"{name}!" in (item.text or "") or f"{name}'!" in (item.text or "") for name in gone)
        if xlsx.is_set(item.get("hidden")) or refers or (at is not None and int(at) not in numbers):
            detach(item)
        elif at is not None:
            item.set("localSheetId", str(numbers[int(at)]))
    for names in list(root.iter("{*}definedNames")):
        if not len(names):
            detach(names)
    for view in root.iter("{*}workbookView"):
        for key in ("activeTab", "firstSheet"):
            view.attrib.pop(key, None)


def _strip(root: Element) -> bool:
    """True when hidden cells went."""
    columns = {number for item in root.iter("{*}col") for number in xlsx.hidden_columns(item)}
    removed = False
    for row in list(root.iter("{*}row")):
        if xlsx.is_set(row.get("hidden")) or row.get("ht") == "0":
            removed |= len(row) > 0
            detach(row)
            continue
        for cell in list(row) if columns else ():
            if xlsx.column_number(cell.get("r") or "") in columns:
                removed = True
                detach(cell)
    for item in list(root.iter("{*}legacyDrawing")):
        detach(item)
    return removed


def _mask(root: Element, strings: list[str], choose: Chooser) -> None:
    cells: list[tuple[int, Element, str]] = []
    words: list[str] = []
    size = 0
    header = ""
    for row in root.iter("{*}row"):
        line = []
        for cell in row.iterchildren("{*}c"):
            text = xlsx.value_of(cell, strings)
            if text:
                cells.append((size, cell, text))
                line.append(text)
                size += len(text) + 1
        header = header or "\t".join(line)[:400]
        words.append("".join(text + "\t" for text in line) + "\n")
        size += 1
    by_cell: dict[int, list[tuple[int, int, str]]] = {}
    for hit in choose("".join(words), header):
        at = bisect_right(cells, hit.start, key=lambda cell: cell[0]) - 1
        while 0 <= at < len(cells) and cells[at][0] < hit.end:
            by_cell.setdefault(at, []).append((hit.start - cells[at][0], hit.end - cells[at][0], hit.masked))
            at += 1
    for at, spans in by_cell.items():
        _, cell, text = cells[at]
        for start, end, masked in reversed(spans):
            text = text[: max(start, 0)] + masked + text[end:]
        _write(cell, text)


def _write(cell: Element, text: str) -> None:
    """The cell holds its own text from now on, a shared string may be used elsewhere."""
    space = etree.QName(cell).namespace
    for item in list(cell):
        cell.remove(item)
    cell.set("t", "inlineStr")
    inline = etree.SubElement(cell, f"{{{space}}}is")
    words = etree.SubElement(inline, f"{{{space}}}t")
    words.text = text


def _forget_strings(parts: Parts, roots: list[Element]) -> None:
    """Shared strings that no cell uses any more are emptied; their numbers stay."""
    found = parts.package.find("xl/sharedStrings.xml")
    if not found:
        return
    used = set()
    for root in roots:
        for cell in root.iter("{*}c"):
            value = child(cell, "v")
            if cell.get("t") == "s" and value is not None and (value.text or "").isdecimal():
                used.add(int(value.text))
    root = parts.tree(found)
    for number, item in enumerate(entry for entry in root if local(entry) == "si"):
        if number not in used:
            for piece in list(item):
                item.remove(piece)
            etree.SubElement(item, f"{{{etree.QName(item).namespace}}}t").text = ""
    root.attrib.pop("count", None)
