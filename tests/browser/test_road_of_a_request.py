"""The road of a request, by the people who walk it: filed on a phone, confirmed, clarified, extended, answered in part with a PDF that
holds no more than it may, and found again in the annual report. Months go by between the steps: the server is started again with another
clock. Who met the same addresses without the check code, or from another agency, came no further than the door."""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect

from gongkai.disclosure_requests.tests.cases import PNG
from gongkai.redaction.tests.made import NUMBER, SECRET
from tests.browser.axe import axe
from tests.browser.conftest import OWNER, Site
from tests.browser.request_steps import (
    DRAFTER,
    HEAD,
    REVIEWER,
    SECRECY,
    do,
    draft_in_part,
    draw,
    file_request,
    give_register,
    look_up,
    press,
    take_on,
    to_form,
)
from tests.running import Server, clock_at
from tests.templates import prepared_folder

CHINA = ZoneInfo("Asia/Shanghai")
ITEMS = "请写明需要哪一批次的配租结果。"
ANSWER = "需要2025年第二批次的配租结果。"
FILED = datetime(2026, 9, 1, 9, 30, tzinfo=CHINA)
CLARIFIED = datetime(2026, 9, 4, 20, 10, tzinfo=CHINA)
EXTENDED = datetime(2026, 9, 29, 10, 0, tzinfo=CHINA)
REPLIED = datetime(2026, 10, 20, 9, 0, tzinfo=CHINA)
REPORTED = datetime(2027, 1, 11, 10, 0, tzinfo=CHINA)
DUE_FIRST = "2026-09-29"
"""Twenty working days from 09-01, the make-up Sunday 09-20 one of them and 09-25 off."""
DUE_ANEW = "2026-10-09"
"""From 09-04: fourteen days of September after it, 10-08 and 10-09 after the National Day."""
DUE_EXTENDED = "2026-10-22"
"""Ten more, Saturday 10-10 one of them."""
PICTURES = os.environ.get("GONGKAI_PICTURES", "")


@dataclass
class Travelling(Site):
    """The installation, with the moment it lives in."""

    now: datetime = FILED
    server: Server = field(default=None)  # type: ignore[assignment]

    def travel(self, moment: datetime) -> None:
        """Stops the service and starts it at that moment on the same folder; who was logged in has to log in again."""
        port = urlsplit(self.url).port or 0
        self.server.stop()
        self.now, self.cookies = moment, {}
        self.server = Server(self.folder, port=port, **clock_at(moment))
        self.server.ready()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Travelling]:
    folder = prepared_folder(tmp_path_factory.mktemp("site") / "data", example=True, at=FILED)
    server = Server(folder, **clock_at(FILED))
    there = Travelling(f"http://127.0.0.1:{server.port}", (folder / "example_password").read_text().strip(), folder, server=server)
    try:
        server.ready()
        yield there
    finally:
        there.server.stop()


class Road:
    """What the walkers share: desks at the office, what was met on the way, pictures."""

    def __init__(self, site: Travelling, open_page: Callable[..., Page]) -> None:
        self.site, self.open_page = site, open_page
        self.met: set[str] = set()
        self.n = 0

    def desk(self, username: str, path: str) -> Page:
        page = self.watched(self.open_page(username))
        page.goto(self.site.url + path)
        return page

    def watched(self, page: Page) -> Page:
        """Its browser lives at the same moment as the server; the addresses of pages and files it gets are remembered."""
        page.clock.set_fixed_time(self.site.now)

        def note(answer: Any) -> None:
            if answer.request.method == "GET" and answer.ok and answer.request.resource_type in ("document", "image"):
                self.met.add(urlsplit(answer.url).path)

        page.on("response", note)
        return page

    def shot(self, page: Page, name: str) -> None:
        if not PICTURES:
            return
        self.n += 1
        before = page.viewport_size
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(PICTURES) / f"{self.n:02}-{name}-{width}.png", full_page=True)
        if before:
            page.set_viewport_size(before)


