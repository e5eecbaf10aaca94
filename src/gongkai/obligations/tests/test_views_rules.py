"""The pages of the rules: what they show, who may switch, and the ledger of one rule."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.obligations.models import Obligation, RuleSwitch
from gongkai.obligations.switching import install, switch_on

LIST = reverse("rules:list")


def page(rule):
    return reverse("rules:detail", args=[rule])


@pytest.fixture
def as_user(cast):
    def login(name):
        client = Client()
        client.force_login(cast.user(name))
        return client

    return login


def test_the_list_names_article_limit_owner_proof_and_certainty(cast, as_user):
    install(cast.city, None, date(2026, 1, 5))
    html = as_user("drafter").get(LIST).content.decode()
    for words in (
        "答复公开申请",
        "第三十三条",
        "20 个工作日，自收到申请之日",
        "已核原文",
        "凭记忆",
        "地方规定",
        "等待功能上线",
        "已启用",
        "待本地区决定",
    ):
        assert words in html
    assert html.count("<h1") == 1 and "<caption" in html


def test_the_list_filters_by_field_state_and_words(cast, as_user):
    install(cast.city, None, date(2026, 1, 5))
    client = as_user("drafter")
    html = client.get(LIST, {"area": "依申请公开"}).content.decode()
    assert "答复公开申请" in html and "部门公布年度报告" not in html
    html = client.get(LIST, {"state": "on"}).content.decode()
    assert "部门公布年度报告" in html and "更新并公开清单" not in html
    html = client.get(LIST, {"certainty": "memory", "q": "抽查"}).content.decode()
    assert "公示双随机抽查结果" in html and "更新并公开清单" not in html
    assert "没有符合条件的规则" in client.get(LIST, {"q": "没有这样的规则"}).content.decode()


def test_the_list_costs_the_same_whatever_is_in_use(cast, as_user):
    client = as_user("openness_officer")
    client.get(LIST)
    with CaptureQueriesContext(connection) as nothing:
        client.get(LIST)
    install(cast.city, None, date(2026, 1, 5))
    with CaptureQueriesContext(connection) as installed:
        client.get(LIST)
    assert len(nothing) == len(installed) < 12


def test_the_page_of_a_rule_shows_its_versions_and_why_one_may_not_switch(cast, as_user):
    html = as_user("drafter").get(page("request.reply")).content.decode()
    assert "国令492号" in html and "15 个工作日" in html and "历次规定" in html
    assert "规则由清河市政务公开主管部门启用" in html and '<form method="post" action="/work/rules/' not in html
    html = as_user("openness_officer").get(page("register.update")).content.decode()
    assert "等待相应的功能上线，上线后再启用" in html
    assert as_user("drafter").get(page("no.such")).status_code == 404
    assert as_user("drafter").get(page("request.reply"), {"place": cast.elsewhere.pk}).status_code == 404


def test_switching_on_with_values_and_off_with_a_reason(cast, as_user):
    client = as_user("openness_officer")
    address = reverse("rules:verb", args=["training.twice", "switch_on"])
    form = {"since": "2026-01-05", "quota": "3", "agencies": [cast.reform.code]}
    assert client.post(address, form | {"quota": "0"}).status_code == 422
    answer = client.post(address, form, follow=True)
    assert "已启用，参数已保存" in answer.content.decode() and "数量要求 3" in answer.content.decode()
    assert RuleSwitch.objects.get().values == {"quota": 3, "agencies": [cast.reform.code]}
    assert Obligation.objects.get(rule="training.twice").quota_value == 3
    off = reverse("rules:verb", args=["training.twice", "switch_off"])
    assert client.post(off, {"reason": ""}).status_code == 422
    assert "已停用" in client.post(off, {"reason": "由干部学院统一安排"}, follow=True).content.decode()
    answer = client.post(off, {"reason": "再停一次"})
    assert answer.status_code == 409
    answer = client.post(address, {"since": "2019-01-01"})
    assert answer.status_code == 409 and "起用日期不能更早" in answer.content.decode()


def test_only_the_competent_department_switches(cast, as_user):
    address = reverse("rules:verb", args=["training.twice", "switch_on"])
    for person in ("drafter", "head", "office_drafter"):
        assert as_user(person).post(address, {"since": "2026-01-05"}).status_code == 403
    assert as_user("county_officer").post(address, {"since": "2026-01-05", "place": cast.city.pk}).status_code == 404
    assert as_user("openness_officer").post(reverse("rules:verb", args=["training.twice", "burn"])).status_code == 404
    assert not RuleSwitch.objects.exists()


def test_the_ledger_of_one_rule_and_the_article_on_the_page_of_the_duty(cast, as_user, make_obligation):
    make_obligation(title="方案里的任务")
    switch_on("report.department", cast.city, None, since=date(2026, 1, 5))
    client = as_user("openness_officer")
    html = client.get(reverse("obligations:ledger"), {"source": "statute", "rule": "report.department"}).content.decode()
    assert "公布本年度政府信息公开工作年度报告" in html and "方案里的任务" not in html
    duty = Obligation.objects.filter(rule="report.department").first()
    html = client.get(reverse("obligations:detail", args=[duty.pk])).content.decode()
    assert "第四十九条" in html and page("report.department") in html and "县级以上人民政府部门应当在每年1月31日前" in html
