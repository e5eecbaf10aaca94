"""Every page that can be reached by links: it answers, axe finds nothing, it fits a phone, it is light."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest
from lxml import html
from playwright.sync_api import Page, Request

from tests.browser.axe import axe, faults
from tests.browser.conftest import COUNTY_OFFICER, OFFICER, OWNER, Site

MOST = 400
"""Addresses looked at before the walk ends; far above what the example city has."""


def shapes(url: str) -> set[str]:
    """What is worth looking at once: the path without its numbers and names, and each parameter such a path takes."""
    parts = urlsplit(url)
    path = re.sub(r"\d+", "N", re.sub(r"(?<=/rules/)[\w.-]+", "R", parts.path))  # one rule of law looks like another
    return {path} | {f"{path}?{name}" for name, _ in parse_qsl(parts.query, keep_blank_values=True)}


def to_look_at(pages: list[str]) -> list[str]:
    """One address of each page, and each form it opens (`do`): a filter, an order or a further page shows the same kinds of things."""
    seen: set[str] = set()
    chosen = []
    for url in pages:
        parts = urlsplit(url)
        opened = dict(parse_qsl(parts.query)).get("do", "")
        shape = f"{min(shapes(parts._replace(query='').geturl()))}#{opened}"
        if shape not in seen:
            seen.add(shape)
            chosen.append(url)
    return chosen


def walk(page: Page, site: Site, start: str) -> tuple[list[str], list[str]]:
    """Follows links as long as they show something new. Returns (addresses of pages; links that did not answer).

    The pages are read as the server sends them, with the cookies of `page`: every link works without scripts.
    """
    pages: list[str] = []
    broken: list[str] = []
    seen_shapes: set[str] = set()
    waiting = deque([(site.url + start, "")])
    while waiting and len(seen_shapes) < MOST:
        url, origin = waiting.popleft()
        if shapes(url) <= seen_shapes:
            continue
        seen_shapes |= shapes(url)
        answer = page.request.get(url)
        if not answer.ok:
            broken.append(f"{answer.status} {url} (on {origin})")
            continue
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        pages.append(url)
        links: list[str] = html.fromstring(answer.body()).xpath("//a/@href")
        for link in links:
            target = urldefrag(urljoin(url, link)).url
            if target.startswith(site.url + "/"):
                waiting.append((target, url))
    return pages, broken


@pytest.mark.looks_only
@pytest.mark.parametrize(("username", "start"), [(OFFICER, "/work/"), (OWNER, "/work/"), (None, "/")])
def test_every_reachable_page_is_whole_and_open_to_all(open_page: Callable[..., Page], site: Site, username: str | None, start: str):
    page = open_page(username)
    pages, broken = walk(page, site, start)
    assert broken == []
    assert len(pages) > 5
    found = []
    for url in to_look_at(pages):
        if url.startswith(site.url + start):  # the public pages that staff are led to are the citizen's, looked at there
            page.goto(url)
            found += [f"{url} {fault}" for fault in faults(page, back=False)]
    assert found == [], "\n".join(found)


@pytest.mark.looks_only
def test_every_link_of_the_county_office_leads_somewhere(open_page: Callable[..., Page], site: Site):
    pages, broken = walk(open_page(COUNTY_OFFICER), site, "/work/")
    assert broken == []
    assert len(pages) > 5


@pytest.mark.parametrize(
    "path", ["/work/login/", "/no/such/page/", "/plans/999999/", "/search?q=%E4%B8%8D%E5%AD%98%E5%9C%A8%E7%9A%84%E8%AF%8D"]
)
def test_pages_without_links_to_them_too(page: Page, site: Site, path: str):
    page.goto(site.url + path)
    axe(page)


def test_a_page_of_the_portal_is_light(page: Page, site: Site):
    """Under 150 kB without pictures, everything it loads counted as it travels (INTERFACE.md)."""
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    for path in ("/", "/plans/", "/plans/1/"):
        finished.clear()
        page.goto(site.url + path, wait_until="networkidle")
        assert 0 < sum(request.sizes()["responseBodySize"] for request in finished) < 150_000, path
