"""OFD: the text through the reader; what the package holds beside it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import limits
from gongkai.reading.files import ofd as reader
from gongkai.reading.files.package import Budget, Package
from gongkai.reading.files.safe_xml import local, parse
from gongkai.screening import masking
from gongkai.screening.model import Passage
from gongkai.screening.places import ooxml, picture, plain

_PERSONAL = {"Author": "作者", "Creator": "制作程序", "Keyword": "关键词", "Subject": "主题", "Abstract": "摘要"}


def passages(data: bytes, name: str, budget: Budget) -> Iterator[Passage]:
    package = Package(data, name, budget)
    try:
        text = reader.read(data, name, budget).text
        yield Passage("line 1", text, marks=plain.lines(text))
    except ReadingError as error:
        if "没有文字" not in error.problem:
            raise
        yield Passage("", "", "hidden.unread", "扫描图片，没有文字")
    yield from _information(package, name)
    for info in package.infos():
        member = info.filename.replace("\\", "/").lstrip("/")
        folder = posixpath.dirname(member).lower()
        if folder.endswith(("attachs", "attachments")) and not member.lower().endswith(("/", "attachments.xml")):
            yield Passage(member, "", "hidden.attachment", posixpath.basename(member)[:40])
        elif re.search(r"/annots?/.*\.xml$", "/" + member, re.IGNORECASE):
            words = ooxml.plain_text(parse(package.read(info), name))
            if words:
                yield Passage(member, words, "hidden.annotation", f"{len(words)} 字")
        elif re.search(r"/content\.xml$", member, re.IGNORECASE):
            root = parse(package.read(info), name)
            unseen = [item for item in root.iter() if (item.get("Visible") or "").lower() == "false"]
            words = "".join(ooxml.plain_text(item) for item in unseen)
            if words:
                yield Passage(member, words, "hidden.layer", f"{len(words)} 字")
        elif member.lower().endswith((".jpg", ".jpeg", ".png")):
            picture_data = package.read(info, limits.MEMBER_BYTES)
            if picture.is_picture(picture_data):
                yield from picture.metadata(picture_data, member)


def _information(package: Package, name: str) -> Iterator[Passage]:
    found = package.find("OFD.xml")
    for item in parse(package.read(found), name).iter() if found else ():
        value = (item.text or "").strip()
        if value and local(item) in _PERSONAL:
            yield Passage("OFD.xml", value, "metadata.person", f"{_PERSONAL[local(item)]}：{masking.words(value)}")
        elif value and local(item) == "CustomData":
            yield Passage("OFD.xml", value, "metadata.custom", f"{(item.get('Name') or '')[:20]}：{masking.words(value)}")
