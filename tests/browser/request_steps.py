"""What applicants and handlers press on the road of a request, for the test that walks it and the pictures of the handbook."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf
from playwright.sync_api import Locator, Page, expect

from gongkai.redaction.tests.made import NUMBER, SECRET, pdf

AGENCY = "住房和城乡建设局"
DRAFTER, REVIEWER, SECRECY, HEAD = "wangfang", "zhouning", "wumei", "zhengyi"
"""Of that agency in the example city, which nobody else has asked anything."""
ID_CARD = "11010519491231002X"
"""The example of GB 11643, nobody's."""
WANTED = "请公开2025年度清河市公共租赁住房配租结果清单。"
FILE = "2025年第二批公共租赁住房配租结果.pdf"
SHOWN = "配租房源：清河小区3号楼201室"
COVER = (60.0, 80.0, 520.0, 110.0)
"""Where name and number stand in it, in points from the upper left corner."""


def no_error(page: Page) -> None:
    wrong = page.locator(".error-summary, .errorlist, .field.invalid, .messages .notice.late").all_inner_texts()
    assert wrong == [], wrong


def fill(box: Locator, fields: dict[str, str]) -> None:
    for name, value in fields.items():
        one = box.locator(f"[name={name}]")
        if one.evaluate("e => e.tagName") == "SELECT":
            one.select_option(label=value)
        else:
            one.fill(value)


def press(box: Page | Locator, name: str) -> None:
    page = box if isinstance(box, Page) else box.page
    with page.expect_navigation():
        box.get_by_role("button", name=name, exact=True).first.click()
    no_error(page)


def do(page: Page, label: str, **fields: str) -> None:
    """A verb on the page of a case: unfolded, filled in, pressed."""
    with page.expect_navigation():
        page.locator(".verbs").get_by_role("link", name=label, exact=True).first.click()
    box = page.locator(".verb-box", has=page.get_by_role("heading", name=label, exact=True))
    fill(box, fields)
    press(box, label)


def to_form(page: Page, url: str) -> None:
    """找机关、先找一找."""
    page.goto(f"{url}/requests/?q={AGENCY}")
    page.locator("ul.boxed a", has_text="市住房").first.click()
    page.get_by_label("您要什么信息").fill(WANTED)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_label("您要什么信息")).to_have_value(WANTED)


def file_request(page: Page, proof: Any) -> tuple[str, str]:
    """The form, sent. (number, check code) from the receipt."""
    page.get_by_label("姓名或者名称").fill("赵申请")
    page.get_by_label("证件号码", exact=True).fill(ID_CARD)
    page.get_by_label("身份证明的扫描件或者照片").set_input_files(proof)
    page.get_by_label("联系电话").fill("13800138000")
    page.get_by_label("我已阅读个人信息处理告知").check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", name="申请已经提交")).to_be_visible()
    number, code = (page.locator("dd.keys").nth(n).inner_text() for n in range(2))
    return number, code


def look_up(page: Page, url: str, number: str, code: str) -> None:
    page.goto(f"{url}/requests/progress/?number={number}")
    page.get_by_label("查询码").fill(code)
    with page.expect_navigation():
        page.get_by_role("button", name="查询", exact=True).click()


def take_on(desk: Page) -> None:
    """确认收到、登记、签收、交办, on the page of the case."""
    do(desk, "确认收到", how="电话确认，接听人本人")
    do(desk, "登记")
    press(desk, "签收")
    do(desk, "交办", task="检索配租结果", person="王方")


def draft_in_part(desk: Page) -> None:
    """部分公开 chosen on the page of the case, filled in and generated; not saved."""
    desk.get_by_role("link", name="拟写答复").click()
    desk.get_by_role("link", name="部分公开").click()
    desk.get_by_label("获取的方式和途径").fill("在网上领取。")
    desk.get_by_label("不公开的部分").fill("承租人的姓名和证件号码。")
    desk.get_by_label("事实和理由").fill("属于个人隐私，公开会损害第三方合法权益。")
    desk.get_by_label("第三方合法权益").check()
    press(desk, "按模板生成正文")


def give_register(desk: Page) -> None:
    """The file that was found, on the page of the reply; then its redaction is open."""
    desk.locator("summary", has_text="加入检索到的政府信息").click()
    file = {"name": FILE, "mimeType": "application/pdf", "buffer": register_of_names()}
    desk.get_by_label("检索到的政府信息").set_input_files(file)  # type: ignore[arg-type]
    press(desk, "放进案卷")
    with desk.expect_navigation():
        desk.get_by_role("button", name=re.compile("^随答复提供")).click()
    with desk.expect_navigation():
        desk.get_by_role("link", name=re.compile("^遮盖")).click()


def draw(desk: Page, box: tuple[float, float, float, float] = COVER) -> None:
    """A box over the page of the redaction tool, with the mouse."""
    sheet = desk.locator("[data-sheet]")
    sheet.scroll_into_view_if_needed()
    area = sheet.bounding_box()
    assert area is not None
    scale = area["width"] / 595.28
    desk.mouse.move(area["x"] + box[0] * scale, area["y"] + box[1] * scale)
    desk.mouse.down()
    desk.mouse.move(area["x"] + box[2] * scale, area["y"] + box[3] * scale, steps=5)
    desk.mouse.up()
    expect(sheet.locator(".box")).to_have_count(1)


def register_of_names() -> bytes:
    """A page with a name, an ID number and a line for everybody; the name in its properties too."""
    lines = [(72.0, 100.0, f"申请人{SECRET}，证件号码{NUMBER}"), (72.0, 140.0, SHOWN), (72.0, 180.0, "配租日期：2025年9月30日")]
    with pikepdf.open(io.BytesIO(pdf([lines]))) as document:
        document.docinfo["/Author"] = SECRET
        document.docinfo["/Subject"] = NUMBER
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()
