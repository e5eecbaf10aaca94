"""An independent look at a redacted docx: read anew from its bytes, by another road than it was written.

Every paragraph must read as it should (nothing more covered, nothing less); words are in no part, packed or plain; and what no reader
sees is not there: comments, changes, hidden text, properties, other files.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import unquote

from lxml import etree

from gongkai.reading.files.safe_xml import Element
from gongkai.redaction.plan import squeezed
from gongkai.redaction.verify import RAW, SHORT, failed, raw

_LONG = 10
"""Characters of a Latin word from which it is looked for in the bytes of XML: shorter ones are sizes and names of settings, too."""
_WORDS_IN = frozenset({"t", "v", "f", "instrText", "delText", "text"})
_SAID_BY = frozenset({"descr", "title", "alt", "tooltip", "href", "instr", "fullDate", "displayText", "value"})
_NEVER = {
    "comment": "批注", "commentReference": "批注", "commentRangeStart": "批注", "ins": "修订", "del": "修订", "moveFrom": "修订",
    "moveTo": "修订", "delText": "修订", "permStart": "编辑权限", "OLEObject": "嵌入对象", "control": "控件", "altChunk": "并入的文件",
    "docVars": "文档变量", "mailMerge": "邮件合并", "attachedTemplate": "外部模板", "rsids": "编辑记录", "rsid": "编辑记录",
}  # fmt: skip
_CHANGED = re.compile(r"(?:rPr|pPr|tblPr|trPr|tcPr|sectPr|tblPrEx|tblGrid|numbering)Change$")
_PARTS = re.compile(
    r"\[Content_Types\]\.xml|(?:.*/)?_rels/[^/]+\.rels|(?:.*/)?_rels/\.rels|docProps/(?:core|app)\.xml|word/.+", re.IGNORECASE
)
_FOREIGN = re.compile(
    r"word/(?:comments\w*|people|vbaProject|vbaData|embeddings|activeX|glossary|afchunk|fonts|ink|printerSettings)\b", re.IGNORECASE
)
_PROPERTIES = re.compile(r"docProps/(?:core|app)\.xml", re.IGNORECASE)


def docx(
    data: bytes, name: str, words: Iterable[str], unseen: Iterable[str] = (), texts: Mapping[str, Sequence[str]] | None = None
) -> None:
    """Raises RedactionError when a word is found in any part, a word of `unseen` where nobody sees it, a paragraph of `texts` (part → its
    paragraphs) that reads otherwise, or something that no reader sees."""
    listed = [word for word in map(squeezed, words) if word]
    quiet = [word for word in map(squeezed, unseen) if word]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if package.comment:
            raise failed(name, "压缩包里还有备注")
        for info in package.infolist():
            member = info.filename.lstrip("/")
            if not _PARTS.fullmatch(member) or _FOREIGN.match(member) or info.comment or info.extra:
                raise failed(name, f"还有不属于正文的部件 {member}")
            if any(word in squeezed(unquote(member)) for word in listed if not word.isascii() or len(word) >= _LONG):
                raise failed(name, "部件名称里还有要遮盖的文字")
            content = package.read(info)
            if not member.lower().endswith((".xml", ".rels", ".vml")):
                raw(content, name, listed, member, RAW)
                continue
            raw(content, name, [word for word in listed if not word.isascii() or len(word) >= _LONG], member, SHORT)
            root = _parsed(content)
            _xml(root, name, listed, member)
            _nobody_sees(root, name, member)
            _quiet(root, name, quiet, member)
            if texts is not None and info.filename in texts:
                _reads(root, name, texts[info.filename], member)
        if texts is not None and (lost := set(texts) - set(package.namelist())):
            raise failed(name, f"少了部件 {min(lost)}")


def _parsed(content: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(content, parser)


def _kind(item: Element) -> str:
    return etree.QName(item).localname if isinstance(item.tag, str) else ""


def _xml(root: Element, name: str, words: list[str], member: str) -> None:
    latin = [word for word in words if word.isascii()]
    others = [word for word in words if not word.isascii()]
    spoken = [squeezed("".join(item.itertext("{*}t"))) for item in root.iter("{*}p")]
    spoken += [squeezed(item.text or "") for item in root.iter() if _kind(item) in _WORDS_IN]
    spoken += [squeezed(unquote(value)) for item in root.iter() if _kind(item) for key, value in _attributes(item) if key in _SAID_BY]
    every = [squeezed("".join(item.itertext())) for item in root.iter("{*}p")] + [squeezed(text) for text in root.itertext()]
    every += [squeezed(unquote(value)) for item in root.iter() if _kind(item) for _key, value in _attributes(item)]
    if any(word in text for word in latin for text in spoken) or any(word in text for word in others for text in every):
        raise failed(name, f"部件 {member} 里还有要遮盖的文字")


def _attributes(item: Element) -> list[tuple[str, str]]:
    return [(key.rsplit("}", 1)[-1], str(value)) for key, value in item.attrib.items()]


def _nobody_sees(root: Element, name: str, member: str) -> None:
    for item in root.iter():
        kind = _kind(item)
        if kind in _NEVER or _CHANGED.fullmatch(kind):
            raise failed(name, f"部件 {member} 里还有{_NEVER.get(kind, '修订')}")
        if kind == "r" and any(
            _kind(one) == "vanish" and _on(one) for properties in item if _kind(properties) == "rPr" for one in properties
        ):
            raise failed(name, f"部件 {member} 里还有隐藏文字")
        if any(key.startswith("rsid") for key, _value in _attributes(item)):
            raise failed(name, f"部件 {member} 里还有编辑记录")
    if _PROPERTIES.fullmatch(member) and "".join(root.itertext()).strip():
        raise failed(name, "文件属性还在")


def _on(item: Element) -> bool:
    return all(value not in ("0", "false", "off") for key, value in _attributes(item) if key == "val")


def _quiet(root: Element, name: str, words: list[str], member: str) -> None:
    """A covered span may stand elsewhere in sight, which is for a person to judge; unseen it may not."""
    if not words:
        return
    codes = ["".join(code.text or "" for code in item.iter("{*}instrText")) for item in root.iter("{*}p")]
    said = [("instr", text) for text in codes] + [pair for item in root.iter() if _kind(item) for pair in _attributes(item)]
    for key, value in said:
        text = squeezed(unquote(value))
        if any(word in text for word in words if key in _SAID_BY or not word.isascii()):
            raise failed(name, f"部件 {member} 里看不见的地方还有遮盖的文字")


def _reads(root: Element, name: str, texts: Sequence[str], member: str) -> None:
    paragraphs = list(root.iter("{*}p"))
    if len(paragraphs) != len(texts):
        raise failed(name, f"部件 {member} 的段落从 {len(texts)} 个变成了 {len(paragraphs)} 个")
    for number, (paragraph, wanted) in enumerate(zip(paragraphs, texts, strict=True), 1):
        if squeezed(_said(paragraph)) != squeezed(wanted):
            raise failed(name, f"部件 {member} 第 {number} 段取出的文字不是遮盖以后应有的文字")


def _said(element: Element) -> str:
    """The words of a paragraph without those of paragraphs inside it."""
    found = []
    for item in element:
        kind = _kind(item)
        if kind == "t":
            found.append(item.text or "")
        elif kind in ("noBreakHyphen", "sym"):
            found.append("-" if kind == "noBreakHyphen" else "□")
        elif kind not in ("p", "pPr", "rPr"):
            found.append(_said(item))
    return "".join(found)
