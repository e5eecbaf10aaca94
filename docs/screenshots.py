"""Takes the pictures of the README and the handbook from a running installation with the example city (`make docs`).

`python docs/screenshots.py rollup accountability` takes these alone.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.browser.request_steps import DRAFTER, draft_in_part, draw, file_request, give_register, look_up, press, take_on, to_form
from tests.running import Server, run_python

FOLDER = Path(__file__).parent / "handbook" / "img"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESK, PHONE = (1280, 860), (390, 780)
OFFICER, OWNER = "lihua", "zhangwei"
ONLY = frozenset(sys.argv[1:])


def keep(page: Page, name: str) -> None:
    """The visible part of the page as a PNG of 128 colours, which text and tables do not miss."""
    if ONLY and name not in ONLY:
        return
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    path = FOLDER / f"{name}.png"
    picture.save(path, optimize=True)
    print(f"{path.relative_to(Path.cwd())}  {path.stat().st_size // 1000} kB")


class Visit:
    """One reader with one screen."""

    def __init__(self, browser: Browser, url: str, size: tuple[int, int], login: tuple[str, str] | None = None) -> None:
        self.url = url
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai")
        self.page = context.new_page()
        if login:
            self.go("/work/login/")
            self.page.locator("input[name=username]").fill(login[0])
            self.page.locator("input[name=password]").fill(login[1])
            self.page.get_by_role("button", name="登录", exact=True).click()
            self.page.wait_for_url(f"{url}/work/")

    def go(self, path: str) -> Page:
        answer = self.page.goto(self.url + path, wait_until="networkidle")
        if answer is None or not answer.ok:
            raise SystemExit(f"{path} answered {answer.status if answer else 'nothing'}")
        return self.page

    def first(self, path: str, selector: str) -> str:
        """Address of the first link on a page that fits the selector."""
        link = self.go(path).locator(selector).first.get_attribute("href")
        if not link:
            raise SystemExit(f"{path} has no {selector}")
        return link


def take(browser: Browser, url: str, password: str) -> None:
    citizen = Visit(browser, url, DESK)
    keep(citizen.go("/"), "portal-home")
    five_roads(citizen, Visit(browser, url, PHONE))
    if not ONLY or any(name.startswith("request-") for name in ONLY):
        a_request(Visit(browser, url, PHONE), Visit(browser, url, DESK, (DRAFTER, password)))
    plan = citizen.first("/plans/", "main a[href^='/plans/']:not([href*='?'])")
    keep(citizen.go(plan), "public-plan")
    keep(citizen.go("/work/login/"), "workbench-login")
    phone = Visit(browser, url, PHONE)
    keep(phone.go("/"), "portal-home-phone")
    keep(phone.go(plan), "public-plan-phone")

    officer = Visit(browser, url, DESK, (OFFICER, password))
    keep(officer.go("/work/"), "workbench-home")
    keep(officer.go("/work/plans/import/"), "plan-import")
    review = officer.first("/work/plans/", "a[href$='/review/']")
    officer.page.set_viewport_size({"width": 1280, "height": 1000})
    keep(officer.go(review), "plan-review")
    officer.page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    keep(officer.go(review.replace("/review/", "/issue/")), "plan-issue")
    compare(officer)
    keep(officer.go("/work/ledger/"), "ledger")
    keep(officer.go("/work/ledger/urge/"), "urging")
    keep(officer.go("/work/rollup/"), "rollup")
    keep(citizen.go("/accountability/"), "accountability")
    table = citizen.first("/accountability/", "main a[href^='/accountability/agencies/']")
    keep(citizen.go(table), "accountability-agency")
    owner = Visit(browser, url, DESK, (OWNER, password))
    keep(owner.go(owner.first("/work/ledger/?state=overdue", "main table a[href^='/work/ledger/']")), "obligation-detail")
    keep(owner.go("/work/reminders/"), "reminders")
    owner_phone = Visit(browser, url, PHONE, (OWNER, password))
    keep(owner_phone.go("/work/"), "workbench-home-phone")
    keep(owner_phone.go("/work/ledger/"), "ledger-phone")


def five_roads(desk: Visit, phone: Visit) -> None:
    """What five people came for (docs/usability.md), and the first page of a request."""
    for visit, words, link, name in (
        (phone, "小学 入学", "招生入学", "road-school-phone"),
        (desk, "部门预算", "年部门预算", "road-budget"),
        (phone, "食品经营许可", "办事指南", "road-permit-phone"),
        (desk, "停车场管理暂行办法", "暂行办法", "road-repealed"),
        (desk, "行政处罚 汇总", "汇总", "road-penalties"),
    ):
        visit.go(f"/search?q={words}")
        visit.page.locator("main a", has_text=link).first.click()
        visit.page.wait_for_load_state("networkidle")
        keep(visit.page, name)
    keep(phone.go("/requests/"), "requests-start-phone")


def a_request(phone: Visit, desk: Visit) -> None:
    """One that is filed, taken on and about to be answered in part: its page of progress, its case, and the tool that covers."""
    proof = {"name": "身份证.png", "mimeType": "image/png", "buffer": _white()}
    to_form(phone.page, phone.url)
    number, code = file_request(phone.page, proof)
    desk.first("/work/requests/", f"tr:has-text('{number}') a")
    desk.page.locator(f"tr:has-text('{number}') a").first.click()
    take_on(desk.page)
    case = desk.page.url.partition("#")[0].removeprefix(desk.url)
    keep(desk.go(case), "request-case")
    look_up(phone.page, phone.url, number, code)
    keep(phone.page, "request-progress-phone")
    draft_in_part(desk.page)
    press(desk.page, "保存")
    give_register(desk.page)
    draw(desk.page)
    desk.page.locator("#sheet-title").scroll_into_view_if_needed()
    keep(desk.page, "request-redact")


def _white() -> bytes:
    stream = BytesIO()
    Image.new("RGB", (8, 8), "white").save(stream, "PNG")
    return stream.getvalue()


def compare(officer: Visit) -> None:
    """The city's issued plan beside the county's that carries it out."""
    page = officer.go("/work/plans/compare/")
    for name, words in (("upper", "清河市2026年政务公开工作要点"), ("lower", "河湾县2026年政务公开工作要点")):
        choice = page.locator(f"select[name={name}]")
        choice.select_option(choice.locator("option", has_text=words).first.get_attribute("value"))
    page.locator("main form button").first.click()
    page.wait_for_load_state("networkidle")
    keep(page, "plan-compare")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gongkai-docs-") as name:
        folder = Path(name)
        prepared = run_python("from gongkai.site.serve import prepare; prepare()", folder, within=900)
        if prepared.returncode:
            raise SystemExit(prepared.stderr)
        server = Server(folder)
        try:
            server.ready()
            with sync_playwright() as playwright:
                path = os.environ.get("GONGKAI_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
                browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
                take(browser, f"http://127.0.0.1:{server.port}", (folder / "example_password").read_text().strip())
                browser.close()
        finally:
            server.stop()


if __name__ == "__main__":
    main()