@pytest.fixture
def road(site: Travelling, open_page: Callable[..., Page]) -> Road:
    return Road(site, open_page)


def clock(page: Page) -> Locator:
    return page.locator(".clock")


def text_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "".join(document[n].get_textpage().get_text_range() for n in range(len(document)))


def darkness(data: bytes, box: tuple[float, float, float, float]) -> float:
    """The share of black in a box of the first page, in points from its upper left corner."""
    page = pypdfium2.PdfDocument(data)[0]
    picture = page.render(scale=1).to_pil().convert("L").crop(tuple(round(one) for one in box))
    return sum(picture.histogram()[:40]) / (picture.width * picture.height)


# ---- the steps ----


def files_on_a_phone(road: Road, phone: Page, proof: Path) -> tuple[str, str]:
    """找机关、先找一找、填申请、回执. (number, check code)"""
    to_form(phone, road.site.url)
    expect(phone.locator("#offers")).to_be_visible()
    road.shot(phone, "form")
    found = file_request(phone, proof)
    road.shot(phone, "receipt")
    return found


def is_taken_on_and_asked_to_clarify(road: Road, number: str) -> str:
    """确认收到、登记、签收、交办、告知补正, by who handles requests there. The address of the case."""
    desk = road.desk(DRAFTER, "/work/requests/")
    expect(desk.get_by_role("row", name=re.compile(number))).to_contain_text("待确认收到")
    road.shot(desk, "queue")
    desk.get_by_role("row", name=re.compile(number)).get_by_role("link").click()
    address = urlsplit(desk.url).path
    expect(desk.locator("#applicant")).not_to_contain_text("赵申请")
    take_on(desk)
    expect(clock(desk)).to_contain_text(DUE_FIRST)
    road.shot(desk, "case-accepted")
    axe(desk, large=False)
    do(desk, "告知补正", items=ITEMS)
    expect(desk.get_by_role("main")).to_contain_text("补正告知书已经发出，期限中止。")
    road.shot(desk, "case-clarifying")
    return address


def clarifies(road: Road, phone: Page, number: str, code: str) -> None:
    """On the page of progress; the days begin anew, and the page says so."""
    phone.clock.set_fixed_time(road.site.now)
    look_up(phone, road.site.url, number, code)
    expect(phone.get_by_role("main")).to_contain_text("等候补正")
    expect(phone.locator("section", has=phone.locator("#clarify"))).to_contain_text(ITEMS)
    road.shot(phone, "progress-clarify")
    axe(phone, large=False)
    phone.get_by_label("补正内容").fill(ANSWER)
    press(phone, "提交补正")
    expect(phone.get_by_role("main")).to_contain_text("补正已经提交，答复期限从今天起重新计算。")
    expect(clock(phone)).to_contain_text(DUE_ANEW)
    expect(phone.locator(".timeline")).to_contain_text("收到补正，答复期限重新计算")
    road.shot(phone, "progress-clarified")


def is_extended(road: Road, phone: Page, case: str, number: str, code: str) -> None:
    """提出延期 by the handler, 同意 by the head; the notice is on the phone."""
    desk = road.desk(DRAFTER, case)
    expect(desk.get_by_role("main")).to_contain_text(ANSWER)
    do(desk, "提出延期", n="10", reason="涉及多个小区的档案，检索量大")
    look_up(phone, road.site.url, number, code)
    expect(phone.get_by_role("main")).not_to_contain_text("延期答复告知书")  # what nobody approved is not told
    head = road.desk(HEAD, case)
    road.shot(head, "case-extension")
    press(head, "同意延期")
    phone.reload()
    expect(clock(phone)).to_contain_text(DUE_EXTENDED)
    expect(phone.locator(".letter", has_text="延期答复告知书")).to_contain_text("涉及多个小区的档案")
    road.shot(phone, "progress-extended")
    axe(phone, large=False)


