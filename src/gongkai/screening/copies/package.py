"""A zip of XML parts, changed part by part and written again. Parts that nobody touches keep their bytes."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable

from lxml import etree

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import limits
from gongkai.reading.files.package import Budget, Package
from gongkai.reading.files.safe_xml import Element, attribute, parse
from gongkai.screening.copies import picture
from gongkai.screening.places.picture import is_picture

XML_BYTES = 32 * limits.MB
"""One XML part that is changed: it is held as a tree."""
_BLANK = {
    "docprops/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp='
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docprops/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
}
_DROPPED = re.compile(r"docProps/(?:custom\.xml|thumbnail\.\w+)$|customXml/", re.IGNORECASE)

_PICTURE = re.compile(r"/media/|\.(?:jpe?g|png|webp)$", re.IGNORECASE)


class Parts:
    """The members of an office file. `trees` are parsed when first asked for and written back when `changed`."""

    def __init__(self, data: bytes, name: str, budget: Budget) -> None:
        self.name = name
        self.package = Package(data, name, budget)
        self._infos = {info.filename: info for info in self.package.infos() if not info.is_dir()}
        self._trees: dict[str, Element] = {}
        self._dropped: set[str] = set()
        self._put: dict[str, bytes] = {}

    def names(self, pattern: str) -> list[str]:
        known = dict.fromkeys([*self._infos, *self._put])
        return [member for member in known if re.match(pattern, member, re.IGNORECASE) and member not in self._dropped]

    def tree(self, member: str) -> Element:
        """The root of a part, whose changes will be written."""
        if member not in self._trees:
            self._trees[member] = parse(self.package.read(self._infos[member], XML_BYTES), self.name)
        return self._trees[member]

    def drop(self, members: Iterable[str]) -> None:
        self._dropped.update(members)

    def put(self, member: str, data: bytes) -> None:
        """A new part; whoever puts it sees to what refers to it."""
        self._put[member] = data

    def written(self) -> bytes:
        """The new file, without properties and custom parts, and nothing refers to a part that is gone."""
        self.drop(member for member in self._infos if _DROPPED.match(member))
        self._unlink()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for member, info in self._infos.items():
                if member in self._dropped:
                    continue
                # A date of its own: when somebody saved the original is a property, too.
                target.writestr(zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0)), self._bytes(member, info), zipfile.ZIP_DEFLATED)
            for member, data in self._put.items():
                if member not in self._dropped:
                    target.writestr(zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def _bytes(self, member: str, info: zipfile.ZipInfo) -> bytes:
        if member.lower() in _BLANK:
            return _BLANK[member.lower()]
        if member in self._trees:
            return etree.tostring(self._trees[member], xml_declaration=True, encoding="UTF-8", standalone=True)
        data = self.package.read(info, limits.MEMBER_BYTES)
        if _PICTURE.search(member) and is_picture(data):
            try:
                return picture.strip(data, member)
            except ReadingError:
                return data  # of a kind that cannot be stripped; the screening of the copy tells
        return data

    def _unlink(self) -> None:
        gone = {member.lstrip("/").lower() for member in self._dropped}
        gone |= {posixpath.join(posixpath.dirname(member), "_rels", posixpath.basename(member) + ".rels") for member in gone}
        self._dropped |= {member for member in self._infos if member.lstrip("/").lower() in gone}
        for member in self.names(r"(?:.*/)?_rels/[^/]*\.rels$"):
            folder = posixpath.dirname(posixpath.dirname(member))
            root = self.tree(member)
            for relation in list(root):
                target = attribute(relation, "Target") or ""
                path = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))
                if path.lower() in gone and attribute(relation, "TargetMode") != "External":
                    root.remove(relation)
        for member in self.names(r"\[Content_Types\]\.xml$"):
            root = self.tree(member)
            for override in list(root):
                if (override.get("PartName") or "").lstrip("/").lower() in gone:
                    root.remove(override)


def detach(element: Element) -> None:
    """Takes an element out of its tree; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def unwrap(element: Element) -> None:
    """Puts the children of an element in its place."""
    parent = element.getparent()
    if parent is not None:
        at = parent.index(element)
        for child in reversed(list(element)):
            parent.insert(at, child)
        detach(element)
