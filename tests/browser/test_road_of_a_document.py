"""The road of a document, by the people who walk it: drafted, labelled, found to hold an ID number in a hidden sheet, masked, reviewed by
three people, published at its time, amended, repealed; and its address still answers, with the mark."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from tests.browser.axe import axe
from tests.browser.conftest import OFFICER, Site

DRAFTER, REVIEWER, SECRECY, HEAD = "wangfang", "zhouning", "wumei", "zhengyi"
"""市住房城乡建设局 of the example city."""
ID_NUMBER = "11010519491231002X"
"""Of the right form, of nobody: the number the standard itself gives as its example."""
TITLE = "清河市共有产权住房管理办法"
CHINA = ZoneInfo("Asia/Shanghai")


def table_with_a_hidden_sheet(folder: Path) -> Path:
    book = Workbook()
    shown = book.active
    assert shown is not None
    shown.title = "申请材料"
    shown.append(["序号", "材料"])
    shown.append([1, "身份证明复印件"])
    hidden = book.create_sheet("名单")
    hidden.sheet_state = "hidden"
    hidden.append(["姓名", "证件号码"])
    hidden.append(["示例", ID_NUMBER])
    path = folder / "申请材料清单.xlsx"
    book.save(path)
    return path


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def no_error(page: Page) -> None:
    wrong = page.locator(".errors, .field.wrong, .errorlist").all_inner_texts()
    assert wrong == [], wrong


def fill_the_text(page: Page, body: str, number: str) -> None:
    page.locator("textarea[name=body]").fill(body)
    page.locator("input[name=doc_number]").fill(number)
    today = datetime.now(CHINA).date()
    page.locator("input[name=issued_on]").fill((today - timedelta(1)).isoformat())
    page.locator("input[name=effective_on]").fill(today.isoformat())
    page.locator("select[name=genre]").select_option("regulation")
    page.locator("select[name=theme]").select_option("1002")
    page.locator("select[name=label]").select_option("此件公开发布")
    page.locator("textarea[name=abstract]").fill("规定共有产权住房的申请、配售和管理。")
    press(page, "保存")
    no_error(page)


def review(page: Page, step: str) -> None:
    """The step's own form on the page of the edition: the same conclusion for the whole and for every part."""
    box = page.locator(f"#step-{step}")
    for select in box.locator("select").all():
        select.select_option("passed")
    box.locator("input[name=conclusion][value=passed]").check()
    with page.expect_navigation():
        box.get_by_role("button", name="记下结论").click()
    no_error(page)


