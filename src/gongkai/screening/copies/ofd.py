"""OFD: author, program, custom data, attachments, remarks and what is not shown out; pages otherwise as they were.

A sealed OFD is refused: its seal covers these parts, a copy without them would no longer be sealed.
"""

from __future__ import annotations

import re

from gongkai.reading.errors import ReadingError
from gongkai.reading.files.package import Budget
from gongkai.reading.files.safe_xml import local
from gongkai.screening.copies.package import Parts, detach

_PERSONAL = frozenset({"Author", "Creator", "CreatorVersion", "Keywords", "Keyword", "Subject", "Abstract", "CustomDatas"})
_GONE = r"/?(?:.*/)?(?:attachs?/|attachments?/|annots?/|tags/|customtags/|(?:annotations|attachments|customtags)\.xml$)"
_SIGNED = re.compile(r"/?(?:.*/)?signs?(?:atures)?/", re.IGNORECASE)


def strip(data: bytes, name: str) -> bytes:
    parts = Parts(data, name, Budget())
    if any(_SIGNED.match(member) for member in parts.names(r".*")):
        raise ReadingError(name, "OFD 已经签章，去除属性会使签章失效", "请用没有签章的原稿，或者由原程序导出不带属性的文件")
    for member in parts.names(r"/?OFD\.xml$"):
        for item in list(parts.tree(member).iter()):
            if local(item) in _PERSONAL:
                detach(item)
    for member in parts.names(r"/?(?:.*/)?Document\.xml$"):
        for item in list(parts.tree(member).iter()):
            if local(item) in ("Attachments", "Annotations", "CustomTags"):
                detach(item)
    for member in parts.names(r"/?(?:.*/)?Content\.xml$"):
        for item in list(parts.tree(member).iter()):
            if (item.get("Visible") or "").lower() == "false":
                detach(item)
    parts.drop(parts.names(_GONE))
    return parts.written()
