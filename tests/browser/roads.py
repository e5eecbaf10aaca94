"""Steps that several tests walk: a small plan of our own from file to ledger."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.conftest import OFFICER, Site

PLAN = """清河市第{number}批政务公开任务清单

一、重点任务
（一）推进财政预决算公开。2027年11月底前公开部门预算。（市财政局牵头，市教育局配合）
（二）推进义务教育招生公开。每季度更新一次招生政策。（市教育局负责）
（三）推进社会救助公开。2027年6月30日前公布低保标准。（市民政局负责）
（四）公开政府采购监督结果。年底前在市政府门户网站公布，全年不少于2次。（责任单位：市财政局）

清河市人民政府办公室
2027年1月{number}日
"""


def import_plan(page: Page, site: Site, number: int) -> str:
    """The plan of that number, as a draft. Address of its review screen."""
    page.goto(f"{site.url}/work/plans/import/")
    file = {"name": f"第{number}批.txt", "mimeType": "text/plain", "buffer": PLAN.format(number=number).encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="导入并核对").click()
    page.wait_for_url(re.compile(r"/review/"))
    return re.sub(r"[?#].*", "", page.url)


def issue_plan(open_page: Callable[..., Page], site: Site, number: int) -> int:
    """The same, accepted and issued. Its key."""
    page = open_page(OFFICER)
    review = import_plan(page, site, number)
    page.get_by_role("button", name=re.compile("确认全部无疑问的")).click()
    page.wait_for_load_state()
    page.get_by_role("link", name="去下达").click()
    page.get_by_role("button", name="下达", exact=True).click()
    page.wait_for_load_state()
    key = re.search(r"/plans/(\d+)/", review)
    assert key
    return int(key[1])
