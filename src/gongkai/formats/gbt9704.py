"""Page and type of an official document in python-docx, after GB/T 9704-2012 党政机关公文格式.

Clause 5.1: A4; 5.2: top margin 37 mm, left (binding) margin 28 mm, type area 156 mm x 225 mm, so right 26 mm, bottom 35 mm;
5.2.2 and 5.2.3: 3号 仿宋, 22 lines of 28 characters; 7.3.1: title 2号 小标宋; 7.3.3: headings 黑体, 楷体; 7.5: page number 4号
half-width 宋体, a dash on either side, 7 mm under the type area, odd pages right, even pages left, one character in.
Fonts are named and never shipped; a word processor falls back where one is missing.
"""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TITLE_FONT, BODY_FONT, HEADING_FONT, SUBHEADING_FONT, PAGE_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
LATIN_FONT = "Times New Roman"
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = 22.0, 16.0, 14.0, 10.5
"""字号 二号, 三号, 四号, 五号 in points."""
TYPE_AREA_MM = (156, 225)
MARGINS_MM = {"top": 37, "left": 28, "right": 210 - 28 - 156, "bottom": 297 - 37 - 225}
LINE_PITCH = 28.95
"""Points between lines: 225 mm by 22 lines."""
TRACKING = -5
"""Twentieths of a point between 3号 characters: 28 of them fill 156 mm."""

_STYLES: tuple[tuple[str, str, float, Any], ...] = (
    ("公文标题", TITLE_FONT, SIZE_2, WD_ALIGN_PARAGRAPH.CENTER),
    ("发文字号", BODY_FONT, SIZE_3, WD_ALIGN_PARAGRAPH.CENTER),
    ("公文落款", BODY_FONT, SIZE_3, WD_ALIGN_PARAGRAPH.RIGHT),
    ("表头", HEADING_FONT, SIZE_5, WD_ALIGN_PARAGRAPH.CENTER),
    ("表内一级标题", HEADING_FONT, SIZE_5, WD_ALIGN_PARAGRAPH.LEFT),
    ("表内二级标题", SUBHEADING_FONT, SIZE_5, WD_ALIGN_PARAGRAPH.LEFT),
    ("表文", BODY_FONT, SIZE_5, WD_ALIGN_PARAGRAPH.LEFT),
    ("表文居中", BODY_FONT, SIZE_5, WD_ALIGN_PARAGRAPH.CENTER),
)


def element(tag: str, **attributes: str | int) -> Any:
    """A WordprocessingML element: element("tblHeader"), element("gridSpan", val=7)."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def set_fonts(properties: Any, east_asia: str, latin: str = LATIN_FONT) -> None:
    """Names the fonts on a w:rPr (a style's or a run's), dropping theme fonts, which would win over the names."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is not None:
        properties.remove(fonts)
    properties.insert(0, element("rFonts", ascii=latin, hAnsi=latin, eastAsia=east_asia, cs=latin, hint="eastAsia"))


def set_indent(paragraph: Any, side: str, characters: int, size: float) -> None:
    """Indents a paragraph from "left" or "right" by whole characters of `size` points."""
    setattr(paragraph.paragraph_format, f"{side}_indent", Pt(size * characters))
    paragraph._p.pPr.find(qn("w:ind")).set(qn(f"w:{side}Chars"), str(characters * 100))


def set_page(document: Document) -> None:
    """Paper, margins, character grid and page numbers of the first section."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(MARGINS_MM["top"]), Mm(MARGINS_MM["bottom"])
    section.left_margin, section.right_margin = Mm(MARGINS_MM["left"]), Mm(MARGINS_MM["right"])
    section.header_distance, section.footer_distance = Mm(15), Mm(MARGINS_MM["bottom"] - 7 - 5)  # the 14 pt line itself is 5 mm high
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(element("docGrid", type="lines", linePitch=round(LINE_PITCH * 20)))
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "right")
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "left")


def _page_number(footer: Any, align: Any, side: str) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    set_indent(paragraph, side, 1, SIZE_4)
    for part in ("— ", None, " —"):
        run = paragraph.add_run(part)
        run.font.size = Pt(SIZE_4)
        set_fonts(run._r.get_or_add_rPr(), PAGE_FONT, PAGE_FONT)
        if part is None:
            instruction = element("instrText")
            instruction.text = "PAGE"
            shown = element("t")
            shown.text = "1"
            for piece in (element("fldChar", fldCharType="begin"), instruction, element("fldChar", fldCharType="separate"), shown):
                run._r.append(piece)
            run._r.append(element("fldChar", fldCharType="end"))


def set_styles(document: Document) -> None:
    """正文 as 3号 仿宋 on 22 lines a page, and the named styles of this module."""
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None:
        set_fonts(defaults, BODY_FONT)
        for old in defaults.findall(qn("w:lang")):
            defaults.remove(old)
        defaults.append(element("lang", val="en-US", eastAsia="zh-CN"))
    normal: Any = document.styles["Normal"]
    normal.font.size = Pt(SIZE_3)
    set_fonts(normal.element.get_or_add_rPr(), BODY_FONT)
    normal.element.get_or_add_rPr().insert_element_before(
        element("spacing", val=TRACKING), "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang"
    )
    _spacing(normal, LINE_PITCH)
    for name, font, size, align in _STYLES:
        style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.font.size = Pt(size)
        set_fonts(style.element.get_or_add_rPr(), font)
        style.paragraph_format.alignment = align
        _spacing(style, size * 1.25 if size == SIZE_5 else 35 if size == SIZE_2 else LINE_PITCH)
        if size != SIZE_3:
            style.element.get_or_add_rPr().insert_element_before(element("spacing", val=0), "w:w", "w:kern", "w:position", "w:sz", "w:szCs")
            properties = style.element.get_or_add_pPr()
            properties.insert_element_before(element("snapToGrid", val=0), "w:spacing", "w:ind", "w:jc", "w:outlineLvl")


def _spacing(style: Any, points: float) -> None:
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = Pt(points)
