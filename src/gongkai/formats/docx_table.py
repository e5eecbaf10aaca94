"""Tables in python-docx as official documents have them: fixed width of the type area, thin lines, cells that span."""

from __future__ import annotations

from typing import Any, Literal

from docx.oxml.ns import qn

from gongkai.formats.gbt9704 import TYPE_AREA_MM, element

TABLE_TWIPS = round(TYPE_AREA_MM[0] / 25.4 * 1440)
"""Width of the type area, 156 mm, in twentieths of a point."""
Merge = Literal["", "restart", "continue"]


def table_properties() -> Any:
    """A w:tblPr."""
    properties = element("tblPr")
    properties.append(element("tblW", w=TABLE_TWIPS, type="dxa"))
    properties.append(element("jc", val="center"))
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(side, val="single", sz=4, space=0, color="000000"))
    properties.append(borders)
    properties.append(element("tblLayout", type="fixed"))
    margins = element("tblCellMar")
    for side, width in (("top", 40), ("left", 60), ("bottom", 40), ("right", 60)):
        margins.append(element(side, w=width, type="dxa"))
    properties.append(margins)
    return properties


def table_cell(text: str, style: str, width: int, span: int = 1, merge: Merge = "") -> Any:
    """A w:tc of `width` twips. `span` columns; `merge` with the rows below (restart) or above (continue)."""
    cell = element("tc")
    properties = element("tcPr")
    properties.append(element("tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(element("gridSpan", val=span))
    if merge:
        properties.append(element("vMerge", **({"val": "restart"} if merge == "restart" else {})))
    properties.append(element("vAlign", val="center"))
    cell.append(properties)
    for line in text.split("\n") or [""]:
        paragraph = element("p")
        setting = element("pPr")
        setting.append(element("pStyle", val=style))
        paragraph.append(setting)
        if line:
            run, words = element("r"), element("t")
            words.text = line
            words.set(qn("xml:space"), "preserve")
            run.append(words)
            paragraph.append(run)
        cell.append(paragraph)
    return cell