def is_answered_in_part(road: Road, case: str, number: str) -> None:
    """拟稿、遮盖、审核、复核、保密审查、签发、发出."""
    desk = road.desk(DRAFTER, case)
    do(desk, "承办回复", words="找到一份清单，含个人信息。")
    draft_in_part(desk)
    road.shot(desk, "draft")
    press(desk, "保存")
    give_register(desk)
    covers(road, desk)
    desk.get_by_role("link", name="答复", exact=True).first.click()
    road.shot(desk, "reply-covered")
    press(desk, "送审")
    for username, step in ((REVIEWER, "content"), (HEAD, "second"), (SECRECY, "secrecy")):
        reviews(road, username, step, number)
    head = road.desk(HEAD, urlsplit(desk.url).path)
    press(head, "签发")
    desk.reload()
    road.shot(desk, "reply-signed")
    press(desk, "发出")
    expect(desk.get_by_role("main")).to_contain_text("已发出，这件申请已经办结。")
    road.shot(desk, "reply-sent")


def covers(road: Road, desk: Page) -> None:
    """A box drawn over name and number with the mouse; the worker makes the copy."""
    draw(desk)
    press(desk, "保存并制作副本")
    until = time.monotonic() + 60
    while "副本已制作并核对" not in desk.locator("#result").inner_text():
        assert time.monotonic() < until, desk.locator("#result").inner_text()
        time.sleep(0.5)
        desk.reload()
    road.shot(desk, "covered")


def reviews(road: Road, username: str, step: str, number: str) -> None:
    """From what waits for this person to the reply, and its conclusion: the same for the whole and for every part."""
    page = road.desk(username, "/work/requests/replies/")
    page.get_by_role("main").get_by_role("link", name=re.compile(number)).first.click()
    box = page.locator(f"#step-{step}")
    for select in box.locator("select").all():
        select.select_option("passed")
    box.locator("input[name=conclusion][value=passed]").check()
    road.shot(page, f"review-{step}")
    press(box, "记下结论")


def fetches(road: Road, phone: Page, number: str, code: str) -> None:
    """The letter and the file, on the phone. What was covered is nowhere in it."""
    look_up(phone, road.site.url, number, code)
    expect(phone.get_by_role("main")).to_contain_text("已办结")
    phone.get_by_role("link", name="打开答复和文件").click()
    road.shot(phone, "reply-on-phone")
    axe(phone, large=False)
    expect(phone.get_by_role("main")).to_contain_text("行政复议")
    letter = downloaded(road, phone, "下载答复书")
    assert "行政复议" in text_of(letter) and number in text_of(letter)
    given = downloaded(road, phone, re.compile("配租结果"))
    words = text_of(given)
    assert "配租房源" in words and "2025年9月30日" in words
    with pikepdf.open(io.BytesIO(given)) as document:
        kept = f"{dict(document.docinfo)} {document.open_metadata()}"
    for secret in (SECRET, NUMBER):
        assert secret not in words + kept
        assert secret.encode() not in given and secret.encode("utf-16-be") not in given
    assert darkness(given, (65, 85, 515, 105)) > 0.99
    assert darkness(given, (65, 125, 515, 145)) < 0.5


def downloaded(road: Road, page: Page, link: str | re.Pattern[str]) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("main").get_by_role("link", name=link).first.click()
    road.met.add(urlsplit(waiting.value.url).path)
    return Path(waiting.value.path()).read_bytes()


