"""Files made for the tests, with something in every place where a reader does not look."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pikepdf
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.comments import Comment
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from tests.screening_set import C1, I1, I2, I3, I4

SECRETS = (I1, I2, I3, I4, C1, "13812345678", "lin.xiaozhou@example.com", "林小舟")


def bytes_of(save) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def docx_file() -> bytes:
    """An identity number in two runs, one in a table, one struck out, one hidden; a comment, a header, an author."""
    document = Document()
    document.core_properties.author = "林小舟"
    document.core_properties.last_modified_by = "吴大川"
    document.add_heading("补助发放公告", 1)
    paragraph = document.add_paragraph("领取人身份证号")
    paragraph.add_run(I1[:8]).bold = True
    paragraph.add_run(I1[8:] + "，已核对。")
    table = document.add_table(3, 2)
    for row, cells in zip(table.rows, [("姓名", "身份证号"), ("甲某", I2), ("乙某", I3)], strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    secret = document.add_paragraph("其余从略。")
    run = secret.add_run("电话13812345678")
    run.font.hidden = True
    deleted = OxmlElement("w:del")
    deleted.set(qn("w:author"), "林小舟")
    inner, words = OxmlElement("w:r"), OxmlElement("w:delText")
    words.text = f"原写{I4}"
    inner.append(words)
    deleted.append(inner)
    secret._p.append(deleted)
    added = OxmlElement("w:ins")
    inner, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = "补写一句。"
    inner.append(words)
    added.append(inner)
    secret._p.append(added)
    document.add_comment(secret.runs[0], text="这里联系 lin.xiaozhou@example.com", author="林小舟", initials="L")
    document.sections[0].header.paragraphs[0].text = "内部资料，注意保存"
    return bytes_of(document.save)


def xlsx_file() -> bytes:
    """Sheets 公告 (shown; a hidden row and a hidden column, a comment, a formula) and 名单 (hidden)."""
    book = openpyxl.Workbook()
    book.properties.creator = "林小舟"
    shown = book.active
    shown.title = "公告"
    for row in (["姓名", "身份证号", "金额", "备注"], ["甲某", I1, 620, C1], ["乙某", I2, 480, "无"], ["合计", None, "=SUM(C2:C3)", None]):
        shown.append(row)
    shown.row_dimensions[3].hidden = True
    shown.column_dimensions["D"].hidden = True
    shown["A2"].comment = Comment("电话13812345678", "林小舟")
    hidden = book.create_sheet("名单")
    hidden.sheet_state = "hidden"
    hidden.append(["丙某", I3])
    hidden["C17"] = I4
    return bytes_of(book.save)


def pdf_file() -> bytes:
    """Two pages, a layer that is off, a remark, an attachment, an author."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    raw = io.BytesIO()
    page = canvas.Canvas(raw, pageCompression=0)
    page.setAuthor("林小舟")
    page.setFont("STSong-Light", 12)
    page.drawString(72, 700, "公告：本次补助已经发放完毕，特此公告。")
    page.showPage()
    page.setFont("STSong-Light", 12)
    page.drawString(72, 700, f"领取人身份证号{I1}，已核对无误。")
    page.save()
    document = pikepdf.open(io.BytesIO(raw.getvalue()))
    group = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("draft")))
    document.Root.OCProperties = pikepdf.Dictionary(OCGs=[group], D=pikepdf.Dictionary(OFF=[group], Order=[group]))
    first = document.pages[0]
    first.obj.Resources.Properties = pikepdf.Dictionary(MC0=group)
    first.contents_add(b"/OC /MC0 BDC BT /F1 12 Tf 72 600 Td (13812345678 hidden) Tj ET EMC")
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 20, 20], T=pikepdf.String("林小舟"), Contents=pikepdf.String(I2)
    )
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[30, 30, 40, 40])
    first.obj.Annots = pikepdf.Array([document.make_indirect(note), document.make_indirect(link)])
    document.attachments["list.csv"] = f"name,{I3}".encode()
    return bytes_of(document.save)


def picture_file(form: str = "JPEG") -> bytes:
    picture = Image.radial_gradient("L").convert("RGB")
    exif = Image.Exif()
    exif[0x013B] = "Lin Xiaozhou"
    exif[0x0110] = "Camera 1"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 15.0, 0.0), 3: "E", 4: (120.0, 9.0, 0.0)})
    return bytes_of(lambda out: picture.save(out, form, exif=exif))


def html_file() -> bytes:
    return f"""<!doctype html><html><head><meta charset="utf-8"><meta name="author" content="林小舟"><title>公告</title></head>
<body><!-- 待办：电话13812345678 --><p>领取人{I1[:6]}<b>{I1[6:]}</b></p><p style="display: none">{I2}</p>
<table><tr><th>姓名</th><th>身份证号</th></tr><tr><td>甲某</td><td>{I3}</td></tr><tr><td>乙某</td><td>{I4}</td></tr></table></body></html>""".encode()


def ofd_file() -> bytes:
    ofd = "http://www.ofdspec.org/2016"
    text = (
        '<ofd:TextObject ID="{n}" Boundary="20 {y} 150 8" Size="5"{more}><ofd:TextCode X="0" Y="5">{words}</ofd:TextCode></ofd:TextObject>'
    )
    page = text.format(n=9, y=20, more="", words=f"领取人身份证号{I1}") + text.format(n=10, y=40, more=' Visible="false"', words=I2)
    return zip_file(
        {
            "OFD.xml": f'<ofd:OFD xmlns:ofd="{ofd}"><ofd:DocBody><ofd:DocInfo><ofd:Author>林小舟</ofd:Author></ofd:DocInfo>'
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{ofd}"><ofd:CommonData><ofd:PageArea>'
            "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
            '</ofd:PageArea></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
            "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page xmlns:ofd="{ofd}"><ofd:Content><ofd:Layer ID="8">{page}'
            "</ofd:Layer></ofd:Content></ofd:Page>",
            "Doc_0/Attachs/list.csv": I3,
        }
    )


def zip_file(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return out.getvalue()
