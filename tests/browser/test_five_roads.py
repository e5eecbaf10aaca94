"""Five people look for something they need, each in their own way (docs/usability.md), in three steps from the home page at most."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page, expect

from tests.browser.axe import axe
from tests.browser.conftest import Site


def search(page: Page, site: Site, words: str) -> None:
    """From the home page, as everybody begins."""
    page.goto(f"{site.url}/")
    page.locator("input[type=search]:visible").first.fill(words)  # a combobox where scripts run, a search box where they do not
    page.get_by_role("button", name="搜索").first.click()
    page.wait_for_url(re.compile(r"/search\?"))


def test_a_mother_looks_for_school_enrolment_on_her_phone(phone: Page, site: Site) -> None:
    search(phone, site, "小学 入学")
    phone.locator("main").get_by_role("link", name=re.compile("义务教育学校招生")).first.tap()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("义务教育学校招生入学工作")
    expect(phone.get_by_role("table", name="报名和录取时间")).to_contain_text("6月10日至6月16日")
    with phone.expect_download() as waiting:
        phone.get_by_role("link", name="小学学区范围").click()
    assert "清河市东湖小学" in waiting.value.path().read_text("utf-8-sig")
    assert phone.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")
    axe(phone)


def test_a_blind_reader_finds_the_budget_by_keyboard(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/")
    tab_to(page, "searchbox", "")
    page.keyboard.type("部门预算")
    page.keyboard.press("Enter")  # what is suggested is not taken unless it is chosen
    page.wait_for_url(re.compile(r"/search\?"))
    tab_to(page, "link", "年部门预算")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("部门预算")
    # What a screen reader says of a figure: its table by name, its row and its column.
    table = page.get_by_role("table", name=re.compile("部门收支总表"))
    expect(table.get_by_role("columnheader", name="本年预算")).to_be_visible()
    expect(table.get_by_role("rowheader", name="基本支出")).to_be_visible()
    levels = [int(h.evaluate("e => e.tagName[1]")) for h in page.locator("main :is(h1,h2,h3,h4)").all()]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False)), "no heading leaves out a level"


def tab_to(page: Page, role: str, words: str, most: int = 80) -> None:
    """Tabs until the focus is on such a thing."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "() => { const e = document.activeElement;"
            " return [e.tagName === 'A' ? 'link' : e.type === 'search' ? 'searchbox' : e.type || '', e.textContent || '']; }"
        )
        if found[0] == role and words in found[1]:
            return
    raise AssertionError(f"no {role} {words} within {most} tabs")


def test_a_shopkeeper_finds_the_conditions_and_the_form_of_a_permit_without_scripts(plain: Page, site: Site) -> None:
    search(plain, site, "食品经营许可")
    plain.locator("main").get_by_role("link", name="食品经营许可办事指南").first.click()
    expect(plain.get_by_role("heading", name="办理条件")).to_be_visible()
    expect(plain.locator("main")).to_contain_text("自受理之日起10个工作日内")
    form = plain.get_by_role("link", name="食品经营许可申请表").get_attribute("href")
    answer = plain.request.get(f"{site.url}{form}")
    assert answer.ok
    assert answer.body()[:2] == b"PK", "a Word file"


def test_an_old_man_learns_what_replaced_a_repealed_rule_in_large_type(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/")
    page.get_by_role("button", name="长者模式").click()
    page.wait_for_load_state()
    search(page, site, "停车场管理暂行办法")
    page.locator("main").get_by_role("link", name="清河市机动车停车场管理暂行办法").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("清河市机动车停车场管理暂行办法")
    size = page.evaluate("() => parseFloat(getComputedStyle(document.body).fontSize)")
    assert size >= 22
    banner = page.locator("main .notice, main .banner, main [role=status], main .validity").filter(has_text="废止").first
    expect(banner).to_be_visible()
    banner.get_by_role("link", name="清河市机动车停车场管理办法").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("清河市机动车停车场管理办法")
    expect(page.locator("main")).to_contain_text("有效")


def test_a_journalist_takes_last_years_penalties_as_data(open_page: Callable[..., Page], site: Site) -> None:
    request = open_page().request
    found = request.get(f"{site.url}/search.json", params={"q": "行政处罚 汇总"}).json()
    address = next(row["url"] for row in found["results"] if "汇总" in row["title"])
    document = request.get(f"{address.rstrip('/')}.json").json()
    assert document["agency"]["name"] == "清河市市场监督管理局"
    sheet = next(one for one in document["attachments"] if one["type"] == "CSV")
    rows = list(csv.DictReader(io.StringIO(request.get(sheet["url"]).body().decode("utf-8-sig"))))
    assert len(rows) == 4
    assert sum(int(row["罚没款（元）"]) for row in rows) == 23500
    assert all(date.fromisoformat(row["决定日期"]) for row in rows)
    feed = request.get(f"{site.url}/documents/feed.atom")
    assert feed.ok
    assert "application/atom+xml" in feed.headers["content-type"]
