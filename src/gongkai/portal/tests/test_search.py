"""The first cut of the search: honest, safe against any input, only what is public."""

import pytest

from gongkai.agencies.models import Agency, AgencyAlias
from gongkai.plans.models import Plan, Task
from gongkai.portal.templatetags.portal_text import found


def results(client, q, kind=""):
    return client.get("/search", {"q": q, **({"in": kind} if kind else {})})


def counts(page):
    return {tab["key"]: tab["n"] for tab in page.context["tabs"]}


@pytest.fixture
def plan(issued_plan):
    return issued_plan()


def test_an_empty_question_lists_nothing_and_says_what_to_do(client, plan):
    for q in ("", "   ", "\x00"):
        page = results(client, q)
        assert page.status_code == 200
        assert page.context["total"] == 0
        assert "请输入要找的词" in page.content.decode()
    assert client.get("/search").status_code == 200


def test_by_title_number_words_and_units(client, plan):
    assert counts(results(client, "政务公开工作要点"))["plans"] == 1
    assert counts(results(client, "〔2026〕1号"))["plans"] == 1
    assert counts(results(client, "财政收支"))["tasks"] == 1
    assert counts(results(client, "市发改委"))["tasks"] == 1
    assert counts(results(client, "发展和改革委员会"))["tasks"] == 1, "by the full name of the directory too"
    assert counts(results(client, "公开 市财政局"))["tasks"] == 2, "all words, in the text or in the units"
    assert counts(results(client, "公开 不存在"))["tasks"] == 0


def test_agencies_by_alias(client, cast):
    AgencyAlias.objects.create(agency=cast.reform, jurisdiction=cast.city, text="清河发改")
    page = results(client, "清河发改")
    assert counts(page) == {"plans": 0, "tasks": 0, "agencies": 1}
    assert page.context["kind"] == "agencies", "the first kind that has something is open"
    assert "清河市发展和改革委员会" in page.content.decode()


def test_drafts_excluded_rows_and_gone_agencies_are_not_found(client, cast, plan, draft_plan):
    draft_plan(title="秘密草案")
    assert results(client, "秘密草案").context["total"] == 0
    assert counts(results(client, "制定本地区实施方案"))["tasks"] == 0, "left out in review"
    Agency.objects.filter(pk=cast.human.pk).update(valid_to="2020-01-01")
    assert counts(results(client, "人力资源"))["agencies"] == 0


def test_tasks_of_a_replaced_plan_are_not_found_its_title_is_and_says_so(client, plan):
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.SUPERSEDED)
    page = results(client, "清河市2026年政务公开工作要点")
    assert counts(page) == {"plans": 1, "tasks": 0, "agencies": 0}
    assert "已被新方案代替" in page.content.decode()


@pytest.mark.parametrize(
    "q", ["%", "_", "100%", "\\", "'", '"', "'; drop table x; --", "<script>alert(1)</script>", "{{ 7 }}", "😀", "（", ".*"]
)
def test_signs_are_searched_as_written(client, plan, q):
    page = results(client, q)
    assert page.status_code == 200
    assert counts(page)["plans"] == 0
    assert "<script>alert" not in page.content.decode()


def test_a_percent_sign_in_a_task_is_found(client, plan):
    task = plan.tasks.first()
    Task.objects.filter(pk=task.pk).update(text="办结率达到95%以上")
    assert counts(results(client, "95%"))["tasks"] == 1
    assert counts(results(client, "9_%"))["tasks"] == 0


def test_ten_thousand_characters_are_cut_and_the_page_says_so(client, plan):
    page = results(client, "公开" * 5000)
    assert page.status_code == 200
    assert "输入的内容太长" in page.content.decode()
    many = results(client, " ".join(["公开"] * 3000))
    assert many.status_code == 200
    assert len(many.context["words"]) <= 8


def test_broken_bytes_in_the_address_are_no_error(client, plan):
    assert client.get("/search?q=%ff%fe%00&page=%ff&in=%ff").status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "1e9", "last"])
def test_any_page_number_is_answered(client, plan, page):
    assert client.get("/search", {"q": "公开", "page": page}).status_code == 200


def test_an_unknown_kind_falls_back(client, plan):
    assert results(client, "财政收支", "<x>").context["kind"] == "tasks"


def test_pages_keep_the_question(client, plan):
    template = plan.tasks.first()
    Task.objects.bulk_create(
        Task(plan=plan, position=1000 + n, text=f"公开事项 {n}", span_start=0, span_end=1, review=template.review) for n in range(45)
    )
    html = results(client, "公开事项", "tasks").content.decode()
    assert "?q=%E5%85%AC%E5%BC%80%E4%BA%8B%E9%A1%B9&amp;in=tasks&amp;page=2" in html
    assert "共 45 条，第 1 / 3 页" in html


def test_it_costs_the_same_with_many_rows(client, plan, django_assert_max_num_queries):
    template = plan.tasks.first()
    Task.objects.bulk_create(
        Task(plan=plan, position=1000 + n, text=f"公开事项 {n}", span_start=0, span_end=1, review=template.review) for n in range(60)
    )
    with django_assert_max_num_queries(7):
        results(client, "公开事项", "tasks")


def test_the_page_says_what_is_not_searched(client, plan):
    html = results(client, "x").content.decode()
    assert "不找：" in html
    assert "全文" in html


def test_words_are_marked_escaped_and_cut_around():
    assert found("公开<b>信息", ["公开", "<b>"]) == "<mark>公开</mark><mark>&lt;b&gt;</mark>信息"
    assert found("无", []) == "无"
    long = "甲" * 300 + "目标" + "乙" * 300
    piece = found(long, ["目标"])
    assert piece.startswith("…")
    assert piece.endswith("…")
    assert "<mark>目标</mark>" in piece
    assert len(piece) < 200
