"""The links of a page: found, and turned to files. Only what stands inside a tag is touched, so that the page stays what it was."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urljoin, urlsplit

TAG = re.compile(r"""<([a-zA-Z][\w-]*)((?:[^"'<>]|"[^"]*"|'[^']*')*)>""")
ATTRIBUTE = re.compile(r"""(?<=\s)(href|src|action|formaction|poster|data-suggest)=("[^"]*"|'[^']*')""")
METHOD = re.compile(r"""\smethod=("[^"]*"|'[^']*')""")
CSS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
LASTING = re.compile(r"""\srel=["'](canonical|alternate)["']""")
FOLLOWED = {"a", "area", "link", "script", "img", "source", "video", "audio", "iframe"}
ELSEWHERE = ("mailto:", "tel:", "javascript:", "data:", "blob:", "#")


def own_path(value: str, page: str, origins: Sequence[str]) -> tuple[str, str] | None:
    """(address, fragment) of a link to this site; None for another site's and for what is no address."""
    value = value.strip()
    if value.startswith(ELSEWHERE):
        return None
    for origin in origins:
        if value == origin or value.startswith((f"{origin}/", f"{origin}?")):
            value = value[len(origin) :] or "/"
            break
    try:
        parts = urlsplit(urljoin(page, value))
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path, parts.fragment


def found_in(text: str, page: str, origins: Sequence[str]) -> Iterator[str]:
    """The addresses of this site that a page leads to or needs."""
    for tag in TAG.finditer(text):
        if tag[1].lower() not in FOLLOWED:
            continue
        for attribute in ATTRIBUTE.finditer(tag[2]):
            if attribute[1] in ("href", "src", "poster"):
                own = own_path(html.unescape(attribute[2][1:-1]), page, origins)
                if own is not None:
                    yield own[0]


def found_in_css(text: str, sheet: str) -> Iterator[str]:
    for match in CSS.finditer(text):
        own = own_path(match[1], sheet, [])
        if own is not None:
            yield own[0]


def turned(text: str, page: str, origins: Sequence[str], to: Callable[[str, str], str], live: str) -> str:
    """The page with every link of its own site as `to(address, fragment)` gives it. A form leads to the live site (`live`: the page that
    has it there): what is searched there is answered at once; what is sent is filled in again there."""

    def link(value: str) -> str:
        own = own_path(value, page, origins)
        return value if own is None else to(*own)

    def one(tag: re.Match[str]) -> str:
        name, inside = tag[1].lower(), tag[2]
        if name == "form":
            return f"<{tag[1]}{_form(inside, link, live)}>"
        if name == "link" and 'rel="canonical"' in inside:
            return tag[0]

        def attribute(found: re.Match[str]) -> str:
            if found[1] == "data-suggest":
                return ""
            return f'{found[1]}="{html.escape(link(html.unescape(found[2][1:-1])))}"'

        return f"<{tag[1]}{ATTRIBUTE.sub(attribute, inside)}>"

    return TAG.sub(one, text)


def _form(inside: str, link: Callable[[str], str], live: str) -> str:
    method = METHOD.search(inside)
    action = re.search(r'\saction=("[^"]*")', inside)
    target = live
    if (method is None or method[1][1:-1].lower() == "get") and action is not None:
        target = link(html.unescape(action[1][1:-1]))
    kept = ATTRIBUTE.sub("", METHOD.sub("", inside)).rstrip()
    return f'{kept} method="get" action="{html.escape(target)}"'
