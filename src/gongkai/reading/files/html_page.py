"""The part of a web page that is the document: everything that is not navigation, form, widget or footer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gongkai.reading.files.safe_xml import Element

_NEVER_TEXT = (
    "script style noscript template iframe object embed applet svg canvas audio video map select option button input textarea "
    "nav footer aside dialog rt rp link meta base area"
)
_BOILERPLATE = frozenset(
    {"nav", "navbar", "navi", "menu", "submenu", "breadcrumb", "breadcrumbs", "crumb", "crumbs", "position", "weizhi", "dqwz"}
    | {"footer", "foot", "bottom", "copyright", "banner", "sidebar", "aside", "toolbar", "topbar", "sitemap", "friendlink", "links"}
    | {"share", "sharebox", "bdshare", "bdsharebuttonbox", "jiathis", "fenxiang", "qrcode", "ewm", "erweima", "weixin", "wechat", "weibo"}
    | {"search", "searchbox", "login", "pagination", "pager", "page_turn", "related", "recommend", "hot", "prevnext", "printer", "print"}
    | {"comment", "comments", "advert", "ads", "gotop", "backtop", "accessibility", "toolbox", "fontsize"}
)
_CONTAINER_TAGS = frozenset({"div", "ul", "ol", "dl", "section", "header", "center"})
_BOILERPLATE_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "toolbar", "dialog"})
# Containers the publishing systems of governments put the document's own text in.
_CONTAINERS = frozenset(
    {"trs_editor", "trs_ueditor", "ucap-content", "zoom", "vsb_content", "vsb_content_2"}
    | {"article-content", "article_content", "articlecontent"}
    | {"arti_content", "news_content", "newscontent", "info-content", "infocontent", "pages_content", "b12c", "wzcon", "xxgk_content"}
    | {"conzt", "xl-content", "detail-content", "detailcontent", "view_content", "artcon", "con-text", "gsj_htmlcon_bot"}
)
_BLOCKS_OF_LINKS = frozenset({"div", "ul", "ol", "dl", "table", "td", "section", "header"})
_SPLIT = re.compile(r"[\s_\-]+|(?<=[a-z])(?=[A-Z])")
_SPACE = re.compile(r"\s+")


def main_part(root: Element) -> tuple[Element, str | None]:
    """Prunes the page in place; returns (the element to read, a title to put before it or None when it is there already)."""
    body = root.find(".//body")
    if body is None:
        body = root
    title = _declared_title(root)
    _drop(body.iter(*_NEVER_TEXT.split()))
    _prune(body)
    main = _container(body)
    if main is body:
        return body, None
    heading = title or _heading_outside(body, main)
    beginning = _SPACE.sub("", "".join(_first_texts(main, 600)))
    if heading and _SPACE.sub("", heading) not in beginning:
        return main, heading
    return main, None


def _drop(elements: Iterable[Element]) -> None:
    for element in list(elements):
        # Emptied and not removed: removing joins the text around it anew each time, which a hostile page makes quadratic.
        element.clear(keep_tail=True)


def _weigh(body: Element) -> tuple[dict[Element, int], dict[Element, int], dict[Element, int]]:
    """For each element: visible characters in it, how many of them are link text, how many links."""
    total: dict[Element, int] = {}
    linked: dict[Element, int] = {}
    links: dict[Element, int] = {}
    elements = [element for element in body.iter() if isinstance(element.tag, str)]
    for element in reversed(elements):  # children before their parents
        total[element] = total.get(element, 0) + len((element.text or "").strip())
        if element.tag == "a":
            linked[element] = total[element]
            links[element] = 1
        parent = element.getparent()
        if parent is not None and element is not body:
            total[parent] = total.get(parent, 0) + total[element] + len((element.tail or "").strip())
            if element in linked:
                linked[parent] = linked.get(parent, 0) + linked[element]
                links[parent] = links.get(parent, 0) + links[element]
    return total, linked, links


def _prune(body: Element) -> None:
    total, linked, links = _weigh(body)
    everything = total.get(body, 0)
    doomed = []
    for element, size in total.items():
        # Wrappers named after what they contain besides the text (has-sidebar, main-footer-wrap) hold too much to be boilerplate.
        if element is body or (size - linked.get(element, 0)) * 3 > everything:
            continue
        count = links.get(element, 0)
        is_links = element.tag in _BLOCKS_OF_LINKS and count >= 4 and linked[element] >= 0.7 * size and size < 40 * count
        if is_links or _is_boilerplate(element, size):
            doomed.append(element)
    _drop(doomed)


def _is_boilerplate(element: Element, size: int) -> bool:
    if element.get("hidden") is not None or element.get("role") in _BOILERPLATE_ROLES:
        return True
    style = element.get("style")
    if style and "display:none" in style.replace(" ", "").lower():
        return True
    if element.tag == "form":
        # Some publishing systems wrap the whole page in one form; that one is not small.
        return size < 200
    # Only containers are judged by name: a table may be called print-table and a paragraph bottom.
    return element.tag in _CONTAINER_TAGS and any(token in _BOILERPLATE for token in _names(element))


def _names(element: Element) -> Iterator[str]:
    for key in ("id", "class"):
        value = element.get(key)
        if value:
            for word in value.split():
                yield word.lower()
            for word in _SPLIT.split(value):
                yield word.lower()


def _container(body: Element) -> Element:
    """The known container when it holds most of what is left; several of them are read through the element they share."""
    total, _, _ = _weigh(body)
    everything = total.get(body, 0)
    named = [element for element in total if element.tag != "body" and any(token in _CONTAINERS for token in _names(element))]
    named = [element for element in named if total[element] * 20 >= everything]
    if not named:
        return body
    shared = _shared_ancestor(named, body)
    return shared if total[shared] * 2 >= everything else body


def _shared_ancestor(elements: list[Element], body: Element) -> Element:
    paths = [[element, *element.iterancestors()][::-1] for element in elements]
    shared = body
    for level in zip(*paths, strict=False):
        if any(element is not level[0] for element in level):
            break
        shared = level[0]
    return shared


def _declared_title(root: Element) -> str | None:
    """The ArticleTitle that the national rules for government sites require of every article."""
    for meta in root.iter("meta"):
        if (meta.get("name") or "").lower() == "articletitle":
            return _SPACE.sub(" ", meta.get("content") or "").strip() or None
    return None


def _heading_outside(body: Element, main: Element) -> str | None:
    inside = set(main.iter())
    for heading in body.iter("h1", "h2"):
        text = _SPACE.sub(" ", "".join(heading.itertext())).strip()
        if text and heading not in inside:
            return text
    return None


def _first_texts(element: Element, limit: int) -> Iterator[str]:
    for text in element.itertext():
        yield text
        limit -= len(text)
        if limit < 0:
            return
