"""附件: what may be attached, judged by its bytes; and whether everybody can read what is attached (无障碍环境建设法第三十二条)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files import File

from gongkai.obligations import uploads
from gongkai.obligations.uploads import kept_name
from gongkai.publications.models import Edition

MOST_FILES = 20
"""Files in one upload."""
CONTENT_TYPES = {
    **uploads.CONTENT_TYPES,
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "csv": "text/csv",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "wps": "application/vnd.ms-works",
    "mp4": "video/mp4",
}
"""Extension → what it is served as. Old office formats are taken because old sites are full of them; screening says what may go out."""
_SAME = {"jpeg": "jpg"}
_OLE = frozenset({"doc", "xls", "wps"})
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNREADABLE = frozenset({"png", "jpg", "zip"})
"""A picture or an archive says nothing to a screen reader; for the others the drafter knows."""
ALLOWED_WORDS = "、".join(CONTENT_TYPES)


def extension_of(name: str) -> str:
    extension = PurePosixPath(kept_name(name)).suffix.lower().lstrip(".")
    return _SAME.get(extension, extension)


def limit_words() -> str:
    return f"{settings.UPLOAD_MB} MB"


def file_reasons(files: Sequence[File[Any]]) -> list[str]:
    """Why these files cannot be taken, a sentence for each problem; empty when all can."""
    reasons = []
    if len(files) > MOST_FILES:
        reasons.append(f"一次最多上传 {MOST_FILES} 个文件，其余的请分次上传")
    for file in files:
        name = kept_name(file.name or "")
        if not file.size:
            reasons.append(f"“{name}”是空文件")
        elif file.size > settings.UPLOAD_MB * 1024 * 1024:
            reasons.append(too_large(name))
        elif (extension := extension_of(name)) not in CONTENT_TYPES:
            reasons.append(f"“{name}”的类型不能上传，可以上传 {ALLOWED_WORDS}")
        elif not _is(file, extension):
            reasons.append(f"“{name}”的内容不是 {extension} 文件（改过扩展名、已损坏、有密码或带宏），请检查后再传")
    return reasons


def too_large(name: str) -> str:
    return f"“{name}”超过 {limit_words()}，请压缩或拆分后再传"


def _is(file: File[Any], extension: str) -> bool:
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    if extension in _OLE:
        return head.startswith(_OLE_SIGNATURE)
    if extension == "mp4":
        return head[4:8] == b"ftyp"
    if extension == "csv":
        return uploads.kind_of(file) == "txt"
    if extension == "pptx":
        return uploads.is_presentation(file)
    return uploads.kind_of(file) == extension


def described(file: File[Any]) -> dict[str, Any]:
    """name, size, sha256 and content type of a file that `file_reasons` let through."""
    return {**uploads.digested(file), "content_type": CONTENT_TYPES[extension_of(file.name or "")]}


def likely_accessible(name: str) -> bool:
    """What is proposed for a new file; the drafter decides."""
    return extension_of(name) not in _UNREADABLE


def reasons(edition: Edition) -> list[str]:
    """What keeps an edition from being submitted: a file that not everybody can read names nobody to ask. One query."""
    if edition.revision is None:
        return []
    unreadable = [link for link in edition.revision.attachment_links.all() if not link.accessible and not link.contact.strip()]
    return [f"附件“{link.title}”读屏软件读不了，请写明索取其他格式的联系方式" for link in unreadable]
