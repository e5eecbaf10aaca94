"""A docx with something in every place where a docx keeps what its reader does not see."""

from __future__ import annotations

import io
import zipfile

import docx
from docx.oxml.ns import qn
from PIL import Image

from gongkai.redaction.tests.made import NUMBER, SECRET

AUTHOR = "周主任"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
REL = "http://schemas.openxmlformats.org/package/2006/relationships"
NOTES = (
    f'<w:{{0}}s {W}><w:{{0}} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{{0}}>'
    f'<w:{{0}} w:id="1"><w:p><w:r><w:t>脚注里的李四</w:t></w:r></w:p></w:{{0}}>'
    f'<w:{{0}} w:id="2"><w:p><w:r><w:t>随删除走掉的脚注 {SECRET}</w:t></w:r></w:p></w:{{0}}></w:{{0}}s>'
)
BODY = f"""
<w:p w:rsidR="00110101" w:rsidRDefault="00AB12CD"><w:r><w:t xml:space="preserve">本页有 </w:t></w:r>
<w:ins w:id="1" w:author="{AUTHOR}" w:date="2026-01-01T00:00:00Z"><w:r><w:t>新加的一句</w:t></w:r></w:ins>
<w:del w:id="2" w:author="{AUTHOR}"><w:r><w:delText>删去的{SECRET}</w:delText></w:r><w:r><w:footnoteReference w:id="2"/></w:r>
</w:del><w:r><w:t>。</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p>
<w:p><w:moveFrom w:id="3" w:author="{AUTHOR}"><w:r><w:t>移走的{SECRET}</w:t></w:r></w:moveFrom>
<w:moveTo w:id="4" w:author="{AUTHOR}"><w:r><w:t>移来的话</w:t></w:r></w:moveTo></w:p>
<w:p><w:pPr><w:pStyle w:val="Secret"/></w:pPr><w:r><w:t>隐藏样式里的{SECRET}</w:t></w:r></w:p>
<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>直接隐藏的{SECRET}</w:t></w:r><w:r><w:t>看得见的一段</w:t></w:r></w:p>
<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>有批注的一段</w:t></w:r><w:commentRangeEnd w:id="0"/><w:r>
<w:commentReference w:id="0"/></w:r></w:p>
<w:p><w:hyperlink r:id="rIdMail" w:tooltip="写信给王五六" xmlns:r="{R}"><w:r><w:t>王五</w:t></w:r><w:r><w:t>六</w:t></w:r>
</w:hyperlink><w:r><w:t>负责。</w:t></w:r></w:p>
<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>MERGEFIELD 王五</w:instrText></w:r><w:r>
<w:instrText>六</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>王五六</w:t></w:r><w:r>
<w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>再次出现。</w:t></w:r></w:p>
<w:p><w:fldSimple w:instr=" DOCPROPERTY 王五六 "><w:r><w:t>字段一</w:t></w:r></w:fldSimple></w:p>
<w:p><w:bookmarkStart w:id="9" w:name="王五六的材料"/><w:r><w:t>书签的一段</w:t></w:r><w:bookmarkEnd w:id="9"/></w:p>
<w:sdt><w:sdtPr><w:alias w:val="出生日期"/><w:date w:fullDate="1990-03-07T00:00:00Z"/><w:dropDownList>
<w:listItem w:displayText="王五六" w:value="a"/></w:dropDownList></w:sdtPr><w:sdtContent><w:p><w:r><w:t>一九九〇年三月七日</w:t></w:r>
</w:p></w:sdtContent></w:sdt>
<w:p><w:permStart w:id="7" w:ed="dept\\王五六"/><w:r><w:t>准许编辑的一段</w:t></w:r><w:permEnd w:id="7"/></w:p>
<w:p><w:r><w:object><w:OLEObject xmlns="urn:x" xmlns:r="{R}" r:id="rIdOle" Type="Embed"/></w:object></w:r><w:r>
<w:t>嵌入表格的一段</w:t></w:r></w:p>
<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" alt="钱八的印章"
 o:gfxdata="UEsDBBgz{AUTHOR}"><v:textpath string="内部资料 吴九"/>
<v:imagedata o:href="file:///C:/Users/{AUTHOR}/a.png" o:title="{AUTHOR}"/></v:shape></w:pict>
</w:r></w:p>
<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
<mc:Choice Requires="wps"><w:drawing><w:txbxContent><w:p><w:r><w:t>文本框里的王五六</w:t></w:r></w:p></w:txbxContent></w:drawing>
</mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>文本框里的王五六</w:t></w:r></w:p></w:txbxContent></w:pict>
</mc:Fallback></mc:AlternateContent></w:r></w:p>
<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>姓名</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>电话</w:t></w:r></w:p></w:tc></w:tr><w:tr>
<w:tc><w:p><w:r><w:t>孙七</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>139</w:t></w:r><w:r><w:t>12345678</w:t></w:r></w:p>
</w:tc></w:tr><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p><w:r><w:t>隐藏的行{SECRET}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
"""
COMMENTS = (
    f'<w:comments {W}><w:comment w:id="0" w:author="{AUTHOR}"><w:p><w:r>'
    f"<w:t>批注：{SECRET}要不要公开</w:t></w:r></w:p></w:comment></w:comments>"
)
STYLES = (
    '<w:style w:type="paragraph" w:styleId="Unseen"><w:name w:val="Unseen"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Secret"><w:name w:val="Secret"/><w:basedOn w:val="Unseen"/></w:style>'
)
EXTRA = {
    "word/comments.xml": COMMENTS,
    "word/commentsExtended.xml": f"<a>{AUTHOR}</a>",
    "word/people.xml": f"<a>{AUTHOR}</a>",
    "word/footnotes.xml": NOTES.format("footnote"),
    "docProps/custom.xml": f"<Properties>{AUTHOR}{SECRET}</Properties>",
    "docProps/thumbnail.jpeg": f"{SECRET}",
    "customXml/item1.xml": f"<a>{SECRET}</a>",
    "word/glossary/document.xml": f"<w:document {W}><w:body><w:p><w:r><w:t>{SECRET}</w:t></w:r></w:p></w:body></w:document>",
    "word/document1.bak": SECRET,
    "docMetadata/LabelInfo.xml": f"<a>{AUTHOR}</a>",
    "_xmlsignatures/sig1.xml": f"<a>{AUTHOR}</a>",
    "notes.txt": SECRET,
    "word/header9.xml": f"<w:hdr {W}><w:p><w:r><w:t>没有用的页眉{SECRET}</w:t></w:r></w:p></w:hdr>",
}
LINKS = {
    "rIdMail": ("hyperlink", "mailto:王五六@example.test", True),
    "rIdOle": ("oleObject", "embeddings/oleObject1.bin", False),
    "rIdComments": ("comments", "comments.xml", False),
    "rIdPeople": ("people", "people.xml", False),
    "rIdFootnotes": ("footnotes", "footnotes.xml", False),
    "rIdGlossary": ("glossaryDocument", "glossary/document.xml", False),
    "rIdHeader9": ("header", "header9.xml", False),
}
TYPES = {"word/footnotes.xml": "footnotes", "word/comments.xml": "comments"}


