"""Files with something to hide, in every place where a file can keep it."""

from __future__ import annotations

import io
import zipfile

import docx
import pikepdf
from PIL import Image, PngImagePlugin
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

SECRET = "张三丰"
NUMBER = "110101199003077758"
pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


def pdf(pages: list[list[tuple[float, float, str]]], font: str = "STSong-Light", size: float = 14, page=A4) -> bytes:
    """Each page as (x from the left, y from the top, words)."""
    stream = io.BytesIO()
    drawn = canvas.Canvas(stream, pagesize=page)
    for lines in pages:
        drawn.setFont(font, size)
        for x, y, words in lines:
            drawn.drawString(x, page[1] - y, words)
        drawn.showPage()
    drawn.save()
    return stream.getvalue()


def loaded_pdf() -> bytes:
    """The secret in the text, the properties, a remark, a field, an attachment, a bookmark, a hidden layer, a script, XFA, ActualText."""
    data = pdf([[(72, 100, f"申请人{SECRET}，证件号码{NUMBER}。"), (72, 140, "第二行可以公开。")], [(72, 100, "第二页没有什么。")]])
    with pikepdf.open(io.BytesIO(data)) as document:
        document.docinfo["/Author"] = SECRET
        document.docinfo["/Subject"] = NUMBER
        with document.open_metadata() as xmp:
            xmp["dc:creator"] = [SECRET]
        document.attachments["附件.txt"] = pikepdf.AttachedFileSpec(document, f"{SECRET} {NUMBER}".encode(), filename="附件.txt")
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(SECRET, 0))
        page = document.pages[1]
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 30, 30], Contents=pikepdf.String(SECRET)
        )
        appearance = document.make_stream(
            b"BT /Helv 12 Tf (SHOWN-VALUE) Tj ET", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 200, 20]
        )
        appearance["/Resources"] = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(
                Helv=pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
            )
        )
        field = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T=pikepdf.String("name"),
                V=pikepdf.String(SECRET),
                Rect=[72, 500, 272, 520],
                F=4,
                AP=pikepdf.Dictionary(N=appearance),
            )
        )
        page.obj["/Annots"] = pikepdf.Array([document.make_indirect(note), field])
        document.Root["/AcroForm"] = pikepdf.Dictionary(Fields=[field], XFA=document.make_stream(f"<xdp>{SECRET}</xdp>".encode()))
        document.Root["/OpenAction"] = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(f"app.alert('{NUMBER}')"))
        document.Root["/PieceInfo"] = pikepdf.Dictionary(X=pikepdf.String(SECRET))
        group = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String(SECRET)))
        document.Root["/OCProperties"] = pikepdf.Dictionary(OCGs=[group], D=pikepdf.Dictionary(OFF=[group], Order=[group]))
        page.obj["/Resources"]["/Properties"] = pikepdf.Dictionary(L0=group)
        page.contents_add(f"/OC /L0 BDC BT /F1 12 Tf ({NUMBER}) Tj ET EMC".encode())
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def spoken_pdf() -> bytes:
    """A page that shows something harmless and speaks the secret."""
    data = pdf([[(72, 100, "harmless")], [(72, 100, f"这里有{SECRET}。")]])
    with pikepdf.open(io.BytesIO(data)) as document:
        document.pages[0].contents_add(b"/Span << /ActualText <FEFF" + SECRET.encode("utf-16-be").hex().encode() + b"> >> BDC EMC")
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def word() -> bytes:
    """The secret in runs cut apart, header, table, deletion, hidden text, properties, alt text, link, custom XML, embedding, chart."""
    document = docx.Document()
    paragraph = document.add_paragraph("申请人")
    for piece in (SECRET[0], SECRET[1:], "，证件号码", NUMBER[:6], NUMBER[6:], "。"):
        paragraph.add_run(piece)
    document.add_paragraph(f"全角{''.join(chr(ord(c) + 0xFEE0) for c in NUMBER)}也要盖住，其余可以公开。")
    hidden = document.add_paragraph("看得见").add_run(SECRET)
    hidden.font.hidden = True
    table = document.add_table(1, 2)
    table.cell(0, 1).text = SECRET
    document.sections[0].header.paragraphs[0].text = f"{SECRET}的材料"
    document.core_properties.author = SECRET
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    shape = document.add_picture(io.BytesIO(picture.getvalue()))
    shape._inline.docPr.set("descr", f"{SECRET}的照片")
    document.part.relate_to(
        f"https://example.test/{NUMBER}", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink", True
    )
    stream = io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    body = parts["word/document.xml"].decode()
    deleted = f'<w:p><w:del w:id="9" w:author="{SECRET}"><w:r><w:delText>{SECRET}</w:delText></w:r></w:del></w:p>'
    coded = f"<w:p><w:r><w:instrText>MERGEFIELD {SECRET[0]}</w:instrText></w:r><w:r><w:instrText>{SECRET[1:]}</w:instrText></w:r></w:p>"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    chart = f'<w:p><w:r><w:drawing><c:chart xmlns:c="urn:c" xmlns:r="{office}" r:id="rIdChart"/></w:drawing></w:r></w:p>'
    parts["word/document.xml"] = body.replace("<w:sectPr", deleted + coded + chart + "<w:sectPr", 1).encode()
    link = f'<Relationship Id="rIdChart" Type="{office}/chart" Target="charts/chart1.xml"/></Relationships>'
    parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(b"</Relationships>", link.encode())
    parts["customXml/item1.xml"] = f"<a>{SECRET}</a>".encode()
    parts["word/embeddings/oleObject1.bin"] = SECRET.encode("utf-16-le")
    parts["word/charts/chart1.xml"] = (
        '<c:chart xmlns:c="urn:c" xmlns:a="urn:a"><a:p><a:r><a:t>张</a:t></a:r><a:r><a:t>三丰</a:t></a:r></a:p>'
        f"<c:pt><c:v>{NUMBER}</c:v></c:pt></c:chart>"
    ).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def photo(form: str = "JPEG", size: tuple[int, int] = (120, 80)) -> bytes:
    picture = Image.new("RGB", size, (250, 240, 230))
    exif = Image.Exif()
    exif[0x013B] = SECRET
    exif[0x0112] = 6
    out = io.BytesIO()
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Zhang Sanfeng")
    more = {"pnginfo": info} if form == "PNG" else {}
    if form == "TIFF":
        picture.save(out, form, save_all=True, append_images=[Image.new("RGB", size, "white")])
    else:
        picture.save(out, form, exif=exif, **more)
    return out.getvalue()
