"""The same booklet, or one document, as PDF: printed by WeasyPrint from html of our own, with true page numbers in the contents.

Nothing is fetched: neither from the network nor from this server. Fonts are those of the machine (Noto CJK where the named ones are not).
"""

from __future__ import annotations

from typing import Any, BinaryIO

from django.template.loader import render_to_string

from gongkai.publications.topics.booklets_content import Book, Chapter

MISSING = "这台服务器没有安装生成 PDF 的组件（WeasyPrint 需要 Pango），请下载 Word 版，或者请管理员安装 libpango-1.0-0 和 libpangoft2-1.0-0"


class NoBooklet(Exception):
    """It cannot be made here. `str(error)` is a sentence for the screen."""


def _weasyprint() -> Any:
    try:
        import weasyprint  # type: ignore[import-untyped]
    except OSError as error:  # its system libraries are not there
        raise NoBooklet(MISSING) from error
    return weasyprint


def _nothing(url: str, *_args: Any, **_kwargs: Any) -> Any:
    raise ValueError(f"not fetched: {url[:80]}")


def write_book(book: Book, stream: BinaryIO) -> None:
    """Raises NoBooklet."""
    _write({"book": book, "chapters": book.chapters, "title": book.title}, stream)


def write_single(chapter: Chapter, stream: BinaryIO) -> None:
    """Raises NoBooklet."""
    _write({"chapters": [chapter], "title": chapter.title}, stream)


def _write(content: dict[str, Any], stream: BinaryIO) -> None:
    print_html(render_to_string("publications/topics/booklet_print.html", content), stream)


def print_html(source: str, stream: BinaryIO) -> None:
    """Html of our own as PDF, also for other apps. Raises NoBooklet."""
    weasyprint = _weasyprint()
    stream.write(weasyprint.HTML(string=source, url_fetcher=_nothing).write_pdf())
