"""A Word document into the draft: its text for the editor, and what it says of itself as metadata that is offered, never decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gongkai.agencies.matching import Directory
from gongkai.agencies.models import Jurisdiction
from gongkai.publications.drafting.cleaning import clean, text_of
from gongkai.publications.drafting.docx_html import DocxHtml
from gongkai.publications.drafting.proposing import Said, abstract_of, keywords_of, said_in
from gongkai.publications.metadata import labels_of
from gongkai.publications.vocabularies import Label
from gongkai.reading.errors import ReadingError
from gongkai.reading.files.package import Budget, Package


@dataclass(slots=True)
class Imported:
    """`html` is clean; `said` what the document says of itself; `told` sentences on what could not be taken over."""

    html: str
    said: Said
    abstract: str
    keywords: str
    told: list[str] = field(default_factory=list)


def read(data: bytes, name: str, labels: tuple[Label, ...] = ()) -> Imported:
    """Raises ReadingError with a sentence for what is no docx, is broken, locked, too large, or carries macros."""
    if not data.startswith(b"PK"):
        old = data.startswith(b"\xd0\xcf\x11\xe0")
        reason = "是旧格式的 Word 文件" if old else "不是 docx 文件"
        raise ReadingError(name, reason, "请用 WPS 或 Word 另存为 .docx 再试")
    package = Package(data, name, Budget())
    if any(member.lower().endswith(("vbaproject.bin", "vbadata.xml")) for member in package.names):
        raise ReadingError(name, "文件含有宏", "请用 WPS 或 Word 打开后另存为不含宏的 .docx 再试")
    document = DocxHtml(package, name)
    html = clean(document.html())
    if not html:
        raise ReadingError(name, "文件里没有文字", "请确认选对了文件；若内容是图片，请作为附件上传")
    text = text_of(html)
    said = said_in(text, labels)
    return Imported(html, said, abstract_of(text), keywords_of(said.title), document.told)


def offered(found: Imported, place: Jurisdiction) -> dict[str, Any]:
    """Fields of a revision that the document itself fills. A label that the place does not print is told (`told`), not taken."""
    said = found.said
    label = next((one for one in labels_of(place) if one.text == said.label), None)
    values: dict[str, Any] = {
        "title": said.title,
        "body": found.html,
        "abstract": found.abstract,
        "keywords": found.keywords,
        "doc_number": said.doc_number,
        "issued_on": said.issued_on,
        "effective_on": said.effective_on,
        "repealed_on": said.repealed_on,
        "genre": said.genre,
    }
    if label is not None:
        values |= {"label": label.text, "redacted": label.redacted}
        if label.attribute != "withheld":  # a ground is a person's to give
            values["attribute"] = label.attribute
    return {name: value for name, value in values.items() if value not in ("", None)}


def told(found: Imported, place: Jurisdiction) -> list[str]:
    """What was recognised, in sentences, with what a person should look at."""
    said = found.said
    words = [
        f"{name}：{value}"
        for name, value in (("标题", said.title), ("发文字号", said.doc_number), ("成文日期", said.issued_on), ("标识", said.label))
        if value
    ]
    sentences = [f"读出{'；'.join(words)}。"] if words else ["没有读出标题、文号和日期，请自己填写。"]
    if said.addressees:
        sentences.append(f"主送：{said.addressees}。")
    if said.label and all(one.text != said.label for one in labels_of(place)):
        sentences.append(f"文件上印的“{said.label}”不是本地区的标识，请核对。")
    if said.issuer and Directory(place).resolve(said.issuer).is_unknown:
        sentences.append(f"署名“{said.issuer}”不在机构名录里，请核对发文机关。")
    return [*sentences, *found.told]
