"""What docx and xlsx have in common: properties, comments by their authors, pictures, embedded files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from gongkai.reading.files import limits
from gongkai.reading.files.package import Package
from gongkai.reading.files.safe_xml import Element, attribute, local, parse
from gongkai.screening import masking
from gongkai.screening.model import Passage
from gongkai.screening.places import picture

PERSONAL = {
    "creator": "作者",
    "lastModifiedBy": "最后修改者",
    "Manager": "经理",
    "Company": "单位",
    "HyperlinkBase": "超链接基础",
    "keywords": "关键词",
    "description": "备注",
    "category": "类别",
    "contentStatus": "状态",
    "subject": "主题",
}
"""Properties that tell who made a document, or what somebody noted in it. The title and the dates are no secret of a document."""
_EMBEDDED = re.compile(r"/(?:embeddings|activeX)/", re.IGNORECASE)
_CACHE = re.compile(r"xl/(?:pivotCache/pivotCacheRecords|externalLinks/externalLink)\d*\.xml$|xl/model/", re.IGNORECASE)
_PICTURE = re.compile(r"/media/[^/]+$", re.IGNORECASE)


def relations(package: Package, part: str, name: str) -> Iterator[tuple[str, str, str]]:
    """(id, last word of the type, member) of what a part refers to inside the package."""
    folder, file = posixpath.split(part)
    found = package.find(posixpath.join(folder, "_rels", file + ".rels"))
    for relation in parse(package.read(found), name) if found else ():
        target = attribute(relation, "Target") or ""
        member = package.find(posixpath.normpath(target if target.startswith("/") else posixpath.join(folder, target)))
        if member and attribute(relation, "TargetMode") != "External":
            yield attribute(relation, "Id") or "", (attribute(relation, "Type") or "").rsplit("/", 1)[-1], member


def properties(package: Package, name: str) -> Iterator[Passage]:
    for member in ("docProps/core.xml", "docProps/app.xml"):
        found = package.find(member)
        for element in parse(package.read(found), name) if found else ():
            value = "".join(element.itertext()).strip()
            if value and (words := PERSONAL.get(local(element))):
                yield Passage(member, value, "metadata.person", f"{words}：{masking.words(value)}")
    found = package.find("docProps/custom.xml")
    for element in parse(package.read(found), name) if found else ():
        value = "".join(element.itertext()).strip()
        key = attribute(element, "name") or ""
        if value:
            yield Passage("docProps/custom.xml", f"{key}：{value}", "metadata.custom", f"{key[:20]}：{masking.words(value)}")


def stowed(package: Package, name: str) -> Iterator[Passage]:
    """Embedded files, caches of other data, custom XML, and what pictures tell of the place and the camera."""
    for info in package.infos():
        member = info.filename.replace("\\", "/").lstrip("/")
        if _EMBEDDED.search("/" + member):
            yield Passage(member, "", "hidden.embedded", posixpath.basename(member)[:40])
        elif _CACHE.search(member):
            yield Passage(member, "", "hidden.cache", posixpath.basename(member)[:40])
        elif re.fullmatch(r"customXml/item\d+\.xml", member, re.IGNORECASE):
            words = plain_text(parse(package.read(info), name))
            if words.strip():
                yield Passage(member, words, "metadata.custom", f"自定义 XML，{len(words)} 字")
        elif _PICTURE.search("/" + member):
            data = package.read(info, limits.MEMBER_BYTES)
            if picture.is_picture(data):
                yield from picture.metadata(data, member)


def plain_text(root: Element) -> str:
    """All text of a small part, a piece for each element."""
    return "\n".join(text.strip() for text in root.itertext() if text.strip())
