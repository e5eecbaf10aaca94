"""依申请公开 as a citizen meets it: on a phone, without scripts, with a draft, and what axe finds on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gongkai.disclosure_requests.tests.cases import ID_CARD, PNG
from tests.browser.axe import axe
from tests.browser.conftest import Site

AGENCY = "财政局"
WORDS = "请公开2025年度清河市本级政府采购目录和限额标准。"


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    path = tmp_path / "身份证.png"
    path.write_bytes(PNG)
    return path


def to_form(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/requests/?q={AGENCY}")
    page.locator("ul.boxed a").first.click()
    page.get_by_role("link", name="不找了，直接填申请").click()


def fill(page: Page, proof: Path) -> None:
    page.get_by_label("您要什么信息").fill(WORDS)
    page.get_by_label("姓名或者名称").fill("赵申请")
    page.get_by_label("证件号码", exact=True).fill(ID_CARD)
    page.get_by_label("身份证明的扫描件或者照片").set_input_files(proof)
    page.get_by_label("联系电话").fill("13800138000")
    page.get_by_label("我已阅读个人信息处理告知").check()


def test_a_citizen_on_a_phone(phone: Page, site: Site, proof: Path) -> None:
    phone.goto(f"{site.url}/requests/")
    axe(phone)
    to_form(phone, site)
    axe(phone)
    phone.get_by_label("您要什么信息").fill(WORDS)
    phone.get_by_role("button", name="提交申请").click()
    expect(phone.locator("#errors")).to_be_visible()
    expect(phone.get_by_label("您要什么信息")).to_have_value(WORDS)
    axe(phone)
    fill(phone, proof)
    phone.get_by_role("button", name="提交申请").click()
    expect(phone.get_by_role("heading", name="申请已经提交")).to_be_visible()
    number, code = (phone.locator("dd.keys").nth(n).inner_text() for n in range(2))
    axe(phone)
    assert phone.evaluate("() => Object.keys(localStorage).filter(key => key.startsWith('gongkai-request'))") == []
    phone.get_by_role("link", name="查进度").first.click()
    expect(phone.get_by_label("申请编号")).to_have_value(number)
    phone.get_by_label("查询码").fill("22222222")
    phone.get_by_role("button", name="查询", exact=True).click()
    expect(phone.get_by_text("编号或者查询码不对").first).to_be_visible()
    axe(phone)
    phone.get_by_label("查询码").fill(code.lower())
    phone.get_by_role("button", name="查询", exact=True).click()
    expect(phone.get_by_role("heading", name=f"申请 {number}")).to_be_visible()
    axe(phone)


def test_a_draft_stays_without_the_number_and_goes(page: Page, site: Site) -> None:
    to_form(page, site)
    page.get_by_label("您要什么信息").fill(WORDS)
    page.get_by_label("证件号码", exact=True).fill(ID_CARD)
    page.wait_for_function("() => Object.keys(localStorage).length > 0")
    kept: Any = page.evaluate("() => JSON.stringify(Object.values(localStorage))")
    assert ID_CARD not in kept
    page.reload()
    expect(page.get_by_label("您要什么信息")).to_have_value(WORDS)
    page.get_by_role("button", name="清除草稿").click()
    page.reload()
    expect(page.get_by_label("您要什么信息")).to_have_value("")


def test_the_proof_of_work_is_done_under_the_policy(page: Page, site: Site) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    to_form(page, site)
    page.wait_for_function("""() => document.querySelector('input[name="altcha"]')?.value""")
    assert said == [], "nothing that the content security policy stopped"


def test_without_scripts(plain: Page, site: Site, proof: Path) -> None:
    to_form(plain, site)
    expect(plain.get_by_text("您的浏览器没有运行脚本")).to_be_visible()
    plain.get_by_label("姓名或者名称").fill("赵申请")
    plain.get_by_label("身份证明的扫描件或者照片").set_input_files(proof)
    plain.get_by_role("button", name="提交申请").click()
    expect(plain.get_by_text("已经收下的文件")).to_be_visible()
    plain.get_by_label("您要什么信息").fill(WORDS)
    plain.get_by_label("证件号码", exact=True).fill(ID_CARD)
    plain.get_by_label("联系电话").fill("13800138000")
    plain.get_by_label("我已阅读个人信息处理告知").check()
    plain.get_by_role("button", name="提交申请").click()
    expect(plain.get_by_role("heading", name="申请已经提交")).to_be_visible()
