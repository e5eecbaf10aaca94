"""The twins of a public list: the same rows as Atom (RFC 4287) and as JSON Feed 1.1, under addresses that keep the filters of the page.

A list says what its rows are (`Entry`), and hands a `Twin` to `respond`; the head of its page names both by `links`. Knows no model: any
layer may use it. Feeds are short and answered 304 from a state the caller reads cheaply (conditional.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from gongkai.twins import conditional, hosting

FORMATS = {"atom": "application/atom+xml; charset=utf-8", "json": "application/json; charset=utf-8"}
MOST = 50
"""Entries of a feed, and of one page of its JSON."""
LAST_PAGE = 500
"""A program that wants more narrows by year or agency; a page number of a billion is the last."""
BEGAN = datetime(2000, 1, 1, tzinfo=UTC)
"""`updated` of a feed without any entry: RFC 4287 wants one, and the same bytes as before are wanted too."""
JSON_FEED = "https://jsonfeed.org/version/1.1"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML 1.0 cannot hold."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. `path` is the address of its page, lasting, and therefore its id; `more` are further facts for the JSON alone."""

    path: str
    title: str
    updated: datetime
    summary: str = ""
    author: str = ""
    published: datetime | None = None
    tags: Sequence[str] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Twin:
    """A list as its readers take it. `path`: of the page that shows it, with its filters; `total` and `pages` of the whole list, where
    it is longer than `entries`; `ignored`: a sentence for each condition of the address that could not be used.
    """

    title: str
    path: str
    entries: Sequence[Entry]
    total: int | None = None
    page: int = 1
    pages: int = 1
    ignored: Sequence[str] = ()

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=BEGAN)


def address(path: str, request: Any) -> str:
    """Where a page is cited: on a site with a host of its own there, else the address the installation is known under, else as asked."""
    if hosting.current() is not None:
        return str(request.build_absolute_uri(path))
    return settings.BASE_URL + path if settings.BASE_URL else request.build_absolute_uri(path)


def links(feed: Callable[[str], str], title: str, chosen: Mapping[str, Any] | None = None, mail: str = "") -> dict[str, str]:
    """For the head and the foot of a page (portal/base.html, portal/twins.html): {title, atom, json, mail}. `feed` gives the path of a
    format; `mail` the page where the same list is had by e-mail, if it can be."""
    query = f"?{urlencode(chosen, doseq=True)}" if chosen else ""
    return {"title": title, **{fmt: feed(fmt) + query for fmt in FORMATS}, "mail": mail + query if mail else ""}


def of_list(name: str, title: str, chosen: Mapping[str, Any] | None = None) -> dict[str, str]:
    """`links` of a list that is told at /feeds/ by its `name` (gongkai.portal.feeds)."""
    return links(lambda fmt: reverse("portal:feed", args=[name, fmt]), title, chosen)


def page_number(request: HttpRequest) -> int:
    """From 1 to LAST_PAGE, whatever the address says."""
    given = request.GET.get("page", "1")
    if not (given.isascii() and given.isdecimal()):
        return 1
    return LAST_PAGE if len(given) > 6 else max(1, min(int(given), LAST_PAGE))


def respond(request: HttpRequest, fmt: str, state: Sequence[Any], make: Callable[[], Twin]) -> HttpResponse:
    """The list in this format; 304 to who has this `state` of it, for whatever `state` costs. 404 for a format there is not."""
    if fmt not in FORMATS:
        raise Http404("列表的数据有 feed.atom 和 feed.json 两种")

    def made() -> HttpResponse:
        twin = make()
        content = atom(request, twin) if fmt == "atom" else as_json(request, twin)
        return HttpResponse(content, content_type=FORMATS[fmt])

    return conditional.answer(request, conditional.tag(request, *state), None, made)


def of_rows(request: HttpRequest, title: str, path: str, rows: Any, entry: Callable[[Any], Entry], ignored: Sequence[str] = ()) -> Twin:
    """A twin of one page of `rows` (a query set or a sequence in its order). Two queries of a query set."""
    total = rows.count() if hasattr(rows, "query") else len(rows)
    pages = max(1, min(LAST_PAGE, -(-total // MOST)))
    page = min(page_number(request), pages)
    begin = (page - 1) * MOST
    return Twin(title, path, [entry(row) for row in rows[begin : begin + MOST]], total, page, pages, ignored)


class _Feed(Atom1Feed):
    """Without entries still the same bytes every time; a sentence about what was left out as subtitle."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=BEGAN)


def atom(request: HttpRequest, twin: Twin) -> bytes:
    name = hosting.name()
    home = address(twin.path, request)
    feed = _Feed(
        title=_clean(f"{name} {twin.title}"),
        link=home,
        description="",
        subtitle=_clean("；".join(twin.ignored)) or None,
        author_name=name,
        feed_url=address(request.get_full_path(), request),
        feed_guid=home,
        language="zh-CN",
    )
    for entry in twin.entries:
        link = address(entry.path, request)
        feed.add_item(
            title=_clean(entry.title),
            link=link,
            unique_id=link,
            description=_clean(entry.summary or entry.title),
            author_name=_clean(entry.author) or None,
            pubdate=entry.published or entry.updated,
            updateddate=entry.updated,
            categories=[_clean(tag) for tag in entry.tags],
        )
    return feed.writeString("utf-8").encode()


def as_json(request: HttpRequest, twin: Twin) -> bytes:
    own: dict[str, Any] = {"total": len(twin.entries) if twin.total is None else twin.total, "page": twin.page, "pages": twin.pages}
    told: dict[str, Any] = {
        "version": JSON_FEED,
        "title": f"{hosting.name()} {twin.title}",
        "home_page_url": address(twin.path, request),
        "feed_url": address(request.get_full_path(), request),
        "language": "zh-CN",
        "authors": [{"name": hosting.name()}],
        "_gongkai": {**own, "ignored": list(twin.ignored)},
        "items": [_item(request, entry) for entry in twin.entries],
    }
    if twin.page < twin.pages:
        query = request.GET.copy()
        query["page"] = str(twin.page + 1)
        told["next_url"] = address(f"{request.path}?{query.urlencode()}", request)
    return json.dumps(told, ensure_ascii=False, default=str).encode("utf-8", "replace")


def _item(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    link = address(entry.path, request)
    return {
        "id": link,
        "url": link,
        "title": entry.title,
        "content_text": entry.summary or entry.title,
        "date_published": _iso(entry.published or entry.updated),
        "date_modified": _iso(entry.updated),
        **({"authors": [{"name": entry.author}]} if entry.author else {}),
        **({"tags": list(entry.tags)} if entry.tags else {}),
        **({"_gongkai": dict(entry.more)} if entry.more else {}),
    }


def _iso(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)
