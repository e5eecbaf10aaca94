"""The search box as a combobox (WAI-ARIA), by keyboard alone; the same box without scripts; every state of the results looked at by axe."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import WIDTHS, axe, violations
from tests.browser.conftest import Site

TYPED = "停车场"


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="搜索").first


def active(page: Page) -> str:
    """What a screen reader says is chosen: the option that the box names."""
    name = box(page).get_attribute("aria-activedescendant")
    return page.locator(f"#{name}").inner_text() if name else ""


def typing(page: Page, site: Site, words: str = TYPED) -> Locator:
    page.goto(f"{site.url}/")
    found = box(page)
    expect(found).to_have_attribute("aria-expanded", "false")
    found.focus()
    page.keyboard.type(words)
    expect(found).to_have_attribute("aria-expanded", "true")
    return found


def test_suggestions_are_a_combobox_worked_by_keys(page: Page, site: Site) -> None:
    found = typing(page, site)
    assert found.get_attribute("aria-autocomplete") == "list"
    listed = page.locator(f"#{found.get_attribute('aria-controls')}")
    expect(listed).to_have_role("listbox")
    options = listed.get_by_role("option")
    n = options.count()
    assert n >= 2 and all(TYPED in words for words in options.all_inner_texts())
    expect(page.get_by_text(f"{n} 条建议，用上下键选择")).to_be_attached()
    assert active(page) == "", "nothing is chosen before an arrow is pressed"
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    assert active(page) == options.nth(0).inner_text()
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    assert active(page) == options.nth(1).inner_text()
    expect(options.nth(0)).to_have_attribute("aria-selected", "false")
    assert violations(page) == []
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert active(page) == "", "above the first one is what was typed"
    page.keyboard.press("ArrowUp")
    assert active(page) == options.nth(n - 1).inner_text(), "and above that the last"
    expect(found).to_be_focused()
    expect(found).to_have_value(TYPED)


def test_enter_searches_what_is_chosen_or_what_is_typed(page: Page, site: Site) -> None:
    typing(page, site)
    page.keyboard.press("ArrowDown")
    chosen = active(page)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?"))
    expect(page.locator("main").get_by_role("combobox", name="搜索")).to_have_value(chosen)
    expect(page.locator("main .results")).to_contain_text(chosen)
    typing(page, site)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?"))
    expect(page.locator("main").get_by_role("combobox", name="搜索")).to_have_value(TYPED)


def test_escape_and_tab_close_it_and_keep_what_was_typed(page: Page, site: Site) -> None:
    found = typing(page, site)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(found).to_have_attribute("aria-expanded", "false")
    expect(found).to_have_value(TYPED)
    expect(found).to_be_focused()
    assert found.get_attribute("aria-activedescendant") is None
    found = typing(page, site)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(found).to_have_attribute("aria-expanded", "false")
    expect(found).to_have_value(TYPED)
    expect(page.get_by_role("button", name="搜索").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?"))


def test_without_scripts_it_is_a_search_box(plain: Page, site: Site) -> None:
    plain.goto(f"{site.url}/")
    assert plain.get_by_role("combobox").count() == 0, "nothing promises what only a script could do"
    field = plain.get_by_role("searchbox", name="搜索").first
    field.fill(TYPED)
    field.press("Enter")
    plain.wait_for_url(re.compile(r"/search\?"))
    main = plain.locator("main")
    expect(main.locator(".results li").first).to_contain_text(TYPED)
    fold = main.get_by_text("缩小范围")
    if fold.is_visible():  # on a phone; a wide screen shows what is in it
        fold.click()
    main.locator(".facet a").first.click()
    expect(main.locator(".chips li").first).to_be_visible()
    main.locator(".chips a").first.click()
    expect(main.locator(".chips")).to_have_count(0)
    main.get_by_role("link", name="最新在前").click()
    expect(main.locator(".results li").first).to_be_visible()


STATES = {
    "results and facets": ("q=公开", "共"),
    "narrowed": ("q=公开&kind=document&order=newest", "去掉"),
    "nothing under what was chosen": ("q=停车场&year=1949", "选定的条件下没有"),
    "did you mean": ("q=停车厂管理办法", "您是不是要找"),
    "empty": ("q=不存在的词语", "没有找到"),
    "too long": ("q=" + "长" * 300, "最多"),
    "nothing asked": ("", "请输入要找的词"),
}


@pytest.mark.looks_only
@pytest.mark.parametrize("name", STATES)
def test_every_state_of_the_results_is_open_to_all(page: Page, site: Site, name: str) -> None:
    query, words = STATES[name]
    page.goto(f"{site.url}/search?{query}")
    expect(page.locator("main")).to_contain_text(words)
    for fold in page.locator("main details > summary").all():
        if fold.is_visible():
            fold.click()
    axe(page)


def test_an_outage_is_open_to_all_too(open_page: Callable[..., Page], site: Site) -> None:
    """Last, for it takes the index away; the worker makes it anew."""
    page = open_page()
    for _again in range(20):  # the worker may have made it anew in between
        shutil.rmtree(Path(site.folder) / "search", ignore_errors=True)
        if page.goto(f"{site.url}/search?q={TYPED}").status == 503:  # type: ignore[union-attr]
            break
    expect(page.locator("main")).to_contain_text("不是没有结果，是现在查不了")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")
    page.context.add_cookies([{"name": "large", "value": "1", "url": site.url}])
    shutil.rmtree(Path(site.folder) / "search", ignore_errors=True)
    page.reload()
    assert violations(page) == []
