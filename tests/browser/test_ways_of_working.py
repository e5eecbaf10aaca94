"""The same work by keyboard alone, without scripts, and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe
from tests.browser.conftest import OFFICER, OWNER, Site
from tests.browser.roads import import_plan, issue_plan


def test_review_by_keyboard_alone(open_page: Callable[..., Page], site: Site):
    page = open_page(OFFICER)
    import_plan(page, site, 1)
    rows = page.locator("ol.rows > li.row")
    expect(rows).to_have_count(4)
    page.locator("body").press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    expect(page.locator(f".prose-original [data-t~='{rows.nth(1).get_attribute('data-t')}']").first).to_have_class(re.compile(r"\blit\b"))
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()

    page.keyboard.press("Enter")  # accepted; the next is current
    expect(rows.nth(0)).to_have_class(re.compile("confirmed"))
    expect(rows.nth(1)).to_be_focused()

    page.keyboard.press("e")  # edited and saved without a mouse
    note = rows.nth(1).locator("[name=t-note]")
    expect(rows.nth(1).locator("form.row-form [name=t-text]")).to_be_focused()
    note.focus()
    page.keyboard.type("按季度核对")
    page.keyboard.press("Enter")
    expect(rows.nth(1)).to_contain_text("按季度核对")

    page.keyboard.press("e")  # opened and left again
    expect(rows.nth(1).locator("form.row-form")).to_be_visible()
    page.keyboard.press("Escape")
    expect(rows.nth(1).locator("form.row-form")).to_have_count(0)

    page.locator("body").press("j")
    page.keyboard.press("n")  # not a task
    expect(rows.nth(2).locator("[name=reason]")).to_be_focused()
    page.keyboard.type("不在本年范围")
    page.keyboard.press("Enter")
    expect(page.locator("ol.rows > li.not_a_task")).to_have_count(1)
    page.keyboard.press("?")
    expect(page.locator("#keys dl")).to_be_visible()
    axe(page, large=False)


def test_skip_link_and_focus_can_be_seen(page: Page, site: Site):
    page.goto(f"{site.url}/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    outline = page.evaluate(
        "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }"
    )
    assert outline


def test_the_whole_road_without_scripts(open_page: Callable[..., Page], site: Site):
    page = open_page(OFFICER, java_script_enabled=False)
    review = import_plan(page, site, 2)
    rows = page.locator("ol.rows > li.row")
    expect(rows).to_have_count(4)

    rows.nth(1).locator("[data-do=edit]").click()  # a link to the same page with the form open
    page.locator("form.row-form [name=t-note]").fill("不用脚本改的")
    page.locator("form.row-form").get_by_role("button", name="保存").click()
    page.wait_for_load_state()
    expect(page.get_by_text("不用脚本改的")).to_be_visible()

    page.goto(review)
    rows.nth(3).locator("[data-do=exclude]").click()
    page.locator("form.row-form [name=reason]").fill("重复")
    page.get_by_role("button", name="标为不是任务").click()
    page.wait_for_load_state()
    page.goto(review)
    while page.locator("button[data-verb=accept]").count():
        page.locator("button[data-verb=accept]").first.click()
        page.wait_for_load_state()
        page.goto(review)
    expect(page.locator("ol.rows > li.confirmed")).to_have_count(3)
    page.get_by_role("link", name="去下达").click()
    page.get_by_role("button", name="下达", exact=True).click()
    page.wait_for_load_state()
    plan = re.search(r"/plans/(\d+)/", review)
    assert plan

    owner = open_page(OWNER, java_script_enabled=False)
    owner.goto(f"{site.url}/work/ledger/?plan={plan[1]}")
    owner.locator("main table tbody").get_by_role("link", name=re.compile("财政预决算|部门预算")).first.click()
    owner.locator("form[action$='/acknowledge/'] button").click()
    owner.wait_for_load_state()
    expect(owner.locator("ol.timeline > li")).to_have_count(2)

    citizen = open_page(java_script_enabled=False)
    citizen.goto(f"{site.url}/plans/{plan[1]}/?state=done")
    expect(citizen.get_by_text("没有符合条件的任务")).to_be_visible()
    citizen.goto(f"{site.url}/")
    citizen.get_by_role("searchbox").first.fill("义务教育")
    citizen.get_by_role("button", name="搜索").first.click()
    expect(citizen.locator("main").get_by_role("link", name=re.compile("义务教育|公开")).first).to_be_visible()


def test_large_type_is_remembered(page: Page, site: Site):
    page.goto(f"{site.url}/plans/")
    before = page.evaluate("() => parseFloat(getComputedStyle(document.body).fontSize)")
    page.get_by_role("button", name="长者模式").click()
    page.wait_for_load_state()
    assert page.url.endswith("/plans/")
    assert page.evaluate("() => parseFloat(getComputedStyle(document.body).fontSize)") > before * 1.2
    page.goto(f"{site.url}/")
    assert page.evaluate("() => parseFloat(getComputedStyle(document.body).fontSize)") > before * 1.2
    page.get_by_role("button", name="退出长者模式").click()
    page.wait_for_load_state()
    assert page.evaluate("() => parseFloat(getComputedStyle(document.body).fontSize)") == before


@pytest.mark.parametrize("path", ["/", "/plans/", "/plans/1/", "/agencies", "/search?q=财政"])
def test_a_phone_shows_everything_without_scrolling_sideways(phone: Page, site: Site, path: str):
    phone.goto(site.url + path)
    assert phone.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")
    phone.locator("details.menu summary").click()
    expect(phone.locator("details.menu").get_by_role("link", name="首页")).to_be_visible()


def test_the_owner_works_on_a_phone(open_page: Callable[..., Page], site: Site):
    phone = open_page(OWNER, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.goto(f"{site.url}/work/ledger/?plan={issue_plan(open_page, site, 3)}&acknowledged=no")
    assert phone.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")
    phone.locator("main table tbody a[href*='/work/ledger/']").first.tap()
    phone.wait_for_url(re.compile(r"/work/ledger/\d+/"))
    phone.locator("form[action$='/acknowledge/'] button").tap()
    phone.wait_for_load_state()
    expect(phone.locator("ol.timeline").get_by_text("签收")).to_be_visible()
    assert phone.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")


def test_dark_and_print(open_page: Callable[..., Page], site: Site):
    page = open_page(color_scheme="dark")
    for path in ("/", "/plans/1/"):
        page.goto(site.url + path)
        axe(page)
    page.emulate_media(media="print")
    expect(page.locator("nav.main").first).to_be_hidden()
    expect(page.locator("main h1")).to_be_visible()
