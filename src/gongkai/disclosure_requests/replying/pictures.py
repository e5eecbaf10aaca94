"""Pages of a file as pictures, and a docx as its paragraphs, for the redaction tool: drawn on the server, kept in memory only.

Sizes are those of `gongkai.redaction.Area`: points of 1/72 inch in a PDF, pixels in a picture, of the page as it is shown.
"""

from __future__ import annotations

import io
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import pypdfium2
from PIL import Image, ImageOps

from gongkai.reading.errors import ReadingError
from gongkai.reading.files.package import Budget
from gongkai.reading.files.pdf import LOCK
from gongkai.redaction.docx_pictures import pictures
from gongkai.redaction.docx_text import Block, blocks, drawn
from gongkai.redaction.docx_unseen import Unseen, unseen
from gongkai.screening.copies.values import personal
from gongkai.screening.places import kind_of, passages
from gongkai.screening.places.pdf import opened

WIDTH = 1200
"""Pixels, at most, of a drawn page."""
MOST_SCALE = 2.5
KEPT = 24
"""Pages, and as many reports of files, that stay in memory."""
MOST_PROPOSED = 200
MEND = "请用原程序重新导出后再试"


@dataclass(frozen=True, slots=True)
class Page:
    """`png` with the size of the page in the units of an area."""

    png: bytes
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Look:
    """What a file is for the tool: kind pdf, picture or docx; how many pages; of a docx its paragraphs, what is drawn in it, what its
    reader does not see, and for each picture whether more of it is in the file than is shown."""

    kind: str
    pages: int
    blocks: tuple[Block, ...] = ()
    drawn: tuple[tuple[str, str], ...] = ()
    unseen: tuple[Unseen, ...] = ()
    cropped: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value that looks personal, `count` times, shown as it stands: whoever redacts must see what is covered."""

    value: str
    masked: str
    count: int


class _Kept:
    def __init__(self, most: int) -> None:
        self._rows: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._lock = Lock()
        self._most = most

    def get(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        with self._lock:
            if key in self._rows:
                self._rows.move_to_end(key)
                return self._rows[key]
        made = make()
        with self._lock:
            self._rows[key] = made
            while len(self._rows) > self._most:
                self._rows.popitem(last=False)
        return made


_pages, _looks, _proposals = _Kept(KEPT), _Kept(KEPT), _Kept(KEPT)


def look(sha256: str, read: Callable[[], bytes], name: str) -> Look:
    """Raises ReadingError for what cannot be redacted here: one sentence, with the mend."""
    return _looks.get((sha256,), lambda: _look(read(), name))


def _look(data: bytes, name: str) -> Look:
    kind = kind_of(data, name)
    if kind == "pdf":
        with opened(data, name) as document:
            return Look("pdf", len(document.pages))
    if kind == "picture":
        with _picture(data, name) as picture:
            return Look("picture", getattr(picture, "n_frames", 1) if picture.format != "MPO" else 1)
    if kind == "docx":
        cropped = tuple(one.is_cropped for one in pictures(data, name))
        return Look("docx", 0, tuple(blocks(data, name)), tuple(drawn(data, name)), tuple(unseen(data, name)), cropped)
    raise ReadingError(name, f"{kind} 文件不能遮盖", "请另存为 pdf、docx 或者图片再加入；不需要遮盖的可以原样提供")


def page(sha256: str, read: Callable[[], bytes], name: str, number: int) -> Page:
    """Raises ReadingError for a page that is not there or cannot be drawn."""
    return _pages.get((sha256, number), lambda: _page(read(), name, number))


def _page(data: bytes, name: str, number: int) -> Page:
    kind = kind_of(data, name)
    if kind == "pdf":
        return _pdf_page(data, name, number)
    if kind == "picture":
        return _frame(data, name, number)
    if kind == "docx":
        found = next((one for one in pictures(data, name) if one.number == number), None)
        if found is None:
            raise ReadingError(name, f"没有第 {number} 张图片", MEND)
        return _frame(found.data, name, 1)
    raise ReadingError(name, "这种文件没有页面", "请按文字遮盖")


def _frame(data: bytes, name: str, number: int) -> Page:
    with _picture(data, name) as picture:
        try:
            if number > 1:
                picture.seek(number - 1)
            shown = ImageOps.exif_transpose(picture).convert("RGB")
        except (EOFError, OSError) as error:
            raise ReadingError(name, f"没有第 {number} 页，或者这一页打不开", MEND) from error
    width, height = shown.size
    shown.thumbnail((WIDTH, WIDTH * 3))
    return Page(_png(shown), width, height)


def _pdf_page(data: bytes, name: str, number: int) -> Page:
    with LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise ReadingError(name, "PDF 已损坏、不完整或者有密码，无法打开", MEND) from error
        try:
            if not 1 <= number <= len(document):
                raise ReadingError(name, f"没有第 {number} 页", f"这份文件共 {len(document)} 页")
            one = document[number - 1]
            width, height = one.get_size()
            scale = min(MOST_SCALE, WIDTH / max(width, 1.0))
            drawn = one.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
            return Page(_png(drawn), width, height)
        except pypdfium2.PdfiumError as error:
            raise ReadingError(name, f"PDF 第 {number} 页打不开", MEND) from error
        finally:
            document.close()


def _picture(data: bytes, name: str) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise ReadingError(name, "图片已损坏，无法打开", "请重新扫描或者另存后再试") from error


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue()


def proposals(sha256: str, read: Callable[[], bytes], name: str) -> list[Proposal]:
    """Values screening takes for personal, most frequent first. Raises ReadingError."""
    return _proposals.get((sha256,), lambda: _proposed(read(), name))


def _proposed(data: bytes, name: str) -> list[Proposal]:
    counts: Counter[tuple[str, str]] = Counter()
    for passage in passages(data, name, Budget()):
        if passage.text:
            counts.update((passage.text[hit.start : hit.end], hit.masked) for hit in personal(passage.text, passage.header))
    return [Proposal(value, masked, n) for (value, masked), n in counts.most_common(MOST_PROPOSED)]
