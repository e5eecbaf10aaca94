"""PDF: pages with something covered are drawn anew as pictures with the remaining text; the others keep theirs; nothing else stays.

Gone from the whole file: properties, remarks, form fields (their values become part of the page first), attachments, bookmarks, hidden
layers, scripts, XFA, earlier versions, metadata inside pictures.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import limits
from gongkai.reading.files.pdf import LOCK, SPARSE
from gongkai.redaction.covering import cover
from gongkai.redaction.drawing import add_page, font, rendered
from gongkai.redaction.errors import RedactionError
from gongkai.redaction.glyphs import Glyph, glyphs
from gongkai.redaction.plan import Covered, Plan, Redacted, squeezed
from gongkai.screening.copies import pdf as copies
from gongkai.screening.copies import picture as pictures

Progress = Callable[[int, int], None]
"""(pages done, pages altogether)."""
_PAGE_KEPT = frozenset(
    {"/Type", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/Resources", "/Contents", "/UserUnit"}
)
MOST_DRAWN = 300 * limits.MB
"""Bytes of the pages that became pictures, all of which are held in memory: about a thousand pages of print."""
_SHORTEST = 2
"""Characters from which covered words are looked for elsewhere."""


def redact(data: bytes, name: str, plan: Plan, progress: Progress | None = None, draw_all: bool = False) -> Redacted:
    """Not verified yet. Raises ReadingError for what cannot be opened, RedactionError for an area on no page.

    `draw_all` makes every page a picture: for files that keep words where no text layer shows them.
    """
    clean = _flattened(copies.strip(data, name), name)
    covered: list[Covered] = []
    drawn: list[int] = []
    drawn_bytes = 0
    unread: list[int] = []
    kept: dict[int, list[Glyph]] = {}
    taken: list[tuple[str, str]] = []
    with _document(clean, name) as document, pikepdf.open(io.BytesIO(clean)) as source, pikepdf.Pdf.new() as target:
        pages = len(document)
        for area in plan.areas:
            if not 1 <= area.page <= pages:
                raise RedactionError(name, f"要遮盖的第 {area.page} 页不存在，文件共 {pages} 页", "请重新选择页码")
        font_ = font(target)
        for number in range(1, pages + 1):
            areas = [area for area in plan.areas if area.page == number]
            with LOCK, _page(document, name, number) as page:
                found = glyphs(page, name)
                made = cover(found, number, areas, plan.words)
                picture = rendered(page, made.boxes) if made.boxes or made.gone or draw_all else None
                size = page.get_size()
                if plan.words and _is_scan(page, found):
                    unread.append(number)
            kept[number] = [glyph for at, glyph in enumerate(found) if at not in made.gone]
            if picture is not None:
                drawn_bytes += add_page(target, font_, size, picture, kept[number])
                if drawn_bytes > MOST_DRAWN:
                    raise RedactionError(name, f"遮盖的页太多，结果超过 {MOST_DRAWN // limits.MB} MB", "请把文件拆成几份再遮盖")
                drawn.append(number)
            else:
                target.pages.append(source.pages[number - 1])
            covered += made.covered
            taken += made.words
            if progress:
                progress(number, pages)
        out = io.BytesIO()
        target.remove_unreferenced_resources()
        target.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return Redacted(out.getvalue(), tuple(covered), tuple(_elsewhere(kept, taken)), tuple(drawn), tuple(unread))


def _flattened(data: bytes, name: str) -> bytes:
    """Values of form fields as part of their pages; no annotation, field or bookmark is left."""
    with pikepdf.open(io.BytesIO(data)) as document:
        form = document.Root.get("/AcroForm")
        if isinstance(form, pikepdf.Dictionary):
            if form.get("/NeedAppearances", False):
                document.generate_appearance_streams()
            document.flatten_annotations("screen")
        for page in document.pages:
            for key in list(page.obj.keys()):
                if key not in _PAGE_KEPT and key != "/Parent":
                    del page.obj[key]
        for key in list(document.Root.keys()):
            if key not in ("/Type", "/Pages"):
                del document.Root[key]
        for item in document.objects:
            if isinstance(item, pikepdf.Stream):
                _bare_stream(item)
            elif isinstance(item, pikepdf.Dictionary) and item.get("/Type") in ("/OCG", "/OCMD"):
                # Pages still refer to the layers they are drawn in, and a layer has a name.
                for key in list(item.keys()):
                    if key not in ("/Type", "/OCGs", "/P"):
                        del item[key]
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
        return out.getvalue()


def _bare_stream(item: Any) -> None:
    for key in ("/Metadata", "/PieceInfo", "/Alternates", "/OPI", "/LastModified", "/AF", "/Measure", "/PtData"):
        if key in item:
            del item[key]
    if item.get("/Subtype") == "/Image" and item.get("/Filter") == "/DCTDecode":
        try:
            item.write(pictures.strip(item.read_raw_bytes(), "图片"), filter=pikepdf.Name.DCTDecode, decode_parms=item.get("/DecodeParms"))
        except ReadingError:
            return  # not a whole JPEG; what shows it shows it as before


@contextmanager
def _document(data: bytes, name: str) -> Iterator[Any]:
    with LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise RedactionError(name, "PDF 已损坏或不完整，无法打开", "请用原程序重新导出后再试") from error
    try:
        yield document
    finally:
        with LOCK:
            document.close()


@contextmanager
def _page(document: Any, name: str, number: int) -> Iterator[Any]:
    """Under LOCK."""
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise RedactionError(name, f"PDF 第 {number} 页打不开", "请用原程序重新导出后再试") from error
    try:
        yield page
    finally:
        page.close()


def _is_scan(page: Any, found: list[Glyph]) -> bool:
    """A picture that nobody read. Under LOCK."""
    letters = sum(not glyph.text.isspace() for glyph in found)
    return letters < SPARSE and next(iter(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None


def _elsewhere(kept: dict[int, list[Glyph]], taken: list[tuple[str, str]]) -> Iterator[tuple[int, str]]:
    texts = {number: squeezed("".join(glyph.text for glyph in left)) for number, left in kept.items()}
    seen = set()
    for words, ground in taken:
        plain = squeezed(words)
        for number, text in texts.items() if len(plain) >= _SHORTEST else ():
            if plain in text and (number, ground) not in seen:
                seen.add((number, ground))
                yield number, ground
