"""Makes data/city_plan.docx from sources/city_plan.txt, so that the example document can be read, reviewed and changed as plain text.

Run `python -m gongkai.example.make_documents` after a change of the source. The file comes out byte for byte the same from the same source.

Each line of the source is a style word, an ideographic space and the text. The words: 标题 title, 文号 document number,
主送 addressees, 正文 paragraph, 署名 signature, 日期 date, 附注 note, 一级 and 二级 headings, 抄送 and 印发 the foot,
编号 paragraph numbered by Word itself (from 1 again under each heading),
表头 and 表行 rows of a table with | between the cells. 换页 alone breaks the page.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

HERE = Path(__file__).parent
STYLES: dict[str, tuple[str, float, str, bool]] = {
    # word: font, size in points, alignment, first line indented by two characters (GB/T 9704)
    "标题": ("方正小标宋简体", 22, "center", False),
    "文号": ("仿宋_GB2312", 16, "center", False),
    "主送": ("仿宋_GB2312", 16, "left", False),
    "正文": ("仿宋_GB2312", 16, "left", True),
    "编号": ("仿宋_GB2312", 16, "left", True),
    "署名": ("仿宋_GB2312", 16, "right", False),
    "日期": ("仿宋_GB2312", 16, "right", False),
    "附注": ("仿宋_GB2312", 16, "left", True),
    "一级": ("黑体", 16, "left", True),
    "二级": ("楷体_GB2312", 16, "left", True),
    "抄送": ("仿宋_GB2312", 14, "left", False),
    "印发": ("仿宋_GB2312", 14, "left", False),
}
ALIGNMENT = {"center": WD_ALIGN_PARAGRAPH.CENTER, "left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT}
STAMP = datetime(2026, 3, 16, 9, 0)


def source_lines(name: str) -> list[tuple[str, str]]:
    """The source as (style word, text) pairs. ValueError names the line that has no known style word."""
    pairs = []
    text = resources.files("gongkai.example").joinpath("sources").joinpath(name).read_text("utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        word, _, rest = line.partition("\u3000")
        if word not in STYLES and word not in {"换页", "表头", "表行"}:
            raise ValueError(f"{name} line {number}: no style word in {line[:20]!r}")
        pairs.append((word, rest))
    return pairs


def _fonts(run: Any, name: str, size: float) -> None:
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _numbering(document: Any) -> int:
    """Adds the list definition 1. 2. 3. and returns its id."""
    numbering = document.part.numbering_part.element
    ident = max((int(n.get(qn("w:abstractNumId"))) for n in numbering.findall(qn("w:abstractNum"))), default=0) + 1
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{ident}"><w:multiLevelType w:val="singleLevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="nothing"/>'
        '<w:lvlText w:val="%1."/><w:lvlJc w:val="left"/><w:rPr><w:sz w:val="32"/></w:rPr></w:lvl></w:abstractNum>'
    )
    first_num = numbering.find(qn("w:num"))
    if first_num is None:
        numbering.append(abstract)
    else:
        first_num.addprevious(abstract)
    return ident


def _new_list(document: Any, abstract: int) -> int:
    """A list that starts at 1 again."""
    num = document.part.numbering_part.element.add_num(abstract)
    num.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(num.numId)


def _paragraph(document: Any, word: str, text: str, number: int | None = None) -> None:
    font, size, align, indent = STYLES[word]
    paragraph = document.add_paragraph()
    paragraph.alignment = ALIGNMENT[align]
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(28.8 if size < 22 else 36)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(size * 2)
    if word in {"一级", "二级"}:
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), "0" if word == "一级" else "1")
        paragraph._element.get_or_add_pPr().append(level)
    if number is not None:
        properties = paragraph._element.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = number
    _fonts(paragraph.add_run(text), font, size)


def _table(document: Any, rows: list[list[str]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]))
    table.style = "Table Grid"
    table.autofit = False
    widths = [Mm(11), Mm(69), Mm(27), Mm(25), Mm(24)]
    for index, row in enumerate(rows):
        cells = table.add_row().cells
        for cell, value, width in zip(cells, row, widths, strict=True):
            cell.width = width
            run = cell.paragraphs[0].add_run(value)
            _fonts(run, "黑体" if index == 0 else "仿宋_GB2312", 12)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    header = table.rows[0]._tr.get_or_add_trPr()
    header.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def _page_number(section: Any) -> None:
    """— 1 — in the middle of the foot."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _fonts(paragraph.add_run("— "), "宋体", 14)
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    paragraph._element.append(field)
    _fonts(paragraph.add_run(" —"), "宋体", 14)


def build(name: str) -> bytes:
    """The .docx of one source."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.bottom_margin, section.right_margin = Mm(35), Mm(26)
    _page_number(section)
    abstract = _numbering(document)
    current: int | None = None
    rows: list[list[str]] = []
    titles: list[str] = []
    for word, text in source_lines(name):
        if rows and word != "表行":
            _table(document, rows)
            rows = []
        if word in {"表头", "表行"}:
            rows.append(text.split("|"))
        elif word == "换页":
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        elif word == "编号":
            current = current or _new_list(document, abstract)
            _paragraph(document, word, text, current)
        else:
            current = None
            if word == "标题":
                titles.append(text)
            _paragraph(document, word, text)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = titles[-1], "", ""
    properties.created = properties.modified = STAMP
    raw = io.BytesIO()
    document.save(raw)
    return _steady(raw.getvalue())


def _steady(data: bytes) -> bytes:
    """The same archive with fixed times, so that the same source gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            info = zipfile.ZipInfo(item.filename, STAMP.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            new.writestr(info, old.read(item))
    return out.getvalue()


def main() -> None:
    (HERE / "data" / "city_plan.docx").write_bytes(build("city_plan.txt"))


if __name__ == "__main__":
    main()
