"""The pages of the living catalogue: what they show, that a refusal keeps what was typed, that they cost the same for many rows."""

from __future__ import annotations

import io
import uuid
from datetime import date
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongkai.catalogue import negative, suggestions
from gongkai.catalogue.models import CatalogueVersion, Expansion, NegativeClass, Site
from gongkai.catalogue.tests.keeping_making import QUARTERLY, fake_publications, in_force, key
from gongkai.obligations import proving
from gongkai.obligations.models import Obligation

HOME = "/work/catalogue/keeping/"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-22 02:00:00+00:00"):
        yield


@pytest.fixture
def work(cast: Any) -> Any:
    """A client of a person of the cast."""

    def of(person: str) -> Client:
        client = Client()
        client.force_login(cast.user(person))
        return client

    return of


def text(response: Any) -> str:
    return response.content.decode()


def sheet(response: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows()]


def test_the_list_of_states_filters_and_exports_the_same_rows(cast: Any, work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    version = in_force(cast.reform, QUARTERLY, QUARTERLY)
    item = version.standards.first().item
    pages = fake_publications(monkeypatch)
    proving.record_proves(Obligation.objects.get(subject_id=item.pk), *pages.publish(1, date(2026, 11, 20), cast.reform, item.pk))
    proving.record_proves(Obligation.objects.get(subject_id=item.pk), *pages.publish(2, date(2026, 11, 22), cast.reform, item.pk))
    client = work("drafter")
    page = text(client.get(f"{HOME}items/"))
    assert "从未公开 1" in page and "正常 1" in page and "还没有公开过" in page and "最近一次 2026-11-22" in page
    gaps = text(client.get(f"{HOME}items/?state=gaps"))
    assert "事项2" in gaps and "事项1" not in gaps
    rows = sheet(client.get(f"{HOME}items.xlsx?state=gaps"))
    assert any("供水：事项2" in row for row in rows) and not any("供水：事项1" in row for row in rows)
    assert "没有这样的事项" in text(client.get(f"{HOME}items/?q=不存在"))
    detail = text(client.get(f"{HOME}items/{item.pk}/"))
    assert "2026-Q4" in detail and f"/work/ledger/{Obligation.objects.get(subject_id=item.pk).pk}/" in detail


@pytest.mark.parametrize("path", ["", "items/", "negative/", "expansions/", "suggestions/", "sectors/", "sites/"])
def test_lists_cost_the_same_for_many_rows(cast: Any, work: Any, path: str) -> None:
    def fill(n: int) -> None:
        start = NegativeClass.objects.count()
        version = in_force(
            cast.reform, *({"code": f"{k:04}", "level2": f"事项{k}"} for k in range(1, start + n + 1)), kind="field", field="w"
        )
        item = version.standards.first().item
        for k in range(start, start + n):
            suggestions.submit(item, key=suggestions.new_key(item), text=f"第{k}条建议请早发布", sender=str(k))
            negative.propose(cast.reform, cast.user("drafter"), key=key(), name=f"类别{k}", description="说明", clause="16.draft")
            Site.objects.create(
                agency=cast.reform, name=f"网站{k}", host=f"s{k}.example.gov.cn", kind="special", opened_on=date(2026, 1, 1)
            )

    in_force(cast.east_finance, {"level2": "县里的"}, kind="field", field="w")
    client = work("openness_officer")

    def cost() -> int:
        client.get(f"{HOME}{path}")
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"{HOME}{path}").status_code == 200
        return len(seen)

    fill(2)
    fill(2)  # the first version of a catalogue hands nothing down
    few = cost()
    fill(6)
    assert Expansion.objects.count() == 8 and cost() <= few


@pytest.mark.parametrize("path", ["negative/", "expansions/", "sites/", "sectors/water/"])
def test_public_lists_cost_the_same_for_many_rows(cast: Any, client: Client, path: str) -> None:
    def fill(n: int) -> None:
        for _ in range(n):
            name = uuid.uuid4().hex[:8]
            row = negative.propose(cast.reform, cast.user("drafter"), key=key(), name=name, description="说明", clause="16.draft")
            negative.approve(row, cast.user("openness_officer"), key=key())
            Site.objects.create(agency=cast.reform, name=name, host=f"{name}.example.gov.cn", kind="special", opened_on=date(2026, 1, 1))

    def cost() -> int:
        client.get(f"/catalogue/{path}")
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/catalogue/{path}").status_code == 200
        return len(seen)

    fill(2)
    few = cost()
    fill(5)
    assert cost() <= few


def test_a_class_from_proposal_to_the_public_list(cast: Any, work: Any, client: Client) -> None:
    form = {
        "key": key(),
        "agency": cast.reform.pk,
        "section": cast.section.pk,
        "name": "规划过程稿",
        "description": "",
        "clause": "16.draft",
    }
    drafter = work("drafter")
    again = drafter.post(f"{HOME}negative/propose/", form)
    assert again.status_code == 422 and "规划过程稿" in text(again)
    made = drafter.post(f"{HOME}negative/propose/", form | {"description": "尚未审定的文稿", "words": "过程稿、送审稿"})
    row = NegativeClass.objects.get()
    assert made["Location"].endswith(f"/negative/{row.pk}/") and row.words == ["过程稿", "送审稿"]
    page = text(drafter.get(made["Location"]))
    assert "由本地区政务公开主管部门批准" in page and "第十六条第二款" in page and "可以不予公开" in page
    assert row.name not in text(client.get("/catalogue/negative/"))
    officer = work("openness_officer")
    assert officer.post(f"{HOME}negative/{row.pk}/approve/", {"key": key()}).status_code == 302
    public = text(client.get("/catalogue/negative/"))
    assert row.name in public and "第十六条第二款" in public and "以公开为原则" in public
    rows = sheet(client.get("/catalogue/negative.xlsx"))
    assert any(row.name in cells and "可以不予公开" in cells for cells in rows)
    stuck = officer.post(f"{HOME}negative/{row.pk}/approve/", {"key": key()})
    assert stuck.status_code == 409 and "已于 2026-11-22 列入" in text(stuck)
    head = work("head")
    assert head.post(f"{HOME}negative/{row.pk}/review/", {"key": key(), "conclusion": "keep", "reason": "仍在编制"}).status_code == 302
    assert "继续适用" in text(head.get(f"{HOME}negative/{row.pk}/"))
    assert "2026-11-22 评估" in text(client.get("/catalogue/negative/"))


