"""The deadline tool by keyboard alone and without scripts, the calendar, and the clock of a duty; axe on each."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.axe import axe
from tests.browser.conftest import OFFICER, OWNER, Site


def test_a_deadline_by_keyboard_alone(open_page: Callable[..., Page], site: Site):
    page = open_page(OWNER)
    page.goto(f"{site.url}/work/deadline/")
    axe(page)
    page.locator("#id_limit").focus()
    while page.locator("#id_limit").input_value() != "reply":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#id_start")).to_be_focused()
    page.locator("#id_start").evaluate("field => field.value = '2026-02-10'")  # the keys of a date field follow the browser's language
    page.keyboard.press("Enter")
    page.wait_for_url("**limit=reply**")
    expect(page.get_by_role("heading", level=2)).to_contain_text("期限 2026-03-16（周一）")
    expect(page.locator("ol.days li.due")).to_contain_text("20")
    axe(page)


def test_a_deadline_without_scripts_and_a_mistake_that_loses_nothing(open_page: Callable[..., Page], site: Site):
    page = open_page(OWNER, java_script_enabled=False)
    page.goto(f"{site.url}/work/deadline/")
    page.locator("#id_n").fill("40")
    page.get_by_role("button", name="计算").click()
    expect(page.get_by_role("alert")).to_contain_text("请填起算日")
    expect(page.locator("#id_n")).to_have_value("40")
    page.locator("#id_start").fill("2026-11-23")
    page.get_by_role("button", name="计算").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("2027-01-19")
    expect(page.locator(".answer .state.warn")).to_have_text("暂定")


def test_a_mistake_is_open_to_all(open_page: Callable[..., Page], site: Site):
    page = open_page(OWNER)
    page.goto(f"{site.url}/work/deadline/?limit=reply&start=x&channel=internet")
    axe(page, large=False)


def test_the_calendar_on_a_desk_and_on_a_phone(open_page: Callable[..., Page], site: Site):
    page = open_page(OFFICER)
    page.goto(f"{site.url}/work/calendar/")
    choice = page.locator("select[name=whose]")
    choice.select_option(choice.locator("option", has_text="全部单位").first.get_attribute("value"))
    page.get_by_role("button", name="查看").click()
    axe(page)
    page.get_by_role("link", name="下一月").press("Enter")
    page.wait_for_url("**month=**")
    page.get_by_role("link", name="上一月").press("Enter")
    page.wait_for_url("**month=**")
    day = page.locator("table.month td a").first
    day.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/work/ledger/?**due_from=**")
    phone = open_page(OFFICER, viewport={"width": 390, "height": 844})
    phone.goto(f"{site.url}/work/calendar/?month=2026-10")
    expect(phone.locator("table.month td.outside").first).to_be_hidden()
    expect(phone.locator("table.month td.off").first).to_be_visible()


def test_the_clock_of_a_duty_of_the_law(open_page: Callable[..., Page], site: Site):
    page = open_page(OWNER)
    page.goto(f"{site.url}/work/")
    page.goto(f"{site.url}{page.locator('.todo a.what').first.get_attribute('href')}clock/")
    expect(page.get_by_role("heading", level=1)).to_have_text("计时")
    axe(page, large=False)