def is_counted_and_published(road: Road, case: str, number: str) -> str:
    """编制、点开数字、核对、批准、公布. The public address of the report."""
    desk = road.desk(DRAFTER, "/work/reports/")
    desk.locator("summary", has_text="编制报告").click()
    expect(desk.get_by_label("年度")).to_have_value("2026")
    press(desk, "编制报告")
    report = urlsplit(desk.url).path
    for row in ("1", "3.2", "3.7"):
        desk.goto(f"{road.site.url}{report}")
        cell = desk.locator(f".annual a[href$='/cells/three/{row}/person/']")
        expect(cell).to_have_text("1")
        cell.click()
        expect(desk.get_by_role("row", name=re.compile(number))).to_have_count(1)
        if row == "3.2":
            road.shot(desk, "cell")
            axe(desk, large=False)
    desk.get_by_role("link", name=number).click()
    assert urlsplit(desk.url).path == case
    desk.goto(f"{road.site.url}{report}")
    for row in ("2", "4"):
        expect(desk.locator(f".annual a[href$='/cells/three/{row}/total/']")).to_have_text("0")
    desk.get_by_role("textbox", name=re.compile("^一、")).fill("按时办理群众的申请，主动公开住房保障信息。")
    desk.get_by_role("textbox", name=re.compile("^五、")).fill("政策解读形式单一，下一年增加图解。")
    for section in "1346":
        with desk.expect_navigation():
            desk.locator(f"button[name=take][value='{section}']").click()
    expect(desk.get_by_role("main")).to_contain_text("勾稽关系、合计和文字里的数全部相符")
    road.shot(desk, "report")
    axe(desk, large=False)
    press(desk, "提交批准")
    press(road.desk(HEAD, report), "批准")
    desk.reload()
    press(desk, "公布")
    return desk.get_by_role("link", name="公开页面").get_attribute("href") or ""


# ---- the road ----


def test_from_a_phone_to_the_annual_report(open_page: Callable[..., Page], phone: Page, site: Travelling, road: Road, tmp_path: Path):
    proof = tmp_path / "身份证.png"
    proof.write_bytes(PNG)
    road.watched(phone)
    number, code = files_on_a_phone(road, phone, proof)
    case = is_taken_on_and_asked_to_clarify(road, number)

    site.travel(CLARIFIED)
    clarifies(road, phone, number, code)

    site.travel(EXTENDED)
    phone.clock.set_fixed_time(site.now)
    is_extended(road, phone, case, number, code)

    site.travel(REPLIED)
    phone.clock.set_fixed_time(site.now)
    is_answered_in_part(road, case, number)
    fetches(road, phone, number, code)

    site.travel(REPORTED)
    phone.clock.set_fixed_time(site.now)
    public = is_counted_and_published(road, case, number)
    phone.goto(f"{site.url}{public}")
    table = phone.get_by_role("region", name=re.compile("收到和处理"))
    expect(table.get_by_role("row", name=re.compile("部分公开"))).to_contain_text("1")
    road.shot(phone, "published")
    axe(phone, large=False)
    look_up(phone, site.url, number, code)
    expect(phone.get_by_role("main")).to_contain_text("2026-10-20 办结")
    expect(phone.get_by_role("link", name="打开答复和文件")).to_be_visible()
    road.shot(phone, "progress-closed")

    nobody_else_comes_in(open_page, road, number)


def nobody_else_comes_in(open_page: Callable[..., Page], road: Road, number: str) -> None:
    """Every address that led to the case: for an officer of another agency, and for a visitor with the number and no check code."""
    private = sorted(path for path in road.met if re.search(r"/(requests|reports)/.*\d", path) and path.startswith("/work/"))
    citizens = sorted(path for path in road.met if re.match(r"/requests/progress/\d", path))
    assert len(private) > 8 and len(citizens) >= 4, road.met
    other = road.desk(OWNER, "/work/requests/")
    expect(other.get_by_role("main")).not_to_contain_text(number)
    for path in private:
        assert other.request.get(road.site.url + path).status == 404, path
    visitor = open_page()
    look_up(visitor, road.site.url, number, "22222222")
    expect(visitor.get_by_text("编号或者查询码不对").first).to_be_visible()
    for path in (*private, *citizens):
        answer = visitor.request.get(road.site.url + path, max_redirects=0)
        assert answer.status == 302 and number not in answer.text(), path