def test_what_a_text_may_fall_under_is_shown_and_not_kept(cast: Any, work: Any) -> None:
    row = negative.propose(
        cast.reform, cast.user("drafter"), key=key(), name="过程稿", description="说明", clause="16.draft", words=["送审稿"]
    )
    negative.approve(row, cast.user("openness_officer"), key=key())
    client = work("other_officer")
    page = text(client.post(f"{HOME}negative/match/", {"text": "规划送审稿"}))
    assert "可能属于 1 类" in page and "市发改委" in page
    assert "以公开为原则" in text(client.post(f"{HOME}negative/match/", {"text": "招生政策"}))


def test_an_item_from_above_is_noticed_and_taken_over_with_one_press(cast: Any, work: Any, client: Client) -> None:
    lower = in_force(cast.east_finance, {"level2": "县里的"}, kind="field", field="w").catalogue
    in_force(cast.reform, {"code": "0001"}, kind="field", field="w")
    in_force(cast.reform, {"code": "0001"}, {"code": "0002"}, kind="field", field="w")
    notice = Template("{% load catalogue_keeping %}{% expansion_notice catalogue %}").render(Context({"catalogue": lower}))
    assert "上级目录增加了 1 项" in notice
    county, row = work("county_drafter"), Expansion.objects.get()
    assert "上级目录增加了 1 项" in text(county.get(f"/work/catalogue/{row.catalogue_id}/"))
    page = text(county.get(f"{HOME}expansions/{row.pk}/"))
    assert "采纳" in page and "供水：事项0002" in page
    assert county.post(f"{HOME}expansions/{row.pk}/take/", {"key": key()}).status_code == 302
    assert CatalogueVersion.objects.get(catalogue=lower, state="draft").standards.count() == 2
    assert Template("{% load catalogue_keeping %}{% expansion_notice catalogue %}").render(Context({"catalogue": lower})).strip() == ""
    assert "采纳" in text(client.get("/catalogue/expansions/"))
    assert any("采纳" in cells for cells in sheet(county.get(f"{HOME}expansions.xlsx")))


def test_the_box_and_the_answers_are_one_tag_for_the_public_page(cast: Any) -> None:
    version = in_force(cast.reform, {})
    item = version.standards.get().item
    row = suggestions.submit(item, key=suggestions.new_key(item), text="停水通知请早发布", sender="")
    suggestions.answer(row, cast.user("drafter"), key=key(), outcome="adopted", words="从下月起提前三天")
    box = Template("{% load catalogue_keeping %}{% suggestion_box item %}").render(Context({"item": item}))
    assert f"/catalogue/items/{item.pk}/suggest/" in box and "从下月起提前三天" in box and "csrf" not in box


def test_the_pages_of_a_site_say_what_stands_in_the_way_before_the_button(cast: Any, work: Any) -> None:
    officer = work("openness_officer")
    form = {"key": key(), "agency": cast.reform.pk, "name": "发改委网站", "host": "fgw.qinghe.gov.cn", "kind": "department"}
    assert officer.post(f"{HOME}sites/open/", form).status_code == 302
    site = Site.objects.get()
    assert "由本地区政务公开主管部门办理" in text(work("head").get(f"{HOME}sites/{site.pk}/"))
    ending = {"key": key(), "reason": "功能单一", "notice_url": "https://a.gov.cn/1.html", "redirects": "/a https://b.gov.cn/a\n坏行"}
    stuck = officer.post(f"{HOME}sites/{site.pk}/close/", ending)
    assert stuck.status_code == 422 or stuck.status_code == 409
    assert "地址对照第 2 行" in text(stuck) and "功能单一" in text(stuck)
    done = officer.post(f"{HOME}sites/{site.pk}/close/", ending | {"redirects": "/a https://b.gov.cn/a", "archive": "市档案馆"})
    assert done.status_code == 302
    site.refresh_from_db()
    assert site.redirects == [["/a", "https://b.gov.cn/a"]]
    assert "关停网站" in text(officer.get(f"{HOME}sites/{site.pk}/"))


def test_the_places_limits_are_shown_with_what_they_rest_on(cast: Any, work: Any) -> None:
    officer = work("openness_officer")
    page = text(officer.get(f"{HOME}limits/{cast.city.pk}/"))
    assert "不填为15个工作日" in page and "第二十二条" in page and "不填为每年" in page
    assert officer.post(f"{HOME}limits/{cast.city.pk}/", {"key": key(), "suggestion_days": 0}).status_code == 422
    assert officer.post(f"{HOME}limits/{cast.city.pk}/", {"key": key(), "suggestion_days": 7}).status_code == 302
    assert 'value="7"' in text(officer.get(f"{HOME}limits/{cast.city.pk}/"))
