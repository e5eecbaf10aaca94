"""Proof of a duty by keyboard alone: handed in by the owner, judged by the office, the duty done; withdrawn, and the duty is open again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import axe
from tests.browser.conftest import OFFICER, OWNER, Site
from tests.browser.roads import issue_plan

WHAT = "2027年部门预算已在门户网站公开"
ADDRESS = "https://qinghe.example/czj/2027/yusuan.html"
FAR = 200
"""Presses of Tab before an element counts as out of reach."""


def reach(page: Page, target: Locator) -> None:
    """Goes on with Tab until the element has the focus, and it can be seen that it has."""
    for _ in range(FAR):
        if target.and_(page.locator(":focus")).count():
            expect(target).to_be_in_viewport()
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by {FAR} presses of Tab: {target}")


def press(page: Page, target: Locator) -> None:
    reach(page, target)
    page.keyboard.press("Enter")


def write(page: Page, target: Locator, text: str) -> None:
    reach(page, target)
    page.keyboard.type(text)
    expect(target).to_have_value(text)


def write_day(page: Page, target: Locator, day: str) -> None:
    """In the order in which this browser asks for year, month and day: the first that gives the day is the right one."""
    year, month, rest = day.split("-")
    reach(page, target)
    for keys in ([month, rest, year], [year, "ArrowRight", month, rest]):
        for key in keys:
            page.keyboard.press(key) if key.startswith("Arrow") else page.keyboard.type(key)
        if target.input_value() == day:
            return
        for _ in range(3):
            page.keyboard.press("ArrowLeft")
        for _ in range(3):
            page.keyboard.press("Backspace")
            page.keyboard.press("ArrowRight")
        for _ in range(3):
            page.keyboard.press("ArrowLeft")
    raise AssertionError(f"{target.input_value()!r} instead of {day}")


def open_fold(page: Page, fold: Locator) -> Locator:
    """Its form, opened where it is closed."""
    form = fold.locator("form")
    if not form.is_visible():
        press(page, fold.locator("summary"))
        expect(form).to_be_visible()
    return form


def state(page: Page) -> Locator:
    return page.locator("p.states .state").first


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_proof_by_keyboard_alone(open_page: Callable[..., Page], site: Site, scripts: bool):
    plan = issue_plan(open_page, site, 13 if scripts else 14)
    owner, office = (open_page(who, java_script_enabled=scripts) for who in (OWNER, OFFICER))
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()

    # The owner finds the duty in the ledger and hands in where the budget was published.
    owner.goto(f"{site.url}/work/ledger/?plan={plan}")
    press(owner, owner.locator("main table tbody").get_by_role("link", name=re.compile("预决算|部门预算")).first)
    owner.wait_for_url(re.compile(r"/work/ledger/\d+/"))
    duty = owner.url
    open_word = state(owner).inner_text()
    assert open_word != "已办结"
    form = open_fold(owner, owner.locator("#prove-address"))
    write(owner, form.locator("[name=url]"), ADDRESS)
    write(owner, form.locator("[name=proves]"), WHAT)
    write_day(owner, form.locator("[name=on]"), today)
    press(owner, form.get_by_role("button"))
    row = owner.locator(".proofs > li", has_text=WHAT)
    expect(row).to_contain_text("待核查")
    expect(row.get_by_role("link", name=WHAT)).to_have_attribute("href", ADDRESS)
    expect(row.locator("[name=passed]")).to_have_count(0)  # nobody judges his own proof
    expect(state(owner)).to_have_text(open_word)
    if scripts:
        axe(owner, large=False)

    # The office judges it; the state follows from that.
    office.goto(duty)
    proof = office.locator(".proofs > li", has_text=WHAT)
    form = open_fold(office, proof.locator("details", has=office.locator("[name=passed]")))
    reach(office, form.locator("[name=passed]").first)
    office.keyboard.press("Space")
    write(office, form.locator("[name=reason]"), "已打开核对，内容完整。")
    press(office, form.get_by_role("button"))
    expect(state(office)).to_have_text("已办结")
    expect(office.locator(".proofs > li", has_text=WHAT)).to_contain_text("符合")
    if scripts:
        axe(office, large=False)

    # The page is gone: the owner withdraws the proof, and the duty asks for one again.
    owner.goto(duty)
    expect(state(owner)).to_have_text("已办结")
    proof = owner.locator(".proofs > li", has_text=WHAT)
    form = open_fold(owner, proof.locator("details", has=owner.locator("summary", has_text="撤回")))
    write(owner, form.locator("[name=reason]"), "链接已失效，重新公开后再交。")
    press(owner, form.get_by_role("button"))
    expect(state(owner)).to_have_text(open_word)
    expect(owner.get_by_text("还没有佐证。")).to_be_visible()
    gone = owner.locator("details", has_text="撤回的佐证 1 份").last
    press(owner, gone.locator("summary").first)
    expect(gone).to_contain_text("链接已失效")
    expect(owner.locator("ol.timeline")).to_contain_text("撤回佐证")
    if scripts:
        axe(owner, large=False)
