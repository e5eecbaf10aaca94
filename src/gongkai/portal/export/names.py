"""What an address of the public site is called as a file. The same address always has the same name, and two never share one."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from posixpath import dirname, relpath
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

NEEDS_SERVER = re.compile(
    r"/(work(/|$)|search($|[./])|large-type$|requests/|documents/(follow|subscriptions)/|documents/\d+/subscribe/"
    r"|catalogue/(items/\d+/suggest|suggestions)/)"
)
"""Searching, forms, subscriptions and the course of a request answer each reader for himself; a file cannot."""
TYPED = {"q", "asked", "about", "next", "text", "code"}
"""What a reader types, or a page says once: no end of addresses."""
MOST_CONDITIONS = 2
"""More in one address is a reader's own choice, which the live site answers."""
NOTICE = "needs-server.html"
_PLAIN = re.compile(r"[A-Za-z0-9.]{1,60}")
_NAME = re.compile(r"[a-z_]{1,30}")
_BAD = re.compile(r'[\x00-\x1f<>:"/\\|?*~]')
_TYPES = {"text/html": ".html", "application/json": ".json", "application/xml": ".xml", "application/atom+xml": ".atom"}
HTML = "text/html"


def normal(address: str) -> str:
    """The address that stands for all ways of writing it: without fragment, empty conditions and first page, conditions in order."""
    parts = urlsplit(address)
    pairs = sorted((name, value) for name, value in parse_qsl(parts.query) if value and (name, value) != ("page", "1"))
    path = quote(unquote(parts.path), safe="/%:@!$&'()*+,;=~-._") or "/"
    return f"{path}?{urlencode(pairs)}" if pairs else path


def is_served(address: str) -> bool:
    """Whether only the live site can answer it."""
    parts = urlsplit(address)
    if NEEDS_SERVER.match(parts.path):
        return True
    pairs = parse_qsl(parts.query)
    return len(pairs) > MOST_CONDITIONS or any(name in TYPED for name, _value in pairs)


def file_of(address: str, content_type: str = HTML, name: str = "") -> str:
    """The file for an answer of this type; `name`: what the answer wants to be saved as."""
    parts = urlsplit(address)
    path = unquote(parts.path).lstrip("/")
    kind = content_type.partition(";")[0].strip()
    ending = _TYPES.get(kind) or mimetypes.guess_extension(kind) or ".bin"
    mark = _mark(parts.query)
    if kind == HTML:
        stem = f"{path}index" if not path or path.endswith("/") else path.removesuffix(".html")
        return f"{_safe(stem)}{mark}.html"
    if name:
        return f"{_safe(path.rstrip('/'))}{mark}/{_BAD.sub('_', name)[-120:].strip('. ') or 'file'}"
    if path.endswith("/") or not path:
        return f"{_safe(path)}index{mark}{ending}"
    head, dot, last = path.rpartition(".")
    if dot and "/" not in last and 0 < len(last) <= 8:
        return f"{_safe(head)}{mark}.{last}"
    return f"{_safe(path)}{mark}{ending}"


def _safe(path: str) -> str:
    """Without steps upward and without anything a file system minds."""
    return "/".join(_BAD.sub("_", step) if step not in (".", "..") else "_" for step in path.split("/"))


def _mark(query: str) -> str:
    pairs = parse_qsl(query)
    if not pairs:
        return ""
    if all(_NAME.fullmatch(name) and _PLAIN.fullmatch(value) for name, value in pairs):
        return "".join(f"~{name}-{value}" for name, value in pairs)
    return "~" + hashlib.sha256(query.encode()).hexdigest()[:16]


def link(target: str, own: str) -> str:
    """From one file to another, as a link that works in any folder."""
    return quote(relpath(target, dirname(own) or "."))
