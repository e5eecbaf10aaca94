"""The check-list on the page of a duty, its fields in the forms, and the check, all without scripts."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.obligations import actions
from gongkai.obligations.models import DeliverableProof, Step

TITLE = "梳理、编制政务公开事项目录、公开标准和公开流程"
LINK = "https://qinghe.example/ml"


@pytest.fixture
def duty(make_obligation, cast):
    obligation = make_obligation(title=TITLE)
    actions.acknowledge(obligation, cast.drafter, key=str(uuid.uuid4()))
    return obligation


def page(client, duty):
    return client.get(reverse("obligations:detail", args=[duty.pk])).content.decode()


def post(client, duty, verb, **data):
    return client.post(reverse("obligations:verb", args=[duty.pk, verb]), {"key": str(uuid.uuid4()), **data})


def paper(name):
    return SimpleUploadedFile(name, "正文".encode())


def test_the_page_lists_what_the_words_ask_for(client, cast, duty):
    client.force_login(cast.drafter)
    html = page(client, duty)
    listed = html[html.index('id="deliverables"') : html.index("<h2>办理</h2>")]
    assert re.findall(r"<b>(.+?)</b>", listed) == ["公开事项目录", "公开标准", "公开流程"]
    assert listed.count("未交") == 3
    assert "国办发〔2019〕54号" in listed


def test_a_duty_that_asks_for_nothing_has_no_list(client, cast, make_obligation):
    duty = make_obligation()
    client.force_login(cast.drafter)
    html = page(client, duty)
    assert 'id="deliverables"' not in html
    assert "proof_0" not in html


def test_the_completion_form_takes_each_by_name(client, cast, duty):
    client.force_login(cast.drafter)
    html = page(client, duty)
    assert "公开链接里有哪些成果" in html
    assert 'name="proof_2"' in html
    response = post(
        client,
        duty,
        "request_completion",
        text="已完成",
        done_on="2026-03-02",
        link=LINK,
        at_link=["公开标准"],
        proof_0=paper("目录.txt"),
    )
    assert response.status_code == 302
    step = Step.objects.get(kind="completion")
    assert {(p.name, p.file and p.file.name) for p in step.proofs.all()} == {("公开事项目录", "目录.txt"), ("公开标准", None)}
    html = page(client, duty)
    listed = html[html.index('id="deliverables"') : html.index("<h2>办理</h2>")]
    assert (listed.count("已交"), listed.count("未交")) == (2, 1)
    assert reverse("obligations:file", args=[step.files.get().pk]) in listed
    assert LINK in listed


def test_a_tick_without_an_address_comes_back_with_a_sentence(client, cast, duty):
    client.force_login(cast.drafter)
    response = post(client, duty, "report_progress", text="已报", at_link=["公开标准"])
    assert response.status_code == 409
    assert "请填写公开链接" in response.content.decode()
    assert not DeliverableProof.objects.exists()


def test_a_name_that_was_not_asked_for_is_no_choice(client, cast, duty):
    client.force_login(cast.drafter)
    assert post(client, duty, "report_progress", text="已报", link=LINK, at_link=["别的"]).status_code == 422


def test_the_check_says_what_is_missing_and_wants_a_reason(client, cast, duty):
    actions.request_completion(duty, cast.drafter, key=str(uuid.uuid4()), text="完成", done_on=duty.starts_on, link=LINK)
    client.force_login(cast.openness_officer)
    assert "还缺成果材料：公开事项目录、公开标准、公开流程" in page(client, duty)
    response = post(client, duty, "pass_check", text="")
    assert response.status_code == 422
    assert "请在核查意见里写明理由" in response.content.decode()
    assert post(client, duty, "pass_check", text="三项合编一册，见链接").status_code == 302
    duty.refresh_from_db()
    assert duty.fulfilled_on == duty.starts_on


def test_a_file_handed_in_under_a_name_is_for_those_who_see_the_duty(client, cast, duty):
    step = actions.report_progress(duty, cast.drafter, key=str(uuid.uuid4()), proofs=[actions.Proof("公开标准", paper("标准.txt"))])
    address = reverse("obligations:file", args=[step.files.get().pk])
    for who, status in (("drafter", 200), ("openness_officer", 200), ("other_officer", 404), ("stranger", 404)):
        client.force_login(cast.user(who))
        assert client.get(address).status_code == status


def test_the_page_costs_the_same_with_many_proofs(client, cast, duty):
    client.force_login(cast.drafter)

    def count():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("obligations:detail", args=[duty.pk])).status_code == 200
        return len(seen)

    def hand_in(n):
        actions.report_progress(
            duty,
            cast.drafter,
            key=str(uuid.uuid4()),
            link=LINK,
            proofs=[actions.Proof("公开标准", paper(f"标准{n}.txt")), actions.Proof("公开流程")],
        )

    hand_in(0)
    few = count()
    for n in range(1, 6):
        hand_in(n)
    assert count() == few


def test_the_inner_date_is_set_and_shown(client, cast, duty):
    client.force_login(cast.head)
    assert post(client, duty, "assign", inner_due_on="2026-12-31").status_code == 409
    assert post(client, duty, "assign", section=cast.section.pk, inner_due_on="2026-10-15").status_code == 302
    html = page(client, duty)
    assert "<dt>内部期限</dt><dd>2026-10-15</dd>" in html
