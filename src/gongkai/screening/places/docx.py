"""Word documents, part by part: the body as a reader sees it, and what he does not see.

The readers of `gongkai.reading` give the text of the body. Screening needs every part, deletions and hidden runs apart from the rest, and
the number of the paragraph; so it walks the parts itself.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import limits
from gongkai.reading.files.package import Budget, Package
from gongkai.reading.files.safe_xml import DAMAGED_MEND, Element, attribute, child, local, parse, stream
from gongkai.screening import masking
from gongkai.screening.model import Passage
from gongkai.screening.places import ooxml

_SPACES = ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
_STREAMED = [f"{{{space}}}{tag}" for space in _SPACES for tag in ("p", "tr", "comment")]
_TEXT_PARTS = re.compile(r"word/(?:document\d*|header\d*|footer\d*|footnotes|endnotes)\.xml$", re.IGNORECASE)
_COMMENTS = re.compile(r"word/comments\.xml$", re.IGNORECASE)
BATCH = 200_000
"""Characters scanned at a time."""


def passages(data: bytes, name: str, budget: Budget) -> Iterator[Passage]:
    package = Package(data, name, budget)
    parts = [info for info in package.infos() if _TEXT_PARTS.search(info.filename)]
    if not parts:
        raise ReadingError(name, "文件里没有 Word 正文部分", DAMAGED_MEND)
    hidden = hidden_styles(package, name)
    for info in parts:
        yield from _part(package, info.filename, name, hidden)
    for info in package.infos():
        if _COMMENTS.search(info.filename):
            yield from _comments(package, info.filename, name)
    yield from ooxml.properties(package, name)
    yield from ooxml.stowed(package, name)


def hidden_styles(package: Package, name: str) -> frozenset[str]:
    """Styles whose text is not shown."""
    found = package.find("word/styles.xml")
    root = parse(package.read(found), name) if found else ()
    return frozenset(attribute(style, "styleId") or "" for style in root if local(style) == "style" and vanishes(child(style, "rPr")))


def vanishes(properties: Element | None) -> bool:
    mark = child(properties, "vanish")
    return mark is not None and (attribute(mark, "val") or "true") not in ("0", "false", "off")


class _Text:
    """What one paragraph says: shown, hidden and struck out."""

    def __init__(self, hidden: frozenset[str]) -> None:
        self._styles = hidden
        self.shown: list[str] = []
        self.hidden: list[str] = []
        self.deleted: list[str] = []
        self.inserted = False

    def read(self, element: Element, deleted: bool = False, hidden: bool = False) -> None:
        for item in element:
            tag = local(item) if isinstance(item.tag, str) else ""
            if tag in ("del", "moveFrom"):
                self.read(item, True, hidden)
            elif tag == "r":
                self.read(item, deleted, hidden or self.is_hidden(item))
            elif tag in ("t", "delText", "instrText"):
                target = self.deleted if deleted or tag == "delText" else self.hidden if hidden else self.shown
                if tag != "instrText":
                    target.append(item.text or "")
            elif tag in ("tab", "br", "cr"):
                self.shown.append("\t" if tag == "tab" else "\n")
            elif tag == "noBreakHyphen":
                self.shown.append("-")
            elif tag not in ("pPr", "rPr", "p", "Fallback"):  # a text box holds paragraphs, which come by themselves
                self.inserted |= tag == "ins"
                self.read(item, deleted, hidden)

    def is_hidden(self, run: Element) -> bool:
        properties = child(run, "rPr")
        style = child(properties, "rStyle")
        return vanishes(properties) or (style is not None and (attribute(style, "val") or "") in self._styles)


def _part(package: Package, member: str, name: str, styles: frozenset[str]) -> Iterator[Passage]:
    place = "" if re.search(r"/document\d*\.xml$", member, re.IGNORECASE) else posixpath.basename(member).removesuffix(".xml") + " "
    shown: list[str] = []
    marks: list[tuple[int, str]] = []
    size = number = 0
    inserted = False
    with package.open(member, limits.XML_BYTES) as source:
        for element in stream(source, _STREAMED, name):
            tag = local(element)
            if any(local(parent) == "Fallback" for parent in element.iterancestors()):
                continue  # what older programs show in place of the text box that was read already
            if tag == "p":
                number += 1
                where = f"{place}paragraph {number}"
                text = _Text(styles)
                text.read(element)
                for words, rule in ((text.hidden, "hidden.text"), (text.deleted, "hidden.revision")):
                    if joined := "".join(words).strip():
                        yield Passage(where, joined, rule, f"{len(joined)} 字：{masking.words(joined)}")
                if text.inserted and not inserted:
                    inserted = True
                    yield Passage(where, "", "hidden.revision", "有未接受的插入")
                marks.append((size, where))
                # Cells of a row stand beside one another, so that a table's head is one line.
                shown.append("".join(text.shown) + ("\t" if _in_row(element) else "\n"))
                size += len(shown[-1])
            elif tag == "tr" and shown:
                shown.append("\n")
                size += 1
            if not _in_row(element) or tag == "tr":
                source.let_go()
                element.clear(keep_tail=False)
            if size > BATCH and tag == "p":
                yield Passage(f"{place}paragraph 1", "".join(shown), marks=marks)
                shown, marks, size = [], [], 0
    if not number and not place:
        raise ReadingError(name, "正文部分没有段落", DAMAGED_MEND)
    if shown:
        yield Passage(f"{place}paragraph 1", "".join(shown), marks=marks)


def _in_row(element: Element) -> bool:
    return any(local(parent) == "tr" for parent in element.iterancestors())


def _comments(package: Package, member: str, name: str) -> Iterator[Passage]:
    with package.open(member, limits.XML_BYTES) as source:
        for number, element in enumerate(stream(source, [tag for tag in _STREAMED if tag.endswith("comment")], name), 1):
            text = _Text(frozenset())
            for paragraph in element:
                text.read(paragraph)
            words = "".join(text.shown)
            shown = f"{masking.words(attribute(element, 'author') or '')}：{len(words)} 字"
            yield Passage(f"comment {number}", words, "hidden.comment", shown)
            source.let_go()
            element.clear(keep_tail=False)
