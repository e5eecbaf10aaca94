"""A real Chromium looking at a real server with the example city. Nothing reaches into the database: a person could do all of it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.running import Server
from tests.templates import prepared_folder

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "build" / "browser"
SHARED = ROOT.parent / "shared"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

PATIENCE = 30_000
"""Milliseconds before a step has failed: a machine busy with other things is slow, not wrong."""
expect.set_options(timeout=PATIENCE)

OFFICER = "lihua"
"""政务公开办 of the example city."""
COLLEAGUE = "fanwen"
"""The other one there: who asks for completion never checks it, nor does one person do both sides here."""
OWNER = "zhangwei"
"""经办人 of 市财政局."""
HEAD = "chenguang"
"""负责人 of the competent agency."""
COUNTY_OFFICER = "hexiang"


@dataclass
class Site:
    """A running installation with the example city, of one test module."""

    url: str
    password: str
    folder: Path
    cookies: dict[str, list[Any]] = field(default_factory=dict)

    def login(self, page: Page, username: str) -> Page:
        """Through the login form the first time, by its cookies after that."""
        if username in self.cookies:
            page.context.add_cookies(self.cookies[username])
            return page
        page.goto(f"{self.url}/work/login/")
        page.locator("input[name=username]").fill(username)
        page.locator("input[name=password]").fill(self.password)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(f"{self.url}/work/")
        self.cookies[username] = [c for c in page.context.cookies() if c.get("name") in {"sessionid", "csrftoken"}]
        return page


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "looks_only: changes nothing, so that the tests of its file may be shared out among workers")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")
            # A worker takes a whole file, as its tests share a site; what only looks at pages is shared out test by test.
            looks = item.get_closest_marker("looks_only") is not None
            item.add_marker(pytest.mark.xdist_group(item.nodeid if looks else item.path.name))
    items.sort(key=lambda item: item.get_closest_marker("looks_only") is None)  # the longest first, so that the workers end together


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    setattr(item, f"report_{report.when}", report)
    return report


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = prepared_folder(tmp_path_factory.mktemp("site") / "data", example=True)
    server = Server(folder)
    try:
        server.ready()
        yield Site(f"http://127.0.0.1:{server.port}", (folder / "example_password").read_text().strip(), folder)
    finally:
        server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("GONGKAI_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Makes pages, each in a context of its own. Fails on a script error or a request to any other host; a picture when the test failed."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def watch(route: Route) -> None:
        if route.request.url.startswith((site.url, "data:", "blob:")):
            route.continue_()
        else:
            faults.append(f"asked another host: {route.request.url}")
            route.abort()

    def _open(username: str | None = None, **options: Any) -> Page:
        settings: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
        context = browser.new_context(**{**settings, **options})
        context.set_default_timeout(PATIENCE)
        context.route("**/*", watch)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        if username:
            site.login(page, username)
        return page

    yield _open
    report = getattr(request.node, "report_call", None)
    if report is not None and report.failed:
        PICTURES.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^\w.-]+", "_", request.node.nodeid.removeprefix("tests/browser/"))
        for number, page in enumerate(page for context in contexts for page in context.pages):
            page.screenshot(path=PICTURES / f"{name}-{number}.png", full_page=True)
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A reader at a desk."""
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A reader with a phone."""
    return open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2)


@pytest.fixture
def plain(open_page: Callable[..., Page]) -> Page:
    """A reader whose browser runs no scripts."""
    return open_page(java_script_enabled=False)
