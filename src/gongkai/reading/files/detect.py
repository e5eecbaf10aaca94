"""What a file is, by what it holds. The name is asked only where the content leaves it open."""

from __future__ import annotations

import re
from typing import Literal

from gongkai.reading.errors import ReadingError
from gongkai.reading.files.package import Budget, Package

Kind = Literal["txt", "html", "docx", "pdf", "ofd", "zip"]

SAVE_AS_DOCX = "请用 WPS 或 Word 打开后另存为 .docx 再试"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_OTHER_ARCHIVES = {b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"}
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|span|center|h[1-6])\b",
    re.S,
)
_HTML_ANYWHERE = re.compile(rb"<(?:!doctype\s+html|html|body|head)\b")


def detect(data: bytes, name: str, budget: Budget | None = None) -> Kind:
    """The kind of a file. Raises ReadingError for what is recognised and cannot be read, and for an empty file."""
    if not data.strip(b"\0 \t\r\n"):
        raise ReadingError(name, "文件是空的", "请检查是否下载或保存完整")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_kind(data, name, budget or Budget())
    if b"%PDF-" in data[:1024]:
        return "pdf"
    _refuse_known(data, name)
    # UTF-16 pages look like ASCII once their null bytes are gone.
    head = data[:4096].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lower()
    if re.search(rb"progid=\"word\.document\"|<w:worddocument|<pkg:package", head):
        raise ReadingError(name, "这是 Word XML 文档", SAVE_AS_DOCX)
    if head.startswith(b"mime-version:") and b"multipart/related" in head:
        raise ReadingError(name, "这是单个文件网页（mht）", "请在浏览器中另存为 .html，或用 Word 另存为 .docx")
    named_html = name.lower().endswith((".html", ".htm", ".xhtml", ".shtml"))
    if _HTML_START.match(head) or (named_html and re.search(rb"<[a-z!/][^<>]*>", head)) or _HTML_ANYWHERE.search(head):
        return "html"
    return "txt"


def _refuse_known(data: bytes, name: str) -> None:
    if data.startswith(OLE):
        raise _old_office(data, name)
    if data.startswith(b"{\\rtf"):
        raise ReadingError(name, "这是 RTF 文档", SAVE_AS_DOCX)
    if data.startswith(_PICTURES) or (data.startswith(b"BM") and data[6:10] == b"\0\0\0\0") or data[8:12] == b"WEBP":
        raise ReadingError(name, "这是图片，没有文字层", "请提交 docx、pdf 或 ofd 原件；只有扫描件时请合成 pdf 并启用文字识别")
    for magic, kind in _OTHER_ARCHIVES.items():
        if data.startswith(magic):
            raise ReadingError(name, f"这是 {kind} 压缩包", "请解压后改用 zip 压缩，或逐个提交文件")
    if data[257:262] == b"ustar":
        raise ReadingError(name, "这是 tar 归档", "请改用 zip 压缩，或逐个提交文件")
    if data.startswith((b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe")) and b"\0" in data[:512]:
        raise ReadingError(name, "这是可执行程序，不是文档", "请确认选对了文件")


def _old_office(data: bytes, name: str) -> ReadingError:
    """An OLE container: its streams tell an encrypted docx from an old .doc. The directory names them in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return ReadingError(name, "文件已加密（需要打开密码）", "请用 WPS 或 Word 打开，去掉打开密码后另存为 .docx")
    if "WordDocument".encode("utf-16-le") in data:
        return ReadingError(name, "这是旧版 Word/WPS 二进制文档（.doc/.wps）", "请用 WPS 或 Word 打开后另存为 .docx")
    if "Workbook".encode("utf-16-le") in data:
        return ReadingError(name, "这是旧版 Excel 表格（.xls）", "请把表格内容放进 .docx 后再试")
    return ReadingError(name, "这是旧版 Office 二进制文件", "请用 WPS 或 Word 打开后另存为 .docx")


def _zip_kind(data: bytes, name: str, budget: Budget) -> Kind:
    package = Package(data, name, budget)
    if package.find("OFD.xml"):
        return "ofd"
    if package.find("[Content_Types].xml"):
        folders = {member.split("/")[0].lower() for member in package.names}
        if "xl" in folders:
            raise ReadingError(name, "这是 Excel 表格", "请把表格内容放进 .docx 后再试")
        if "ppt" in folders:
            raise ReadingError(name, "这是演示文稿", SAVE_AS_DOCX)
        return "docx"
    if package.find("content.xml") and package.find("META-INF/manifest.xml"):
        raise ReadingError(name, "这是 OpenDocument 文档（.odt）", "请另存为 .docx 再试")
    return "zip"
