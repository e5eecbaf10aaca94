"""One duty from hand to hand: acknowledged, reported, asked to be complete, returned, passed; and what the public sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.axe import axe
from tests.browser.conftest import OFFICER, OWNER, Site
from tests.browser.roads import issue_plan

PROOF = {"name": "公开情况.txt", "mimeType": "text/plain", "buffer": "已在门户网站集中公开。".encode()}


def do(page: Page, verb: str, label: str, *, file: bool = False, **fields: str) -> None:
    """Opens the verb's fold where it has one, fills its form, presses its button."""
    fold = page.locator(f"#do-{verb}")
    if fold.count() and not fold.locator("form").is_visible():
        fold.locator("summary").click()
    form = page.locator(f"form[action$='/{verb}/']")
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    if file:
        form.locator("input[type=file]").set_input_files(PROOF)
    form.get_by_role("button", name=label, exact=True).click()
    page.wait_for_load_state()


def new_duty(open_page: Callable[..., Page], site: Site, page: Page, number: int) -> str:
    """A plan is issued; `page`, the owner's, stands on the duty it has got. Address of that."""
    plan = issue_plan(open_page, site, number)
    page.goto(f"{site.url}/work/ledger/?plan={plan}")
    page.locator("main table tbody").get_by_role("link", name=re.compile("采购")).first.click()
    page.wait_for_url(re.compile(r"/work/ledger/\d+/"))
    return page.url


def test_a_duty_goes_from_the_owner_to_the_office_and_back_and_is_done(open_page: Callable[..., Page], site: Site):
    owner, office, citizen = open_page(OWNER), open_page(OFFICER), open_page()
    address = new_duty(open_page, site, owner, 11)
    public = owner.locator("blockquote.words cite a[href*='/plans/']").first.get_attribute("href")
    assert public
    words = re.sub(r"\s", "", owner.locator("blockquote.words mark").first.inner_text())[:12]

    do(owner, "acknowledge", "签收")
    do(owner, "report_progress", "报送进展", text="目录已经编好，正在校对。", link="https://qinghe.example/czj/1", file=True)
    expect(owner.locator("ol.timeline > li")).to_have_count(3)  # issued, acknowledged, progress
    with owner.expect_download() as download:
        owner.get_by_role("link", name="公开情况.txt").click()
    assert download.value.path().read_bytes() == PROOF["buffer"]
    day = owner.locator("ol.timeline time").last.inner_text()[:10]
    do(owner, "request_completion", "申请办结", text="已全部公开。", done_on=day)
    expect(owner.locator("form[action$='/pass_check/']")).to_have_count(0)  # not the owner's to pass
    axe(owner, large=False)

    office.goto(address)
    expect(office.get_by_text("待核查").first).to_be_visible()
    do(office, "return_work", "退回", reason="缺第三季度的数据，请补上后再报。")
    axe(office, large=False)

    owner.goto(address)
    expect(owner.locator("ol.timeline").get_by_text("缺第三季度的数据")).to_be_visible()
    do(owner, "request_completion", "申请办结", text="第三季度已补上。", done_on=day, file=True)
    office.goto(address)
    do(office, "pass_check", "核查通过", text="核对无误。")
    expect(office.locator("p.states .state").first).to_have_text("已办结")
    kinds = [words.split()[0] for words in office.locator("ol.timeline > li b").all_inner_texts()]
    assert kinds == ["下达", "签收", "报送进展", "申请办结", "退回", "申请办结", "核查通过"]

    citizen.goto(site.url + re.sub(r"(/plans/\d+/).*", r"\1", re.sub(r"^https?://[^/]+", "", public)))
    citizen.locator("ol.tasks > li", has_text=words).first.wait_for()
    task = next(row for row in citizen.locator("ol.tasks > li").all() if words in re.sub(r"\s", "", row.inner_text()))
    expect(task.locator(".task-head .state")).to_have_text("已办结")
    expect(citizen.get_by_text("缺第三季度的数据")).to_have_count(0)  # how the office and the owner talked is not public


def test_a_form_sent_twice_makes_one_record(open_page: Callable[..., Page], site: Site):
    page = open_page(OWNER)
    new_duty(open_page, site, page, 12)
    do(page, "acknowledge", "签收")
    before = page.locator("ol.timeline > li").count()
    form = page.locator("form[action$='/report_progress/']")
    if not form.is_visible():
        page.locator("#do-report_progress summary").click()
    form.locator("[name=text]").fill("只报一次。")
    fields = form.evaluate("form => Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === 'string'))")
    action = form.evaluate("form => form.action")
    for _ in range(2):
        answer = page.request.post(action, form=fields, headers={"Referer": page.url})
        assert answer.ok
    page.reload()
    expect(page.locator("ol.timeline > li")).to_have_count(before + 1)


def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(open_page: Callable[..., Page], site: Site):
    page = open_page(OWNER, java_script_enabled=False)
    new_duty(open_page, site, page, 13)
    do(page, "acknowledge", "签收")
    page.locator("#do-request_completion summary").click()
    form = page.locator("form[action$='/request_completion/']")
    form.locator("[name=text]").fill("写好的话不能丢。")
    form.locator("[name=done_on]").fill("2999-01-01")
    form.get_by_role("button", name="申请办结").click()
    page.wait_for_load_state()
    expect(page.get_by_text("完成日期不能晚于今天").first).to_be_visible()
    expect(page.locator("form[action$='/request_completion/'] [name=text]")).to_have_value("写好的话不能丢。")
    axe_free = page.locator("[aria-invalid=true], .invalid")
    assert axe_free.count() > 0


def test_another_agency_does_not_see_it_even_by_address(open_page: Callable[..., Page], site: Site):
    page = open_page(OWNER)
    address = new_duty(open_page, site, page, 14)
    stranger = open_page("wangfang")
    answer = stranger.goto(address)
    assert answer is not None
    assert answer.status == 404
    citizen = open_page()
    citizen.goto(address)
    assert "/work/login/" in citizen.url
