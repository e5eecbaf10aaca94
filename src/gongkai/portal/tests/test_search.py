"""The search page: honest, safe against any input, only what is public, and never “nothing found” where it could not look."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.agencies.models import Agency, AgencyAlias
from gongkai.plans.models import Plan, Task
from gongkai.plans.search_source import issued as plan_issued
from gongkai.publications.tests.making import draft, live
from gongkai.search import keeping


@pytest.fixture(autouse=True)
def index_folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(keeping, "_opened", None)
    return tmp_path / "search"


@pytest.fixture
def plan(issued_plan: Any) -> Plan:
    return issued_plan()


def results(client: Client, q: str, **more: Any) -> Any:
    keeping.rebuild()
    return client.get("/search", {"q": q, **more})


def counts(page: Any) -> dict[str, int]:
    return {tab.label: tab.n for tab in page.context["results"].tabs}


def titles(page: Any) -> list[str]:
    return [line.shown.title for line in page.context["results"].lines]


def test_an_empty_question_lists_nothing_and_says_what_to_do(client, plan):
    for q in ("", "   ", "\x00"):
        page = results(client, q)
        assert page.status_code == 200
        assert "请输入要找的词" in page.content.decode()
    assert client.get("/search").status_code == 200


def test_plans_tasks_and_agencies_by_title_number_words_and_units(client, plan, cast):
    AgencyAlias.objects.create(agency=cast.reform, jurisdiction=cast.city, text="清河发改")
    assert counts(results(client, "政务公开工作要点"))["方案"] == 1
    assert counts(results(client, "〔2026〕1号"))["方案"] == 1
    assert counts(results(client, "财政收支"))["任务"] == 1
    assert counts(results(client, "市发改委"))["任务"] == 1
    assert counts(results(client, "发展和改革委员会"))["任务"] == 1, "by the full name of the directory too"
    assert counts(results(client, "公开 市财政局"))["任务"] == 2, "all words, in the text or in the units"
    assert counts(results(client, "公开 不存在")) == {}
    assert counts(results(client, "清河发改")) == {"机构": 1}


def test_a_document_is_found_by_words_number_and_what_narrows_it(client, cast):
    one = live(
        cast.reform,
        cast.drafter,
        title="清河市城市供热管理办法",
        body="<p>温度不低于18摄氏度</p>",
        doc_number="清政办发〔2025〕8号",
        theme="1001",
    )
    live(cast.finance, cast.other_officer, title="供热补贴资金公告", body="<p>补贴</p>", theme="0401")
    page = results(client, "供热")
    assert counts(page) == {"政府信息": 2}
    assert {facet.label for facet in page.context["results"].facets} >= {"机关", "主题"}
    assert titles(client.get("/search", {"q": "供热", "agency": cast.reform.pk})) == ["清河市城市供热管理办法"]
    assert titles(client.get("/search", {"q": "清政办发(2025) 8 号"})) == ["清河市城市供热管理办法"]
    html = client.get("/search", {"q": "摄氏度"}).content.decode()
    assert "<mark>摄氏度</mark>" in html and f"/documents/{one.document_id}/" in html


def test_a_draft_a_withheld_text_and_a_withdrawn_page_are_not_found(client, cast):
    draft(cast.reform, cast.drafter, title="秘密草案", body="<p>内部</p>")
    live(cast.reform, cast.drafter, title="不公开的意见", body="<p>机密内容</p>", attribute="withheld", ground="internal")
    ended = live(cast.reform, cast.drafter, title="已经到期的名单", body="<p>甲乙丙</p>")
    ended.expires_on = timezone.localdate()
    ended.save()
    assert counts(results(client, "秘密草案")) == {}
    assert titles(results(client, "不公开的意见")) == ["不公开的意见"]
    assert counts(results(client, "机密内容")) == {}
    assert counts(results(client, "到期的名单")) == {"政府信息": 1}
    type(ended).objects.filter(pk=ended.pk).update(expires_on="2020-01-01")  # the index has not heard of it
    page = client.get("/search", {"q": "到期的名单"})
    assert titles(page) == [] and page.context["results"].gone == 1


def test_a_replaced_plan_says_so_and_its_tasks_are_gone(client, plan):
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.SUPERSEDED)
    page = results(client, "清河市2026年政务公开工作要点")
    assert counts(page)["方案"] == 1
    assert "已被新方案代替" in page.content.decode()


def test_what_changes_while_the_index_stands_is_found_after_the_next_feed(client, issued_plan, cast):
    keeping.rebuild()
    plan_issued(issued_plan())
    AgencyAlias.objects.create(agency=cast.reform, jurisdiction=cast.city, text="清河发改")
    keeping.feed()
    assert counts(client.get("/search", {"q": "政务公开工作要点"}))["方案"] == 1
    assert counts(client.get("/search", {"q": "清河发改"})) == {"机构": 1}


SIGNS = ["%", "_", "100%", "\\", "'", '"', "'; drop table x; --", "<script>alert(1)</script>", "{{ 7 }}", "😀", "（", ".*"]


@pytest.mark.parametrize("q", SIGNS)
def test_signs_are_searched_as_written(client, plan, q):
    page = results(client, q)
    assert page.status_code == 200
    assert "方案" not in counts(page)
    assert "<script>alert" not in page.content.decode()


def test_a_percent_sign_in_a_task_is_found(client, plan):
    Task.objects.filter(pk=plan.tasks.first().pk).update(text="办结率达到95%以上")
    assert counts(results(client, "95%"))["任务"] == 1
    assert counts(results(client, "9_%")) == {}


@pytest.mark.parametrize("q", ["公开" * 5000, " ".join(f"词{n}" for n in range(3000))])
def test_too_much_is_one_sentence_and_the_words_stay(client, plan, q):
    page = results(client, q)
    assert page.status_code == 200
    assert "最多" in page.content.decode()
    assert client.get("/search.json", {"q": q}).status_code == 400


def test_broken_bytes_in_the_address_are_no_error(client, plan):
    keeping.rebuild()
    assert client.get("/search?q=%ff%fe%00&page=%ff&kind=%ff&year=%00").status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "1e9", "last", "1000000000", "9" * 30])
def test_any_page_number_is_answered_with_a_page_that_is_there(client, plan, page):
    answer = results(client, "公开", page=page)
    assert answer.status_code == 200 and titles(answer)


def test_pages_and_orders_keep_the_question(client, plan):
    template = plan.tasks.first()
    Task.objects.bulk_create(
        Task(plan=plan, position=1000 + n, text=f"公开事项 {n}", span_start=0, span_end=1, review=template.review) for n in range(45)
    )
    page = results(client, "公开事项", kind="task")
    html = page.content.decode()
    assert "共 45 条" in html and "第 1 / 3 页" in html
    assert page.context["results"].next_url == "?q=%E5%85%AC%E5%BC%80%E4%BA%8B%E9%A1%B9&kind=task&page=2"
    assert "order=newest" in page.context["results"].other_order_url


def test_it_costs_the_same_with_many_rows(client, plan, cast, django_assert_max_num_queries):
    template = plan.tasks.first()
    Task.objects.bulk_create(
        Task(plan=plan, position=1000 + n, text=f"公开事项 {n}", span_start=0, span_end=1, review=template.review) for n in range(60)
    )
    for n in range(20):
        live(cast.reform, cast.drafter, title=f"公开事项公告 {n}")
    keeping.rebuild()
    for more in ({}, {"kind": "task"}, {"kind": "document"}):
        with django_assert_max_num_queries(14):
            client.get("/search", {"q": "公开事项", **more})


def test_nothing_found_offers_what_was_meant_and_where_else_to_look(client, cast):
    live(cast.reform, cast.drafter, title="清河市城市供热管理办法")
    html = results(client, "公热").content.decode()
    assert "没有找到" in html and ">供热</a>" in html and "公开目录" in html


def test_an_outage_says_so_and_is_never_an_empty_list(client, plan, index_folder):
    for path in ("/search", "/search.json"):
        answer = client.get(path, {"q": "公开"})
        assert answer.status_code == 503 and answer["Retry-After"]
    results(client, "公开")
    shutil.rmtree(index_folder)
    answer = client.get("/search", {"q": "公开"})
    assert answer.status_code == 503
    assert "暂时不能用" in answer.content.decode() and "没有找到" not in answer.content.decode()
    keeping.feed()
    assert client.get("/search", {"q": "公开"}).status_code == 200


def test_the_json_twin_says_the_same(client, plan):
    page = results(client, "财政收支")
    told = json.loads(client.get("/search.json", {"q": "财政收支"}).content)
    assert told["total"] == page.context["results"].total
    assert [row["title"] for row in told["results"]] == titles(page)
    assert all(row["url"].startswith("http://testserver/") for row in told["results"])


def test_suggestions_and_the_description_for_browsers(client, cast):
    live(cast.reform, cast.drafter, title="清河市城市供热管理办法")
    keeping.rebuild()
    assert json.loads(client.get("/search/suggest", {"q": "供热"}).content) == ["供热", ["清河市城市供热管理办法"]]
    assert b"/search?q={searchTerms}" in client.get("/opensearch.xml").content


def test_agencies_that_ended_are_not_found(client, cast):
    assert counts(results(client, "人力资源"))["机构"] == 1
    Agency.objects.filter(pk=cast.human.pk).update(valid_to="2020-01-01")
    assert counts(results(client, "人力资源")) == {}
