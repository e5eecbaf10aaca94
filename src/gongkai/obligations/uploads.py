"""What may be handed in with a step: judged by the bytes, not only by the name."""

from __future__ import annotations

import hashlib
import unicodedata
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from django.core.files import File

MAX_SIZE = 20 * 1024 * 1024
MAX_FILES = 10
CONTENT_TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ofd": "application/ofd",
    "txt": "text/plain",
    "png": "image/png",
    "jpg": "image/jpeg",
    "zip": "application/zip",
}
_SAME = {"jpeg": "jpg"}
ALLOWED_WORDS = "pdf、docx、xlsx、ofd、txt、png、jpg、zip"


def kept_name(name: str) -> str:
    """The last part of what the browser sent, without control and direction characters, at most 200 long with its extension."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs"}).strip() or "附件"
    suffix = PurePosixPath(clean).suffix[:20]
    return clean if len(clean) <= 200 else clean[: 200 - len(suffix)] + suffix


def kind_of(file: File[Any]) -> str | None:
    """The kind by content signature: a key of CONTENT_TYPES, or None when it is none of them."""
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(file)
    return "txt" if head and _is_text(file) else None


def _kind_of_archive(file: File[Any]) -> str | None:
    """Only the list of members is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(file.file if file.file is not None else file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return None
    finally:
        file.seek(0)
    names = {m.filename for m in members}
    if any(m.flag_bits & 1 for m in members) or any(n.lower().endswith("vbaproject.bin") for n in names):
        return None  # cannot be looked into, or carries macros
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" in names:
        return "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else None
    return "zip"


def _is_text(file: File[Any]) -> bool:
    data = file.read()
    file.seek(0)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(ord(c) < 32 and c not in "\t\n\r\f" for c in text)
    return False


def upload_reasons(files: Sequence[File[Any]]) -> list[str]:
    """Why these files cannot be taken, one sentence for each problem; empty when all can."""
    reasons = []
    if len(files) > MAX_FILES:
        reasons.append(f"一次最多上传 {MAX_FILES} 个文件，其余的请分次报送")
    for file in files:
        name = kept_name(file.name or "")
        if not file.size:
            reasons.append(f"“{name}”是空文件")
            continue
        if file.size > MAX_SIZE:
            reasons.append(f"“{name}”超过 20 MB，请压缩或拆分后再传")
            continue
        extension = PurePosixPath(name).suffix.lower().lstrip(".")
        extension = _SAME.get(extension, extension)
        if extension not in CONTENT_TYPES:
            reasons.append(f"“{name}”的类型不能上传，可以上传 {ALLOWED_WORDS}")
        elif kind_of(file) != extension:
            reasons.append(f"“{name}”的内容不是可以接收的 {extension} 文件（改过扩展名、已损坏、有密码或带宏），请检查后再传")
    return reasons


def is_presentation(file: File[Any]) -> bool:
    """A pptx without password and macros: a kind that is no proof of a duty, but that people attach to what they publish."""
    try:
        with zipfile.ZipFile(file.file if file.file is not None else file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return False
    finally:
        file.seek(0)
    names = {m.filename for m in members}
    safe = not any(m.flag_bits & 1 for m in members) and not any(n.lower().endswith("vbaproject.bin") for n in names)
    return safe and {"[Content_Types].xml", "ppt/presentation.xml"} <= names


def digested(file: File[Any]) -> dict[str, Any]:
    """name, size and sha256 of a file."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return {"name": kept_name(file.name or ""), "size": file.size, "sha256": digest.hexdigest()}


def described(file: File[Any]) -> dict[str, Any]:
    """name, size, sha256 and content type of a file that `upload_reasons` let through."""
    facts = digested(file)
    extension = PurePosixPath(facts["name"]).suffix.lower().lstrip(".")
    return {**facts, "content_type": CONTENT_TYPES[_SAME.get(extension, extension)]}
