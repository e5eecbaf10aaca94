"""The redaction tool under a hand: boxes drawn with mouse and keys, on a desk and a phone; what was covered is gone. axe on its pages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import Browser, expect

from gongkai.conftest import *  # noqa: F403
from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import replying
from gongkai.disclosure_requests.actions.filing import new_key
from gongkai.disclosure_requests.casefiles import content_of
from gongkai.disclosure_requests.models import CaseFile, ReplyFile
from gongkai.disclosure_requests.replying import making
from gongkai.disclosure_requests.tests.cases import accepted
from gongkai.redaction.tests.made import NUMBER, SECRET, pdf
from gongkai.redaction.tests.made_docx import hostile
from tests.browser.axe import axe

PICTURES = os.environ.get("GONGKAI_PICTURES", "")


os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
"""Playwright's loop runs in this thread, also while the database is put in order after the test."""


def shot(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.django_db(transaction=True)
def test_boxes_are_drawn_by_mouse_and_keys(live_server: Any, cast: Cast, browser: Browser, client: Any) -> None:
    case = accepted(cast)
    told = {"route": "网上领取", "withheld": "个人信息", "ground": "涉及个人隐私"}
    text = "经审查，申请公开的信息能够作区分处理。根据《中华人民共和国政府信息公开条例》第三十七条的规定，提供可以公开的内容。"
    reply = replying.draft(case, cast.drafter, key="d", outcome="partly_open", text=text, answers=told, grounds=["15.third_party"])
    data = pdf([[(72, 100, f"申请人{SECRET}，证件号码{NUMBER}。"), (72, 140, "第二行可以公开。"), (72, 400, "附注：李四。")]])
    replying.attach(case, cast.drafter, key=new_key(), files=[ContentFile(data, name="批准结果清单.pdf")])
    reply.refresh_from_db()
    file = replying.give(reply, cast.drafter, key=new_key(), source=CaseFile.objects.get(kind="found"))
    making.make(file.pk)
    client.force_login(cast.user("drafter"))
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    context.add_cookies([session])  # type: ignore[list-item]
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    for name, address in (
        ("choose", reverse("request_cases:draft_reply", args=[case.pk]) + "?choose=1"),
        ("draft", reverse("request_cases:draft_reply", args=[case.pk])),
        ("reply", reverse("request_cases:reply", args=[reply.pk])),
        ("redact", reverse("request_cases:redact", args=[file.pk])),
    ):
        page.goto(live_server.url + address)
        axe(page)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            shot(page, f"{name}-{width}")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.reload()
    sheet = page.locator("[data-sheet]")
    sheet.scroll_into_view_if_needed()
    area = sheet.bounding_box()
    assert area is not None
    scale = area["width"] / 595.28
    page.mouse.move(area["x"] + 70 * scale, area["y"] + 80 * scale)
    page.mouse.down()
    page.mouse.move(area["x"] + 500 * scale, area["y"] + 108 * scale, steps=5)
    page.mouse.up()
    expect(sheet.locator(".box")).to_have_count(1)
    assert abs(float(page.locator("[name=box-0-left]").input_value()) - 70) < 2
    sheet.focus()
    page.keyboard.press("Enter")
    expect(sheet.locator(".box")).to_have_count(2)
    before = float(page.locator("[name=box-1-left]").input_value())
    page.keyboard.press("ArrowRight")
    assert float(page.locator("[name=box-1-left]").input_value()) > before
    page.keyboard.press("Delete")
    expect(sheet.locator(".box")).to_have_count(1)
    axe(page, large=False)
    shot(page, "redact-drawn")
    page.get_by_role("button", name="保存并制作副本").click()
    page.wait_for_url("**#result")
    making.make(file.pk)  # where the queue of the tests has not done it
    page.reload()
    expect(page.get_by_text("副本已制作并核对")).to_be_visible()
    expect(page.get_by_role("img", name="副本第 1 页")).to_be_visible()
    shot(page, "redact-made")
    made = ReplyFile.objects.get(pk=file.pk)
    text_layer = content_of(made.given)
    assert SECRET.encode() not in text_layer and NUMBER.encode() not in text_layer and len(made.areas) == 1
    replying.propose(replying.current(case), cast.drafter, key=new_key())  # type: ignore[arg-type]
    client.force_login(cast.user("secrecy_reviewer"))
    context.clear_cookies()
    context.add_cookies([{**session, "value": client.cookies["sessionid"].value}])  # type: ignore[list-item]
    for name, address in (
        ("review", reverse("request_cases:reply", args=[reply.pk])),
        ("queue", reverse("request_cases:replies")),
    ):
        page.goto(live_server.url + address)
        axe(page)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            shot(page, f"{name}-{width}")
    context.close()
    assert faults == []


@pytest.mark.django_db(transaction=True)
def test_words_of_a_docx_are_marked_by_mouse_and_keys(live_server: Any, cast: Cast, browser: Browser, client: Any) -> None:
    """Selected with the mouse, selected with the keys alone, previewed, saved; and the same page without a script."""
    case = accepted(cast)
    told = {"route": "网上领取", "withheld": "个人信息", "ground": "涉及个人隐私"}
    text = "部分公开，条例第三十七条。"
    reply = replying.draft(case, cast.drafter, key="d", outcome="partly_open", text=text, answers=told, grounds=["15.third_party"])
    replying.attach(case, cast.drafter, key=new_key(), files=[ContentFile(hostile(), name="批准结果清单.docx")])
    reply.refresh_from_db()
    file = replying.give(reply, cast.drafter, key=new_key(), source=CaseFile.objects.get(kind="found"))
    making.make(file.pk)
    client.force_login(cast.user("drafter"))
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    address = live_server.url + reverse("request_cases:redact", args=[file.pk])
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    context.add_cookies([session])  # type: ignore[list-item]
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    before = page.locator("[data-text]").inner_text()
    words = page.locator("[data-block='1'] [data-words]")
    box = words.bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + 60, box["y"] + box["height"] / 2)
    page.get_by_role("button", name="遮盖所选文字").click()
    expect(words.locator("mark")).to_have_count(1)
    assert page.locator("[name=span-0-block]").input_value() == "1"
    assert page.locator("[name=span-0-words]").input_value() == words.locator("mark").inner_text()
    # With the keys alone: into the text, to its end, the last four characters.
    page.locator("[data-text]").focus()
    page.keyboard.press("Control+End")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.type("不能写进去")
    page.keyboard.press("Enter")
    expect(page.locator("[data-text] mark")).to_have_count(2)
    last = page.locator("[data-text] mark").last
    assert len(last.inner_text()) == 4
    page.keyboard.press("Delete")
    expect(page.locator("[data-text] mark")).to_have_count(1)
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+End")
    page.keyboard.press("Enter")
    assert page.locator("[data-text]").inner_text() == before, "nothing of the text can be changed"
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        axe(page, large=False)
        shot(page, f"docx-marked-{width}")
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_text("预览，还没有保存")).to_be_visible()
    axe(page, large=False)
    shot(page, "docx-preview")
    page.get_by_role("button", name="保存并制作副本").click()
    page.wait_for_url("**#result")
    making.make(file.pk)
    page.reload()
    expect(page.get_by_text("副本已制作并核对")).to_be_visible()
    axe(page)
    shot(page, "docx-made")
    made = ReplyFile.objects.get(pk=file.pk)
    assert made.areas and all(area["span"][0] == 1 for area in made.areas if area.get("span"))
    context.close()
    assert faults == []
    plain = browser.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN", java_script_enabled=False)
    plain.add_cookies([session])  # type: ignore[list-item]
    page = plain.new_page()
    page.goto(address)
    expect(page.get_by_role("button", name="遮盖所选文字")).to_be_hidden()
    page.get_by_label("遮盖下列文字，第 1 条").fill("孙七")
    page.get_by_role("button", name="预览").click()
    assert "孙七" not in page.get_by_role("region", name="副本的文字").inner_text()
    plain.close()
