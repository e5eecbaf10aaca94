"""What html may stand in a body: everything passes `clean` on its way in, whether typed, pasted from WPS or Word, or imported.

Three steps: nh3 makes a safe tree of whatever came; what office programs leave behind is put right on that tree; nh3 again, with the
list of rules/editor.toml, has the last word. Done until nothing changes, so that cleaning clean html changes nothing.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

import nh3
from lxml import etree, html

from gongkai.publications.drafting.office_html import put_right

_LARGEST_SPAN = 1000
"""Columns or rows one cell may span, as browsers read it."""
_ROUNDS = 6
_DEEPEST = 100
"""Elements inside each other; what nests deeper is no document, and parsers give up on it."""
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)")
_VOID = frozenset({"br", "hr", "img", "col"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U0001fffe\U0001ffff]")
_BLOCKS = {"p", "li", "dt", "dd", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "blockquote", "table", "ul", "ol", "hr", "br", "div"}
_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_-]{0,40}$")
_OFFICE_TAGS = {"div", "section", "article", "main", "header", "footer", "aside", "figure", "figcaption", "center", "address"}
_LOOSE = {*_OFFICE_TAGS, "span", "font", "h1", "h6", "b", "i", "strike", "pre", "colgroup", "col"}


@cache
def rules() -> dict[str, Any]:
    """rules/editor.toml."""
    return tomllib.loads(resources.files("gongkai.publications").joinpath("rules", "editor.toml").read_text("utf-8"))


def clean(source: str) -> str:
    """Safe html with the structure kept: headings, lists, tables, links. The same again for what is clean already."""
    text = _CONTROL.sub("", source).replace("\r\n", "\n").replace("\r", "\n")
    for _ in range(_ROUNDS):
        cleaned = _once(text)
        if cleaned is None:
            break
        if cleaned == text:
            return cleaned
        text = cleaned
    # html that nests beyond reason, or will not settle, keeps its words
    words = text_of(nh3.clean(text, tags=set(), clean_content_tags=set(rules()["dropped"])))
    return "".join(f"<p>{_escaped(line)}</p>" for line in words.splitlines())


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _too_deep(safe: str) -> bool:
    """Of html that nh3 has written: every element is closed."""
    depth = 0
    for close, tag in _TAG.findall(safe):
        if tag not in _VOID:
            depth += -1 if close else 1
            if depth > _DEEPEST:
                return True
    return False


def text_of(source: str) -> str:
    """The words, a line for each block, cells of a row apart by a tab."""
    root = _tree(source)
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            parts.append(("\n" if element.tag in _BLOCKS else "") + (element.text or ""))
        else:
            if element.tag in _BLOCKS:
                parts.append("\n")
            elif element.tag in ("td", "th"):
                parts.append("\t")
            parts.append(element.tail or "")
    lines = (re.sub(r"[ \xa0]+", " ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _once(source: str) -> str | None:
    """One round; None for what nests too deep."""
    safe = _loose().clean(source)
    if _too_deep(safe):
        return None
    root = _tree(safe)
    put_right(root, rules())
    return str(_strict().clean(_inner(root))).strip()


def _tree(source: str) -> Any:
    """The fragment under one <div>."""
    return html.fragment_fromstring(_CONTROL.sub("", source), create_parent="div", parser=html.HTMLParser(encoding=None, huge_tree=True))


def _inner(root: Any) -> str:
    return (nh3.clean_text(root.text) if root.text else "") + "".join(html.tostring(child, encoding="unicode") for child in root)


@cache
def _loose() -> nh3.Cleaner:
    """Safe, with what is needed to see that a paragraph is an item of a list, or centred."""
    listed = rules()
    wanted = {tag: set(names) for tag, names in listed["attributes"].items()}
    for tag in ("p", *_OFFICE_TAGS, *listed["headings"], "h1", "h6"):
        wanted.setdefault(tag, set()).update({"style", "class", "align"})
    wanted["ol"] = {*wanted["ol"], "class"}
    return nh3.Cleaner(
        tags={*listed["tags"], *listed["headings"], *_LOOSE},
        clean_content_tags=set(listed["dropped"]),
        attributes=wanted,
        attribute_filter=_filter,
        url_schemes=set(listed["schemes"]),
        link_rel=None,
    )


@cache
def _strict() -> nh3.Cleaner:
    listed = rules()
    return nh3.Cleaner(
        tags={*listed["tags"], *listed["headings"]},
        clean_content_tags=set(listed["dropped"]),
        attributes={tag: set(names) for tag, names in listed["attributes"].items()},
        attribute_filter=_filter,
        allowed_classes={tag: set(names) for tag, names in listed["classes"].items()},
        url_schemes=set(listed["schemes"]),
        link_rel="noopener noreferrer",
    )


def _filter(tag: str, name: str, value: str) -> str | None:
    """Values that could do harm or break a table, one by one."""
    if name in ("colspan", "rowspan"):
        return value if value.isascii() and value.isdigit() and 1 < int(value[:9]) <= _LARGEST_SPAN else None
    if name == "id":
        return value if _NAME.match(value) else None
    if name == "scope":
        return value if value in ("col", "row") else None
    if name == "start":
        return value if value.isascii() and value.isdigit() and len(value) < 5 else None
    if name == "type":
        return value if value in ("1", "a", "A", "i", "I") else None
    if name == "src":  # only our own: a picture from elsewhere tells that place who reads, and the policy of the pages refuses it
        return value if value.startswith("/") and not value.startswith(("//", "/\\")) else None
    return value
