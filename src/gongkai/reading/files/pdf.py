"""PDF: the text layer, with the places of its characters, back into paragraphs."""

from __future__ import annotations

import ctypes
import threading
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from gongkai.reading.errors import ReadingError
from gongkai.reading.extracted import Extracted
from gongkai.reading.files import limits, ocr
from gongkai.reading.files.blocks import assemble, check_length
from gongkai.reading.files.lines import Page, length_of, paragraphs
from gongkai.reading.files.pdf_lines import lines_of_page
from gongkai.reading.files.ruled import Rules, put_tables

LOCK = threading.Lock()
"""PDFium keeps state for the whole process and is not safe with threads: whoever calls it holds this."""
_PASSWORD_ERROR = 4
SPARSE = 10
"""Characters below which a page counts as having no text (a stamp, a page number)."""


def read(data: bytes, name: str) -> Extracted:
    """The text layer as paragraphs. Raises ReadingError when encrypted, damaged, too long or without a text layer."""
    with LOCK:
        pages = _pages(data, name)
    return assemble(name, "pdf", paragraphs(pages))


def _pages(data: bytes, name: str) -> list[Page]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD_ERROR:
            raise ReadingError(name, "文件已加密（需要打开密码）", "请去掉打开密码后另存一份再试") from error
        raise _damaged(name) from error
    try:
        if len(document) == 0:
            raise _damaged(name)
        if len(document) > limits.PDF_PAGES:
            raise ReadingError(name, f"PDF 有 {len(document)} 页，超过上限 {limits.PDF_PAGES} 页", "请拆成几份再试")
        return _with_text(document, name)
    except (pypdfium2.PdfiumError, ctypes.ArgumentError) as error:
        raise _damaged(name) from error
    finally:
        document.close()


def _with_text(document: Any, name: str) -> list[Page]:
    pages: list[Page] = []
    scanned: list[int] = []
    broken = characters = counted = 0
    for index in range(len(document)):
        page = document[index]
        try:
            read, rules, bad = _page(page, name)
            size = sum(len(line.text) for line in read.lines)
            if size < SPARSE and _has_picture(page):
                scanned.append(index)
                if ocr.is_enabled():
                    read = ocr.page(page)
        finally:
            page.close()
        pages.append(read)
        broken += bad
        characters += size
        counted += length_of(read.lines)
        check_length(counted, name)
        put_tables(read, rules)
    if not ocr.is_enabled() and len(scanned) * 2 > len(pages):
        raise ReadingError(name, "PDF 是扫描图片，没有文字层", "请提交 docx、ofd 等原件，或" + ocr.HOW_TO_ENABLE)
    if broken * 3 > characters:
        raise ReadingError(name, "PDF 的文字层是乱码（字体没有字符对照表）", "请提交 docx 原件，或" + ocr.HOW_TO_ENABLE)
    return pages


def _has_picture(page: Any) -> bool:
    return next(iter(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None


def _page(page: Any, name: str) -> tuple[Page, Rules, int]:
    text_page = page.get_textpage()
    try:
        count = text_page.count_chars()
        if count > limits.PDF_PAGE_CHARS:
            raise ReadingError(name, f"PDF 有一页的文字超过 {limits.PDF_PAGE_CHARS // 10_000} 万字", "请拆成几份再试")
        return lines_of_page(page, text_page, count)
    finally:
        text_page.close()


def _damaged(name: str) -> ReadingError:
    return ReadingError(name, "PDF 已损坏或不完整，无法打开", "请重新下载，或用原程序重新导出后再试")