def scan(size: tuple[int, int] = (40, 20), colour: str = "white") -> bytes:
    """A picture with metadata."""
    exif = Image.Exif()
    exif[0x013B] = "Zhang Sanfeng"
    Image.new("RGB", size, colour).save(out := io.BytesIO(), "JPEG", exif=exif)
    return out.getvalue()


def hostile() -> bytes:
    """Also a header, a picture, properties and words cut over runs. 李四 stands in a footnote, 王五六 nearly everywhere."""
    document = docx.Document()
    paragraph = document.add_paragraph("申请人")
    for piece in (SECRET[0], SECRET[1:], "，证件号码", NUMBER[:6], NUMBER[6:], "。"):
        paragraph.add_run(piece)
    document.sections[0].header.paragraphs[0].text = "赵六的材料"
    document.core_properties.author = AUTHOR
    document.core_properties.comments = SECRET
    picture = document.add_picture(io.BytesIO(scan()))
    picture._inline.docPr.set("descr", "王五六的照片")
    picture._inline.docPr.set("name", f"{AUTHOR}拍的")
    picture._inline.docPr.set("title", f"D:\\{AUTHOR}\\照片.jpg")
    settings = document.settings.element
    for name in ("trackRevisions", "rsids"):
        settings.append(settings.makeelement(qn(f"w:{name}"), {}))
    document.save(stream := io.BytesIO())
    with zipfile.ZipFile(stream) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    body = parts["word/document.xml"].decode()
    parts["word/document.xml"] = body.replace("<w:sectPr", BODY + "<w:sectPr", 1).encode()
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b"</w:styles>", STYLES.encode() + b"</w:styles>")
    parts |= {name: content.encode() for name, content in EXTRA.items()}
    parts["word/embeddings/oleObject1.bin"] = SECRET.encode("utf-16-le")
    outside = {True: ' TargetMode="External"', False: ""}
    links = "".join(
        f'<Relationship Id="{ident}" Type="{R}/{kind}" Target="{target}"{outside[far]}/>' for ident, (kind, target, far) in LINKS.items()
    )
    rels = parts["word/_rels/document.xml.rels"].decode()
    parts["word/_rels/document.xml.rels"] = rels.replace("</Relationships>", links + "</Relationships>").encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
    types = "".join(f'<Override PartName="/{name}" ContentType="{kind.format(word)}"/>' for name, word in TYPES.items())
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", types.encode() + b"</Types>")
    with zipfile.ZipFile(out := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as target:
        target.comment = SECRET.encode()
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def everything(data: bytes) -> bytes:
    """All members unpacked, their names, the comment of the zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return b"\n".join([package.comment, *(name.encode() + b"\n" + package.read(name) for name in package.namelist())])
