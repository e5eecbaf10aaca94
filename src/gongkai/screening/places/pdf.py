"""PDF: the text of each page, and its metadata, annotations, hidden layers and attachments."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import limits, ocr
from gongkai.reading.files.package import Budget
from gongkai.reading.files.pdf import LOCK, SPARSE
from gongkai.screening import masking
from gongkai.screening.model import Passage

_DAMAGED = ("PDF 已损坏或不完整，无法打开", "请重新下载，或用原程序重新导出后再试")
_ENCRYPTED = ("文件已加密（需要打开密码）", "请去掉打开密码后另存一份再试")
_PERSONAL = {"/Author": "作者", "/Subject": "主题", "/Keywords": "关键词", "/Company": "单位", "/Manager": "经理"}
_PROGRAMS = frozenset({"/Creator", "/Producer", "/CreationDate", "/ModDate", "/Title", "/Trapped", "/GTS_PDFXVersion", "/PTEX.Fullbanner"})
_LINKS = frozenset({"/Link", "/Widget", "/Popup"})
"""Annotations that are no remark: links, form fields, the windows of remarks."""


def passages(data: bytes, name: str, budget: Budget) -> Iterator[Passage]:
    with LOCK:
        pages = list(_pages(data, name))
    yield from pages
    with opened(data, name) as document:
        yield from _properties(document)
        yield from _layers(document)
        for number, page in enumerate(document.pages, 1):
            for annotation in remarks(page):
                words = str(annotation.get("/Contents", ""))
                rule = "hidden.attachment" if annotation.get("/Subtype") == "/FileAttachment" else "hidden.annotation"
                shown = f"{masking.words(str(annotation.get('/T', '')))}：{len(words)} 字"
                yield Passage(f"page {number}", words, rule, shown)
        for key in list(document.attachments):
            yield Passage("attachments", key, "hidden.attachment", f"{masking.words(key)}")


def opened(data: bytes, name: str) -> pikepdf.Pdf:
    """Raises ReadingError when encrypted, damaged or of too many pages."""
    try:
        document = pikepdf.open(io.BytesIO(data))
        pages = len(document.pages)
    except pikepdf.PasswordError as error:
        raise ReadingError(name, *_ENCRYPTED) from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise ReadingError(name, *_DAMAGED) from error
    if not pages:
        raise ReadingError(name, *_DAMAGED)
    if pages > limits.PDF_PAGES:
        raise ReadingError(name, f"PDF 有 {pages} 页，超过上限 {limits.PDF_PAGES} 页", "请拆成几份再试")
    return document


def remarks(page: Any) -> list[Any]:
    """Annotations of a page that say something to whoever opens them."""
    listed = page.get("/Annots")
    if not isinstance(listed, pikepdf.Array):
        return []
    return [item for item in listed if isinstance(item, pikepdf.Dictionary) and str(item.get("/Subtype", "")) not in _LINKS]


def hidden_groups(document: pikepdf.Pdf) -> list[Any]:
    """Optional content groups that are off when the document is opened."""
    properties = document.Root.get("/OCProperties")
    if not isinstance(properties, pikepdf.Dictionary):
        return []
    usual = properties.get("/D", pikepdf.Dictionary())
    off = list(usual.get("/OFF", []))
    if str(usual.get("/BaseState", "/ON")) == "/OFF":
        shown = {group.objgen for group in usual.get("/ON", [])}
        off += [group for group in properties.get("/OCGs", []) if group.objgen not in shown]
    return off


def _pages(data: bytes, name: str) -> Iterator[Passage]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ReadingError(name, *(_ENCRYPTED if error.err_code == 4 else _DAMAGED)) from error
    try:
        if not 0 < len(document) <= limits.PDF_PAGES:
            raise ReadingError(name, f"PDF 有 {len(document)} 页，上限 {limits.PDF_PAGES} 页", "请拆成几份再试")
        size = 0
        for number in range(1, len(document) + 1):
            text, scanned = _page(document, number, name)
            size += len(text)
            if size > limits.TEXT_CHARS:
                raise ReadingError(name, f"文字超过 {limits.TEXT_CHARS // 10_000} 万字", "请拆成几份再试")
            yield Passage(f"page {number}", text)
            if scanned:
                yield Passage(f"page {number}", "", "hidden.unread", "扫描页，没有文字层")
    except pypdfium2.PdfiumError as error:
        raise ReadingError(name, *_DAMAGED) from error
    finally:
        document.close()


def _page(document: Any, number: int, name: str) -> tuple[str, bool]:
    """Text of a page, and whether it is a picture that nobody read."""
    page = document[number - 1]
    try:
        text_page = page.get_textpage()
        try:
            if text_page.count_chars() > limits.PDF_PAGE_CHARS:
                raise ReadingError(name, f"PDF 有一页的文字超过 {limits.PDF_PAGE_CHARS // 10_000} 万字", "请拆成几份再试")
            text = text_page.get_text_range().replace("\r\n", "\n")
        finally:
            text_page.close()
        if len(text.strip()) >= SPARSE or next(iter(page.get_objects(filter=[3], max_depth=3)), None) is None:
            return text, False
        if ocr.is_enabled():
            return "\n".join(line.text for line in ocr.page(page).lines), False
        return text, True
    finally:
        page.close()


def _properties(document: pikepdf.Pdf) -> Iterator[Passage]:
    information = document.trailer.get("/Info")
    for key, value in information.items() if isinstance(information, pikepdf.Dictionary) else ():
        words = str(value).strip()
        if not words or key in _PROGRAMS:
            continue
        if key in _PERSONAL:
            yield Passage("PDF Info", words, "metadata.person", f"{_PERSONAL[key]}：{masking.words(words)}")
        else:
            yield Passage("PDF Info", words, "metadata.custom", f"{key[1:21]}：{masking.words(words)}")
    metadata = document.Root.get("/Metadata")
    if isinstance(metadata, pikepdf.Stream):
        with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
            for key in ("dc:creator", "pdf:Keywords", "dc:subject", "photoshop:AuthorsPosition"):
                if words := _joined(xmp.get(key)):
                    yield Passage("PDF XMP", words, "metadata.person", f"{key}：{masking.words(words)}")


def _joined(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list | set | tuple) else str(value or "")


def _layers(document: pikepdf.Pdf) -> Iterator[Passage]:
    for group in hidden_groups(document):
        title = str(group.get("/Name", "")) if isinstance(group, pikepdf.Dictionary) else ""
        yield Passage("layers", "", "hidden.layer", f"图层 {masking.words(title)}")
