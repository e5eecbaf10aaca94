"""Files made from scratch for the tests: docx from raw XML, PDF with reportlab, OFD with a writer of our own, hostile zips."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFD = "http://www.ofdspec.org/2016"


def zipped(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


# docx


def docx(
    body: str, *, numbering: str = "", styles: str = "", footnotes: str = "", endnotes: str = "", space: str = W, **extra: bytes
) -> bytes:
    """A docx whose parts hold the given inner XML (prefix `w:`)."""
    head = (
        f'xmlns:w="{space}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    main = f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE_RELATIONS}">{main}</Relationships>',
        "word/document.xml": f"<w:document {head}><w:body>{body}<w:sectPr/></w:body></w:document>",
    }
    relations = ""
    parts = {"numbering": numbering, "styles": styles, "footnotes": footnotes, "endnotes": endnotes}
    for kind, inner in parts.items():
        if inner:
            members[f"word/{kind}.xml"] = f"<w:{kind} {head}>{inner}</w:{kind}>"
            relations += f'<Relationship Id="{kind}" Type="{RELATIONS}/{kind}" Target="{kind}.xml"/>'
    members["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{PACKAGE_RELATIONS}">{relations}</Relationships>'
    members.update({name.replace("__", "/").replace("_dot_", "."): content for name, content in extra.items()})
    return zipped(members)


def p(text: str = "", properties: str = "") -> str:
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{run}</w:p>"


def numbered(text: str, level: int = 0, list_id: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def level(index: int, text: str, style: str = "decimal", *, start: int | None = 1, suffix: str = "nothing", more: str = "") -> str:
    begin = "" if start is None else f'<w:start w:val="{start}"/>'
    return f'<w:lvl w:ilvl="{index}">{begin}<w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{text}"/><w:suff w:val="{suffix}"/></w:lvl>'


def abstract(levels: Iterable[str], key: int = 0) -> str:
    return f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'


def num(list_id: int = 1, key: int = 0, more: str = "") -> str:
    return f'<w:num w:numId="{list_id}"><w:abstractNumId w:val="{key}"/>{more}</w:num>'


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(p(line) for line in text.split(chr(10)))}</w:tc>"


def tbl(*rows: Iterable[str]) -> str:
    return "<w:tbl><w:tblPr/><w:tblGrid/>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"


# pdf


def pdf(
    pages: list[list[tuple[float, float, float, str]]],
    *,
    size: tuple[float, float] = (595, 842),
    encrypt: object = None,
    rules: list[list[tuple[float, float, float, float]]] | None = None,
) -> bytes:
    """Pages of (x, y from the top, font size, text), and for each page the rules drawn on it as (x0, y0, x1, y1)."""
    if "STSong-Light" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    drawing = canvas.Canvas(out, pagesize=size, encrypt=encrypt)
    for page, drawn in itertools.zip_longest(pages, rules or []):
        for x0, y0, x1, y1 in drawn or []:
            drawing.line(x0, size[1] - y0, x1, size[1] - y1)
        for x, y, font_size, text in page:
            drawing.setFont("STSong-Light", font_size)
            drawing.drawString(x, size[1] - y, text)
        drawing.showPage()
    drawing.save()
    return out.getvalue()


def ruled_table(
    rows: list[list[str | None]], *, left: float, top: float, widths: list[float], size: float = 10.5
) -> tuple[list[tuple[float, float, float, str]], list[tuple[float, float, float, float]]]:
    """Text and rules of a table, cell by cell as office programs draw it. None continues the cell above, "<" the cell to the left."""
    texts: list[tuple[float, float, float, str]] = []
    rules: list[tuple[float, float, float, float]] = []
    y = top
    for at, row in enumerate(rows):
        wrapped = []
        for column, text in enumerate(row):
            room = widths[column]
            after = column + 1
            while after < len(row) and row[after] == "<":
                room += widths[after]
                after += 1
            letters = int((room - 8) / size)
            wrapped.append([text[n : n + letters] for n in range(0, len(text), letters)] if text and text != "<" else [])
        height = 1.5 * size * max(1, *map(len, wrapped)) + 6
        for column, lines in enumerate(wrapped):
            x = left + sum(widths[:column])
            texts += [(x + 4, y + 1.5 * size * (n + 1), size, line) for n, line in enumerate(lines)]
            if row[column] != "<":
                rules.append((x, y, x, y + height))
            if row[column] is not None:
                rules.append((x, y, x + widths[column], y))
            if at == len(rows) - 1:
                rules.append((x, y + height, x + widths[column], y + height))
        rules.append((left + sum(widths), y, left + sum(widths), y + height))
        y += height
    return texts, rules


def broken(text: str, widths: Iterator[float]) -> Iterator[str]:
    """Lines of at most so many characters' width each (ASCII counts half); no closing mark begins a line, no number is divided."""
    line, room = "", next(widths)
    for unit in re.findall(r"(?:[A-Za-z0-9]+|.)[，。、；：）》]*", text):
        width = sum(0.5 if character.isascii() else 1.0 for character in unit)
        if width > room:
            yield line
            line, room = "", next(widths)
        line, room = line + unit, room - width
    yield line


