"""The five real plans become a ledger: import, review on the screen, issue, and what staff and public then see."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from gongkai.reading.model import Plan
from gongkai.reading.reader import read_plans
from tests.browser.axe import axe
from tests.browser.conftest import OFFICER, SHARED, Site

NAMES = [f"seed_00{number}.txt" for number in range(5)]
FOLDER = SHARED / "plans" / "dev"


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    if not (FOLDER / request.param).exists():
        assert os.environ.get("CI") != "true", f"{FOLDER} is missing"
        pytest.skip(f"the real plans are not beside this folder ({FOLDER})")
    return str(request.param)


def number_in(text: str, pattern: str) -> int:
    found = re.search(pattern, text)
    assert found, f"{pattern} not in {text!r}"
    return int(found[1])


def import_plan(page: Page, site: Site, name: str) -> None:
    page.goto(f"{site.url}/work/plans/")
    page.get_by_role("link", name="导入方案").first.click()
    page.locator("input[type=file]").set_input_files(FOLDER / name)
    page.get_by_role("button", name="导入并核对").click()
    page.wait_for_url(re.compile(r"/work/plans/\d+/review/"))


def register_new_agency(page: Page, review: str) -> None:
    """The first unknown unit is entered in the directory, through the link the review screen offers for it."""
    offer = page.locator("a", has_text="新增机构")
    item = page.locator("ul.unresolved > li", has=offer).first
    if not item.is_visible():
        page.locator("#unresolved > details > summary").click()
    wording = item.locator("b").inner_text().split("”")[0].strip("“")
    item.locator("summary").click()
    item.get_by_role("link", name=re.compile("新增机构")).click()
    section = page.locator("section.notice", has=page.get_by_role("heading", name=f"“{wording}”", exact=True))
    section.locator("summary", has_text="新增机构").click()
    section.get_by_role("button", name="登记为新机构").click()
    page.goto(review)
    expect(page.locator("ul.unresolved b", has_text=f"“{wording}”")).to_have_count(0)


def settle_units(page: Page, review: str) -> None:
    """Every unit the directory does not know is decided, each by the form that fits it."""
    unknown = page.locator("ul.unresolved > li")
    left = unknown.count()
    if left:
        register_new_agency(page, review)
    while (now := unknown.count()) > 0:
        assert now < left, unknown.first.inner_text()
        left = now
        item = unknown.first
        if item.locator(".choices button").count():
            item.locator(".choices button").first.click()
        elif item.locator("b", has_text=re.compile("^“(相关|有关|各)")).count() and item.locator("select[name=collective]").count():
            item.locator("summary").click()
            item.locator("select[name=collective]").select_option(index=1)
            item.get_by_role("button", name="指这些单位").click()
        else:
            item.locator("summary").click()
            item.locator("input[name=name]").first.fill("清河市人民政府办公室")
            item.get_by_role("button", name="就是它").first.click()
        page.wait_for_load_state()


def settle_rows(page: Page) -> int:
    """Accepts what has no doubt at once, one row excluded with a reason, the rest accepted one by one. Returns how many tasks remain."""
    rows = page.locator("ol.rows > li.row")
    total = rows.count()
    at_once = page.get_by_role("button", name=re.compile("确认全部无疑问的"))
    if at_once.is_enabled():
        at_once.click()
        page.wait_for_load_state()
    excluded = rows.last
    excluded.locator("[data-do=exclude]").click()
    excluded.locator("[name=reason]").fill("本年已不再安排")
    excluded.get_by_role("button", name="标为不是任务").click()
    expect(page.locator("ol.rows > li.not_a_task")).to_have_count(1)
    nobody = page.locator("ol.rows > li.row:not(.not_a_task)", has_not=page.locator("dt", has_text=re.compile("^(牵头|负责)")))
    while (left := nobody.count()) > 0:  # the document names nobody; the office does
        row = nobody.first
        row.locator("[data-do=reassign]").click()
        row.locator("[name=responsible]").fill("清河市人民政府办公室、清河市财政局")
        row.get_by_role("button", name="改派", exact=True).click()
        expect(nobody).to_have_count(left - 1)
    pending = page.locator("ol.rows > li.pending")
    while left := pending.count():
        pending.first.locator("button[data-verb=accept]").click()
        expect(pending).to_have_count(left - 1)
    return total - 1


def test_a_real_plan_is_imported_reviewed_issued_and_shown(open_page: Callable[..., Page], site: Site, name: str):
    page = open_page(OFFICER)
    read = next(read_plans((FOLDER / name).read_bytes(), name))
    assert isinstance(read, Plan)
    import_plan(page, site, name)
    review = re.sub(r"[?#].*", "", page.url)

    # The review screen: what the compiler read, tied to the words of the document.
    assert number_in(page.locator("h1").inner_text(), r"读出 (\d+) 项") == len(read.tasks) == page.locator("ol.rows > li.row").count()
    original = page.locator(".prose-original")
    units = [mark for task in read.tasks[:4] for mark in task.marks if mark.kind in {"lead", "responsible"}]
    for mark in units:
        words = read.raw_text[mark.span[0] : mark.span[1]].strip()  # as printed, with whatever noise the page it came from put in
        expect(original.locator("mark", has_text=words).first).to_be_visible()
    row = page.locator("ol.rows > li.row").first
    row.hover()
    expect(original.locator(f"[data-t~='{row.get_attribute('data-t')}']").first).to_have_class(re.compile(r"\blit\b"))

    # Issue says what stands in the way, until nothing does.
    page.get_by_role("link", name="去下达").click()
    expect(page.get_by_text("还不能下达")).to_be_visible()
    page.goto(review)
    settle_units(page, review)
    tasks = settle_rows(page)
    axe(page, large=False)

    page.get_by_role("link", name="去下达").click()
    promise = page.locator("p.lead-in").inner_text()
    duties = number_in(promise, r"下达 (\d+) 项义务")
    series, periods = (number_in(promise, r"定期任务 (\d+) 项"), number_in(promise, r"产生 (\d+) 期")) if "定期任务" in promise else (0, 0)
    assert number_in(promise, r"来自 (\d+) 项任务") == tasks
    page.get_by_role("button", name="下达", exact=True).click()
    page.wait_for_load_state()
    pk = number_in(review, r"/plans/(\d+)/")

    page.goto(f"{site.url}/work/ledger/?plan={pk}")
    # What comes back is promised once and stands there once for every period that has begun.
    assert number_in(page.locator(".toolbar").inner_text(), r"共 (\d+) 项") == duties - series + periods > 0
    title = page.locator("main table tbody tr").first.get_by_role("link").first
    title.click()
    expect(page.locator("blockquote.words mark")).not_to_be_empty()  # the words of the document that bind
    page.goto(review)
    expect(page.get_by_role("button", name="确认", exact=True)).to_have_count(0)  # frozen

    # The public sees the same tasks, each with its state, and the document itself.
    citizen = open_page()
    citizen.goto(f"{site.url}/plans/{pk}/")
    shown = citizen.locator("ol.tasks > li")
    expect(shown).to_have_count(tasks)
    expect(citizen.locator("ol.tasks > li .task-head .state")).to_have_count(tasks)
    citizen.get_by_role("link", name="文件全文").click()
    text = re.sub(r"\s", "", citizen.locator(".prose-original").inner_text())
    source = (FOLDER / name).read_text("utf-8")
    longest = max(re.findall(r"[\u4e00-\u9fff]+", source), key=len)
    assert longest in text
    with citizen.expect_download() as download:
        citizen.get_by_role("link", name="下载").click()
    assert download.value.path().read_bytes() == (FOLDER / name).read_bytes()


SMALL = """清河市2027年政务公开工作要点

