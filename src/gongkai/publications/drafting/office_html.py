"""Puts right what office programs and old sites leave in html: fonts and spans, paragraphs that are list items, layers of div, headings
chosen for their size."""

from __future__ import annotations

import re
from typing import Any

_LISTED = re.compile(r"MsoListParagraph|MsoList(?:Bullet|Number)", re.I)
_LEVEL = re.compile(r"mso-list:[^;]*level(\d)", re.I)
_BULLET = re.compile(r"^[\s\xa0]*(?:[·•●○◦▪■□◆◇➢➤✓Øü§\uf06c\uf0b7\uf0d8\uf0a7\uf076o*-])[\s\xa0]+")
_NUMBER = re.compile(r"^[\s\xa0]*(?:\(?(\d{1,3})[.)、．）]|[a-zA-Z][.)])[\s\xa0]*")
_ALIGN = re.compile(r"text-align:\s*(center|right)", re.I)
_LAYERS = ("div", "section", "article", "main", "header", "footer", "aside", "figure", "figcaption", "center", "address", "pre")
_BLOCK = {"p", "ul", "ol", "li", "dl", "dt", "dd", "table", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6", *_LAYERS}
_HEADING = re.compile(r"^h[1-6]$")
_EMPTY_GOES = ("strong", "em", "u", "s", "sub", "sup", "a", "ins", "del")
_DEEPEST_LIST = 5


def put_right(root: Any, rules: dict[str, Any]) -> None:
    """Changes the tree under `root` in place."""
    for old, new in rules["same"].items():
        for element in root.iter(old):
            element.tag = new
    _unwrap(root, "span", "font")
    _align(root)
    _lists(root)
    _classes(root, rules["classes"])
    _layers(root)
    _loose_words(root)
    _headings(root, rules["headings"])
    _tables(root)
    _pictures(root)
    _empty(root)
    _lone_paragraphs(root)


def _unwrap(root: Any, *tags: str) -> None:
    for element in list(root.iter(*tags)):
        if element is not root:
            element.drop_tag()


def _align(root: Any) -> None:
    """Where a paragraph stands, as a class; the date and the signature of a document stand at the right."""
    for element in root.iter("p", *_LAYERS):
        if element is root:
            continue
        style = _ALIGN.search(element.get("style") or "")
        side = (style.group(1) if style else element.get("align") or "").lower()
        if element.tag == "center":
            side = "center"
        if side not in ("center", "right"):
            own = (element.get("class") or "").split()
            side = next((name for name in ("center", "right") if name in own), "")
        element.attrib.pop("align", None)
        if side and not _LISTED.search(element.get("class") or ""):
            element.set("class", side)


def _lists(root: Any) -> None:
    """Runs of paragraphs that Word shows as items become lists, nested by their level."""
    for first in list(root.iter("p")):
        if first.getparent() is None or not _is_item(first) or _is_item(first.getprevious()):
            continue
        run = [first]
        while _is_item(after := run[-1].getnext()) and not (run[-1].tail or "").strip():
            run.append(after)
        _as_list(run)


def _classes(root: Any, kept: dict[str, list[str]]) -> None:
    """What a class said is said by now; only those of our own stay."""
    for element in root.iter("p", "ol"):
        names = [name for name in (element.get("class") or "").split() if name in kept[element.tag]]
        element.attrib.pop("class", None)
        if names:
            element.set("class", " ".join(names))


def _is_item(element: Any) -> bool:
    if element is None or element.tag != "p":
        return False
    return bool(_LISTED.search(element.get("class") or "") or _LEVEL.search(element.get("style") or ""))


def _as_list(run: list[Any]) -> None:
    parent = run[0].getparent()
    at = parent.index(run[0])
    tail = run[-1].tail
    stack: list[Any] = []
    for paragraph in run:
        found = _LEVEL.search(paragraph.get("style") or "")
        level = min(int(found.group(1)) if found else 1, _DEEPEST_LIST, len(stack) + 1) or 1
        kind = _take_mark(paragraph)
        del stack[level:]
        if len(stack) < level:
            made = paragraph.makeelement(kind, {})
            if stack:
                stack[-1][-1].append(made)
            else:
                parent.insert(at, made)
            stack.append(made)
        elif level == 1 and stack[0].tag != kind:
            made = paragraph.makeelement(kind, {})
            stack[0].addnext(made)
            stack = [made]
        paragraph.tail = None
        paragraph.tag = "li"
        paragraph.attrib.clear()
        stack[-1].append(paragraph)
    outer = stack[0]
    outer.tail = tail


def _take_mark(paragraph: Any) -> str:
    """The mark that Word writes into the words goes; what it was decides the kind of list."""
    holder, words = paragraph, paragraph.text
    while not (words or "").strip() and len(holder) and holder[0].tag not in _BLOCK:
        holder = holder[0]
        words = holder.text
    for pattern, kind in ((_BULLET, "ul"), (_NUMBER, "ol")):
        if words and (match := pattern.match(words)):
            holder.text = words[match.end() :]
            return kind
    return "ul"


def _layers(root: Any) -> None:
    """A layer that holds blocks goes, one that holds words is a paragraph."""
    for element in list(root.iter(*_LAYERS)):
        if element is root:
            continue
        parent = element.getparent()
        if any(child.tag in _BLOCK for child in element) or parent.tag in ("p", "li", "td", "th", "caption", "dt", "dd", "table", "tr"):
            _drop_with_break(element)
        else:
            element.tag = "p"


def _drop_with_break(element: Any) -> None:
    """Takes a layer away; words that stood on lines of their own do not run together."""
    before = element.getprevious()
    parent = element.getparent()
    words_before = (before.tail if before is not None else parent.text) or ""
    inline_before = bool(words_before.strip()) or (before is not None and before.tag not in _BLOCK and before.tag != "br")
    if inline_before:
        element.addprevious(element.makeelement("br", {}))
    if (element.tail or "").strip():
        mark = element.makeelement("br", {})
        mark.tail, element.tail = element.tail, None
        element.addnext(mark)
    element.drop_tag()


def _loose_words(root: Any) -> None:
    """Words and inline marks directly under the root stand in paragraphs."""
    children = list(root)
    waiting: list[Any] = []
    text, root.text = root.text, None
    lead = text if (text or "").strip() else ""

    def close(before: Any | None) -> None:
        nonlocal waiting, lead
        if not lead and all(child.tag == "br" and not (child.tail or "").strip() for child in waiting):
            for child in waiting:
                root.remove(child)
        else:
            paragraph = root.makeelement("p", {})
            paragraph.text = lead
            if before is None:
                root.append(paragraph)
            else:
                before.addprevious(paragraph)
            for child in waiting:
                paragraph.append(child)
        waiting, lead = [], ""

    for child in children:
        if child.tag in _BLOCK:
            if lead or waiting:
                close(child)
            tail, child.tail = child.tail, None
            lead = tail if (tail or "").strip() else ""
        else:
            waiting.append(child)
    if lead or waiting:
        close(None)


def _headings(root: Any, allowed: list[str]) -> None:
    """Levels by order: the first is the highest allowed, none is skipped on the way down."""
    seen: list[int] = []
    for element in [e for e in root.iter() if isinstance(e.tag, str) and _HEADING.match(e.tag)]:
        if not "".join(element.itertext()).strip():
            element.drop_tag()
            continue
        if element.getparent() is not root:  # in a cell or an item it is emphasis
            element.tag = "strong"
            continue
        level = int(element.tag[1])
        while seen and seen[-1] >= level:
            seen.pop()
        seen.append(level)
        element.tag = allowed[min(len(seen), len(allowed)) - 1]
        element.attrib.clear()


def _tables(root: Any) -> None:
    """A first row of nothing but strong words is the header; header cells say what they head."""
    for table in root.iter("table"):
        rows = [row for row in table.iter("tr") if _nearest(row, "table") is table]
        if not rows:
            continue
        cells = [cell for cell in rows[0] if cell.tag in ("td", "th")]
        if len(rows) > 1 and cells and all(cell.tag == "td" and _all_strong(cell) for cell in cells):
            for cell in cells:
                cell.tag = "th"
                _unwrap_children(cell)
        for cell in table.iter("th"):
            if not cell.get("scope"):
                cell.set("scope", "col" if cell.getparent() in (rows[0], *_head_rows(table)) else "row")
        _heads(table, rows)


def _lone_paragraphs(root: Any) -> None:
    """A cell or an item that holds one plain paragraph holds its words: editors wrap them, people do not type them so."""
    for element in root.iter("td", "th", "li"):
        first = element[0] if len(element) else None
        if first is None or first.tag != "p" or first.attrib or (element.text or "").strip() or (first.tail or "").strip():
            continue
        if len(element) == 1 or (element.tag == "li" and all(child.tag in ("ul", "ol") for child in element[1:])):
            first.drop_tag()


def _heads(table: Any, rows: list[Any]) -> None:
    """The first row, when it is of header cells alone, is the head of the table."""
    body = rows[0].getparent()
    if body.tag != "tbody" or len(rows) < 2 or any(cell.tag != "th" for cell in rows[0]) or table.find("thead") is not None:
        return
    head = table.makeelement("thead", {})
    body.addprevious(head)
    head.append(rows[0])


def _head_rows(table: Any) -> list[Any]:
    return [row for head in table.iter("thead") for row in head.iter("tr")]


def _nearest(element: Any, tag: str) -> Any:
    return next(element.iterancestors(tag), None)


def _all_strong(cell: Any) -> bool:
    words = "".join(cell.itertext()).strip()
    strong = "".join("".join(e.itertext()) for e in cell.iter("strong") if _nearest(e, "strong") is None).strip()
    return bool(words) and words == strong


def _unwrap_children(cell: Any) -> None:
    for element in list(cell.iter("strong")):
        element.drop_tag()


def _pictures(root: Any) -> None:
    """A picture without an address leaves its words; every other has words, be they empty."""
    for picture in list(root.iter("img")):
        if not picture.get("src"):
            if words := (picture.get("alt") or "").strip():
                picture.tail = words + (picture.tail or "")
            picture.drop_tag()
        elif picture.get("alt") is None:
            picture.set("alt", "")


def _empty(root: Any) -> None:
    """Links that lead nowhere, marks around nothing, and paragraphs of nothing but space."""
    for element in list(root.iter("a")):
        if not element.get("href") and not element.get("id"):
            element.drop_tag()
    for element in reversed(list(root.iter(*_EMPTY_GOES))):
        if not len(element) and not (element.text or "").strip() and not element.get("id"):
            element.drop_tag()
    for element in reversed(list(root.iter("p", "ul", "ol"))):
        if not len(element) and not (element.text or "").replace("\xa0", " ").strip():
            element.drop_tag()
