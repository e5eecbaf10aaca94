"""Web pages: all that the source says, the shown and the hidden; a page is published with its comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import lxml.html
from lxml import etree

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import limits
from gongkai.reading.files.decoding import decode, is_binary
from gongkai.reading.files.html import SAVE_MEND
from gongkai.reading.files.package import Budget
from gongkai.screening import masking
from gongkai.screening.model import Passage

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_\-]+)""", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_UNWANTED = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)", re.IGNORECASE)
_SILENT = frozenset({"script", "style", "noscript", "template"})
_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "font", "i", "kbd", "mark", "q", "s", "samp", "small", "span")
    + ("strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "ins")
)
_PERSONAL_META = frozenset({"author", "creator", "lastmodifiedby", "owner", "generator-user", "dc.creator"})
_TELLING = ("alt", "title", "value", "content", "placeholder", "href", "data-phone", "data-id")


class Piece(NamedTuple):
    """A stretch of text with the element it is of; `slot` is text, tail or @attribute, empty for what only divides.

    `lead` characters stand before the slot's own. `block`: a new line begins here.
    """

    text: str
    line: int
    block: bool
    element: Any = None
    slot: str = ""
    lead: int = 0


def passages(data: bytes, name: str, budget: Budget) -> Iterator[Passage]:
    root = parsed(data, name)
    yield _shown(root, lambda piece, _paragraph: f"line {piece.line}")
    yield from _unseen(root)


def fragment(text: str) -> Passage:
    """A fragment as an editor keeps it, in paragraphs. Raises ReadingError as a page does."""
    root = parsed(f"<div>{text}</div>".encode(), "正文")
    return _shown(root, lambda _piece, paragraph: f"paragraph {paragraph}")


def _shown(root: Any, place: Callable[[Piece, int], str]) -> Passage:
    words: list[str] = []
    marks: list[tuple[int, str]] = []
    size = paragraph = 0
    fresh = True
    for piece in pieces(root):
        if not piece.slot:
            fresh |= piece.text == "\n"
        elif piece.text.strip():
            paragraph += fresh
            fresh = False
            marks.append((size, place(piece, paragraph)))
        words.append(piece.text)
        size += len(piece.text)
    return Passage(marks[0][1] if marks else "", "".join(words), marks=marks)


def parsed(data: bytes, name: str) -> Any:
    """The tree with comments. Raises ReadingError when too large, undecodable or nested beyond reason."""
    if len(data) > limits.HTML_BYTES or data.count(b"<") > limits.HTML_TAGS:
        raise ReadingError(name, f"网页超过 {limits.HTML_BYTES // limits.MB} MB 或 {limits.HTML_TAGS // 10_000} 万个标签", SAVE_MEND)
    declared = _CHARSET.search(data[:8192])
    charset = declared[1].decode("ascii").lower() if declared else None
    text = decode(data, name, None if charset is None or charset.startswith("utf-16") else charset)
    if is_binary(text):
        raise ReadingError(name, "内容是二进制数据，不是网页", "请确认选对了文件")
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=False, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(_UNWANTED.sub("", _DECLARATION.sub("", text)).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ReadingError(name, "网页里没有可读的内容", SAVE_MEND) from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise ReadingError(name, "网页标签嵌套过深或单段过长", SAVE_MEND)
    return root


def pieces(root: Any) -> Iterator[Piece]:
    """All that a page says, in order: what is shown, and attributes that say something. Joined they are the text that is screened."""
    begun = True  # at the beginning of a line
    for piece in _pieces(root):
        if piece.block and not begun:
            yield Piece("\n", piece.line, True)
        yield piece
        begun = piece.text.endswith("\n")


def _pieces(root: Any) -> Iterator[Piece]:
    for event, item in etree.iterwalk(root, events=("start", "end", "comment")):
        tag = item.tag if isinstance(item.tag, str) else ""
        line = item.sourceline or 1
        cell = tag in ("td", "th")
        block = tag not in _INLINE
        if event == "start":
            if tag not in _SILENT and item.text:
                yield Piece(item.text, line, block and not cell, item, "text")
            for key in _TELLING:
                if value := item.get(key):
                    yield Piece(f" {value[:2000]}\n", line, True, item, f"@{key}", 1)
        else:
            if cell:
                yield Piece("\t", line, False)
            if item.tail:
                yield Piece(item.tail, line, block and bool(tag) and not cell, item, "tail")


def _unseen(root: Any) -> Iterator[Passage]:
    for item in root.iter():
        line = f"line {item.sourceline or 1}"
        if item.tag is etree.Comment:
            words = (item.text or "").strip()
            if re.search("[\u4e00-\u9fff]|\\d{7}", words) and not words.startswith("["):
                yield Passage(f"comment {line}", words, "hidden.html_comment", f"{len(words)} 字")
        elif isinstance(item.tag, str):
            if hides(item) and item.tag not in _SILENT and (words := item.text_content().strip()):
                yield Passage(line, "", "hidden.html", f"{len(words)} 字")
            if item.tag == "input" and item.get("type") == "hidden" and re.search("[\u4e00-\u9fff]", item.get("value") or ""):
                yield Passage(line, "", "hidden.html", "隐藏的表单项")
            if is_personal(item):
                yield Passage(line, "", "metadata.person", f"{item.get('name')}：{masking.words(item.get('content') or '')}")


def hides(item: Any) -> bool:
    """An element that readers do not show."""
    return bool(_HIDDEN_STYLE.search(item.get("style") or "")) or item.get("hidden") is not None


def is_personal(item: Any) -> bool:
    """A property of the page that names who made it."""
    return item.tag == "meta" and (item.get("name") or "").lower() in _PERSONAL_META and bool(item.get("content"))