一、重点任务
（一）推进财政预决算公开。2027年11月底前公开部门预算。（市财政局牵头）
（二）推进义务教育招生公开。每季度更新一次招生政策。（市教育局负责，市财政局配合）

清河市人民政府办公室
2027年1月5日
"""


def test_the_same_file_twice_is_refused_and_nothing_is_imported(open_page: Callable[..., Page], site: Site):
    page = open_page(OFFICER)
    for _ in range(2):
        page.goto(f"{site.url}/work/plans/import/")
        page.locator("input[type=file]").set_input_files({"name": "要点.txt", "mimeType": "text/plain", "buffer": SMALL.encode()})
        page.get_by_role("button", name="导入并核对").click()
        page.wait_for_load_state()
    assert "/import/" in page.url
    expect(page.get_by_text(re.compile("已经导入|已导入|导入过")).first).to_be_visible()
    page.goto(f"{site.url}/work/plans/")
    expect(page.get_by_role("link", name="清河市2027年政务公开工作要点")).to_have_count(1)


def test_a_file_that_cannot_be_read_is_one_sentence(open_page: Callable[..., Page], site: Site):
    page = open_page(OFFICER)
    page.goto(f"{site.url}/work/plans/import/")
    page.locator("input[type=file]").set_input_files({"name": "要点.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 not really"})
    page.get_by_role("button", name="导入并核对").click()
    page.wait_for_load_state()
    assert "/import/" in page.url
    expect(page.get_by_text("要点.pdf：").first).to_be_visible()
    axe(page, large=False)
