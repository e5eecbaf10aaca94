"""OFD (GB/T 33190): a zip of XML pages, read directly."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from gongkai.reading.errors import ReadingError
from gongkai.reading.extracted import Extracted
from gongkai.reading.files import limits
from gongkai.reading.files.blocks import assemble, check_length
from gongkai.reading.files.lines import Page, length_of, paragraphs
from gongkai.reading.files.ofd_paths import edges_of
from gongkai.reading.files.ofd_text import lines_of, numbers
from gongkai.reading.files.package import Budget, Package
from gongkai.reading.files.ruled import Rules, put_tables
from gongkai.reading.files.safe_xml import Element, attribute, child, local, parse

A4 = [0.0, 0.0, 210.0, 297.0]
MEND = "请用 OFD 阅读器打开后重新导出，或提交 docx、pdf 原件"


def read(data: bytes, name: str, budget: Budget) -> Extracted:
    """The text of all pages as paragraphs. Raises ReadingError when encrypted, damaged, too long or without text."""
    package = Package(data, name, budget)
    if package.find("Encryptions.xml") or any(member.lower().endswith("encryptions.xml") for member in package.names):
        raise ReadingError(name, "OFD 文件已加密", "请解密后重新导出再试")
    pages = _Document(package, name).pages()
    if not any(page.lines for page in pages):
        raise ReadingError(name, "OFD 里没有文字（可能是扫描图片）", "请提交 docx 原件，或导出为 pdf 后启用文字识别")
    return assemble(name, "ofd", paragraphs(pages))


class _Document:
    def __init__(self, package: Package, name: str) -> None:
        self._package = package
        self._name = name
        self._characters = 0

    def pages(self) -> list[Page]:
        pages: list[Page] = []
        for path in self._document_paths():
            pages.extend(self._pages_of(path))
        if not pages:
            raise ReadingError(self._name, "OFD 里没有页面", MEND)
        return pages

    def _document_paths(self) -> list[str]:
        root = self._read("", "OFD.xml")
        if root is None:
            raise self._damaged()
        bodies = [body for body in root if local(body) == "DocBody"]
        return [(found.text or "").strip() for body in bodies if (found := child(body, "DocRoot")) is not None]

    def _pages_of(self, path: str) -> Iterator[Page]:
        document = self._read("", path)
        if document is None:
            raise self._damaged()
        folder = posixpath.dirname(path)
        common = child(document, "CommonData")
        box = _box(child(common, "PageArea")) or A4
        templates = {
            attribute(item, "ID") or "": attribute(item, "BaseLoc") or ""
            for item in (common if common is not None else ())
            if local(item) == "TemplatePage"
        }
        listed = child(document, "Pages")
        entries = [item for item in (listed if listed is not None else ()) if local(item) == "Page"]
        if len(entries) > limits.OFD_PAGES:
            raise ReadingError(self._name, f"OFD 有 {len(entries)} 页，超过上限 {limits.OFD_PAGES} 页", "请拆成几份再试")
        used: set[str] = set()
        for entry in entries:
            root = self._read(folder, attribute(entry, "BaseLoc") or "")
            if root is None:
                raise self._damaged()
            roots = [root]
            for item in root:
                key = attribute(item, "TemplateID") or ""
                # A template is printed on every page that names it; its text is part of the document once.
                if local(item) == "Template" and key in templates and key not in used:
                    used.add(key)
                    template = self._read(folder, templates[key])
                    roots += [template] if template is not None else []
            yield self._page(roots, _box(child(root, "Area")) or box)

    def _page(self, roots: list[Element], box: list[float]) -> Page:
        rules = Rules.drawn(edges_of(roots), box[2])
        page = Page(box[2], box[3], lines_of(roots, rules))
        self._characters += length_of(page.lines)
        check_length(self._characters, self._name)
        put_tables(page, rules)
        return page

    def _read(self, folder: str, path: str) -> Element | None:
        """A part by its place, which is relative to the part that names it unless it begins with a slash."""
        joined = path if path.startswith("/") else posixpath.join(folder, path)
        member = self._package.find(posixpath.normpath(joined)) if path else None
        return parse(self._package.read(member), self._name) if member else None

    def _damaged(self) -> ReadingError:
        return ReadingError(self._name, "OFD 已损坏，缺少页面或文档部分", MEND)


def _box(area: Element | None) -> list[float] | None:
    found = child(area, "PhysicalBox")
    box = numbers(found.text) if found is not None else []
    return box if len(box) == 4 and box[3] > 0 else None