def to_reviews(page: Page, number: int, site: Site) -> None:
    """From the queue of what waits for this person to the edition."""
    page.goto(f"{site.url}/work/reviews/{number}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)


def three_reviews(open_page: Callable[..., Page], number: int, site: Site) -> None:
    for username, step in ((REVIEWER, "check"), (SECRECY, "secrecy"), (HEAD, "approve")):
        page = open_page(username)
        page.goto(f"{site.url}/work/reviews/")
        expect(page.get_by_role("main")).to_contain_text(TITLE)
        to_reviews(page, number, site)
        review(page, step)


def edition_on(page: Page) -> int:
    link = page.get_by_role("link", name="送审和发布")
    href = link.get_attribute("href") or ""
    return int(re.findall(r"\d+", href)[-1])


def wait_for(page: Page, words: str, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while words not in page.get_by_role("main").inner_text():
        assert time.monotonic() < until, f"{words} never came; the page says\n{page.get_by_role('main').inner_text()}"
        time.sleep(1)
        page.reload()


def test_from_draft_to_repealed_and_the_address_still_answers(open_page: Callable[..., Page], site: Site, tmp_path: Path):
    # 拟稿: without scripts the text is a plain field, and all of it works
    drafter = open_page(DRAFTER, java_script_enabled=False)
    drafter.goto(f"{site.url}/work/documents/start/")
    drafter.locator("select[name=kind]").select_option("normative")
    drafter.locator("input[name=title]").fill(TITLE)
    press(drafter, "建立")
    no_error(drafter)
    if "/edit/" not in drafter.url:
        drafter.get_by_role("link", name="修改", exact=True).click()
    body = "<h2>第一章　总则</h2><p>为了规范共有产权住房管理，制定本办法。</p><script>alert(1)</script>"
    fill_the_text(drafter, body, "清建发〔2026〕31号")
    address = drafter.url
    document = int(re.findall(r"/documents/(\d+)/", address)[0])
    expect(drafter.get_by_role("main")).to_contain_text("第一章")
    assert "alert(1)" not in drafter.content()

    # 附件: with an ID number on a hidden sheet
    drafter.locator("summary", has_text="上传附件").click()
    drafter.locator("input[type=file][multiple]").set_input_files(table_with_a_hidden_sheet(tmp_path))
    press(drafter, "上传附件")
    no_error(drafter)
    edition = edition_on(drafter)
    drafter.goto(f"{site.url}/work/screening/editions/{edition}/")
    wait_for(drafter, "禁止发布")
    findings = drafter.get_by_role("main").inner_text()
    assert "身份" in findings and "名单" in findings
    assert ID_NUMBER not in drafter.content()

    drafter.get_by_role("button", name=re.compile("^全部按规则处理")).click()
    wait_for(drafter, "没有妨碍发布的内容")

    drafter.goto(f"{site.url}/work/reviews/{edition}/")
    press(drafter, "送审")
    no_error(drafter)

    # three people, none of them the drafter
    three_reviews(open_page, edition, site)
    stranger = open_page(OFFICER)
    for road in (f"/documents/{document}/", f"/documents/{document}.json"):
        assert stranger.request.get(site.url + road).status == 404, road

    # 定时发布
    head = open_page(HEAD)
    to_reviews(head, edition, site)
    when = datetime.now(CHINA) + timedelta(seconds=80)  # the field knows whole minutes, and the press itself takes its time
    head.locator("#do-schedule summary").click()
    head.locator("#do-schedule input[type=date]").fill(when.strftime("%Y-%m-%d"))
    head.locator("#do-schedule input[type=time]").fill(when.strftime("%H:%M"))
    press(head, "定时发布")
    no_error(head)
    public = f"{site.url}/documents/{document}/"
    citizen = open_page()
    until = time.monotonic() + 180
    while (answer := citizen.request.get(public)).status == 404 and time.monotonic() < until:
        time.sleep(2)
    assert answer.ok, answer.status
    citizen.goto(public)
    expect(citizen.get_by_role("heading", level=1)).to_contain_text(TITLE)
    axe(citizen)
    href = citizen.get_by_role("link", name=re.compile("申请材料清单")).first.get_attribute("href") or ""
    file = citizen.request.get(urljoin(public, href))
    assert ID_NUMBER.encode() not in file.body()
    book = load_workbook(io.BytesIO(file.body()))
    assert ID_NUMBER not in str([[cell.value for row in sheet for cell in row] for sheet in book])

    # 重要修改
    drafter.goto(address)
    drafter.locator("summary", has_text="出新版").click()
    box = drafter.locator("form[action$='/begin/']")
    box.locator("input[name=change][value=major]").check()
    box.locator("[name=note]").fill("增加配售价格的规定")
    with drafter.expect_navigation():
        box.get_by_role("button").last.click()
    no_error(drafter)
    if "/edit/" not in drafter.url:
        drafter.get_by_role("link", name="修改", exact=True).click()
    drafter.locator("textarea[name=body]").fill("<h2>第一章　总则</h2><p>配售价格由市人民政府公布。</p>")
    press(drafter, "保存")
    no_error(drafter)
    second = edition_on(drafter)
    drafter.goto(f"{site.url}/work/screening/editions/{second}/")
    wait_for(drafter, "没有妨碍发布的内容")
    drafter.goto(f"{site.url}/work/reviews/{second}/")
    press(drafter, "送审")
    three_reviews(open_page, second, site)
    to_reviews(head, second, site)
    press(head, "发布")
    no_error(head)
    citizen.goto(public)
    expect(citizen.get_by_role("main")).to_contain_text("配售价格由市人民政府公布")
    expect(citizen.get_by_role("main")).to_contain_text("增加配售价格的规定")

    # 废止: the page stays, marked
    head.goto(f"{site.url}/work/validity/documents/{document}/")
    head.locator("summary", has_text="标注效力").click()
    mark = head.locator("form[action$='/mark/']")
    mark.locator("input[name=effect][value=repealed]").check()
    mark.locator("input[name=on]").fill(datetime.now(CHINA).date().isoformat())
    mark.locator("[name=cause_words]").fill("清河市人民政府关于废止部分文件的决定")
    with head.expect_navigation():
        mark.get_by_role("button").last.click()
    no_error(head)
    citizen.goto(public)
    expect(citizen.get_by_role("main")).to_contain_text("废止")
    expect(citizen.get_by_role("main")).to_contain_text("清河市人民政府关于废止部分文件的决定")
    axe(citizen)
