"""Pictures in a docx: what stands in them no search for words finds, so that whoever redacts sees each and may have it blackened."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image

from gongkai.reading.files import limits
from gongkai.reading.files.safe_xml import Element, attribute, local
from gongkai.redaction import docx_clean
from gongkai.redaction.docx_text import Opened, opened
from gongkai.redaction.errors import RedactionError
from gongkai.screening.copies.package import Parts, detach

BLACK = "word/media/gongkai-black.png"
_MEDIA = r"/?word/media/"
_RELATION = re.compile(r"\}(?:embed|link|id|pict|relid)$")


@dataclass(frozen=True, slots=True)
class Shown:
    """`number`: from 1 through the file. `is_cropped`: more of it is in the file than is shown."""

    number: int
    member: str
    data: bytes
    is_cropped: bool = False


def pictures(data: bytes, name: str) -> list[Shown]:
    """Every picture that would stand in the copy, by its part."""
    found = opened(data, name)
    fills = [fill for member in found.laid for fill in found.parts.tree(member).iter("{*}blipFill")]
    cut = [fill for fill in fills if any(local(item) == "srcRect" and item.attrib for item in fill)]
    cropped = {attribute(blip, "embed") for fill in cut for blip in fill.iter("{*}blip")}
    made = []
    for number, member in enumerate(members(found.parts), 1):
        idents = {attribute(relation, "Id") for relation in docx_clean.targets(found.parts, member)}
        made.append(
            Shown(number, member, found.parts.package.read(_listed(found.parts, member), limits.MEMBER_BYTES), bool(idents & cropped))
        )
    return made


def members(parts: Parts) -> list[str]:
    return sorted(parts.names(_MEDIA), key=lambda member: (len(member), member))


def _listed(parts: Parts, member: str) -> str:
    found = parts.package.find(member)
    assert found is not None
    return found


def blacken(found: Opened, numbers: Iterable[int], name: str) -> None:
    """Every use of these pictures shows a black one instead, and nothing leads to them any more. Raises RedactionError for a number that
    is none."""
    parts = found.parts
    listed = members(parts)
    wanted = set(numbers)
    if unknown := [n for n in wanted if not 1 <= n <= len(listed)]:
        raise RedactionError(name, f"文件里没有第 {unknown[0]} 张图片", "请重新选择图片")
    if not wanted:
        return
    for n in sorted(wanted):
        for relation in docx_clean.targets(parts, listed[n - 1]):
            _to_black(relation)
    # One picture may stand in the file in several forms (a drawing and its bitmap): black in the one, black in all.
    for member in found.laid:
        idents = _black_ids(parts, member)
        for holder in parts.tree(member).iter("{*}blip"):
            forms = [item for item in holder.iter() if isinstance(item.tag, str)]
            if idents & {str(value) for item in forms for value in item.attrib.values()}:
                for item in list(holder):
                    detach(item)
                _point(holder, idents)
    parts.put(BLACK, _black())
    _allow_png(parts)


def _to_black(relation: Element) -> None:
    for key in list(relation.attrib):
        if key.rsplit("}", 1)[-1] == "Target":
            relation.set(key, f"/{BLACK}")


def _black_ids(parts: Parts, member: str) -> set[str]:
    folder, file = posixpath.split(member)
    relations = posixpath.join(folder, "_rels", file + ".rels")
    if relations not in parts.names(r".*\.rels$"):
        return set()
    return {attribute(one, "Id") or "" for one in parts.tree(relations) if attribute(one, "Target") == f"/{BLACK}"}


def _point(holder: Element, idents: set[str]) -> None:
    for key in holder.attrib:
        if _RELATION.search(key):
            holder.set(key, next(iter(sorted(idents))))


def _black() -> bytes:
    out = io.BytesIO()
    Image.new("L", (8, 8), 0).save(out, "PNG")
    return out.getvalue()


def _allow_png(parts: Parts) -> None:
    for member in parts.names(r"\[Content_Types\]\.xml$"):
        root = parts.tree(member)
        if not any(local(one) == "Default" and (one.get("Extension") or "").lower() == "png" for one in root):
            made = root.makeelement(root.tag.replace("Types", "Default"), {"Extension": "png", "ContentType": "image/png"})
            root.insert(0, made)
