"""The exported site, opened from a plain file server: the same words as the live page, nothing for axe to find."""

from __future__ import annotations

import functools
import http.server
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.conftest import Site
from tests.cli_runner import run

PAGES = {
    "/": "index.html",
    "/documents/": "documents/index.html",
    "/documents/browse/": "documents/browse/index.html",
    "/platform/": "platform/index.html",
    "/agencies": "agencies.html",
    "/plans/": "plans/index.html",
    "/accountability/": "accountability/index.html",
}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def exported(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    out = tmp_path_factory.mktemp("static") / "site"
    made = run("site", "export", str(out), env={**os.environ, "GONGKAI_DATA": str(site.folder)})
    assert made.returncode == 0, made.stderr.decode()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(out.parent)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/site", out
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def anywhere(site: Site, exported: tuple[str, Path], open_page: Callable[..., Page]) -> Page:
    """A page that may also ask the file server."""
    page = open_page()
    page.context.unroute("**/*")
    return page


def looks(page: Page) -> tuple[str, list[str]]:
    lines = page.locator("body").inner_text().splitlines()
    return page.title(), [line.strip() for line in lines if line.strip()]


@pytest.mark.looks_only
@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_the_same_and_looks_the_same(site: Site, exported: tuple[str, Path], anywhere: Page, path: str) -> None:
    page, (url, _out) = anywhere, exported
    page.goto(f"{site.url}{path}")
    was, colour = looks(page), page.evaluate("getComputedStyle(document.querySelector('.brand')).color")
    height = page.evaluate("document.documentElement.scrollHeight")
    page.goto(f"{url}/{PAGES[path]}")
    assert looks(page) == was
    assert page.evaluate("getComputedStyle(document.querySelector('.brand')).color") == colour
    assert abs(page.evaluate("document.documentElement.scrollHeight") - height) <= 2
    assert violations(page) == []


@pytest.mark.looks_only
def test_links_work_from_a_disk(exported: tuple[str, Path], anywhere: Page) -> None:
    page, (_url, out) = anywhere, exported
    page.goto((out / "index.html").as_uri())
    page.locator("main ul.plain a").first.click()
    page.wait_for_url("file://**/documents/*/index.html")
    assert page.locator("h1").inner_text().strip()
    page.get_by_role("link", name="首页").first.click()
    page.wait_for_url("file://**/index.html")
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "the style sheet was found"