def typeset(
    paragraphs: list[str], *, per_line: int = 28, lines_per_page: int = 22, size: float = 15.5
) -> list[list[tuple[float, float, float, str]]]:
    """Paragraphs broken into lines with a first line indent of two characters, as GB/T 9704 sets them, with page numbers."""
    lines: list[tuple[float, str]] = []
    for text in paragraphs:
        first, *rest = broken(text, itertools.chain([per_line - 2], itertools.repeat(per_line)))
        lines.append((80 + 2 * size, first))
        lines += [(80.0, line) for line in rest]
    pages = []
    for at in range(0, len(lines), lines_per_page):
        page = [(x, 100 + 29.0 * row, size, text) for row, (x, text) in enumerate(lines[at : at + lines_per_page])]
        pages.append([*page, (270.0, 800.0, 14.0, f"— {len(pages) + 1} —")])
    return pages


# ofd


def ofd(
    pages: list[str], *, templates: dict[str, str] | None = None, page_templates: str = "", extra: dict[str, bytes | str] | None = None
) -> bytes:
    """A GB/T 33190 document; each page is the inner XML of its layer (prefix `ofd:`)."""
    space = f'xmlns:ofd="{OFD}"'
    listed = "".join(f'<ofd:Page ID="{100 + at}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(len(pages)))
    known = "".join(f'<ofd:TemplatePage ID="{key}" BaseLoc="Tpls/{key}.xml"/>' for key in templates or {})
    root = "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
    box = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    common = f"<ofd:CommonData>{box}{known}</ofd:CommonData>"
    members: dict[str, bytes | str] = {
        "OFD.xml": f"<ofd:OFD {space} Version='1.0' DocType='OFD'><ofd:DocBody>{root}</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}>{common}<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    layer = f"<ofd:Page {space}>{{}}<ofd:Content><ofd:Layer ID='2'>{{}}</ofd:Layer></ofd:Content></ofd:Page>"
    for at, inner in enumerate(pages):
        members[f"Doc_0/Pages/Page_{at}/Content.xml"] = layer.format(page_templates, inner)
    for key, inner in (templates or {}).items():
        members[f"Doc_0/Tpls/{key}.xml"] = layer.format("", inner)
    return zipped({**members, **(extra or {})})


def ofd_text(x: float, y: float, text: str, *, size: float = 5.64, delta: str | None = None, more: str = "") -> str:
    """A text object whose upper left corner is (x, y) in millimetres."""
    steps = delta if delta is not None else " ".join(f"{size / 2 if character.isascii() else size:.3f}" for character in text[:-1])
    given = f' DeltaX="{steps}"' if steps else ""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y} {size * len(text)} {size}" Font="1" Size="{size}" {more}>'
        f'<ofd:TextCode X="0" Y="{size}"{given}>{text}</ofd:TextCode></ofd:TextObject>'
    )


def ofd_rules(rules: list[tuple[float, float, float, float]]) -> str:
    """A path object whose commands draw these rules, given in points."""
    commands = " ".join(f"M {x0 * 0.3528:.3f} {y0 * 0.3528:.3f} L {x1 * 0.3528:.3f} {y1 * 0.3528:.3f}" for x0, y0, x1, y1 in rules)
    data = f"<ofd:AbbreviatedData>{commands}</ofd:AbbreviatedData>"
    return f'<ofd:PathObject ID="9" Boundary="0 0 210 297" LineWidth="0.3">{data}</ofd:PathObject>'


def ofd_pages(paragraphs: list[str], *, per_line: int = 28, lines_per_page: int = 22) -> list[str]:
    """The same setting as `typeset`, in millimetres."""
    pages = []
    for page in typeset(paragraphs, per_line=per_line, lines_per_page=lines_per_page):
        pages.append("".join(ofd_text(x * 0.3528, y * 0.3528, text, size=size * 0.3528) for x, y, size, text in page))
    return pages
